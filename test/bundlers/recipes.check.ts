import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PWSH, powerShellPath } from "../support/powershells.js";
import { explain } from "../../src/words/explain.js";
import { chromium } from "../support/chromium.js";
import { Recipes, WELL } from "../support/recipes.js";
import { run, type Run } from "../support/run.js";
import { showPage } from "../support/words-page.js";

const TOOLS = join(import.meta.dirname, "node_modules");

let recipes: Recipes;
beforeAll(() => {
  recipes = new Recipes(TOOLS);
});
afterAll(() => recipes?.clean());

/** Whether a program does all that needs no PowerShell, and whether a real one reads the module that the program names. */
async function works(start: (...args: string[]) => Promise<Run>): Promise<void> {
  expect(await start("embedded")).toEqual({ stdout: WELL, stderr: "", exitCode: 0 });
  const pwsh = powerShellPath(PWSH);
  if (pwsh && process.platform !== "win32") {
    // There is no COM, which only the module can find out.
    expect((await start("bits", pwsh)).stderr).toContain("UNSUPPORTED");
  }
}

describe.concurrent("the types", () => {
  it("are found in every way of looking for them", async () => {
    // That require gives an ES module is meant: every Node of the package can do that.
    const ignored = ["--ignore-rules", "cjs-resolves-to-esm"];
    const attw = join(TOOLS, "@arethetypeswrong", "cli", "dist", "index.js");
    const { stdout, stderr, exitCode } = await run(process.execPath, [attw, recipes.project.tarball, ...ignored], {});
    expect(`${stdout}${stderr}`).toContain("No problems found");
    expect(exitCode).toBe(0);
  });
});

describe.concurrent("installed by", () => {
  const registry = execFileSync("npm", ["config", "get", "registry"], {
    encoding: "utf8",
    shell: process.platform === "win32",
  }).trim();
  const yarn = (folder: string) => ({
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname,
    YARN_GLOBAL_FOLDER: join(folder, "global"),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "0",
    YARN_ENABLE_TELEMETRY: "0",
    YARN_NODE_LINKER: "pnp",
  });

  it.each([
    ["npm", "node", () => ({})],
    ["pnpm", "node", (folder: string) => ({ npm_config_store_dir: join(folder, "store") })],
    ["Yarn", "yarn node", yarn],
  ] as const)("%s, it works, and PowerShell reads its module", async (name, node, environment) => {
    const folder = recipes.bareFolder();
    const env = environment(folder);
    if (name === "Yarn") {
      writeFileSync(join(folder, "yarn.lock"), "");
    }
    await recipes.carryOut(name, folder, env);
    await works((...args) => recipes.command([node, "installed.mjs", ...args].join(" "), folder, env));
  });
});

describe.concurrent("in an archive of Electron", () => {
  it("it works, and PowerShell reads its module beside the archive", async () => {
    const folder = recipes.folder();
    const app = recipes.bareFolder(join(folder, "app"));
    await recipes.carryOut("npm", app);
    mkdirSync(join(folder, "resources"));
    await recipes.carryOut("In an archive: Electron", folder);
    rmSync(app, { recursive: true });
    // Node without Electron can't read the archive, so its content is in a folder with the name of the archive.
    const archive = join(folder, "resources", "app.asar");
    expect((await recipes.command(`asar extract ${archive} plain`, folder)).exitCode).toBe(0);
    rmSync(archive);
    cpSync(join(folder, "plain"), archive, { recursive: true });
    rmSync(join(archive, "node_modules", "background-copy", "ps"), { recursive: true });
    writeFileSync(
      join(folder, "electron-imitated.mjs"),
      `process.resourcesPath = ${JSON.stringify(join(folder, "resources"))};`,
    );
    const args = ["--import", "./electron-imitated.mjs", join(archive, "electron.mjs")];
    await works((...more) => run(process.execPath, [...args, ...more], {}, { cwd: folder }));
  });
});

(chromium.path ? describe.concurrent : describe.skip)("a page for a browser made by", () => {
  // esbuild would refuse a module of Node.
  it.each(["A page by esbuild", "A page by Vite"])("%s explains in Chromium, with one language", async (name) => {
    const folder = recipes.folder();
    await recipes.carryOut(name, folder);
    const { text, scripts, complaints } = await showPage(join(folder, "out"), "de", "0x80070005");
    const { message, advice } = explain("0x80070005", { locale: "de" });
    expect({ text, complaints }).toEqual({ text: `${message} ${advice}`, complaints: [] });
    expect(scripts).toContain("BG_JOB_STATE_TRANSIENT_ERROR");
    expect(scripts).not.toContain("Transient error");
  });
});

const SENTINEL = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

function startProgram(program: string, ...args: string[]): Promise<Run> {
  return /js$/.test(program) ? run(process.execPath, [program, ...args], {}) : run(program, args, {});
}

describe.concurrent("in one file made by", () => {
  // Some distributions of Node can't embed programs, and other systems require more steps, as the page explains.
  const takesPrograms = process.platform === "linux" && readFileSync(process.execPath).includes(SENTINEL);
  const names = ["esbuild", "Rollup", "webpack", "Vite", ...(takesPrograms ? ["A single executable"] : [])];

  it.each(names)("%s, it works, and PowerShell reads its module beside the file", async (name) => {
    const folder = recipes.folder();
    await recipes.carryOut(name, folder);
    const { programs, module } = recipes.moved(folder);
    expect(programs).toHaveLength(name === "A single executable" ? 1 : 2);
    for (const program of programs) {
      await works((...args) => startProgram(program, ...args));
    }
    rmSync(module, { recursive: true });
    for (const program of programs) {
      const { stderr } = await startProgram(program, "bits", process.execPath);
      expect(stderr).toContain("MODULE_NOT_FOUND");
      expect(stderr).toContain(module);
    }
  });
});
