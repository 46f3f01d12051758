import { requestOptions, makeSession, type CallOptions, type Session } from "./calls/session.js";
import { SERVICES, type ServiceName } from "./model/services.js";
import type { RequestOptions } from "./port/service.js";
import { badArgument, checkTimeout } from "./words/arguments.js";
import { languageAndOptions } from "./words/caller-language.js";
import { BridgeError } from "./words/errors.js";
import type { Language, Wording } from "./words/messages.js";
import type { OwnWords } from "./words/own-words.js";
import { isWholePath } from "./port/whole-path.js";

/** The options of {@link BackgroundCopyManager.connect}. */
export interface ConnectOptions extends CallOptions {
  /** The service that manages the jobs. Default: `"delivery-optimization"` on Windows. Required on other systems. */
  readonly service?: ServiceName | undefined;
  /**
   * The language of the messages: a BCP 47 tag, from which the nearest {@link Locale | language} is chosen. Default: the language of the
   * environment.
   */
  readonly locale?: string | undefined;
  /**
   * The wording of the messages that quote
   * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-cancel).
   * Default: `"documented"`.
   */
  readonly wording?: Wording | undefined;
  /**
   * The URL of the reference, for {@link LocalizedError.helpUrl}: for example, a copy that your company hosts. It's the folder that
   * contains the folders of the languages. Default: the environment variable `BACKGROUND_COPY_HELP_URL`, or the URL of the published
   * reference, if there is one.
   */
  readonly helpBaseUrl?: string | undefined;
  /**
   * Texts of your own: a resource of i18next for each language. They replace texts of this package, or add a language, in which a missing
   * text is in the nearest {@link Locale | language}. The keys are those of `loadMessages` in `background-copy/words`. A text must contain
   * the same variables as the text that it replaces.
   */
  readonly words?: OwnWords | undefined;
  /** The time without a call after which PowerShell exits, in milliseconds. The next call starts it again. Default: 300,000. */
  readonly idleTimeoutInMs?: number | undefined;
  /** The PowerShell to start: an absolute path, or `"pwsh"` for PowerShell 7. Default: Windows PowerShell, included in Windows. */
  readonly executable?: string | undefined;
  /**
   * The absolute path of a copy of the module: its folder, or BackgroundCopy.psd1 in it. Required if the program is bundled. Default: the
   * module of the package.
   */
  readonly modulePath?: string | undefined;
  /**
   * The execution policy of the PowerShell process. With `"inherit"`, no policy is specified and the policy of the computer applies.
   * Default: `"RemoteSigned"`.
   */
  readonly executionPolicy?: "RemoteSigned" | "inherit" | undefined;
}

/** The options of the request that opens the service. Throws if an option is not valid, before anything is started. */
export function checkOptions(language: Language, options: ConnectOptions): RequestOptions {
  const {
    service,
    locale,
    wording,
    helpBaseUrl,
    words,
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

/** Opens the service that the options specify. */
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

/** If the system has no file descriptors left, the files of the adapter itself can't be opened. */
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
