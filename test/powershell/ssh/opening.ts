import { sshEngine } from "../../../src/powershell/ssh/engine.js";
import type { SshEngineOptions } from "../../../src/powershell/ssh/options.js";
import type { FleetHost, FleetLink, OpenOptions } from "../../../src/port/engine.js";
import type { BridgeError } from "../../../src/words/errors.js";

export const language = { locale: "en", wording: "documented" } as const;

/** The options of an attempt that takes as long as it takes. */
export function openOptions(changes: Partial<OpenOptions> = {}): OpenOptions {
  const { signal } = new AbortController();
  return { service: "bits", language, signal, timeoutInMs: 600_000, hostTimeoutInMs: 600_000, ...changes };
}

/** Opens a host with the engine. */
export function open(
  options: SshEngineOptions,
  host: string | FleetHost,
  changes?: Partial<OpenOptions>,
): Promise<FleetLink> {
  const named = typeof host === "string" ? { name: `host ${host}`, address: host } : host;
  return sshEngine(options, language).open(named, openOptions(changes));
}

/** The error with which something fails. */
export async function failureOf(work: Promise<unknown>): Promise<BridgeError> {
  return work.then(
    () => Promise.reject(new Error("It did not fail.")),
    (error: BridgeError) => error,
  );
}
