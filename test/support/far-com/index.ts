import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PARTS, writeHostFile } from "../../../src/build/host-file.js";
import { ROOT } from "../packed.js";

// COM for a PowerShell without COM: the module calls .NET objects (com.psm1), which pass the calls to a PowerShell for Windows
// (agent.psm1), which calls the service.

const SOURCES = import.meta.dirname;

/** Remote COM, and a copy of the module that uses it. */
export interface FarCom {
  /** The manifest of the module's copy. */
  readonly modulePath: string;
  stop(): Promise<void>;
}

/** Starts the agent in a PowerShell for Windows. */
export async function startFarCom(windowsPowerShell: string): Promise<FarCom> {
  const agent = spawn(windowsPowerShell, ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "-"], {
    env: { ...process.env, BACKGROUND_COPY_MODULE: join(SOURCES, "agent.psm1"), TERM: "dumb", NO_COLOR: "1" },
  });
  let complaint = "";
  agent.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  agent.stdin.on("error", () => {});
  const ended = new Promise<void>((resolve) => agent.once("close", () => resolve()));
  const asking: Socket[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    createInterface(agent.stdout).on("line", (line) => {
      if (line === ">ready") {
        resolve();
      } else if (line.startsWith(">")) {
        asking.shift()?.write(`${line.slice(1)}\n`);
      } else {
        complaint += line;
      }
    });
    void ended.then(() => reject(new Error(`The agent has ended: ${complaint}`)));
  });
  agent.stdin.write("Import-Module $env:BACKGROUND_COPY_MODULE; Start-Agent; exit\n");
  await ready;

  const server = createServer((socket) => {
    socket.on("error", () => {});
    createInterface(socket).on("line", (line) => {
      asking.push(socket);
      agent.stdin.write(`${line}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = copyModule();
  // In a file, because PowerShell inherits only the variables that it needs.
  writeFileSync(join(folder, "port"), String((server.address() as AddressInfo).port));
  return {
    modulePath: join(folder, "BackgroundCopy.psd1"),
    async stop() {
      server.close();
      agent.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function copyModule(): string {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-far-"));
  cpSync(join(ROOT, "ps", "BackgroundCopy"), folder, { recursive: true });
  renameSync(join(folder, "com.psm1"), join(folder, "com-types.psm1"));
  for (const file of ["com.psm1", "doubles.psm1", "tokens.psm1"]) {
    cpSync(join(SOURCES, file), join(folder, file));
  }
  // Loaded before the files that use the original.
  const manifest = join(folder, "BackgroundCopy.psd1");
  writeFileSync(
    manifest,
    readFileSync(manifest, "utf8").replace("NestedModules        = @(", "NestedModules        = @('com.psm1', "),
  );
  importCom(folder);
  return folder;
}

/** Makes the file of the host import com.psm1, before it is read: PowerShell then looks for the types that it names. */
function importCom(folder: string): void {
  const host = join(folder, "host.psm1");
  const rest = join(folder, "host-without-com.psm1");
  writeHostFile(
    folder,
    PARTS.filter((name) => name !== "com"),
  );
  renameSync(host, rest);
  const importing = (name: string) =>
    `Import-Module -Name ("$PSScriptRoot/${name}.psm1" -replace '[][*?\`]', '\`$0')\n`;
  const text = readFileSync(rest, "utf8");
  const [exported] = text.match(/^Export-ModuleMember .*\n/m) ?? [];
  writeFileSync(rest, importing("com") + text);
  writeFileSync(host, `${importing("com")}${importing("host-without-com")}${exported}`);
}
