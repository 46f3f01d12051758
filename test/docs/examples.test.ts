import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startFileServer, type FileServer } from "../support/file-server.js";
import { PWSH } from "../support/powershells.js";
import { runPowerShell } from "../support/run-powershell.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface Example {
  readonly language: string;
  readonly code: string;
}

function examplesOf(markdown: string): Example[] {
  return [...markdown.matchAll(/^ *(?:\* )?```(ts|js|sh|powershell)\n([\s\S]*?)\n *(?:\* )?```$/gm)].map(
    ([, language = "", code = ""]) => ({ language, code: code.replace(/^ *\* ?/gm, "") }),
  );
}

// Every page that people read, and the doc comments of the public face.
const FILES = [
  "README.md",
  "CONTRIBUTING.md",
  "docs/translating.md",
  "docs/proving.md",
  ...readdirSync(`${ROOT}docs/guides`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/guides/${file}`),
  ...readdirSync(`${ROOT}src`, { encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `src/${file}`),
];
const pages = FILES.map((file) => ({ file, examples: examplesOf(readFileSync(ROOT + file, "utf8")) }));

function those(...languages: readonly string[]) {
  return pages
    .map(({ file, examples }) => ({ file, examples: examples.filter(({ language }) => languages.includes(language)) }))
    .filter(({ examples }) => examples.length > 0);
}

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
    downloads = mkdtempSync(join(folder, "downloads-"));
    for (const { name, code } of programs) {
      writeFileSync(join(folder, `${name}.mts`), forThisMachine(code, downloads, server.url("/")));
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
          // Down to what Node 20 runs.
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
    // Not by execFileSync, so that the file server can answer.
    const program = promisify(execFile)(process.execPath, [join(folder, "out", `${name}.mjs`)], { timeout: 60_000 });
    const lines = (await program).stdout.split("\n");
    for (const [, expected] of code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)) {
      expect(lines).toContain(expected);
    }
  });
});

/** One program of the examples of a page, which build on each other: their imports first, each once. */
function programOf(examples: readonly string[]): string {
  const imports = new Map<string, Set<string>>();
  const rest = examples.map((code) =>
    code.replace(
      /^import (?:\{ (.+) \}|(\w+)) from (".+");\n/gm,
      (line, names: string | undefined, _, from: string) => {
        const known = imports.get(from) ?? new Set();
        for (const name of names ? names.split(", ") : [line]) {
          known.add(name);
        }
        imports.set(from, known);
        return "";
      },
    ),
  );
  const heads = [...imports].map(([from, names]) => {
    const [first = ""] = names;
    return first.startsWith("import") ? first.trim() : `import { ${[...names].join(", ")} } from ${from};`;
  });
  return [...heads, ...rest].join("\n");
}

/** The embedded service in place of those of Windows, a folder here in place of C:\, a server here in place of example.com. */
function forThisMachine(code: string, downloads: string, server: string): string {
  return code
    .replace(/service: "(?:bits|delivery-optimization)"/g, 'service: "embedded"')
    .replace(/"C:\\\\(?:[^"\\]+\\\\)*/g, `"${downloads.replaceAll("\\", "/")}/`)
    .replaceAll("https://example.com/", server);
}

// What is run elsewhere, or makes the machine another one.
const NOT_RUN_HERE = /^(?:npm (?:ci|test|install|run)|\.ci\/run|git (?:clone|diff))/;

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

  const folder = mkdtempSync(join(tmpdir(), "background-copy-commands-"));
  let server: FileServer;
  beforeAll(async () => {
    server = await startFileServer();
  });
  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([...new Set(commands.filter((command) => command.startsWith("npx background-copy ")))])(
    "%s is understood",
    async (command) => {
      const words = command
        .replace("--service bits", "--service embedded")
        .replace("https://example.com/", server.url("/"))
        .replaceAll('"', "")
        .split(" ")
        .slice(2);
      const { status, stderr } = await run(words, folder);
      // 2 is wrong usage; that a service or a job is not here is no fault of the example.
      expect([0, 1, 3], stderr).toContain(status);
    },
  );
});

/** Runs the command line, not by spawnSync, so that the file server can answer. */
async function run(words: readonly string[], cwd: string): Promise<{ status: unknown; stderr: string }> {
  try {
    const { stderr } = await promisify(execFile)(process.execPath, [`${ROOT}src/cli/bin.js`, ...words], { cwd });
    return { status: 0, stderr };
  } catch (error) {
    const { code, stderr } = error as { code: unknown; stderr: string };
    return { status: code, stderr };
  }
}

describe(`the examples in PowerShell, in ${PWSH}`, () => {
  const pwsh = inject("pwsh");

  // The same in every language.
  const programs = [...new Map(those("powershell").map((page) => [JSON.stringify(page.examples), page])).values()];

  it.skipIf(!pwsh).each(programs)("of $file run, with nothing canceled", async ({ examples }) => {
    const script = examples
      .map(({ code }) => code)
      .join("\n")
      .replaceAll(".\\node_modules\\background-copy\\", ROOT);
    const { stdout, stderr, exitCode } = await runPowerShell(
      pwsh as string,
      `$ErrorActionPreference = 'Stop'; $WhatIfPreference = $true\n${script}`,
    );
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toMatch(/What if/);
  });
});
