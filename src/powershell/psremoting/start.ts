import { randomBytes } from "node:crypto";
import type { FleetHost, OpenOptions } from "../../port/engine.js";
import { bootstrapLine } from "../bootstrap.js";
import { ascii } from "../channel.js";
import { powerShellArguments } from "../command-line.js";
import { hostEnvironment } from "../environment.js";
import { moduleFolder, ownModule } from "../module-path.js";
import { REMOTE_LIMITS, REMOTE_WORDS } from "../remote/limits.js";
import { remoteModule } from "../remote/module-option.js";
import type { Cause, HostEnd, HostStart } from "../start.js";
import { startFailure } from "../start-failure.js";
import { readRemotingFailure } from "./errors.js";
import type { RemotingCredential, RemotingEngineOptions } from "./options.js";
import type { RelayStart, SharedRelay } from "./relay.js";

/** The file of the relay, next to that of the host. */
export function relayIn({ BACKGROUND_COPY_MODULE = "" }: NodeJS.ProcessEnv): string {
  return BACKGROUND_COPY_MODULE.replace(/host\.psm1$/, "relay.psm1");
}

/** Starts the relay in a PowerShell on this computer. */
export function relayStart(executable: string): RelayStart {
  const marker = randomBytes(16).toString("hex");
  const environment = hostEnvironment({ modulePath: ownModule(), marker });
  return {
    program: {
      executable,
      arguments: powerShellArguments({ executionPolicy: "RemoteSigned", isWindows: process.platform === "win32" }),
      environment: { ...environment, BACKGROUND_COPY_MODULE: relayIn(environment) },
    },
    marker,
    // This line is constant; everything else is data that follows it.
    input: bootstrapLine(
      "$env:BACKGROUND_COPY_MARKER",
      "Import-Module $env:BACKGROUND_COPY_MODULE -ErrorAction Stop; Start-RemotingRelay -Marker $m",
    ),
  };
}

/** A text of any characters on a line of ASCII. */
function encoded(text: string): string {
  return Buffer.from(text, "utf16le").toString("base64");
}

/** The reason why a session ended, or the relay with it. */
function causeOfEnd({ exitCode, stderr }: HostEnd): Cause {
  const failure = stderr.map(readRemotingFailure).find((found) => found);
  const detail = failure?.values.detail ?? `exit code ${exitCode ?? "?"}`;
  return ["HOST_LOST", { values: { detail } }];
}

/** A session of WSMan to a host, which the relay opens. */
export function remotingStart(
  relay: SharedRelay,
  options: RemotingEngineOptions,
  host: FleetHost,
  open: OpenOptions,
  credential: RemotingCredential | undefined,
): HostStart {
  const { program, marker } = relay.start;
  // A restricted endpoint has its module.
  const module = options.restricted ? undefined : remoteModule(options.module, open.service);
  const sent = module && "text" in module ? module : undefined;
  const settings = {
    computerName: host.address,
    port: host.port ?? options.port,
    useSsl: options.useSsl,
    configurationName: options.configurationName,
    openTimeoutInMs: Math.ceil(open.timeoutInMs),
    timeInMs: Math.ceil(open.hostTimeoutInMs),
    sha256: sent?.sha256,
    installed: module && "folder" in module ? `${module.folder}/host.psm1` : undefined,
  };
  const json = ascii(JSON.stringify(settings, (_name, value) => value ?? null));
  return {
    program,
    run: () => relay.open(sent),
    marker,
    input: `open ${json}\n${encoded(credential?.user ?? "")}\n${encoded(credential?.password ?? "")}\n`,
    moduleFolder: module && "folder" in module ? module.folder : moduleFolder(ownModule()),
    moduleSha256: sent?.sha256,
    values: { host: host.name, path: program.executable, platform: "Windows" },
    limits: REMOTE_LIMITS,
    worded: REMOTE_WORDS,
    form: (line) => `send ${line}`,
    causeOfStart: (error) => startFailure(error, program.executable),
    causeOfEnd,
  };
}
