import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { LANGUAGES } from "../src/words/locale.js";
import { installPacked, runNode, type Project } from "./support/packed.js";
import { PWSH, WINE_POWERSHELL } from "./support/powershells.js";

const require = createRequire(import.meta.url);

function compiler(name: string): string {
  return join(dirname(require.resolve(`${name}/package.json`)), "bin", "tsc");
}

const CONSUMER = `import { BackgroundCopyManager, BackgroundCopyError, BridgeError, explain, type CancelOutcome, type JobPlan } from "background-copy";
import { TestClock, TestService } from "background-copy/testing";
import { loadMessages, loadWords, type Messages, type Words } from "background-copy/words";

export async function run(): Promise<string> {
  await using manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "fr" });
  const job = await manager.createJob("a job", { priority: "BG_JOB_PRIORITY_LOW" });
  const outcomes: CancelOutcome[] = await manager.cancelJobs([job.id]);
  const [outcome] = outcomes;
  const hresult: number = outcome?.ok ? outcome.result.hresult : (outcome?.error as BackgroundCopyError).hresult;
  const code: "TIMEOUT" | string = new Object() instanceof BridgeError ? "TIMEOUT" : explain(hresult).code;
  // @ts-expect-error: there is no such priority
  await manager.createJob("a job", { priority: "BG_JOB_PRIORITY_HIGHEST" });
  const plan: JobPlan[] = await manager.cancelJobs({ displayName: "a*" }, { whatIf: true });
  for await (const { progress } of job.watch()) {
    const bytes: bigint | undefined = progress.bytesTotal;
  }
  const service = new TestService({ clock: new TestClock() });
  service.answer("IBackgroundCopyJob::Cancel", "E_ACCESSDENIED", { times: 1 });
  const messages: Messages = await loadMessages("de");
  const words: Words = await loadWords("de", { words: { nl: { state: { BG_JOB_STATE_ERROR: "Fout" } }, de: messages } });
  const name: string = words.nameOf(await job.getState()) + words.explain(outcome ?? code).message;
  return code;
}
`;

