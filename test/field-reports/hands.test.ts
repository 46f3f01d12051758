import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { LOCALES } from "../../src/words/locale.js";
import { run, service } from "../cli/fixture.js";
import { ROOT } from "../support/packed.js";
import { PWSH } from "../support/powershells.js";
import { runInShell } from "../support/shell.js";

// Reported typing habits, by the letters of the list of reports.

const JOB = "6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de";
const POSIX = process.platform !== "win32";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "background-copy-hands-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function refusals(argv: readonly string[]): Promise<string[]> {
  return Promise.all(
    LOCALES.map(async (locale) => {
      const { exitCode, stdout, stderr } = await runInShell(service, [...argv, "--locale", locale]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      return stderr;
    }),
  );
}

describe("V: what people's hands are used to", () => {
  it.each([
    ["cancle", "cancel"],
    ["lst", "list"],
    ["Explain", "explain"],
  ])("a command that is nearly right is asked for: %s", async (command, meant) => {
    const told = await refusals([command, JOB]);
    expect(new Set(told).size).toBe(LOCALES.length);
    for (const text of told) {
      expect(text).toContain(command);
      expect(text).toMatch(new RegExp(`[ ]${meant}[ \u00a0]?[?？]`));
    }
    expect(told[0]).toMatch(/^Unknown command: /);
  });

  it.each([
    [["cancel", "--nmae", "x"], "--nmae", "--name"],
    [["cancel", JOB, "-WhatIf"], "-WhatIf", "--what-if"],
    [["list", "--create-before=7d"], "--create-before", "--created-before"],
    [["--servce", "bits", "list"], "--servce", "--service"],
  ])("an option is called one, with its dashes: %j", async (argv, option, meant) => {
    for (const text of await refusals(argv)) {
      expect(text).toContain(option);
      expect(text).toContain(meant);
    }
    expect((await run(...argv)).stderr).toContain(`Unknown option: ${option}. Did you mean ${meant}?`);
  });

  it("an option of another command is none of this one", async () => {
    expect((await run("explain", "5", "--yes")).stderr).toContain("Unknown option: --yes");
    expect((await run("frobnicate")).stderr).toMatch(/^Unknown command: frobnicate\n/);
    expect((await run("list", "--state", "asleep")).stderr).toContain('--state: "asleep". ');
    expect((await run("cancel", "--name")).stderr).not.toContain("Unknown");
  });

  it.each(["-h", "--help"])("%s, and help COMMAND, show the help", async (help) => {
    const { exitCode, stdout } = await run("cancel", help);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("background-copy cancel [id..]");
    expect(await run("help", "cancel")).toEqual(await run("cancel", help));
    expect(await run("--service", "bits", "help", "cancel")).toEqual(await run("cancel", help));
    expect(await run("help")).toEqual(await run(help));
    expect((await run("help", "cancle")).stderr).toContain("Did you mean cancel?");
  });

  it("-v shows the version", async () => {
    expect(await run("-v")).toEqual(await run("--version"));
    expect(await run("-v")).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it("a negative number is a code, also behind --", async () => {
    const direct = await run("explain", "-2147024891");
    expect(direct.stdout).toMatch(/^E_ACCESSDENIED /);
    const behind = (...words: string[]) => runInShell(service, ["explain", "--locale", "en", "--", ...words]);
    expect(await behind("-2147024891")).toEqual(direct);
    expect((await run("explain", "-2147024891 (0x80070005)")).stdout).toEqual(direct.stdout);
    expect((await behind("--yes")).exitCode).toBe(2);
  });

  it.each(["IBackgroundCopyJob::Cancell", "IBackgroundCopyJob.Cancell"])(
    "a method is told that is none: %s",
    async (method) => {
      const { exitCode, stdout, stderr } = await run("explain", "0x80D02013", "--method", method);
      expect({ exitCode, stdout }).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("DO_E_INVALID_STATE"),
      });
      expect(stderr).toContain("IBackgroundCopyJob::Cancell. Did you mean IBackgroundCopyJob::Cancel?");
      expect((await run("explain", "0x80D02013", "--method", "IBackgroundCopyJob::Cancel")).stderr).toBe("");
    },
  );
});

