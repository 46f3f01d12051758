import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { LOCALES } from "../../src/words/locale.js";
import { findHresult } from "../../src/words/hresults.js";
import { ROOT, those, topicExamples } from "../support/examples.js";
import { programOf } from "../support/example-program.js";
import { startFileServer, type FileServer } from "../support/file-server.js";
import { PWSH } from "../support/powershells.js";
import { runPowerShell } from "../support/run-powershell.js";

it("finds examples of every kind", () => {
  expect(those("ts").length).toBeGreaterThan(15);
  expect(those("sh").length).toBeGreaterThan(25);
  expect(those("powershell").length).toBeGreaterThan(5);
});

describe("the examples in TypeScript", () => {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-examples-"));
  const programs = those("ts", "js").map(({ file, examples }) => ({
    file,
    name: file.replace(/\W/g, "_"),
    code: programOf(examples.map(({ code }) => code)),
  }));
  let downloads = "";
  let server: FileServer;

  beforeAll(async () => {
    server = await startFileServer();
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(ROOT, join(folder, "node_modules", "background-copy"), "junction");
    // What a program brings itself.
    symlinkSync(join(ROOT, "node_modules", "i18next"), join(folder, "node_modules", "i18next"), "junction");
    downloads = mkdtempSync(join(folder, "downloads-"));
    for (const { name, code } of programs) {
      // The files of one guide are not those of another.
      const own = mkdtempSync(join(downloads, "of-"));
      writeFileSync(join(folder, `${name}.mts`), forThisMachine(code, own, server.url("/")));
    }
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(ROOT, "tsconfig.json"),
        compilerOptions: {
          rootDir: ".",
          outDir: "out",
          declaration: false,
          declarationMap: false,
          sourceMap: false,
          // Compiled for Node 20.
          target: "es2022",
          typeRoots: [join(ROOT, "node_modules", "@types")],
        },
        include: ["*.mts"],
      }),
    );
    const manifest = createRequire(import.meta.url).resolve("@typescript/native/package.json");
    const compiled = spawnSync(process.execPath, [join(dirname(manifest), "bin", "tsc"), "-p", folder], {
      encoding: "utf8",
    });
    expect(compiled.stdout).toBe("");
  });
  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(programs)("of $file do what their comments say", async ({ name, code }) => {
    // Not with execFileSync, so that the file server can respond.
    const program = promisify(execFile)(process.execPath, [join(folder, "out", `${name}.mjs`)]);
    const lines = (await program).stdout.split("\n");
    for (const [, expected = ""] of code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)) {
      expect(lines).toContain(asEmbedded(expected));
    }
  });

  it("claim nothing that is not printed", () => {
    const claims = programs.flatMap(({ file, code }) =>
      [...code.matchAll(/^.*\S \/\/ .*$/gm)].map(([line]) => `${file}: ${line}`),
    );
    expect(claims.filter((claim) => !/console\.log\(.*\); \/\/ /.test(claim))).toEqual([]);
  });
});

const imported = (file: string) => `await import("${new URL(`../support/${file}`, import.meta.url)}" as string)`;

/** Stands for BackgroundCopyFleet, with hosts in memory that have one failed job each. */
const FLEET_IN_MEMORY = `(await (async () => {
  const { MemoryFleet, guid } = ${imported("memory-fleet.js")};
  const { fleetOver } = ${imported("fleet-over.js")};
  const memory = new MemoryFleet();
  for (const name of ["pc-1", "pc-2"]) {
    memory.add(name, [{ jobId: guid(1), state: 4, displayName: "update" }]);
  }
  return { connect: (options: object) => fleetOver(BackgroundCopyFleet, memory.engine(), options) };
})() as unknown as typeof BackgroundCopyFleet)`;

/**
 * Replaces the services of Windows with the embedded service, the hosts of a fleet with hosts in memory, C:\ with a local folder, and
 * example.com with a local server.
 */
