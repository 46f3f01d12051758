import { randomBytes } from "node:crypto";
import { SENT_MODULE } from "../../made/sent-module.js";
import type { FleetEngine, FleetHost, FleetLink, OpenOptions } from "../../port/engine.js";
import { BridgeError } from "../../words/errors.js";
import type { Language } from "../../words/messages.js";
import { sshEnvironment } from "../environment.js";
import { locateSsh } from "../locate.js";
import { remoteInput, type RemoteModule } from "../remote/bootstrap.js";
import { openLink } from "../remote/link.js";
import { inPieces } from "../remote/pieces.js";
import { REMOTE_LIMITS, REMOTE_WORDS } from "../remote/limits.js";
import type { HostStart } from "../start.js";
import { startFailure } from "../start-failure.js";
import { sshArguments } from "./arguments.js";
import { causeOfEnd } from "./cause.js";
import { checkSshOptions, WINDOWS_POWERSHELL, type SshEngineOptions } from "./options.js";
import { reach } from "./reach.js";

/** The process of ssh, behind which PowerShell starts on the host. */
function sshStart(executable: string, options: SshEngineOptions, host: FleetHost, open: OpenOptions): HostStart {
  const { powershell = WINDOWS_POWERSHELL } = options;
  const marker = randomBytes(16).toString("hex");
  const module = moduleOf(options, open);
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

function causeOfStart(error: NodeJS.ErrnoException, executable: string): ReturnType<typeof startFailure> {
  const [code, details] = startFailure(error, executable);
  return [code === "POWERSHELL_NOT_FOUND" ? "ENGINE_NOT_FOUND" : code, details];
}

function moduleOf({ module = "send" }: SshEngineOptions, { service }: OpenOptions): RemoteModule {
  return module === "send" ? SENT_MODULE[service as "bits"] : { folder: module.installed.replace(/[\\/]+$/, "") };
}

/** Reaches Windows hosts with the SSH client of the system: one process per host, and nothing that stays on the host. */
export function sshEngine(options: SshEngineOptions, language: Language): FleetEngine {
  const checked = checkSshOptions(language, options);
  const { executable: given, reachTimeoutInMs, port } = checked;
  return {
    name: "ssh",
    async open(host: FleetHost, open: OpenOptions): Promise<FleetLink> {
      open.signal.throwIfAborted();
      const executable = locateSsh(given);
      if (executable === undefined) {
        const values = { path: given ?? "ssh" };
        throw new BridgeError("ENGINE_NOT_FOUND", { outcome: "not sent", values }, open.language);
      }
      if (reachTimeoutInMs !== undefined) {
        await reach(host, { port, timeoutInMs: reachTimeoutInMs }, open);
      }
      return openLink(sshStart(executable, checked, host, open), open);
    },
  };
}
