import { checkOptions } from "../connect.js";
import type { ServiceName } from "../model/services.js";
import type { PowerShellDescription } from "../powershell/index.js";
import { VERSION } from "../made/manifest.js";
import { LocalizedError } from "../words/errors.js";
import { text, type Language } from "../words/messages.js";
import type { Command } from "./command.js";
import { describeLines, refusals, withoutHome, type Refused } from "./diagnosis.js";
import { adviceOf, diagnosticLines } from "./error-words.js";
import { exitCodeOf, worstExitCode } from "./exit-code.js";
import { printableSentence } from "./printable.js";
import type { GlobalOptions, Terminal } from "./terminal.js";

const SERVICES: readonly ServiceName[] = ["delivery-optimization", "bits", "embedded"];

interface Finding {
  readonly service: ServiceName;
  readonly ok: boolean;
  readonly interface?: string;
  readonly error?: LocalizedError;
}

async function examine(terminal: Terminal, options: GlobalOptions & { service: ServiceName }): Promise<Finding> {
  const { service } = options;
  try {
    await using manager = await terminal.connect(options);
    return { service, ok: true, interface: manager.capabilities.interface };
  } catch (error) {
    if (error instanceof LocalizedError) {
      return { service, ok: false, error };
    }
    throw error;
  }
}

/** The information about PowerShell; nothing if PowerShell is not available. */
async function describeHost(terminal: Terminal, options: GlobalOptions): Promise<PowerShellDescription | undefined> {
  if (options.service === "embedded" || (process.platform !== "win32" && !options.executable)) {
    return undefined;
  }
  const { language, signal } = terminal;
  const { service = "delivery-optimization", executable, modulePath } = options;
  const { describePowerShell } = await import("../powershell/index.js");
  return describePowerShell({ service, language, signal, executable, modulePath });
}

/** The message of an error without the statement that nothing has changed, because nothing was to change. */
function withoutOutcome(language: Language, { message }: LocalizedError): string {
  return printableSentence(message.replace(text(language, "outcome.notSent"), "").trim());
}

/** A service that can't be reached, as something that would be refused. */
function lost({ service, error }: Finding): Refused[] {
  return error ? [{ what: service, code: error.code, message: error.message, advice: error.advice }] : [];
}

/** The reason for choosing this PowerShell. */
function reason({ executable }: GlobalOptions): "option" | "path" | "windows" {
  return executable === undefined ? "windows" : executable === "pwsh" ? "path" : "option";
}

/** `doctor`: reports the PowerShell and its configuration, tests the services, and reports what would be refused and what to do. */
export const doctor: Command<GlobalOptions> = {
  name: "doctor",
  examples: ["doctor", "doctor --service bits --json"],
  async run(terminal, options) {
    // Starts PowerShell before connecting to any service.
    const { service, executable, modulePath } = options;
    checkOptions(terminal.language, { service, executable, modulePath });
    const words = (key: string) => terminal.words(key);
    const line = (text: string) => terminal.line(withoutHome(text));
    const complain = (name: string, error: LocalizedError) => {
      line(terminal.labeled(name, `${error.code}. ${withoutOutcome(terminal.language, error)}`));
      for (const said of [adviceOf(terminal.language, error) ?? [], diagnosticLines(terminal.language, error)].flat()) {
        line(`  ${said}`);
      }
    };
    const system = { version: VERSION, node: process.version, platform: `${process.platform} ${process.arch}` };
    line(`background-copy ${system.version}, Node ${system.node}, ${system.platform}`);
    const host = await describeHost(terminal, options);
    const chosenBy = reason(options);
    for (const [label, said] of host ? describeLines(words, host, words(`doctor.why.${chosenBy}`)) : []) {
      line(terminal.labeled(label, said));
    }
    if (host?.error) {
      complain("PowerShell", host.error);
    }
    const findings: Finding[] = [];
    for (const service of options.service ? [options.service] : SERVICES) {
      const finding = await examine(terminal, { ...options, service });
      findings.push(finding);
      if (finding.error) {
        complain(service, finding.error);
      } else {
        line(terminal.labeled(service, words("doctor.available")));
      }
    }
    const foreseen = host ? refusals(terminal.language, words, host) : [];
    for (const { what, code, message, advice } of foreseen) {
      line(terminal.labeled(words("doctor.refused"), `${what} (${code}). ${message}`));
      line(`  ${advice ?? ""}`);
    }
    // If Windows would refuse the service, its code is more specific.
    const unforeseen = findings.filter(({ service }) => !foreseen.some(({ what }) => what === service));
    const refused = [...foreseen, ...unforeseen.flatMap(lost)];
    const { locale } = terminal.language;
    const report = { ...system, locale, ...(host && { host: { ...host, chosenBy } }), services: findings, refused };
    terminal.document(
      JSON.parse(JSON.stringify(report), (_key, value) => (typeof value === "string" ? withoutHome(value) : value)),
    );
    const asked = findings.find(({ service, ok }) => !ok && service === (options.service ?? SERVICES[0]));
    return worstExitCode([host?.error, asked?.error].flatMap((error) => (error ? exitCodeOf(error) : [])));
  },
};
