import type { CancelOutcome } from "../cancel.js";
import { BridgeError } from "../errors.js";
import { BackgroundCopyManager } from "../manager.js";
import { connectOptions, exitCodeOf, ExitCode, type GlobalOptions, type Terminal } from "./terminal.js";

export interface CancelArguments extends GlobalOptions {
  readonly id: readonly string[];
}

/** `cancel ID …`: cancels each job and says what became of it. */
export async function cancel(terminal: Terminal, options: CancelArguments): Promise<number> {
  await using manager = await BackgroundCopyManager.connect(connectOptions(terminal, options));
  const outcomes = await manager.cancelJobs(options.id, { signal: terminal.signal });
  for (const outcome of outcomes) {
    const { code, message } = outcome.ok ? outcome.result : outcome.error;
    terminal.line(`${outcome.jobId}  ${code}  ${message}`);
    if (!outcome.ok && outcome.error.advice) {
      terminal.line(`  ${outcome.error.advice}`);
    }
  }
  const canceled = outcomes.filter(({ ok }) => ok).length;
  terminal.line(terminal.words("cancel.summary", { count: canceled, total: outcomes.length }));
  const { service, locale } = manager;
  terminal.document({ service, locale, jobs: outcomes.map(asData) });
  return worst(outcomes);
}

function asData(outcome: CancelOutcome): object {
  return { ok: outcome.ok, ...(outcome.ok ? outcome.result : { ...outcome.error.toJSON(), jobId: outcome.jobId }) };
}

function worst(outcomes: readonly CancelOutcome[]): number {
  const errors = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
  const bridge = errors.find((error) => error instanceof BridgeError);
  return bridge ? exitCodeOf(bridge) : errors.length > 0 ? ExitCode.refused : ExitCode.done;
}
