import { randomBytes } from "node:crypto";
import { SENT_MODULE } from "../../made/sent-module.js";
import type { FleetHost, OpenOptions } from "../../port/engine.js";
import { bootstrapLine } from "../bootstrap.js";
import { ascii } from "../channel.js";
import { powerShellArguments } from "../command-line.js";
import { hostEnvironment } from "../environment.js";
import { moduleFolder, ownModule } from "../module-path.js";
import { REMOTE_LIMITS, REMOTE_WORDS } from "../remote/limits.js";
import type { Cause, HostEnd, HostStart } from "../start.js";
import { startFailure } from "../start-failure.js";
import { REMOTING_FAILURE } from "./errors.js";
import type { RemotingCredential, RemotingEngineOptions } from "./options.js";

// The local PowerShell runs this line, which is constant; everything else is data that follows it.
const START = bootstrapLine(
  "$env:BACKGROUND_COPY_MARKER",
  "Import-Module $env:BACKGROUND_COPY_MODULE -ErrorAction Stop; Start-RemotingRelay -Marker $m",
);

/** A text of any characters on a line of ASCII. */
function encoded(text: string): string {
  return Buffer.from(text, "utf16le").toString("base64");
}

/** What the relay reads: the settings, the account, and the text of the module, if one is sent. */
function relayInput(
  options: RemotingEngineOptions,
  host: FleetHost,
  open: OpenOptions,
  credential: RemotingCredential | undefined,
): string {
  const { module = "send", restricted, configurationName, useSsl } = options;
  const { text, sha256 } = SENT_MODULE[open.service as "bits"];
  const sends = module === "send" && !restricted;
  const settings = {
    computerName: host.address,
    port: host.port ?? options.port,
    useSsl,
    configurationName,
    openTimeoutInMs: Math.ceil(open.timeoutInMs),
    timeInMs: Math.ceil(open.hostTimeoutInMs),
    lines: sends ? text.split("\n").length - 1 : 0,
    sha256: sends ? sha256 : undefined,
    installed: module === "send" || restricted ? undefined : `${module.installed.replace(/[\\/]+$/, "")}/host.psm1`,
  };
  const json = ascii(JSON.stringify(settings, (_name, value) => value ?? null));
  const account = `${encoded(credential?.user ?? "")}\n${encoded(credential?.password ?? "")}\n`;
  return `${START}${json}\n${account}${sends ? text : ""}`;
}

/** The reason why the relay ended: the session, if it was the session that ended. */
function causeOfEnd({ exitCode, stderr }: HostEnd): Cause {
  const [, number = "", id = ""] = stderr.map((line) => REMOTING_FAILURE.exec(line)).find((found) => found) ?? [];
  return ["HOST_LOST", { values: { detail: id.split(",")[0] || number || `exit code ${exitCode ?? "?"}` } }];
}

/** The file of the relay, next to that of the host. */
export function relayIn({ BACKGROUND_COPY_MODULE = "" }: NodeJS.ProcessEnv): string {
  return BACKGROUND_COPY_MODULE.replace(/host\.psm1$/, "relay.psm1");
}

/** A PowerShell on this computer that opens a session of WSMan to a host and relays to it. */
export function remotingStart(
  executable: string,
  options: RemotingEngineOptions,
  host: FleetHost,
  open: OpenOptions,
  credential: RemotingCredential | undefined,
): HostStart {
  const marker = randomBytes(16).toString("hex");
  const { module = "send", restricted } = options;
  const environment = hostEnvironment({ modulePath: ownModule(), marker });
  return {
    program: {
      executable,
      arguments: powerShellArguments({ executionPolicy: "RemoteSigned", isWindows: process.platform === "win32" }),
      environment: { ...environment, BACKGROUND_COPY_MODULE: relayIn(environment) },
    },
    marker,
    input: relayInput(options, host, open, credential),
    moduleFolder: module === "send" ? moduleFolder(ownModule()) : module.installed,
    moduleSha256: module === "send" && !restricted ? SENT_MODULE[open.service as "bits"].sha256 : undefined,
    values: { host: host.name, path: executable, platform: "Windows" },
    limits: REMOTE_LIMITS,
    worded: REMOTE_WORDS,
    form: (line) => line,
    causeOfStart: (error) => startFailure(error, executable),
    causeOfEnd,
  };
}
