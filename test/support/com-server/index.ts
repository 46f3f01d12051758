import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { keptFolder } from "../kept.js";
import { makeWinePrefix, type WinePrefix } from "../wine.js";

// Builds and runs the stand-in transfer service. server.c, calls.c, and files.c describe its features, its commands, and the URLs that
// script a transfer.

const run = promisify(execFile);
const SOURCES = import.meta.dirname;
const COMPILER = "x86_64-w64-mingw32-gcc";
const IDL_COMPILER = "x86_64-w64-mingw32-widl";
const PACKAGES = {
  wine: "wine",
  wineserver: "wine",
  [COMPILER]: "gcc-mingw-w64-x86-64",
  [IDL_COMPILER]: "mingw-w64-tools",
};
const PROXY_CLASS = "{0x5b1d0c52,0x6f0a,0x4d36,{0x9a,0x1e,0x3c,0x77,0x80,0x12,0x4e,0x91}}";
const FOLDER = "transfer-service";
const SERVER = "server.exe";
const PROXIES = "proxies.dll";

/** The name of the service in tests and in the summary. */
export const STAND_IN = "stand-in transfer service";

/** The contracts that the service supports. */
export type Contract = "do-job" | "do-download" | "bits";

/** The object counts if clients hold none. */
export const NOTHING_HELD = { manager: 0, job: 0, download: 0, file: 0, error: 0, enumerator: 0 };

/** The number of objects that clients hold; `queued` is the number of jobs in the service's own queue. */
export type References = typeof NOTHING_HELD & { queued: number };

/** The URL of a file that is complete as soon as its transfer starts, and of a file whose transfer does not end. */
export const DONE = "http://stand-in/done?bytes=65536";
export const HELD = "http://stand-in/hold?bytes=1000000";

