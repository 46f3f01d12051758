import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, it } from "vitest";
import { TRANSFERS_AT_A_TIME } from "../../src/embedded/limits.js";
import { BackgroundCopyError, BackgroundCopyManager, type BackgroundCopyJob, type JobState } from "../../src/index.js";
import { buildComServer, installComServer, missingTools, startComServer } from "../support/com-server/index.js";
import { startFileServer, type FileServer } from "../support/file-server.js";
import { powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { makeWinePrefix, windowsPath } from "../support/wine.js";
import { CONTRACTS } from "./contracts.js";

// Fills the table of `npm run conformance`: brings a new job into each state, calls each verb, and looks what has become of it.

const STATES = [
  "SUSPENDED",
  "QUEUED",
  "CONNECTING",
  "TRANSFERRING",
  "TRANSIENT_ERROR",
  "ERROR",
  "TRANSFERRED",
  "ACKNOWLEDGED",
  "CANCELLED",
] as const;
const VERBS = ["cancel", "suspend", "resume", "complete"] as const;
type State = (typeof STATES)[number];
type Verb = (typeof VERBS)[number];

const FINAL: readonly State[] = ["ACKNOWLEDGED", "CANCELLED"];
const UNDER_WAY: readonly State[] = ["QUEUED", "CONNECTING", "TRANSFERRING"];

/** The codes and the states after them, one of each, that are documented. */
interface Documented {
  readonly codes: readonly string[];
  readonly after: readonly State[];
}

/** What a service may answer for a job that is over, once it has forgotten it. */
const NOT_FOUND: readonly string[] = ["BG_E_NOT_FOUND", "DO_E_JOB_NOT_FOUND"];

function documentedOf({ isBits, isDownloads }: Subject, state: State, verb: Verb): Documented {
  if (FINAL.includes(state)) {
    const codes = isBits ? ["BG_E_INVALID_STATE", "BG_E_NOT_FOUND"] : ["DO_E_INVALID_STATE", "DO_E_JOB_NOT_FOUND"];
    return { codes, after: [state] };
  }
  switch (verb) {
    case "cancel":
      return { codes: isBits ? ["S_OK", "BG_S_UNABLE_TO_DELETE_FILES"] : ["S_OK"], after: ["CANCELLED"] };
    case "suspend":
      // The documentation calls a download Paused on demand or after a transient error: it may read as either.
      if (isDownloads && state === "TRANSIENT_ERROR") {
        return { codes: ["S_OK"], after: ["SUSPENDED", state] };
      }
      return {
        codes: ["S_OK"],
        after: [UNDER_WAY.includes(state) || state === "TRANSIENT_ERROR" ? "SUSPENDED" : state],
      };
    case "resume":
      // A job that goes on soon has another state.
      return { codes: ["S_OK"], after: state === "TRANSFERRED" ? [state] : [...new Set([...UNDER_WAY, state])] };
    case "complete":
      return {
        codes: state === "TRANSFERRED" || !isBits ? ["S_OK"] : ["BG_S_PARTIAL_COMPLETE", "BG_S_UNABLE_TO_DELETE_FILES"],
        after: ["ACKNOWLEDGED"],
      };
  }
}

interface Cell {
  readonly service: string;
  readonly state: State;
  readonly verb: Verb;
  readonly outcome: string;
  readonly documented: string;
  /** Missing where nothing could be tried. */
  readonly agrees?: boolean;
}

/** A service to be asked, and how its jobs are brought into the states. */
interface Subject {
  readonly label: string;
  readonly isBits: boolean;
  /** Whether its jobs are downloads of IDOManager. */
  readonly isDownloads?: boolean;
  readonly path: (path: string) => string;
  /** The address of a file that takes a job into that state; undefined where nothing does. */
  readonly url: (state: State) => string | undefined;
  /** How long a transfer is left alone before a verb is called. */
  readonly settleInMs?: number;
  /** Answers by which the service says that it leaves a verb out. */
  readonly leftOut?: readonly string[];
}

const cells: Cell[] = [];
const skipped: string[] = [];
const name = (state: JobState) => state.replace("BG_JOB_STATE_", "") as State;

/** The job's state, or the code that it was refused with. */
async function stateOf(job: BackgroundCopyJob): Promise<string> {
  try {
    return name(await job.getState());
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof BackgroundCopyError) {
    return error.code;
  }
  throw error;
}

/** Whether the job is in one of `states`. One that is over may be forgotten: that it is not found is a sign of a final state. */
function isIn(states: readonly State[], found: string): boolean {
  return states.some((state) => state === found || (FINAL.includes(state) && NOT_FOUND.includes(found)));
}

async function reach(job: BackgroundCopyJob, state: State): Promise<boolean> {
  for (let tries = 0; tries < 250; tries++) {
    if (isIn([state], await stateOf(job))) {
      return true;
    }
    await delay(20);
  }
  return false;
}

/** A job in that state, with one file. */
async function jobIn(manager: BackgroundCopyManager, subject: Subject, folder: string, state: State) {
  const job = await manager.createJob(`to be ${state}`);
  const url = subject.url(state);
  if (url === undefined) {
    await job.cancel();
    return undefined;
  }
  await job.addFile(url, subject.path(join(folder, `${cells.length}.bin`)));
  if (state === "CANCELLED") {
    await job.cancel();
  } else if (state !== "SUSPENDED") {
    await job.resume();
  }
  if (state === "ACKNOWLEDGED" && (await reach(job, "TRANSFERRED"))) {
    await job.complete();
  }
  if (await reach(job, state)) {
    await delay(subject.settleInMs ?? 0);
    return job;
  }
  await job.cancel().catch(() => {});
  return undefined;
}

async function tryVerb(job: BackgroundCopyJob, verb: Verb): Promise<string> {
  try {
    return (await job[verb]()).code;
  } catch (error) {
    return codeOf(error);
  }
}

async function fill(manager: BackgroundCopyManager, subject: Subject): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "background-copy-"));
  // A service that ended and was activated anew has forgotten every job, and would be taken for one that forgets what is over.
  // This job is never over: as long as it is there, the service is the same.
  let witness = await manager.createJob("a witness");
  try {
    for (const state of STATES) {
      for (const verb of VERBS) {
        const { codes, after } = documentedOf(subject, state, verb);
        const documented = `${codes.join(" or ")}, ${after.join(" or ")}`;
        const place = { service: subject.label, state, verb, documented };
        const job = await jobIn(manager, subject, folder, state);
        if (!job) {
          cells.push({ ...place, outcome: "this state is not reached here" });
          continue;
        }
        const code = await tryVerb(job, verb);
        const stateAfter = await stateOf(job);
        const outcome = `${code}, ${NOT_FOUND.includes(stateAfter) ? "forgotten" : stateAfter}`;
        if ((await stateOf(witness)) !== "SUSPENDED") {
          cells.push({ ...place, outcome: `${outcome}: the service was lost`, agrees: false });
          witness = await manager.createJob("another witness");
          continue;
        }
        if (subject.leftOut?.includes(code)) {
          cells.push({ ...place, outcome: `${code}: left out by this service` });
        } else {
          cells.push({ ...place, outcome, agrees: codes.includes(code) && isIn(after, stateAfter) });
        }
        await job.cancel().catch(() => {});
      }
    }
    await witness.cancel();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The addresses on the file server that take a job into the states that a transfer can have. */
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

function scripted(state: State, isBits: boolean, hasQueued: boolean): string | undefined {
  const words: Partial<Record<State, string>> = {
    ...(hasQueued && { QUEUED: "queued" }),
    ...(isBits && { CONNECTING: "connecting" }),
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
  const url = served(server);
  const subject = { label: "embedded", isBits: false, path: (path: string) => path };
  await fill(manager, { ...subject, url });
  // Queued is who comes when all turns are taken.
  for (let i = 0; i < TRANSFERS_AT_A_TIME; i++) {
    const job = await manager.createJob("takes a turn");
    await job.addFile(server.url("/file?size=1000000&pause=65536"), join(folder, `${i}.bin`));
    await job.resume();
  }
  const tried = cells.splice(0);
  await fill(manager, { ...subject, url: (state) => (state === "QUEUED" ? server.url("/file") : undefined) });
  const queued = cells.splice(0).filter(({ state }) => state === "QUEUED");
  cells.push(
    ...tried.map((cell) => queued.find(({ state, verb }) => state === cell.state && verb === cell.verb) ?? cell),
  );
  await manager.close();
  await rm(folder, { recursive: true, force: true });
  await server.close();
});

it.runIf(powershell)("Wine's BITS", async () => {
  const prefix = await makeWinePrefix(powershell as string);
  const server = await startFileServer();
  try {
    await using manager = await BackgroundCopyManager.connect({ service: "bits", executable: prefix.executable });
    await fill(manager, {
      label: "bits, Wine's own",
      isBits: true,
      path: windowsPath,
      url: served(server),
      // It dies now and then of a body that still flows when it cancels.
      settleInMs: 300,
      leftOut: ["E_NOTIMPL"],
    });
  } finally {
    await server.close();
    prefix.remove();
  }
});

it.runIf(powershell && !missingTools())("the stand-in service", async () => {
  const prefix = await makeWinePrefix(powershell as string, { bitsStandsIn: false });
  try {
    await installComServer(prefix.path, await buildComServer(join(prefix.path, "..", "com-server")));
    for (const { contract, service } of CONTRACTS) {
      await using _server = await startComServer(prefix.path, contract, ["keep-final"]);
      await using manager = await BackgroundCopyManager.connect({ service, executable: prefix.executable });
      const isBits = service === "bits";
      await fill(manager, {
        label: `${service}, stand-in (${contract})`,
        isBits,
        isDownloads: contract === "do-download",
        path: windowsPath,
        // A download has no state of its own for a place in the queue.
        url: (state) => scripted(state, isBits, contract !== "do-download"),
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
