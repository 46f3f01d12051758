import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FLOORS } from "../../.dependency-cruiser.js";
import { ROOT } from "../support/packed.js";

const contributing = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8").replaceAll("\r\n", "\n");

describe("CONTRIBUTING.md", () => {
  it.each(["npm ci && npm run demo", "npm ci && npm test"])("shows the command %s", (command) => {
    expect(contributing).toContain(command);
  });

  it("draws the floors as the linter has them, from the top down", () => {
    const [, drawn = ""] = /```mermaid\n([\s\S]*?)```/.exec(contributing) ?? [];
    const floors = [...drawn.matchAll(/subgraph (\w+)\n([\s\S]*?)\n {2}end/g)].map(([, name, rooms = ""]) => ({
      name,
      rooms: Array.from(rooms.matchAll(/^ +(\S+)\["\1: [^"]+"\]$/gm), ([, room]) => room),
    }));
    expect(floors.map(({ rooms }) => rooms.toSorted())).toEqual(FLOORS.toReversed().map((rooms) => rooms.toSorted()));
    expect(drawn.trim().split("\n").at(-1)?.trim()).toBe(floors.map(({ name }) => name).join(" --> "));
  });

  const paths = [...new Set(contributing.match(/(?<=`)(?:src|ps|test|docs|locales|\.ci)\/[\w./-]+(?=`)/g))];

  it("follows a call from the program to COM and back", () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        "src/job.ts",
        "src/powershell/process.ts",
        "ps/BackgroundCopy/com.psm1",
        "src/calls/results.ts",
      ]),
    );
  });

  it.each(paths)("names a file or folder that is there: %s", (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
  });
});
