import { randomBytes } from "node:crypto";
import { BOOTSTRAP } from "./bootstrap.js";
import { powerShellArguments } from "./command-line.js";
import { hostEnvironment } from "./environment.js";
import { moduleFolder } from "./module-path.js";
import type { HostStart } from "./start.js";
import { startFailure } from "./start-failure.js";

const UNLIMITED = Number.POSITIVE_INFINITY;
/** Far more than any answer, and far less than the longest string of JavaScript. */
const LONGEST_LINE = 2 ** 27;

export interface LocalOptions {
  readonly executable: string;
  readonly modulePath: string;
  readonly executionPolicy: "RemoteSigned" | "inherit";
}

/** Starts PowerShell on this computer. */
export function localStart({ executable, modulePath, executionPolicy }: LocalOptions): HostStart {
  const marker = randomBytes(16).toString("hex");
  return {
    program: {
      executable,
      arguments: powerShellArguments({ executionPolicy, isWindows: process.platform === "win32" }),
      environment: hostEnvironment({ modulePath, marker }),
    },
    marker,
    input: BOOTSTRAP,
    moduleFolder: moduleFolder(modulePath),
    values: { path: executable, platform: process.platform },
    limits: { line: LONGEST_LINE, unasked: UNLIMITED, asked: UNLIMITED, total: UNLIMITED },
    form: (line) => line,
    causeOfStart: (error) => startFailure(error, executable),
    causeOfEnd: ({ exitCode }) => ["HOST_EXITED", { values: { exitCode: exitCode ?? "?" } }],
  };
}
