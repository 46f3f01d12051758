import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../support/packed.js";
import { Recipes } from "../support/recipes.js";
import type { Run } from "../support/run.js";

// The test runners of docs/guides/en/testing.md, and the examples, with the packed package.

const TOOLS = join(import.meta.dirname, "node_modules");
const POOLS = ["forks", "threads", "vmForks", "vmThreads"];

let recipes: Recipes;
const folders: string[] = [];
beforeAll(() => {
  recipes = new Recipes(TOOLS);
});
afterAll(() => {
  recipes?.clean();
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});

/** A copy of a folder, with the package and the tools installed. */
function projectOf(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-project-"));
  folders.push(folder);
  cpSync(source, folder, { recursive: true });
  symlinkSync(join(recipes.project.folder, "node_modules"), join(folder, "node_modules"), "junction");
  return folder;
}

async function passes(command: string, folder: string, told: RegExp): Promise<void> {
  // This is itself a test of Vitest, whose environment would reach the other one.
  const env = { NO_COLOR: "1", FORCE_COLOR: undefined, VITEST: undefined, NODE_ENV: undefined, TEST: undefined };
  const { exitCode, stdout, stderr }: Run = await recipes.command(command, folder, env);
  expect(`${stdout}${stderr}`).toMatch(told);
  expect(exitCode, `${stdout}${stderr}`).toBe(0);
}

describe.concurrent("the example", () => {
  it.each(["javascript", "typescript"])("in %s passes its tests", async (language) => {
    await passes("npm test", projectOf(join(ROOT, "docs", "examples", language)), /Tests +4 passed \(4\)/);
  });

  it.each(POOLS)("passes its tests in the pool %s of Vitest", async (pool) => {
    const folder = projectOf(join(ROOT, "docs", "examples", "javascript"));
    await passes(`npx vitest run --pool=${pool}`, folder, /Tests +4 passed \(4\)/);
  });
});

describe.concurrent("the package works in", () => {
  const runners = join(import.meta.dirname, "runners");

  it.each(POOLS)("the pool %s of Vitest", async (pool) => {
    await passes(`npx vitest run vitest.test.mjs --pool=${pool}`, projectOf(runners), /Tests +1 passed \(1\)/);
  });

  const jest = (file: string) => `node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js ${file}`;

  it("Jest, with import", async () => {
    await passes(jest("jest.test.mjs"), projectOf(runners), /Tests: +1 passed, 1 total/);
  });

  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const requires = major > 24 || (major === 24 && minor >= 9);

  it.runIf(requires)("Jest, with require, which Jest allows from Node 24.9 on", async () => {
    await passes(jest("jest.test.cjs"), projectOf(runners), /Tests: +1 passed, 1 total/);
  });

  it.skipIf(requires)("Jest only with import before Node 24.9, which Jest says", async () => {
    const { exitCode, stdout, stderr } = await recipes.command(jest("jest.test.cjs"), projectOf(runners));
    expect(exitCode).toBe(1);
    expect(`${stdout}${stderr}`).toContain("Use Node v24.9+ where Jest supports require(esm) natively");
  });

  it.each(["node.test.mjs", "node.test.cjs"])("node:test: %s", async (file) => {
    await passes(`node --no-warnings --test-reporter=tap --test ${file}`, projectOf(runners), /^# pass 1$/m);
  });
});
