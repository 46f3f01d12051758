import { randomBytes } from "node:crypto";
import type { FleetHost, OpenOptions } from "../../port/engine.js";
import { sshEnvironment } from "../environment.js";
import { remoteInput } from "../remote/bootstrap.js";
import { REMOTE_LIMITS, REMOTE_WORDS } from "../remote/limits.js";
import { remoteModule } from "../remote/module-option.js";
import { inPieces } from "../remote/pieces.js";
import type { Cause, HostStart } from "../start.js";
import { startFailure } from "../start-failure.js";
import { sshArguments } from "./arguments.js";
import { causeOfEnd } from "./cause.js";
import { WINDOWS_POWERSHELL, type SshEngineOptions } from "./options.js";

/** The process of ssh, behind which PowerShell starts on the host. */
export function sshStart(executable: string, options: SshEngineOptions, host: FleetHost, open: OpenOptions): HostStart {
  const { powershell = WINDOWS_POWERSHELL } = options;
  const marker = randomBytes(16).toString("hex");
  const module = remoteModule(options.module, open.service);
  return {
    program: {
      executable,
      arguments: sshArguments(options, host, open.timeoutInMs),
      environment: sshEnvironment(),
    },
    marker,
    input: remoteInput(module, marker, open.hostTimeoutInMs),
    ...("folder" in module ? { moduleFolder: module.folder } : { moduleFolder: "", moduleSha256: module.sha256 }),
    values: { host: host.name, path: powershell, platform: "Windows" },
    limits: REMOTE_LIMITS,
    worded: REMOTE_WORDS,
    form: inPieces,
    causeOfStart: (error) => causeOfStart(error, executable),
    causeOfEnd: (end) => causeOfEnd(end, powershell),
  };
}

function causeOfStart(error: NodeJS.ErrnoException, executable: string): Cause {
  const [code, details] = startFailure(error, executable);
  return [code === "POWERSHELL_NOT_FOUND" ? "ENGINE_NOT_FOUND" : code, details];
}
