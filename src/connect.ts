import { requestOptions, makeSession, type CallOptions, type Session } from "./calls/session.js";
import type { ServiceName } from "./model/services.js";
import type { RequestOptions } from "./port/service.js";
import { badArgument, checkTimeout, languageAndOptions } from "./words/arguments.js";
import { BridgeError } from "./words/errors.js";
import type { Language, Wording } from "./words/messages.js";
import { isWholePath } from "./words/whole-path.js";

/** The options of {@link BackgroundCopyManager.connect}. */
export interface ConnectOptions extends CallOptions {
  /** The service that holds the jobs. Default: `"delivery-optimization"` on Windows; elsewhere it has to be named. */
  readonly service?: ServiceName | undefined;
  /** The language of messages, a BCP 47 tag: the nearest {@link Locale | language} is used. Default: the environment's. */
  readonly locale?: string | undefined;
  /** Which sentences of the documentation are shown. Default: `"documented"`. */
  readonly wording?: Wording | undefined;
  /**
   * The URL of the reference, for {@link LocalizedError.helpUrl}: for example, a copy that your company hosts. It's the folder that
   * contains the folders of the languages. Default: the environment variable `BACKGROUND_COPY_HELP_URL`, or the URL of the published
   * reference, if there is one.
   */
  readonly helpBaseUrl?: string | undefined;
  /** After how long without a call PowerShell is ended, in milliseconds; the next call starts it again. Default: 300,000. */
  readonly idleTimeoutInMs?: number | undefined;
  /** The PowerShell to start: an absolute path, or `"pwsh"` for PowerShell 7. Default: the Windows PowerShell of Windows. */
  readonly executable?: string | undefined;
  /** The absolute path of a copy of the module: the folder, or BackgroundCopy.psd1 in it. A bundle needs one. Default: the package's own. */
  readonly modulePath?: string | undefined;
  /**
   * The execution policy that PowerShell is started with. `"inherit"` names none, so that a machine's own policy holds.
   * Default: `"RemoteSigned"`.
   */
  readonly executionPolicy?: "RemoteSigned" | "inherit" | undefined;
}

const SERVICES: readonly ServiceName[] = ["delivery-optimization", "bits", "embedded"];

/** The options that go with the request to open the service. Throws where any makes no sense: nothing is started with them then. */
export function checkOptions(language: Language, options: ConnectOptions): RequestOptions {
  const {
    service,
    locale,
    wording,
    helpBaseUrl,
    executable,
    modulePath,
    executionPolicy,
    idleTimeoutInMs,
    ...request
  } = options;
  if (service !== undefined && !SERVICES.includes(service)) {
    throw badArgument(language, "service", { value: service, choices: SERVICES.join(", ") });
  }
  if (
    executable !== undefined &&
    executable !== "pwsh" &&
    !(typeof executable === "string" && isWholePath(executable))
  ) {
    throw badArgument(language, "executable", { value: executable });
  }
  if (modulePath !== undefined && !(typeof modulePath === "string" && isWholePath(modulePath))) {
    throw badArgument(language, "modulePath", { value: modulePath });
  }
  if (executionPolicy !== undefined && executionPolicy !== "RemoteSigned" && executionPolicy !== "inherit") {
    throw badArgument(language, "executionPolicy", { value: executionPolicy });
  }
  checkTimeout(language, "idleTimeoutInMs", idleTimeoutInMs);
  return requestOptions(language, request);
}

/** Opens the service that the options ask for. */
export async function openSession(connectOptions: ConnectOptions): Promise<Session> {
  const { language, given: options } = languageAndOptions(connectOptions);
  const request = checkOptions(language, options);
  request.signal?.throwIfAborted();
  const service = options.service ?? (process.platform === "win32" ? "delivery-optimization" : undefined);
  if (service === "embedded") {
    const { EmbeddedService } = await import("./embedded/index.js");
    return makeSession(new EmbeddedService(language), service, language);
  }
  if (!service || (process.platform !== "win32" && !options.executable)) {
    const values = { service: service ?? "delivery-optimization", platform: process.platform };
    throw new BridgeError("UNSUPPORTED", { outcome: "not sent", values }, language);
  }
  const { openPowerShellService } = await loadAdapter(options.executable, language);
  const port = await openPowerShellService({ ...options, ...request, service, language });
  return makeSession(port, service, language);
}

/** The adapter's own files may be what the system has no file descriptors left for. */
function loadAdapter(
  executable = "powershell.exe",
  language: Language,
): Promise<typeof import("./powershell/index.js")> {
  return import("./powershell/index.js").catch((cause) => {
    if (cause.code === undefined) {
      throw cause;
    }
    const values = { path: executable, systemCode: cause.code };
    throw new BridgeError("POWERSHELL_NOT_STARTED", { outcome: "not sent", values, cause }, language);
  });
}
