import { ACTIONS, type State } from "./documented-calls.js";
import { VALUE } from "./documented.js";

// The results of a service that are not the documented ones, and why.

export interface Cell {
  /** The service and, if they are not downloads, the type of its jobs. */
  readonly service: string;
  /** Missing before there is a job. */
  readonly state: State | "-";
  readonly call: string;
  readonly outcome: string;
  readonly documented: string;
  /** Missing if nothing could be tested. */
  readonly agrees?: boolean;
  /** The reason why the result does not agree. */
  readonly reason?: string;
}

/** The reason why a service has its own results, and whether this is one of them. */
export interface Habit {
  readonly reason: string;
  readonly explains: (cell: Cell) => boolean;
}

const isChange = (call: string) => call.startsWith("set ") || ACTIONS.some((action) => action === call);

export const WINE: readonly Habit[] = [
  { reason: "Wine's BITS leaves it out", explains: ({ outcome }) => outcome.startsWith("E_NOTIMPL") },
  {
    reason: "Wine's BITS has no IBackgroundCopyJob5 and no IBackgroundCopyJobHttpOptions2",
    explains: ({ outcome }) => outcome === "E_NOINTERFACE",
  },
  {
    reason: "Wine's BITS does not mind the state",
    explains: ({ call, outcome, documented }) =>
      isChange(call) && outcome === "S_OK" && documented.startsWith("BG_E_INVALID_STATE"),
  },
  {
    reason: "Wine's BITS fails with ERROR_NOACCESS where no description was set",
    explains: ({ call, outcome }) => call === "get description" && outcome === "0x800703E6",
  },
  {
    reason: "Wine's proxy wants every text to be there (RPC_X_NULL_REF_POINTER)",
    explains: ({ call, outcome }) => call === "get clientCertificate" && outcome === "0x800706F4",
  },
  {
    reason: "Wine's BITS looks for files that are still to be transferred",
    explains: ({ call, state, outcome }) =>
      call === "resume" && state === "TRANSFERRED" && outcome === "BG_E_EMPTY, TRANSFERRED",
  },
  {
    reason: "Wine's BITS refuses it and enters the state all the same",
    explains: ({ call, state, outcome }) =>
      call === "complete" && state === "CANCELLED" && outcome === "BG_E_INVALID_STATE, ACKNOWLEDGED",
  },
  {
    reason: "Wine's BITS downloads, whatever the type of the job",
    explains: ({ service, call, outcome }) =>
      service.includes("BG_JOB_TYPE_UPLOAD") &&
      (call === "complete"
        ? outcome === "BG_S_PARTIAL_COMPLETE, ACKNOWLEDGED"
        : outcome === "S_OK" && ["replaceRemotePrefix", "addFile", "addFile with ranges"].includes(call)),
  },
];

export const DOWNLOADS: readonly Habit[] = [
  {
    reason: "it is known without being asked for: there are no uploads",
    explains: ({ call, outcome }) => call === "get type" && outcome === VALUE,
  },
];
