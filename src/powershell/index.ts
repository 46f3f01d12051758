import type { Result } from "../port/protocol.js";
import type { RequestOptions, Service } from "../port/service.js";
import { untilAborted } from "../waiting/abort.js";
import { BridgeError } from "../words/errors.js";
import type { Language } from "../words/messages.js";
import { isWholePath } from "../port/whole-path.js";
import { Host, type HostOptions } from "./host.js";
import { candidates, isThere, locatePowerShell } from "./locate.js";
import { moduleFolder, neededFiles, ownModule } from "./module-path.js";
import { PowerShellService } from "./service.js";

const DESCRIBE_TIMEOUT_IN_MS = 60_000;

/** The PowerShell to start, and the module to load. */
export interface PowerShellOptions {
  readonly service: "delivery-optimization" | "bits";
  readonly language: Language;
  readonly executable?: string | undefined;
  readonly modulePath?: string | undefined;
  readonly executionPolicy?: "RemoteSigned" | "inherit" | undefined;
}

export interface PowerShellServiceOptions extends PowerShellOptions, RequestOptions {
  readonly idleTimeoutInMs?: number | undefined;
}

/** Finds PowerShell and the module, starts them, and activates the class of the service. */
export async function openPowerShellService(options: PowerShellServiceOptions): Promise<Service> {
  const opened = new PowerShellService(hostOptions(options), options.idleTimeoutInMs);
  try {
    await opened.connect(options);
  } catch (error) {
    // Not awaited: a caller that gave up does not want to wait for the end of PowerShell.
    void opened.close();
    throw error;
  }
  return opened;
}

type Described = Result<"host.describe">;

/** Information about PowerShell and the computer, or an error with as much information as is available without PowerShell. */
export interface PowerShellDescription extends Partial<Omit<Described, "powershell" | "module">> {
  readonly powershell: Pick<Described["powershell"], "path"> & Partial<Described["powershell"]>;
  readonly module: Pick<Described["module"], "path"> & Partial<Described["module"]>;
  readonly error?: BridgeError;
}

/** Describes the PowerShell that would be started, regardless of the service. */
export async function describePowerShell(
  options: PowerShellOptions & { readonly signal?: AbortSignal | undefined },
): Promise<PowerShellDescription> {
  let host: Host | undefined;
  try {
    host = new Host(hostOptions(options));
    return await askForDescription(host, options.signal);
  } catch (error) {
    if (!(error instanceof BridgeError)) {
      throw error;
    }
    const { executable, modulePath = ownModule() } = options;
    const path = locatePowerShell(executable) ?? expectedPath(executable);
    const { policies, ...engine } = host?.engine ?? {};
    return {
      powershell: { path, ...engine },
      ...(policies && { policies }),
      module: { path: moduleFolder(modulePath) },
      error,
    };
  } finally {
    void host?.close();
  }
}

async function askForDescription(host: Host, signal: AbortSignal | undefined): Promise<Described> {
  const tooLate = setTimeout(
    () => host.kill("TIMEOUT", { values: { seconds: DESCRIBE_TIMEOUT_IN_MS / 1000 } }),
    DESCRIBE_TIMEOUT_IN_MS,
  );
  try {
    await untilAborted(host.ready, signal);
    return await host.request("host.describe", {}, { timeoutInMs: DESCRIBE_TIMEOUT_IN_MS, signal });
  } finally {
    clearTimeout(tooLate);
  }
}

/** The place where PowerShell would be if it existed. */
function expectedPath(executable: string | undefined): string {
  return executable ?? candidates(executable)[0] ?? "powershell.exe";
}

function hostOptions(options: PowerShellOptions): HostOptions {
  const { service, language, executable, modulePath = ownModule(), executionPolicy = "RemoteSigned" } = options;
  const found = locatePowerShell(executable);
  if (!found) {
    const values = { path: expectedPath(executable) };
    throw new BridgeError("POWERSHELL_NOT_FOUND", { outcome: "not sent", values }, language);
  }
  if (!isWholePath(modulePath) || !neededFiles(modulePath).every((path) => isThere(path))) {
    const values = { path: moduleFolder(modulePath) };
    throw new BridgeError("MODULE_NOT_FOUND", { outcome: "not sent", values }, language);
  }
  return { executable: found, modulePath, executionPolicy, service, language };
}
