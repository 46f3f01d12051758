// PowerShell processes without the SDK, and the SDK's host.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { DOTNET_SETTINGS } from "../../dist/powershell/environment.js";
import { Host } from "../../dist/powershell/host.js";
import { lineReader } from "../../dist/powershell/lines.js";

const MODULE = fileURLToPath(new URL("../../ps/BackgroundCopy/BackgroundCopy.psd1", import.meta.url));
const BARE_REQUEST = fileURLToPath(new URL("bare-request.psm1", import.meta.url));
const LANGUAGE = { locale: "en", wording: "documented" };
export const TIMEOUT = { timeoutInMs: 60_000 };
const ARGUMENTS = ["-NoLogo", "-NoProfile", "-NonInteractive"];

export const environment = {
  ...process.env,
  TERM: "dumb",
  POWERSHELL_TELEMETRY_OPTOUT: "1",
  POWERSHELL_UPDATECHECK: "Off",
};

/** Types `command` into a new PowerShell; `onLine` receives its output lines. */
export function type(executable, command, extra = {}) {
  const args = [...ARGUMENTS, "-NoExit", "-Command", "-"];
  const child = spawn(executable, args, {
    env: { ...environment, ...extra },
    cwd: dirname(executable),
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.write(`${command}\n`);
  return { child, onLine: (listener) => child.stdout.setEncoding("utf8").on("data", lineReader(listener)) };
}

export function start(executable) {
  return new Host({
    executable,
    modulePath: MODULE,
    executionPolicy: "RemoteSigned",
    service: "bits",
    language: LANGUAGE,
  });
}

export function exited(child) {
  return new Promise((resolve) => child.on("close", resolve));
}

/** From nothing to an open service; without COM, to the response that COM is not available. */
export async function connectOnce(executable) {
  const started = performance.now();
  const host = start(executable);
  await host.ready;
  await host.request("service.open", { service: "bits" }, TIMEOUT).catch(() => {});
  const took = performance.now() - started;
  await host.close();
  return took;
}

/** From nothing to the answer of a PowerShell that does the same work without the SDK. */
export async function bareRequestOnce(executable) {
  const started = performance.now();
  const { child, onLine } = type(executable, "Import-Module $env:BACKGROUND_COPY_MODULE; Invoke-BareRequest; exit", {
    BACKGROUND_COPY_MODULE: BARE_REQUEST,
    ...DOTNET_SETTINGS,
  });
  const ended = exited(child);
  child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"service.open","params":{"service":"bits"}}\n');
  const line = await Promise.race([new Promise(onLine), ended.then(() => "")]);
  const took = performance.now() - started;
  await ended;
  assert.equal(line, '{"jsonrpc":"2.0","id":1}');
  return took;
}

export async function processOnce(executable) {
  const started = performance.now();
  await exited(
    spawn(executable, [...ARGUMENTS, "-Command", "1"], { env: environment, stdio: ["ignore", "pipe", "ignore"] }),
  );
  return performance.now() - started;
}
