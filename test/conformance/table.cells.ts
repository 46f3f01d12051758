import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, it } from "vitest";
import { TRANSFERS_AT_A_TIME } from "../../src/embedded/limits.js";
import {
  BackgroundCopyError,
  BackgroundCopyManager,
  BridgeError,
  type BackgroundCopyJob,
  type JobDescription,
  type JobState,
} from "../../src/index.js";
import { makeStandInPrefix, missingTools, startComServer } from "../support/com-server/index.js";
import { startFileServer, type FileServer } from "../support/file-server.js";
import { powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { makeWinePrefix, windowsPath } from "../support/wine.js";
import { CONTRACTS } from "./contracts.js";
import {
  ACTIONS,
  documentedAction,
  documentedCreate,
  documentedGet,
  documentedSet,
  documentedVerb,
  FINAL,
  isBits,
  notFound,
  NO_VALUE,
  PROPERTIES,
  SETTINGS,
  STATES,
  TYPES,
  VALUE,
  valueFor,
  VERBS,
  type Action,
  type Documentation,
  type Documented,
  type Kind,
  type Property,
  type State,
  type Verb,
} from "./documented.js";

// Fills the table of `npm run conformance`: brings new jobs into each state, makes each call, and compares the results.

interface Cell {
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
interface Habit {
  readonly reason: string;
  readonly explains: (cell: Cell) => boolean;
}

/** A service under test, and how its jobs are brought into the states. */
interface Subject extends Kind {
  readonly label: string;
  readonly path: (path: string) => string;
  /** The URL of a file that brings a job into that state; undefined if there is none. */
  readonly url: (state: State) => string | undefined;
  /** The time that a transfer runs before a method is called. */
  readonly settleInMs?: number;
  readonly habits: readonly Habit[];
}

const isChange = (call: string) => call.startsWith("set ") || ACTIONS.some((action) => action === call);

const WINE: readonly Habit[] = [
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

const DOWNLOADS: readonly Habit[] = [
  {
    reason: "it is known without being asked for: there are no uploads",
    explains: ({ call, outcome }) => call === "get type" && outcome === VALUE,
  },
];

const UNREACHED = "this state is not reached here";
const LOST = "the service was lost";
const TRIES = 3;

const cells: Cell[] = [];
const skipped: string[] = [];
const name = (state: JobState) => state.replace("BG_JOB_STATE_", "") as State;

/** The state of the job, or the code of the refusal. */
async function stateOf(job: BackgroundCopyJob): Promise<string> {
  try {
    return name(await job.getState());
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof BackgroundCopyError || error instanceof BridgeError) {
    return error.code;
  }
  throw error;
}

/** The code of an outcome. */
async function codeFrom(call: Promise<{ readonly code: string }>): Promise<string> {
  try {
    return (await call).code;
  } catch (error) {
    return codeOf(error);
  }
}

/**
 * Whether the job is in one of `states`. A service might forget a canceled or completed job, so an unknown job counts as being in a final
 * state.
 */
function isIn(documentation: Documentation, states: readonly string[], found: string): boolean {
  return states.includes(found) || (found === notFound(documentation) && FINAL.some((state) => states.includes(state)));
}

// These states do not change without intervention.
const AT_REST = ["ERROR", "TRANSFERRED", ...FINAL];

async function reach(job: BackgroundCopyJob, documentation: Documentation, state: State): Promise<boolean> {
  for (let tries = 0; tries < 1_000; tries++) {
    const found = await stateOf(job);
    if (isIn(documentation, [state], found) || AT_REST.includes(found)) {
      return isIn(documentation, [state], found);
    }
    await delay(50);
  }
  return false;
}

let files = 0;

/** A job in that state, with one file. */
async function jobIn(manager: BackgroundCopyManager, subject: Subject, folder: string, state: State) {
  const url = subject.url(state);
  if (url === undefined) {
    return undefined;
  }
  const { documentation, type } = subject;
  const job = await manager.createJob(`to be ${state}`, { type });
  const file = join(folder, `${files++}.bin`);
  if (type !== "BG_JOB_TYPE_DOWNLOAD") {
    await writeFile(file, "to be uploaded");
  }
  await job.addFile(url, subject.path(file));
  if (state === "CANCELLED") {
    await job.cancel();
  } else if (state !== "SUSPENDED") {
    await job.resume();
  }
  if (state === "ACKNOWLEDGED" && (await reach(job, documentation, "TRANSFERRED"))) {
    await job.complete();
  }
  if (await reach(job, documentation, state)) {
    await delay(subject.settleInMs ?? 0);
    return job;
  }
  await job.cancel().catch(() => {});
  return undefined;
}

/** A call, its result, and the documented result. */
interface Tried extends Documented {
  readonly call: string;
  readonly code: string;
  /** The state after a verb. */
  readonly found?: string;
}

async function tryVerb(job: BackgroundCopyJob, kind: Kind, state: State, verb: Verb): Promise<Tried[]> {
  const code = await codeFrom(job[verb]());
  return [{ call: verb, code, found: await stateOf(job), ...documentedVerb(kind, state, verb) }];
}

/** All calls that leave a job unchanged, for one job. */
async function tryTheRest(job: BackgroundCopyJob, subject: Subject, state: State, folder: string): Promise<Tried[]> {
  const { type, url, path } = subject;
  const tried: Tried[] = [];
  const description = await job.describe().catch(codeOf);
  for (const property of PROPERTIES) {
    const code = typeof description === "string" ? description : told(description, property);
    tried.push({ call: `get ${property}`, code, ...documentedGet(subject, state, property) });
  }
  for (const setting of SETTINGS) {
    const code = await codeFrom(job.set({ [setting]: valueFor(type, setting) }));
    tried.push({ call: `set ${setting}`, code, ...documentedSet(subject, state, setting) });
  }
  // Of content that may change there are no ranges.
  await codeFrom(job.set({ dynamicContent: false }));
  const address = url(state) as string;
  const target = () => path(join(folder, `${files++}.bin`));
  const credentials = { target: "BG_AUTH_TARGET_SERVER", scheme: "BG_AUTH_SCHEME_BASIC" } as const;
  const actions: Readonly<Record<Action, () => Promise<{ readonly code: string }>>> = {
    setCredentials: () => job.setCredentials({ ...credentials, userName: "somebody", password: "secret" }),
    removeCredentials: () => job.removeCredentials(credentials.target, credentials.scheme),
    replaceRemotePrefix: () => job.replaceRemotePrefix(address, address),
    takeOwnership: () => job.takeOwnership(),
    addFile: () => job.addFile(address, target()),
    "addFile with ranges": () => job.addFile(address, target(), { ranges: [{ initialOffset: 0, length: 16 }] }),
  };
  for (const action of ACTIONS) {
    tried.push({
      call: action,
      code: await codeFrom(actions[action]()),
      ...documentedAction(subject, state, action),
    });
  }
  return tried;
}

function told(description: JobDescription, property: Property): string {
  return description.refused[property]?.code ?? (description[property] === undefined ? NO_VALUE : VALUE);
}

function cellOf(subject: Subject, state: Cell["state"], { call, code, found, codes, after }: Tried): Cell {
  const { label: service, documentation, habits } = subject;
  const forgotten = found === notFound(documentation) ? "forgotten" : found;
  const cell: Cell = {
    service,
    state,
    call,
    outcome: [code, ...(forgotten === undefined ? [] : [forgotten])].join(", "),
    documented: [codes.join(" or "), ...(after ? [after.join(" or ")] : [])].join(", "),
    agrees: codes.includes(code) && (!after || isIn(documentation, after, found as string)),
  };
  const habit = cell.agrees ? undefined : habits.find(({ explains }) => explains(cell));
  return habit ? { ...cell, reason: habit.reason } : cell;
}

/** Jobs of each type, in every state that can be reached; for an unsupported type, the refusal. */
async function fillTypes(manager: BackgroundCopyManager, service: Omit<Subject, "type">, states?: readonly State[]) {
  for (const type of TYPES) {
    const label = type === "BG_JOB_TYPE_DOWNLOAD" ? service.label : `${service.label}, ${type}`;
    const subject = { ...service, type, label };
    const job = await manager.createJob("one of its type", { type }).catch(codeOf);
    const isRefused = typeof job === "string";
    cells.push(cellOf(subject, "-", { call: "create", code: isRefused ? job : "S_OK", ...documentedCreate(subject) }));
    if (!isRefused) {
      await job.cancel();
      await fill(manager, subject, states);
    }
  }
}

async function fill(
  manager: BackgroundCopyManager,
  subject: Subject,
  states: readonly State[] = STATES,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "background-copy-"));
  const service = subject.label;
  // A service that ended and was activated anew has forgotten every job, and would be taken for one that forgets what is over.
  // This job is never over: as long as it is there, the service is the same.
  let witness = await manager.createJob("a witness");
  const isLost = async () => {
    const lost = (await stateOf(witness)) !== "SUSPENDED";
    if (lost) {
      witness = await manager.createJob("another witness");
    }
    return lost;
  };

  /** The cells of what is tried with a new job in that state. */
  async function attempt(state: State, calls: readonly string[], act: (job: BackgroundCopyJob) => Promise<Tried[]>) {
    for (let left = TRIES; ; left--) {
      const job = await jobIn(manager, subject, folder, state).catch(codeOf);
      if (job === undefined) {
        return calls.map((call): Cell => ({ service, state, call, outcome: UNREACHED, documented: "" }));
      }
      const tried = typeof job === "string" ? job : await act(job);
      if (typeof job !== "string") {
        await job.cancel().catch(() => {});
      }
      // The answer of a lost service shows nothing about the call, so the call is repeated; in the end, the result does not agree.
      const lost = await isLost();
      if (typeof tried === "string" || (lost && left === 1)) {
        if (left > 1) {
          continue;
        }
        return calls.map(
          (call): Cell => ({ service, state, call, outcome: LOST, documented: "", agrees: false, reason: LOST }),
        );
      }
      if (!lost) {
        return tried.map((one) => cellOf(subject, state, one));
      }
    }
  }

  try {
    for (const state of states) {
      const calls = [...PROPERTIES.map((one) => `get ${one}`), ...SETTINGS.map((one) => `set ${one}`), ...ACTIONS];
      cells.push(...(await attempt(state, calls, (job) => tryTheRest(job, subject, state, folder))));
      for (const verb of VERBS) {
        cells.push(...(await attempt(state, [verb], (job) => tryVerb(job, subject, state, verb))));
      }
    }
    await witness.cancel();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The URLs on the file server that bring a job into the states of a transfer. */
function served(server: FileServer) {
  const paths: Partial<Record<State, string>> = {
    SUSPENDED: "/file?size=1000000&pause=65536",
    TRANSFERRING: "/file?size=1000000&pause=65536",
    TRANSIENT_ERROR: "/file?status=503",
    ERROR: "/file?status=404",
    TRANSFERRED: "/file",
    ACKNOWLEDGED: "/file",
    CANCELLED: "/file",
  };
  return (state: State) => paths[state] && server.url(paths[state]);
}

function scripted(state: State, documentation: Documentation): string | undefined {
  const words: Partial<Record<State, string>> = {
    // A download has no separate state for a place in the queue.
    ...(documentation !== "do-download" && { QUEUED: "queued" }),
    ...(isBits(documentation) && { CONNECTING: "connecting" }),
    TRANSIENT_ERROR: "transient",
    ERROR: "404",
    TRANSFERRED: "done",
    ACKNOWLEDGED: "done",
    CANCELLED: "done",
    SUSPENDED: "hold",
    TRANSFERRING: "hold",
  };
  return words[state] && `http://stand-in/${words[state]}`;
}

const powershell = powerShellPath(WINE_POWERSHELL);

it("embedded", async () => {
  const server = await startFileServer();
  await using manager = await BackgroundCopyManager.connect({ service: "embedded" });
  const folder = await mkdtemp(join(tmpdir(), "background-copy-"));
  const subject = {
    label: "embedded",
    documentation: "embedded",
    path: (path: string) => path,
    url: served(server),
    habits: [],
  } as const;
  await fillTypes(
    manager,
    subject,
    STATES.filter((state) => state !== "QUEUED"),
  );
  // A job is queued if all turns are taken.
  for (let i = 0; i < TRANSFERS_AT_A_TIME; i++) {
    const job = await manager.createJob("takes a turn", { priority: "BG_JOB_PRIORITY_FOREGROUND" });
    await job.addFile(server.url("/file?size=1000000&pause=65536"), join(folder, `${i}.bin`));
    await job.resume();
  }
  await fill(manager, { ...subject, type: "BG_JOB_TYPE_DOWNLOAD", url: () => server.url("/file") }, ["QUEUED"]);
  await manager.close();
  await rm(folder, { recursive: true, force: true });
  await server.close();
});

it.runIf(powershell)("Wine's BITS", async () => {
  const prefix = await makeWinePrefix(powershell as string);
  const server = await startFileServer();
  try {
    await using manager = await BackgroundCopyManager.connect({ service: "bits", executable: prefix.executable });
    await fillTypes(manager, {
      label: "bits, Wine's own",
      documentation: "bits",
      path: windowsPath,
      url: served(server),
      // It sometimes crashes if a body still arrives when it cancels.
      settleInMs: 300,
      habits: WINE,
    });
  } finally {
    await server.close();
    prefix.remove();
  }
});

it.runIf(powershell && !missingTools())("the stand-in service", async () => {
  const prefix = await makeStandInPrefix(powershell as string);
  try {
    for (const { contract, service } of CONTRACTS) {
      await using _server = await startComServer(prefix.path, contract, ["keep-final"]);
      await using manager = await BackgroundCopyManager.connect({ service, executable: prefix.executable });
      await fillTypes(manager, {
        label: `${service}, stand-in (${contract})`,
        documentation: contract,
        path: windowsPath,
        url: (state) => scripted(state, contract),
        habits: contract === "do-download" ? DOWNLOADS : [],
      });
    }
  } finally {
    prefix.remove();
  }
});

afterAll(async () => {
  skipped.push(...(powershell ? [missingTools() ?? []].flat() : [WINE_POWERSHELL]));
  await writeFile(process.env.BACKGROUND_COPY_TABLE as string, JSON.stringify({ cells, skipped }));
});
