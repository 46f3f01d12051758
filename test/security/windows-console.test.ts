import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { NODE_FOLDERS } from "../engines/places.js";
import { ROOT } from "../support/packed.js";
import { powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { shellWord } from "../support/shell-word.js";
import { hasTmux, TmuxWindow } from "../support/tmux.js";
import { windowsPath } from "../support/wine.js";

const language = { locale: "en", wording: "documented" } as const;
const nodes = [...NODE_FOLDERS].filter(([, folder]) => existsSync(join(folder, "node.exe")));
const executable = inject("winePowerShell");

describe.skipIf(!executable || !hasTmux || nodes.length === 0)(
  `3: Ctrl+C in a console of Windows, ${WINE_POWERSHELL}`,
  () => {
    it.each(nodes)("3: does not reach the PowerShell of Windows' Node %s", async (_version, node) => {
      const folder = mkdtempSync(join(tmpdir(), "background-copy-console-"));
      const log = join(folder, "log");
      const logged = () => (existsSync(log) ? readFileSync(log, "utf8") : "");
      const file = (path: string) => JSON.stringify(windowsPath(path));
      const hostOptions = {
        executable: windowsPath(powerShellPath(WINE_POWERSHELL) as string),
        modulePath: windowsPath(join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1")),
        executionPolicy: "RemoteSigned",
        service: "bits",
        language,
      };
      const program = join(folder, "program.mjs");
      writeFileSync(
        program,
        `
      import { appendFileSync } from "node:fs";
      import { pathToFileURL } from "node:url";
      const say = (text) => appendFileSync(${file(log)}, text + "\\n");
      const { Host } = await import(pathToFileURL(${file(join(ROOT, "dist", "powershell", "host.js"))}));
      const host = new Host(${JSON.stringify(hostOptions)});
      await host.ready;
      process.on("SIGINT", async () => {
        const { text } = await host.request("host.echo", { text: "echo" }, { timeoutInMs: 60_000 });
        say("SIGINT " + text + " " + (host.failure?.code ?? "goes on"));
      });
      await host.request("service.open", { service: "bits" }, { timeoutInMs: 60_000 });
      say("ready");
      setInterval(() => {}, 1000);`,
      );
      try {
        // Under Wine, the standard output of Node has to be a file.
        const prefix = join(dirname(executable as string), "prefix");
        const environment = `WINEPREFIX=${shellWord(prefix)} WINEDEBUG=-all DOTNET_EnableWriteXorExecute=0 DOTNET_ROOT= NODE_OPTIONS=`;
        const [exe, script, output] = [join(node, "node.exe"), windowsPath(program), join(folder, "output")].map(
          shellWord,
        );
        const command = `wine ${exe} ${script} >${output} 2>&1`;
        using window = new TmuxWindow({ columns: 80, rows: 10 }, `${environment} ${command}`);
        await expect.poll(logged).toContain("ready");
        for (let presses = 1; presses <= 2; presses++) {
          window.press("C-c");
          await expect.poll(() => logged().match(/^SIGINT .*$/gm)).toHaveLength(presses);
        }
        expect(logged().match(/^SIGINT .*$/gm)).toEqual(["SIGINT echo goes on", "SIGINT echo goes on"]);
      } finally {
        rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      }
    });
  },
);