function forThisMachine(code: string, downloads: string, server: string): string {
  return (
    code
      // A TestService stands for any service.
      .replace(/(?<!new TestService\(\{ )service: "(?:bits|delivery-optimization)"/g, 'service: "embedded"')
      .replaceAll("BackgroundCopyFleet.connect(", `${FLEET_IN_MEMORY}.connect(`)
      .replace(/"C:\\\\(?:[^"\\]+\\\\)*/g, `"${downloads.replaceAll("\\", "/")}/`)
      .replaceAll("https://example.com/", server)
  );
}

/** The text of the embedded service instead of that of BITS: its codes are those of Delivery Optimization. */
function asEmbedded(expected: string): string {
  const [bits, embedded] = [findHresult("BG_E_INVALID_STATE"), findHresult("DO_E_INVALID_STATE")];
  return expected
    .replaceAll(bits?.name as string, embedded?.name as string)
    .replace(bits?.hex as string, embedded?.hex as string);
}

// Commands that run elsewhere, or that change the machine.
const NOT_RUN_HERE = /^(?:npm (?:ci|test|install|pack|run)|\.ci\/run|git (?:clone|diff))/;

describe("the commands", () => {
  const scripts = Object.keys(JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")).scripts);
  const commands = [...new Set(those("sh").flatMap(({ examples }) => examples.flatMap(({ code }) => code.split("\n"))))]
    .flatMap((line) => line.replace(/ +#.*| > .*/, "").split(" && "))
    .filter(Boolean);

  it("name scripts that there are", () => {
    const named = commands.flatMap((command) => /^npm run ([\w:-]+)/.exec(command)?.[1] ?? []);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it("are npm's, or this package's own", () => {
    const others = commands.filter(
      (command) => !NOT_RUN_HERE.test(command) && !command.startsWith("npx background-copy "),
    );
    expect(others.filter((command) => !command.startsWith("cd "))).toEqual([]);
  });

  const commandsFolder = mkdtempSync(join(tmpdir(), "background-copy-commands-"));
  let server: FileServer;
  beforeAll(async () => {
    server = await startFileServer();
  });
  afterAll(async () => {
    await server?.close();
    rmSync(commandsFolder, { recursive: true, force: true });
  });

  it.each([...new Set(commands.filter((command) => command.startsWith("npx background-copy ")))])(
    "%s is understood",
    async (command) => {
      const folder = mkdtempSync(join(commandsFolder, "of-"));
      await prepareFleet(command, folder);
      const words = forEmbedded(command)
        .replace("--service bits", "--service embedded")
        .replaceAll("https://example.com/", server.url("/"))
        .replaceAll('"', "")
        .split(" ")
        .slice(2);
      const { status, stderr } = await run(words, folder);
      // Its jobs do not exist here, doctor does not find Delivery Optimization, and a host of a fleet is not reached.
      expect(["doctor", "fleet"].includes(words[0] as string) ? [0, 3] : [0, 1], stderr).toContain(status);
    },
  );
});

/** The files that a command for a fleet reads: a host that can't be reached, and its plan. */
async function prepareFleet(command: string, folder: string): Promise<void> {
  if (command.includes(" fleet ")) {
    writeFileSync(join(folder, "hosts.txt"), "pc-0001 address=127.0.0.1 port=1\n");
    writeFileSync(join(folder, "failed.txt"), "pc-0001\n");
    writeFileSync(join(folder, "ids.txt"), "pc-0001 00000000-0000-4000-8000-000000000001\n");
  }
  if (command.includes(" --apply plan.json")) {
    await run(["fleet", "list", "--hosts-from", "hosts.txt", "--engine", "ssh", "--plan", "plan.json"], folder);
  }
}

/** On the embedded service, whose jobs end with the command, and with the answer of the user. */
function forEmbedded(command: string): string {
  const needs = (condition: RegExp, option: string) => (condition.test(command) ? ` ${option}` : "");
  return [
    command,
    needs(/^(?!.*--service|.* (?:explain|doctor|fleet)\b)/, "--service embedded"),
    needs(/^(?!.*--wait).* create /, "--wait"),
    needs(/^(?!.*--(?:yes|what-if)).* (?:cancel|suspend|resume|complete) --/, "--yes"),
  ].join("");
}

/** Runs the command line, not with spawnSync, so that the file server can respond. */
async function run(words: readonly string[], cwd: string): Promise<{ status: unknown; stderr: string }> {
  try {
    const { stderr } = await promisify(execFile)(process.execPath, [`${ROOT}src/cli/bin.js`, ...words], { cwd });
    return { status: 0, stderr };
  } catch (error) {
    const { code, stderr } = error as { code: unknown; stderr: string };
    return { status: code, stderr };
  }
}

// Signing requires the certificates of Windows. The recipes and first pages begin with the jobs that a service has.
const NOT_RUN_IN_POWERSHELL = /^docs\/deployment\.md$|^docs\/recipes\/|\/index$/;

describe.skipIf(!inject("pwsh"))(`the examples in PowerShell, in ${PWSH}`, () => {
  const pwsh = inject("pwsh") as string;
  const module = `${ROOT}ps/BackgroundCopy/BackgroundCopy.psd1`;

  // The same in every language.
  const programs = [...new Map(those("powershell").map((page) => [JSON.stringify(page.examples), page])).values()];

  it.each(programs.filter(({ file }) => !NOT_RUN_IN_POWERSHELL.test(file)))(
    "of $file run, with nothing canceled",
    async ({ examples }) => {
      const script = examples
        .map(({ code }) => code)
        .join("\n")
        .replaceAll(/\.\\node_modules\\background-copy\\ps\\BackgroundCopy\b/g, "$env:MODULE");
      const { stdout, stderr, exitCode } = await runPowerShell(
        pwsh,
        `$ErrorActionPreference = 'Stop'; $WhatIfPreference = $true\n${script}`,
        { MODULE: module },
      );
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
      expect(stdout).toMatch(/What if/);
    },
  );

  /** The problems of examples; `more` is a pipeline that outputs more examples. */
  async function problemsOf(examples: readonly string[], more = "@()"): Promise<readonly string[]> {
    const script = [
      "$ErrorActionPreference = 'Stop'",
      "Import-Module $env:MODULE, $env:PROBLEMS",
      `@($env:EXAMPLES | ConvertFrom-Json) + @(${more}) | ForEach-Object { Find-ExampleProblem $_ }`,
    ];
    const { stdout, stderr, exitCode } = await runPowerShell(pwsh, script.join("\n"), {
      MODULE: module,
      PROBLEMS: `${ROOT}test/support/example-problems.psm1`,
      EXAMPLES: JSON.stringify(examples),
    });
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    return stdout.split("\n").filter(Boolean);
  }

  it("name commands, parameters and values that there are, those of Get-Help too", async () => {
    const ofTopics = topicExamples();
    expect(ofTopics.filter((example) => example.includes("-RemoteUrl"))).toHaveLength(LOCALES.length);
    const ofPages = programs.flatMap(({ examples }) => examples.map(({ code }) => code));
    const ofHelp =
      "Get-Command -Module BackgroundCopy | ForEach-Object { $all = (Get-Help $_.Name).examples.example.code; if (-not $all) { throw $_.Name }; $all }";
    expect(await problemsOf([...ofPages, ...new Set(ofTopics)], ofHelp)).toEqual([]);
  });

  it("would be found to be wrong", async () => {
    const wrong = [
      "Stop-BackgroundCopyJobs -Id $id",
      "Stop-BackgroundCopyJob -Force",
      "Get-BackgroundCopyJob -State BG_JOB_STATE_ERROR, BG_JOB_STATE_NONE",
      "Get-BackgroundCopyJob | Where-Object {",
    ];
    const problems = ["no such command", "'Force'", "no such value: BG_JOB_STATE_NONE", "'}'"];
    expect(await problemsOf([], `'${wrong.join("', '")}'`)).toEqual(
      problems.map((each) => expect.stringContaining(each)),
    );
  });
});
