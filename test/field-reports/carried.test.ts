import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { VERSION } from "../../src/made/manifest.js";
import { BackgroundCopyManager, BridgeError } from "../../src/index.js";
import { Host } from "../../src/powershell/host.js";
import { LOCALES } from "../../src/words/locale.js";
import { fakeHost } from "../support/fake-host.js";
import { ROOT, runNode } from "../support/packed.js";
import { PWSH } from "../support/powershells.js";
import { Recipes, WELL } from "../support/recipes.js";
import { run } from "../support/run.js";

// Reported problems after bundling or copying the package, by the letters of the list of reports.

const POSIX = process.platform !== "win32";
const MODULE = join(ROOT, "ps", "BackgroundCopy");
const language = { locale: "en", wording: "documented" } as const;
const pwsh = inject("pwsh");

let folder: string;
let recipes: Recipes;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "background-copy-carried-"));
  recipes = new Recipes();
});
afterAll(() => {
  recipes?.clean();
  rmSync(folder, { recursive: true, force: true });
});

describe("C: the package in one file", () => {
  it("looks for no file: only one of its own knows where it lies, to find ps/", () => {
    const bundle = join(ROOT, "dist", "bundle");
    const files = readdirSync(bundle, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
    const looking = files.filter((name) => readFileSync(join(bundle, name), "utf8").includes("import.meta"));
    // yargs, which only the command line has, looks for texts that it has been given before.
    expect(looking).toEqual(["module-path.js", "parser.js"]);
  });

  // `npm run check-package` installs the other bundlers.
  it("works in an empty folder, made by Vite as docs/bundling.md says", async () => {
    const place = recipes.folder();
    await recipes.carryOut("Vite", place);
    const { programs, module } = recipes.moved(place);
    expect(programs).toHaveLength(2);
    for (const program of programs) {
      expect(await run(process.execPath, [program, "embedded"], {})).toEqual({ exitCode: 0, stdout: WELL, stderr: "" });
      if (POSIX) {
        expect(await run(process.execPath, [program, "bits", fakeHost()], {})).toMatchObject({ stdout: WELL });
      }
    }
    rmSync(module, { recursive: true });
    const { stderr } = await run(process.execPath, [programs[0] as string, "bits", process.execPath], {});
    expect(stderr).toContain(module);
  });

  it.each(["worker.mjs", "installed.cjs"])(
    "works where it is installed, as docs/bundling.md has it: %s",
    async (name) => {
      const started = await run(process.execPath, ["--no-warnings", name, "embedded"], {}, { cwd: recipes.folder() });
      expect(started).toEqual({ exitCode: 0, stdout: WELL, stderr: "" });
    },
  );

  it("takes no module for its own that lies two folders above a bundle", async () => {
    const compiled = join(ROOT, "dist", "powershell", "module-path.js");
    const bundle = join(folder, "bundle.mjs");
    writeFileSync(bundle, readFileSync(compiled, "utf8").replace(/^\/\/# sourceMappingURL.*$/m, ""));
    const own = await import(pathToFileURL(compiled).href);
    const bundled = await import(pathToFileURL(bundle).href);
    expect([own.ownModule(), bundled.ownModule()]).toEqual([MODULE, join("ps", "BackgroundCopy")]);
  });
});

describe("F: a module that PowerShell can't read", () => {
  const failure = (modulePath: string, executable = process.execPath) =>
    BackgroundCopyManager.connect({ service: "bits", executable, modulePath, locale: "en" }).then(
      () => undefined,
      (error: unknown) => error as BridgeError,
    );

  function copied(name: string, ...files: string[]): string {
    const copy = join(folder, name);
    mkdirSync(copy);
    for (const file of files) {
      cpSync(join(MODULE, file), join(copy, file), { recursive: true });
    }
    return copy;
  }

  it("is told as that, with the folder and the remedy, before anything is started", async () => {
    const empty = copied("empty");
    const manifest = join(copied("manifest alone", "BackgroundCopy.psd1"), "BackgroundCopy.psd1");
    for (const modulePath of [empty, manifest, join(folder, "nowhere")]) {
      const error = await failure(modulePath);
      expect(error).toBeInstanceOf(BridgeError);
      expect(error).toMatchObject({ code: "MODULE_NOT_FOUND", outcome: "not sent" });
      expect(error?.message).toContain(modulePath === manifest ? dirname(manifest) : modulePath);
      expect(error?.advice).toMatch(/ps\/BackgroundCopy.*modulePath/);
    }
  });

  it.skipIf(!POSIX)("is told as that by a PowerShell that does not see what Node sees", async () => {
    const error = await failure(MODULE, fakeHost("finds no module"));
    expect(error).toMatchObject({ code: "MODULE_NOT_FOUND", outcome: "not sent" });
    expect(error?.message).toContain(MODULE);
  });

  it.skipIf(!pwsh)(`is told as that: ${PWSH}`, async () => {
    const modulePath = join(folder, "app.asar", "BackgroundCopy.psd1");
    const options = { executable: pwsh as string, executionPolicy: "RemoteSigned", service: "bits", language } as const;
    await expect(new Host({ ...options, modulePath }).ready).rejects.toMatchObject({ code: "MODULE_NOT_FOUND" });
  });

  it.skipIf(!POSIX).each([MODULE, join(MODULE, "BackgroundCopy.psd1")])(
    "is named by its folder or its manifest: %s",
    async (modulePath) => {
      const manager = await BackgroundCopyManager.connect({ service: "bits", executable: fakeHost(), modulePath });
      await manager.close();
    },
  );

  it.skipIf(!pwsh)(`is named by its folder: ${PWSH}`, async () => {
    const options = { executable: pwsh as string, executionPolicy: "RemoteSigned", service: "bits", language } as const;
    const host = new Host({ ...options, modulePath: copied("module", ...readdirSync(MODULE)) });
    await expect(host.ready).resolves.toBeUndefined();
    await host.close();
  });

  it("is unpacked by Yarn, which would leave it in an archive", () => {
    expect(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).preferUnplugged).toBe(true);
  });
});

describe("M: the older ways to look for a package", () => {
  it("find the types, and the code", () => {
    const { project } = recipes;
    const source = `import { explain } from "background-copy";
      import { TestService } from "background-copy/testing";
      export const words: string = explain(0).message;
      // @ts-expect-error: there is no such option
      new TestService({ nothing: true });`;
    const compilerOptions = {
      module: "commonjs",
      moduleResolution: "node10",
      target: "es2022",
      lib: ["es2022", "esnext.disposable"],
      types: ["node"],
      strict: true,
      noEmit: true,
    };
    writeFileSync(join(project.folder, "consumer.ts"), source);
    writeFileSync(join(project.folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    const manifest = createRequire(import.meta.url).resolve("typescript-oldest/package.json");
    expect(runNode(project, join(dirname(manifest), "bin", "tsc"), "-p", project.folder)).toBe("");
    const main = "require(require('node:path').dirname(require.resolve('background-copy/package.json')))";
    expect(runNode(project, "--no-warnings", "-p", `typeof ${main}.explain`)).toBe("function\n");
  });
});

describe("Z: where the package comes from", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

  it("the README links to nothing that is not in the package", () => {
    const { files } = recipes.project;
    const links = [...readme.matchAll(/\]\((?![a-z]+:|#)([^)#]+)/g)].map(([, link]) => posix.normalize(link as string));
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !files.includes(link))).toEqual([]);
  });

  it("the README installs what there is: a tarball of this version, until it is published", () => {
    const what = manifest.repository.url === "" ? `./background-copy-${VERSION}.tgz` : "background-copy";
    expect(readme).toContain(`\nnpm install ${what}\n`);
  });

  it.each(LOCALES)("the first guide installs the same in %s", (locale) => {
    const guide = readFileSync(join(ROOT, "docs", "guides", locale, "getting-started.md"), "utf8");
    const install = /\nnpm install \S+\n/;
    expect(install.exec(guide)?.[0]).toBe(install.exec(readme)?.[0]);
  });

  describe("before it is published", () => {
    let copy: string;
    const publish = (...args: string[]) =>
      run(process.execPath, [join(copy, "src", "build", "publish.js"), ...args], {});
    const read = () => readFileSync(join(copy, "README.md"), "utf8");
    const write = (facts: object) =>
      writeFileSync(join(copy, "package.json"), JSON.stringify({ ...manifest, ...facts }));

    beforeAll(() => {
      copy = join(folder, "copy");
      mkdirSync(join(copy, "src", "build"), { recursive: true });
      cpSync(join(ROOT, "src", "build", "publish.js"), join(copy, "src", "build", "publish.js"));
      cpSync(join(ROOT, "README.md"), join(copy, "README.md"));
    });

    it("has to say where that is", async () => {
      write({ homepage: "", repository: { type: "git", url: "" }, bugs: { url: "" } });
      const { exitCode, stderr } = await publish();
      expect(exitCode).toBe(1);
      expect(stderr).toContain("homepage, repository.url, bugs.url");
      expect(read()).toBe(readme);
    });

    it("gets absolute links in the README, for as long as that takes", async () => {
      const home = "https://git.example.com/somebody/background-copy";
      write({ homepage: home, repository: { type: "git", url: `git+${home}.git` }, bugs: { url: `${home}/issues` } });
      expect(await publish()).toMatchObject({ exitCode: 0 });
      expect([...read().matchAll(/\]\((?!https:|#)/g)]).toEqual([]);
      expect(read()).toContain(`](${home}/blob/HEAD/docs/bundling.md)`);
      expect(await publish("--done")).toMatchObject({ exitCode: 0 });
      expect(read()).toBe(readme);
    });
  });
});
