import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BackgroundCopyJob, BackgroundCopyManager } from "../../src/index.js";
import { documentedCreate } from "./documented.js";
import { ACTIONS, PROPERTIES, SETTINGS, STATES, type State, TYPES, VERBS } from "./documented-calls.js";
import type { Cell } from "./table.habits.js";
import { codeOf, jobIn, stateOf, type Subject } from "./table.jobs.js";
import { cellOf, type Tried, tryTheRest, tryVerb } from "./table.tries.js";

// Fills the table of `npm run conformance`: every call on new jobs in each state.

export const cells: Cell[] = [];
const UNREACHED = "this state is not reached here";
const LOST = "the service was lost";
const TRIES = 3;

/** Jobs of each type, in every state that can be reached; for an unsupported type, the refusal. */
export async function fillTypes(
  manager: BackgroundCopyManager,
  service: Omit<Subject, "type">,
  states?: readonly State[],
) {
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

export async function fill(
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
