import type { JobStatus } from "../index.js";
import type { BackgroundCopyManager } from "../manager.js";
import { LAST_STATES } from "../model/job.js";
import { LocalizedError } from "../words/errors.js";
import type { Command } from "./command.js";
import { adviceOf, diagnosticLines } from "./error-words.js";
import { ExitCode, exitCodeOf, worstExitCode } from "./exit-code.js";
import { errorLines } from "./job-cells.js";
import { printableSentence } from "./printable.js";
import { progressView, type ProgressView } from "./progress-view.js";
import { uniqueIds } from "./selection.js";
import type { GlobalOptions, Terminal } from "./terminal.js";

interface WatchArguments extends GlobalOptions {
  readonly id: readonly string[];
}

/** How the watch of a job ended: after its last status, or with an error. */
interface End {
  readonly jobId: string;
  readonly status?: JobStatus | undefined;
  readonly error?: LocalizedError;
}

/** `watch`: shows the progress of jobs until their states no longer change without intervention. */
export const watch: Command<WatchArguments> = {
  name: "watch",
  parameters: "<id..>",
  examples: [
    "watch 6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de --service bits",
    "watch 6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de --json",
  ],
  positionals: (words) => ({
    // Otherwise, the parser would show its initial empty list.
    id: { type: "string", describe: words("argument.ids"), default: undefined },
  }),
  async run(terminal, options) {
    const ids = uniqueIds(terminal, options.id);
    await using manager = await terminal.connectToJobs(options);
    const view = progressView(terminal, { withIds: true });
    // If the reader stops early, like `head`, the command stops waiting.
    const unread = new AbortController();
    terminal.stdout.once("error", () => unread.abort());
    const signal = AbortSignal.any([terminal.signal, unread.signal]);
    try {
      const exitCodes = await Promise.all(
        ids.map(async (jobId) => {
          const end = await follow(terminal, manager, jobId, view, signal);
          view.say(endLines(terminal, end));
          return exitCode(end);
        }),
      );
      return worstExitCode(exitCodes);
    } catch (error) {
      if (unread.signal.aborted) {
        return ExitCode.done;
      }
      throw error;
    } finally {
      view.end();
    }
  },
};

async function follow(
  terminal: Terminal,
  manager: BackgroundCopyManager,
  jobId: string,
  view: ProgressView,
  signal: AbortSignal,
): Promise<End> {
  let status: JobStatus | undefined;
  try {
    for await (status of manager.job(jobId).watch({ signal })) {
      view.show(status);
      terminal.documentLine(status);
    }
  } catch (error) {
    if (!(error instanceof LocalizedError)) {
      throw error;
    }
    terminal.documentLine({ jobId, error: error.toJSON() });
    return { jobId, status, error };
  }
  if (status && isGone(status)) {
    terminal.documentLine({ jobId, gone: true });
  }
  return { jobId, status };
}

/** A watch that ended in a non-final state: another program has completed or canceled the job. */
function isGone({ state }: JobStatus): boolean {
  return !LAST_STATES.includes(state);
}

export function isTransferred({ state }: JobStatus): boolean {
  return state === "BG_JOB_STATE_TRANSFERRED" || state === "BG_JOB_STATE_ACKNOWLEDGED";
}

/** The message about a job that was not transferred. */
function endLines(terminal: Terminal, { jobId, status, error }: End): string[] {
  if (error) {
    return [
      `${jobId}  ${terminal.style("red", error.code)}  ${printableSentence(error.message)}`,
      ...[adviceOf(terminal.language, error) ?? [], diagnosticLines(terminal.language, error)]
        .flat()
        .map((line) => `  ${line}`),
    ];
  }
  if (status && isGone(status)) {
    return [`${jobId}  ${terminal.words("watch.gone")}`];
  }
  const [first, ...others] = status?.error ? errorLines(terminal, status.error) : [];
  return first ? [`${jobId}  ${first}`, ...others.map((line) => `  ${line}`)] : [];
}

function exitCode({ status, error }: End): number {
  return error ? exitCodeOf(error) : status && isTransferred(status) ? ExitCode.done : ExitCode.refused;
}
