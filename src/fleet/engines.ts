import type { FleetEngine } from "../port/engine.js";
import type { RemotingOptions } from "../powershell/psremoting/options.js";
import type { ModuleOption } from "../powershell/remote/module-option.js";
import type { SshOptions } from "../powershell/ssh/options.js";
import { badArgument } from "../words/arguments.js";
import type { Language } from "../words/messages.js";

/** The options that choose an engine. */
export interface EngineOptions {
  /** The engine that reaches the hosts: `"ssh"`, or, on a Windows computer, `"psremoting"`. */
  readonly engine: "ssh" | "psremoting";
  /** The options of the engine `ssh`. */
  readonly ssh?: SshOptions | undefined;
  /** The options of the engine `psremoting`. */
  readonly psremoting?: RemotingOptions | undefined;
  /** The module on the hosts. Default: `"send"`. */
  readonly module?: ModuleOption | undefined;
}

/** The engine that the caller chose. Its files are loaded only if it is used. */
export async function makeEngine(
  language: Language,
  { engine, ssh = {}, psremoting = {}, module }: EngineOptions,
): Promise<FleetEngine> {
  if (engine === "ssh") {
    const { sshEngine } = await import("../powershell/ssh/engine.js");
    return sshEngine({ ...ssh, module }, language);
  }
  if (engine === "psremoting") {
    const { remotingEngine } = await import("../powershell/psremoting/engine.js");
    return remotingEngine({ ...psremoting, module }, language);
  }
  throw badArgument(language, "choice", { name: "engine", value: engine, choices: "ssh, psremoting" });
}
