import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { powerShells, WINE_POWERSHELL_32 } from "../support/powershells.js";
import { run } from "../support/run.js";

it("loses nothing and gets nothing wrong, in the short form of the torture", async () => {
  const torture = fileURLToPath(new URL("torture.js", import.meta.url));
  const { exitCode, stdout, stderr } = await run(process.execPath, ["--expose-gc", torture, "--short"], {});
  expect(stderr).toBe("");
  expect(exitCode, stdout).toBe(0);
  const rows = stdout.split("\n").filter((line) => line.startsWith("| "));
  const [heads, , ...cells] = rows.map((row) => row.split("|").map((cell) => cell.trim()));
  const column = (name: string) => cells.map((row) => row[heads?.indexOf(name) ?? -1]);
  expect(new Set([...column("lost"), ...column("wrong")])).toEqual(new Set(["0"]));
  const found = powerShells.filter(({ label, path }) => path && label !== WINE_POWERSHELL_32).map(({ label }) => label);
  const hosts = [...(process.platform === "win32" ? [] : ["a stand-in host", "hosts behind a fake ssh"]), ...found];
  expect(new Set(column("host"))).toEqual(new Set(hosts));
});
