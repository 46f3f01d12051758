import { LocalizedError } from "../errors.js";
import type { ServiceName } from "../model.js";
import { checkOptions } from "../open-session.js";
import { VERSION } from "../version.js";
import type { Command } from "./command.js";
import { describeLines, refusals, withoutHome, type HostDescription } from "./diagnosis.js";
import { ExitCode, exitCodeOf } from "./exit-code.js";
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

/** What PowerShell says; nothing where there is none to ask, or where it can't be asked: then each service says why. */
async function describeHost(terminal: Terminal, options: GlobalOptions): Promise<HostDescription | undefined> {
  if (options.service === "embedded" || (process.platform !== "win32" && !options.executable)) {
    return undefined;
  }
  const { language, signal } = terminal;
  const { service = "delivery-optimization", executable, modulePath } = options;
  const { describePowerShell } = await import("../powershell/index.js");
  try {
    const host = await describePowerShell({ service, language, signal, executable, modulePath });
    const { powershell, module } = host;
    return {
      ...host,
      powershell: { ...powershell, path: withoutHome(powershell.path) },
      module: { ...module, path: withoutHome(module.path) },
    };
  } catch (error) {
    if (error instanceof LocalizedError) {
      return undefined;
    }
    throw error;
  }
}

/** Why it is this PowerShell. */
function reason({ executable }: GlobalOptions): "option" | "path" | "windows" {
  return executable === undefined ? "windows" : executable === "pwsh" ? "path" : "option";
}

function report(terminal: Terminal, { service, ok, error }: Finding): void {
  terminal.line(`${service}: ${ok ? terminal.words("doctor.available") : `${error?.code}. ${error?.message}`}`);
  if (error?.advice) {
    terminal.line(`  ${error.advice}`);
  }
}

/** `doctor`: says which PowerShell this is and how it is kept, tries the services, and says what would be refused and what to do. */
export const doctor: Command<GlobalOptions> = {
  name: "doctor",
  examples: ["doctor", "doctor --service bits --json"],
  async run(terminal, options) {
    // PowerShell is started here before any service is connected to.
    const { service: asked, executable, modulePath } = options;
    checkOptions(terminal.language, { service: asked, executable, modulePath });
    const words = (key: string) => terminal.words(key);
    const system = { version: VERSION, node: process.version, platform: `${process.platform} ${process.arch}` };
    terminal.line(`background-copy ${system.version}, Node ${system.node}, ${system.platform}`);
    const host = await describeHost(terminal, options);
    const chosenBy = reason(options);
    for (const [label, said] of host ? describeLines(words, host, words(`doctor.why.${chosenBy}`)) : []) {
      terminal.line(`${label}: ${said}`);
    }
    const findings: Finding[] = [];
    for (const service of options.service ? [options.service] : SERVICES) {
      const finding = await examine(terminal, { ...options, service });
      findings.push(finding);
      report(terminal, finding);
    }
    const refused = host ? refusals(terminal.language, words, host) : [];
    for (const { what, code, message, advice } of refused) {
      terminal.line(`${words("doctor.refused")}: ${what} (${code}). ${message}`);
      terminal.line(`  ${advice ?? ""}`);
    }
    const { locale } = terminal.language;
    terminal.document({ ...system, locale, ...(host && { host: { ...host, chosenBy } }), services: findings, refused });
    const asked = findings.find(({ service, ok }) => !ok && service === (options.service ?? SERVICES[0]));
    return asked ? exitCodeOf(asked.error) : ExitCode.done;
  },
};
