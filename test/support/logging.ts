import { once } from "node:events";
import { readdirSync, type Dirent } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

// Shared by the tests of what PowerShell logs.

/** PowerShell settings that log the commands and script blocks of all modules. */
export const LOGGED = {
  PowerShellPolicies: {
    ScriptBlockLogging: { EnableScriptBlockLogging: true, EnableScriptBlockInvocationLogging: true },
    ModuleLogging: { EnableModuleLogging: true, ModuleNames: ["*"] },
  },
};

/** PowerShell settings that log everything, with transcripts in that folder. */
export function transcribedTo(OutputDirectory: string) {
  const Transcription = { EnableTranscripting: true, EnableInvocationHeader: true, OutputDirectory };
  return { PowerShellPolicies: { ...LOGGED.PowerShellPolicies, Transcription } };
}

export const SYSTEM_LOG = "/dev/log";

/** How often another test is waited for that is the system log. */
const TRIES = 300;

interface SystemLog {
  /** What a process has logged. Other programs might log too. */
  entriesOf(pid: number | undefined): string[];
  close(): Promise<unknown>;
}

/** Receives what programs log, unless something else does; otherwise returns the reason. */
export async function systemLog(): Promise<SystemLog | string> {
  let text = "";
  const server = createServer((connection) => {
    connection.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
    });
    connection.unref();
  });
  for (let tries = 1; ; tries++) {
    try {
      server.listen(SYSTEM_LOG);
      await once(server, "listening");
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EADDRINUSE" || tries === TRIES) {
        return code ?? String(error);
      }
      await setTimeout(100);
    }
  }
  return {
    entriesOf: (pid) => text.split("\0").filter((entry) => entry.includes(`[${pid}]: `)),
    close: promisify(server.close.bind(server)),
  };
}

/** The files in a folder and below. */
export function files(folder: string): string[] {
  return (readdirSync(folder, { recursive: true, withFileTypes: true }) as Dirent[])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
