import { isWholePath } from "../../port/whole-path.js";
import { badArgument, checkBoolean, checkFunction, checkObject, checkString, isPort } from "../../words/arguments.js";
import type { Language } from "../../words/messages.js";
import { checkModule, type ModuleOption } from "../remote/module-option.js";

/** An account that logs on to a host. */
export interface RemotingCredential {
  readonly user: string;
  readonly password: string;
}

/**
 * The options of the engine `psremoting`, which uses PowerShell remoting over WinRM. The engine works only on a Windows computer, and a
 * connection over WinRM hasn't been tested yet.
 */
export interface RemotingOptions {
  /** The absolute path of PowerShell on this computer. Default: Windows PowerShell 5.1. */
  readonly executable?: string | undefined;
  /** The port for hosts that don't specify a port. Default: 5985, or 5986 for HTTPS. */
  readonly port?: number | undefined;
  /** Whether to use HTTPS. PowerShell also encrypts the content of a session over HTTP. Default: `false`. */
  readonly useSsl?: boolean | undefined;
  /** The name of the session configuration on the hosts. Default: `Microsoft.PowerShell`. */
  readonly configurationName?: string | undefined;
  /**
   * Whether the session configuration offers only the function `Invoke-BackgroundCopyRequest` of an installed module, such as a
   * configuration for Just Enough Administration. If `true`, the module isn't sent. Default: `false`.
   */
  readonly restricted?: boolean | undefined;
  /** Returns the account for a host. Default: the account of this process. */
  readonly credential?: ((host: string) => RemotingCredential | Promise<RemotingCredential>) | undefined;
}

export interface RemotingEngineOptions extends RemotingOptions {
  readonly module?: ModuleOption | undefined;
}

const PROPERTIES = Object.keys({
  executable: true,
  port: true,
  useSsl: true,
  configurationName: true,
  restricted: true,
  credential: true,
  module: true,
} satisfies Record<keyof RemotingEngineOptions, true>);

/** Checks the options of a caller. */
export function checkRemotingOptions(language: Language, options: RemotingEngineOptions): RemotingEngineOptions {
  const given = checkObject(language, "psremoting", options, PROPERTIES);
  const { executable, port, configurationName, module = "send" } = given;
  const bad = (name: string, value: unknown) => badArgument(language, "optionValue", { name, value });
  if (executable !== undefined && !isWholePath(checkString(language, "executable", executable))) {
    throw bad("executable", executable);
  }
  if (port !== undefined && !isPort(port)) {
    throw bad("port", port);
  }
  if (
    configurationName !== undefined &&
    !/^[\w.-]+$/.test(checkString(language, "configurationName", configurationName))
  ) {
    throw bad("configurationName", configurationName);
  }
  for (const name of ["useSsl", "restricted"] as const) {
    if (given[name] !== undefined) {
      checkBoolean(language, name, given[name]);
    }
  }
  checkFunction(language, "credential", given.credential);
  checkModule(language, module);
  return given;
}
