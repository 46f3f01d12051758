import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { LocalizedError } from "../errors.js";
import { BackgroundCopyManager } from "../manager.js";
import type { ServiceName } from "../model.js";
import type { HostEvent } from "../powershell/trace.js";
import { VERSION } from "../version.js";
import { connectOptions, exitCodeOf, ExitCode, type GlobalOptions, type Terminal } from "./terminal.js";

const SERVICES: readonly ServiceName[] = ["delivery-optimization", "bits", "embedded"];

interface Finding {
  readonly service: ServiceName;
  readonly ok: boolean;
  readonly powershell?: HostEvent | undefined;
  readonly error?: LocalizedError;
}

/** `doctor`: tries each service, or the one that is named, and says what would be refused and what to do. */
export async function doctor(terminal: Terminal, options: GlobalOptions): Promise<number> {
  const system = { version: VERSION, node: process.version, platform: `${process.platform} ${process.arch}` };
  terminal.line(`background-copy ${system.version}, Node ${system.node}, ${system.platform}`);
  const findings: Finding[] = [];
  for (const service of options.service ? [options.service] : SERVICES) {
    const finding = await examine(terminal, { ...options, service });
    findings.push(finding);
    report(terminal, finding);
  }
  terminal.document({ ...system, locale: terminal.language.locale, services: findings });
  const refused = findings.find(({ service, ok }) => !ok && service === (options.service ?? SERVICES[0]));
  return refused ? exitCodeOf(refused.error) : ExitCode.done;
}

async function examine(terminal: Terminal, options: GlobalOptions & { service: ServiceName }): Promise<Finding> {
  const { service } = options;
  let powershell: HostEvent | undefined;
  const listen = (message: unknown) => {
    powershell ??= message as HostEvent;
  };
  subscribe("background-copy:host", listen);
  try {
    await using manager = await BackgroundCopyManager.connect(connectOptions(terminal, options));
    return { service: manager.service, ok: true, powershell };
  } catch (error) {
    if (error instanceof LocalizedError) {
      return { service, ok: false, powershell, error };
    }
    throw error;
  } finally {
    unsubscribe("background-copy:host", listen);
  }
}

function report(terminal: Terminal, { service, ok, powershell, error }: Finding): void {
  terminal.line(`${service}: ${ok ? terminal.words("doctor.available") : `${error?.code}. ${error?.message}`}`);
  if (powershell) {
    terminal.line(`  PowerShell ${powershell.powershell} ${powershell.edition}, ${powershell.executable}`);
  }
  if (error?.advice) {
    terminal.line(`  ${error.advice}`);
  }
}