describe("V: completion", () => {
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ["background-copy canc", ["cancel"]],
    ["background-copy cancel --yes --na", ["--name"]],
    ["background-copy list --state transfe", ["transferred", "transferring"]],
    ["background-copy explain DO_E_INVALID_ST", ["DO_E_INVALID_STATE"]],
    ["background-copy completion power", ["powershell"]],
  ];
  const expected = lines.map(([line, candidates]) => `${line}: ${candidates.join(" ")}`);

  async function script(shell: string, locale = "fr"): Promise<string> {
    const { exitCode, stdout } = await runInShell(service, ["completion", shell, "--locale", locale]);
    expect(exitCode).toBe(0);
    const path = join(folder, `completion.${shell}`);
    writeFileSync(path, stdout);
    return path;
  }

  const has = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

  /** The completions of a shell, one per line. */
  function said(shell: string, args: readonly string[]): string[] {
    const { stdout, stderr } = spawnSync(shell, args, { encoding: "utf8" });
    expect(stderr).toBe("");
    return stdout.trim().split(/\r?\n/);
  }

  it.skipIf(!has("bash"))("works in bash", async () => {
    const path = await script("bash");
    const ask = lines.map(([line]) => {
      return `COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _background_copy; printf '%s: %s\\n' '${line}' "$(printf '%s\\n' "\${COMPREPLY[@]}" | sort | tr '\\n' ' ' | sed 's/ $//')"`;
    });
    expect(said("bash", ["-c", `source '${path}'\n${ask.join("\n")}`])).toEqual(expected);
  });

  it.skipIf(!has("zsh"))("works in zsh", async () => {
    const path = await script("zsh");
    // Prints what the completion system of an interactive shell would do.
    const system = `compdef() { :; }
compadd() { shift; print -rl -- $@; }
_describe() { print -rl -- \${\${(P)2}%%:*}; }
_files() { :; }
source '${path}'
ask() { words=($@); CURRENT=$#words; PREFIX=$words[-1]; print -r -- "$*: $(_background_copy | grep -- "^$PREFIX" | sort | tr '\\n' ' ' | sed 's/ $//')"; }`;
    const ask = lines.map(([line]) => `ask ${line}`);
    expect(said("zsh", ["-c", `${system}\n${ask.join("\n")}`])).toEqual(expected);
  });

  it.skipIf(!has("fish"))("works in fish", async () => {
    const path = await script("fish");
    const ask = lines.map(
      ([line]) => `echo "${line}: "(complete -C '${line}' | string replace -r '\\t.*' '' | sort | string join ' ')`,
    );
    expect(said("fish", ["--no-config", "-c", `source '${path}'\n${ask.join("\n")}`])).toEqual(expected);
  });

  const pwsh = inject("pwsh");
  it.skipIf(!pwsh)(`works in ${PWSH}`, async () => {
    const path = await script("powershell");
    const ask = lines.map(
      ([line]) =>
        `"${line}: " + (([Management.Automation.CommandCompletion]::CompleteInput('${line}', ${line.length}, $null).CompletionMatches | ForEach-Object CompletionText | Sort-Object) -join ' ')`,
    );
    const load = `Get-Content -Raw '${path}' | Out-String | Invoke-Expression`;
    expect(said(pwsh as string, ["-NoProfile", "-Command", `${load}\n${ask.join("\n")}`])).toEqual(expected);
  });

  it("is ASCII for PowerShell, which takes typographic quotes for quotes, and consoles of any code page", async () => {
    for (const locale of LOCALES) {
      const { stdout } = await runInShell(service, ["completion", "powershell", "--locale", locale]);
      expect(stdout).toMatch(/^[\n -~]+$/);
    }
  });

  it("asks which shell is meant", async () => {
    expect(await run("completion", "tcsh")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("fish") });
  });
});

describe("H: an id in braces without quotes, in PowerShell", () => {
  it.each(["-encodedCommand", "-EncodedCommand"])("is told to be quoted: %s", async (flag) => {
    const encoded = Buffer.from(JOB, "utf16le").toString("base64");
    const told = await refusals(["cancel", flag, encoded, "-inputFormat", "xml", "-outputFormat", "text"]);
    expect(new Set(told).size).toBe(LOCALES.length);
    for (const text of told) {
      expect(text).toContain(JOB);
    }
  });

  const pwsh = inject("pwsh");
  it.skipIf(!pwsh || !POSIX)(`is told to be quoted as ${PWSH} passes it on`, () => {
    const [node, main] = [process.execPath, join(ROOT, "dist", "bundle", "cli.js")].map((path) =>
      path.replaceAll("'", "''"),
    );
    const program = `'${node}' '${main}' cancel {${JOB}} --locale en`;
    const { stderr } = spawnSync(pwsh as string, ["-NoProfile", "-Command", `& ${program}`], { encoding: "utf8" });
    expect(stderr).toContain(`omit the braces: ${JOB}`);
  });
});

describe("Y: a working folder that is gone", () => {
  const inGone = (...args: string[]) => {
    const gone = mkdtempSync(join(folder, "gone-"));
    const command = `cd '${gone}' && rmdir '${gone}' && exec "$0" "$@"`;
    const main = join(ROOT, "dist", "bundle", "cli.js");
    const { status, stdout, stderr } = spawnSync("sh", ["-c", command, process.execPath, main, ...args], {
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };

  it.skipIf(!POSIX)("is told in a sentence where it is needed", () => {
    for (const locale of LOCALES) {
      const args = ["create", "http://127.0.0.1/a", "a", "--service", "embedded", "--wait", "--locale", locale];
      const { status, stdout, stderr } = inGone(...args);
      expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
      expect(stderr).toMatch(/^[^\n]+\n$/);
    }
  });

  it.skipIf(!POSIX)("is no matter where it is not needed", () => {
    expect(inGone("explain", "E_FAIL")).toMatchObject({ status: 0, stderr: "" });
  });
});