/** A running service. Disposing of it stops it. */
export interface ComServer extends AsyncDisposable {
  /** Sends a command and resolves to its answer. Rejects if the service does not know the command or has ended. */
  command(line: string): Promise<unknown>;
  references(): Promise<References>;
  /** Ends the service in an orderly way: after a service is killed, its class can't be activated in the prefix until Wine ends. */
  stop(): Promise<void>;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

/** The tools that this machine lacks, with their Debian packages; undefined if it has all of them. */
export function missingTools(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const missing = Object.entries(PACKAGES).filter(
    ([tool]) => !folders.some((folder) => isExecutable(join(folder, tool))),
  );
  return missing.length === 0 ? undefined : missing.map(([tool, source]) => `${tool} (package ${source})`).join(", ");
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder of the service, as this compiler makes it of these sources. */
async function comServer(): Promise<string> {
  const hash = createHash("sha256").update((await run(COMPILER, ["--version"])).stdout);
  for (const name of (await readdir(SOURCES, { recursive: true })).toSorted()) {
    const path = join(SOURCES, name);
    hash.update((await stat(path)).isFile() ? await readFile(path) : name);
  }
  return keptFolder(`${FOLDER}-${hash.digest("hex").slice(0, 16)}`, compile);
}

async function compile(folder: string): Promise<void> {
  await mkdir(folder);
  const sources = (...names: string[]) => names.map((name) => join(SOURCES, name));
  const idl = ["-m64", "-Oif", "-I", join(SOURCES, "idl"), "-h", "-p", ...sources("transfer-service.idl")];
  await run(IDL_COMPILER, idl, { cwd: folder });
  await run(IDL_COMPILER, ["--dlldata-only", "transfer_service"], { cwd: folder });
  const proxies = ["-shared", "-o", PROXIES, "-include", join(SOURCES, "proxy-base.h")];
  proxies.push("-DREGISTER_PROXY_DLL", "-DPROXY_DELEGATION", `-DPROXY_CLSID_IS=${PROXY_CLASS}`);
  proxies.push("transfer-service_p.c", "dlldata.c", ...sources("guids.c"), "-lrpcrt4");
  const server = ["-Wall", "-o", SERVER];
  server.push(
    ...sources(
      "server.c",
      "jobs.c",
      "files.c",
      "settings.c",
      "arguments.c",
      "properties.c",
      "calls.c",
      "objects.c",
      "notify.c",
      "guids.c",
    ),
    ...sources("bits-face.c", "http-face.c", "file-face.c", "do-face.c", "do-file-face.c"),
  );
  const common = ["-O1", "-s", "-I."];
  const libraries = ["-loleaut32", "-lole32", "-luuid", "-ladvapi32"];
  await Promise.all(
    [proxies, server].map((files) => run(COMPILER, [...common, ...files, ...libraries], { cwd: folder })),
  );
}

/** Makes a Wine prefix in which the service is installed, and nothing else answers for its classes. */
export async function makeStandInPrefix(windowsPowerShell: string): Promise<WinePrefix> {
  const [prefix, service] = await Promise.all([
    makeWinePrefix(windowsPowerShell, { bitsStandsIn: false }),
    comServer(),
  ]);
  const folder = join(prefix.path, "drive_c", FOLDER);
  await mkdir(folder);
  for (const file of [SERVER, PROXIES]) {
    await copyFile(join(service, file), join(folder, file));
  }
  await run("wine", ["regsvr32", "/s", `C:\\${FOLDER}\\${PROXIES}`], { env: wineEnvironment(prefix.path) });
  return prefix;
}

/** The exit codes of a service that COM did not register. On a busy machine, Wine gives up waiting for its own RPC service. */
const NOT_REGISTERED = [4, 5];
const MOST_STARTS = 5;

/**
 * Starts the installed service with `commands` and waits until its class can be activated. Only one at a time in a
 * prefix; without `prefix`, it is the prefix that this Node runs in.
 */
export async function startComServer(
  prefix: string | undefined,
  contract: Contract,
  commands: readonly string[] = [],
): Promise<ComServer> {
  for (let starts = 1; ; starts++) {
    const server = await startOnce(prefix, contract, commands);
    if (typeof server !== "number") {
      return server;
    }
    if (starts === MOST_STARTS || !NOT_REGISTERED.includes(server)) {
      throw new Error(`the ${STAND_IN} has ended with exit code ${server}`);
    }
  }
}

/** Starts the service once. Returns its exit code instead if it ends at once. */
async function startOnce(
  prefix: string | undefined,
  contract: Contract,
  commands: readonly string[],
): Promise<ComServer | number> {
  const program = `C:\\${FOLDER}\\${SERVER}`;
  const args = [contract, ...commands];
  const child = spawn(prefix ? "wine" : program, prefix ? [program, ...args] : args, {
    env: prefix ? wineEnvironment(prefix) : process.env,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting: { resolve(answer: unknown): void; reject(error: Error): void }[] = [];
  const nextAnswer = () => new Promise<unknown>((resolve, reject) => waiting.push({ resolve, reject }));
  createInterface(child.stdout).on("line", (line) => settle(waiting.shift(), line));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.once("error", () => {});
  child.stdin.on("error", () => {});
  void ended.then(() => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`the ${STAND_IN} has ended`));
  });

  const command = (line: string): Promise<unknown> => {
    if (child.exitCode !== null || !child.stdin.writable) return Promise.reject(new Error(`the ${STAND_IN} has ended`));
    child.stdin.write(`${line}\n`);
    return nextAnswer();
  };
  const stop = async () => {
    child.stdin.end("stop\n");
    await ended;
  };
  // One answer for each command of the command line, and then the ready line.
  try {
    await Promise.all([...commands.map(nextAnswer), nextAnswer()]);
  } catch (error) {
    await stop();
    if (child.exitCode) {
      return child.exitCode;
    }
    throw error;
  }
  const references = async () => (await command("references")) as References;
  return { command, references, stop, ended, [Symbol.asyncDispose]: stop };
}

function settle(
  waiter: { resolve(answer: unknown): void; reject(error: Error): void } | undefined,
  line: string,
): void {
  const answer: unknown = JSON.parse(line);
  if (typeof answer === "object" && answer !== null && "error" in answer && typeof answer.error === "string") {
    waiter?.reject(new Error(answer.error));
  } else {
    waiter?.resolve(answer);
  }
}

/** Ends everything that runs in a prefix. Needed after the fault `die`: only then can the class be activated again. */
export async function endWine(prefix: string): Promise<void> {
  // The exit code of wineserver reports only whether there was anything to end.
  await run("wineserver", ["-k"], { env: wineEnvironment(prefix) }).catch(() => {});
  await run("wineserver", ["-w"], { env: wineEnvironment(prefix) });
}

function wineEnvironment(prefix: string): NodeJS.ProcessEnv {
  return { ...process.env, WINEPREFIX: prefix, WINEDEBUG: "-all" };
}
