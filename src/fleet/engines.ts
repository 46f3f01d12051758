import type { FleetEngine } from "../port/engine.js";
import type { SshOptions, ModuleOption } from "../powershell/ssh/options.js";
import { badArgument } from "../words/arguments.js";
import type { Language } from "../words/messages.js";

/** The options that choose an engine. */
export interface EngineOptions {
  /** The engine that reaches the hosts: `"ssh"`, or your own engine. */
  readonly engine: "ssh" | FleetEngine;
  /** The options of the engine `ssh`. */
  readonly ssh?: SshOptions | undefined;
  /** The module on the hosts. Default: `"send"`. */
  readonly module?: ModuleOption | undefined;
}

/** The engine that the caller chose. Its files are loaded only if it is used. */
export async function makeEngine(
  language: Language,
  { engine, ssh = {}, module }: EngineOptions,
): Promise<FleetEngine> {
  if (engine === "ssh") {
    const { sshEngine } = await import("../powershell/ssh/engine.js");
    return sshEngine({ ...ssh, module }, language);
  }
  const { name, open } = Object(engine) as Partial<FleetEngine>;
  if (typeof name !== "string" || typeof open !== "function") {
    throw badArgument(language, "choice", { name: "engine", value: engine, choices: "ssh" });
  }
  return engine;
}