describe("the packed package", () => {
  let project: Project;
  beforeAll(() => {
    // Under Wine nothing can be packed or linked.
    const prepared = inject("packed");
    if (prepared) {
      project = prepared;
      return undefined;
    }
    const installed = installPacked();
    project = installed;
    return () => installed.remove();
  });

  it("holds the module, the words and nothing that runs at installation", () => {
    const manifest = JSON.parse(runNode(project, "-p", "JSON.stringify(require('background-copy/package.json'))"));
    expect(manifest.scripts).not.toHaveProperty("preinstall");
    expect(manifest.scripts).not.toHaveProperty("install");
    expect(manifest.scripts).not.toHaveProperty("postinstall");
    expect(project.files).toEqual(
      expect.arrayContaining([
        "ps/BackgroundCopy/BackgroundCopy.psd1",
        "ps/BackgroundCopy/hresults.json",
        "ps/BackgroundCopy/host.psm1",
        "NOTICE",
        "LICENSE",
        "dist/bundle/made/messages.js",
        ...Object.values(LANGUAGES).map(({ culture }) => `ps/BackgroundCopy/${culture}/messages.json`),
      ]),
    );
    // Of docs/, what people read, and nothing of the site.
    const others = /^test\/|^docs\/(?!examples\/|.+\.md$)|^docs\/site\//;
    expect(project.files.filter((path) => others.test(path) || /node_modules|-lock\.json$/.test(path))).toEqual([]);
  });

  it("has what its pages link", () => {
    const dead = project.files
      .filter((path) => path.endsWith(".md"))
      .flatMap((path) => {
        const page = readFileSync(join(project.folder, "node_modules", "background-copy", path), "utf8");
        const links = page
          .replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, "")
          .matchAll(/\]\((?!https?:|#)([^)\s#]+)(?:#[^)\s]*)?\)/g);
        return [...links]
          .map(([, link = ""]) => posix.join(posix.dirname(path), link))
          .filter((target) => !project.files.includes(target))
          .map((target) => `${path}: ${target}`);
      });
    expect(dead).toEqual([]);
  });

  it("is imported", () => {
    const source = "import { explain } from 'background-copy'; console.log(explain(0, { locale: 'it' }).code)";
    expect(runNode(project, "--input-type=module", "-e", source)).toBe("S_OK\n");
  });

  it("is required", () => {
    const source = "const { explain } = require('background-copy'); console.log(explain('0x80D02013').code)";
    expect(runNode(project, "--no-warnings", "-e", source)).toBe("DO_E_INVALID_STATE\n");
  });

  // Types are the same on every system, and the compilers here are those of this one.
  it.skipIf(inject("packed")).each([
    ["typescript-oldest", "node16"],
    ["typescript-oldest", "nodenext"],
    ["typescript-oldest", "bundler"],
    ["@typescript/native", "nodenext"],
    ["@typescript/native", "bundler"],
  ])("is typed for %s with %s", (name, moduleResolution) => {
    const module = moduleResolution === "bundler" ? "esnext" : moduleResolution;
    const compilerOptions = {
      module,
      moduleResolution,
      target: "es2022",
      lib: ["es2022", "esnext.disposable"],
      types: ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
    };
    writeFileSync(join(project.folder, "consumer.mts"), CONSUMER);
    writeFileSync(join(project.folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.mts"] }));
    const check = () => execFileSync(process.execPath, [compiler(name), "-p", project.folder], { encoding: "utf8" });
    expect(check()).toBe("");
  });

  it("has its words alone, imported and required", () => {
    const use = "loadWords('it').then((words) => console.log(words.nameOf('BG_JOB_STATE_QUEUED')))";
    const imported = `import { loadWords } from 'background-copy/words'; ${use}`;
    expect(runNode(project, "--input-type=module", "-e", imported)).toBe("In coda\n");
    const required = `const { loadWords } = require('background-copy/words'); ${use}`;
    expect(runNode(project, "--no-warnings", "-e", required)).toBe("In coda\n");
  });

  it("brings a service for the tests of its users", () => {
    const source = `import { TestService } from "background-copy/testing";
      const service = new TestService();
      const manager = await service.connect({ locale: "en" });
      const outcomes = await manager.cancelJobs([service.addJob()]);
      console.log(outcomes[0].result.code);
      await service.close();`;
    expect(runNode(project, "--input-type=module", "-e", source)).toBe("S_OK\n");
  });

  it("runs as a program", () => {
    const bin = join(project.folder, "node_modules", "background-copy", "src", "cli", "bin.js");
    const output = runNode(
      project,
      bin,
      "explain",
      "0x80D02013",
      "--method",
      "IBackgroundCopyJob::Cancel",
      "--locale",
      "pt-PT",
      "--json",
    );
    expect(JSON.parse(output).codes[0]).toMatchObject({
      code: "DO_E_INVALID_STATE",
      hresult: 2161123347,
      hex: "0x80D02013",
      locale: "pt-BR",
      message: "Não é possível cancelar um trabalho cujo estado BG_JOB_STATE_CANCELLED ou BG_JOB_STATE_ACKNOWLEDGED.",
    });
  });

  const doctor = (executable: string): { services: [{ ok: boolean; error?: { code: string } }] } => {
    const bin = join(project.folder, "node_modules", "background-copy", "src", "cli", "bin.js");
    const source = `process.argv.splice(1, 0, ${JSON.stringify(bin)}); process.on("exit", () => { process.exitCode = 0; }); import(${JSON.stringify(pathToFileURL(bin).href)})`;
    return JSON.parse(
      runNode(project, "-e", source, "doctor", "--service", "bits", "--executable", executable, "--json"),
    );
  };

  const pwsh = inject("pwsh");
  it.skipIf(!pwsh)(`loads its module from an awkward path: ${PWSH}`, () => {
    const [bits] = doctor(pwsh as string).services;
    expect(bits).toMatchObject(
      process.platform === "win32" ? { ok: true } : { ok: false, error: { code: "UNSUPPORTED" } },
    );
  });

  const wine = inject("winePowerShell");
  it.skipIf(!wine)(`cancels a job from an awkward path: ${WINE_POWERSHELL}`, () => {
    expect(doctor(wine as string).services).toMatchObject([{ ok: true }]);
    const source = `import { BackgroundCopyManager } from "background-copy";
      const manager = await BackgroundCopyManager.connect({ service: "bits", executable: process.argv[1], locale: "zh-TW" });
      const job = await manager.createJob("a job");
      console.log((await job.cancel()).message);
      await manager.close();`;
    expect(runNode(project, "--input-type=module", "-e", source, wine as string)).toBe("已成功取消作業。\n");
  });
});
