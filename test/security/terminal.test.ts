import { PassThrough, Writable } from "node:stream";
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { runCommandLine } from "../../src/cli/command-line.js";
import { formatBytes, formatDuration, formatNumber, formatShare, formatTime } from "../../src/cli/format.js";
import { toJson } from "../../src/cli/json.js";
import { printable, printableSentence } from "../../src/cli/printable.js";
import { wordsOf } from "../../src/cli/words.js";
import { CLI } from "../../src/made/cli.js";
import { MESSAGES } from "../../src/made/messages.js";
import { TestService } from "../../src/testing.js";
import { BridgeError } from "../../src/words/errors.js";
import { LOCALES } from "../../src/words/locale.js";
import { runs } from "../support/property.js";
import { runInShell, type Window } from "../support/shell.js";
import { forgery, linesOfTheirOwn, ROW, unseen, UNSEEN, widest } from "./forgeries.js";

const ENGLISH = { locale: "en", wording: "documented" } as const;
/** The texts of a catalogue. */
function leaves(catalogue: unknown): string[] {
  return typeof catalogue === "string" ? [catalogue] : Object.values(catalogue as object).flatMap(leaves);
}

describe("4: a name is shown as what it is", () => {
  it.each([
    ["\u3164", "\\u{3164}"],
    ["\u00ad", "\\u{AD}"],
    ["\u115f", "\\u{115F}"],
    ["\uffa0", "\\u{FFA0}"],
    ["\u2800", "\\u{2800}"],
    ["a\u00a0b", "a\\u{A0}b"],
    ["up\u200bdate", "up\\u{200B}date"],
    ["\u{e0041}", "\\u{E0041}"],
    ["\x1b[2J", "\\u{1B}[2J"],
    ["a\r\nb", "a\\u{D}\\u{A}b"],
    ["\ud800", "\\u{D800}"],
    ["更新 naïve e\u0301 👩🏽 🇩🇪 C:\\u\\x", "更新 naïve e\u0301 👩🏽 🇩🇪 C:\\u\\x"],
  ])("4: %j", (name, shown) => {
    expect(printable(name)).toBe(shown);
  });

  it("4: each character of Unicode is shown, or its number", () => {
    const wrong = [];
    // Between the planes with characters and the tags, there is nothing.
    for (let code = 0; code < 0xe1000; code = code === 0x33000 ? 0xe0000 : code + 1) {
      const character = String.fromCodePoint(code);
      const isShown = printable(character) === character;
      // Marks are drawn on the character before them.
      const takesRoom = stringWidth(character) > 0 || /\p{M}/u.test(character);
      if (isShown ? !takesRoom : character === " " || !UNSEEN.test(character)) {
        wrong.push(code.toString(16));
      }
    }
    // Egyptian blanks are no blanks to Unicode.
    expect(wrong).toEqual(["13441", "13442"]);
  });

  it("4: no sentence of the package itself is changed", () => {
    const catalogues = LOCALES.flatMap((locale) => [CLI[locale], MESSAGES[locale]]).map((json) => JSON.parse(json));
    const sentences = catalogues.flatMap(leaves).flatMap((text) => text.split("\n"));
    const numbers = LOCALES.flatMap((locale) => [
      formatBytes(locale, 12_345_678n),
      formatNumber(locale, 12_345_678),
      formatShare(locale, 1n, 2n),
      formatDuration(locale, 1_000, "second"),
      formatTime(locale, new Date(0), "medium"),
    ]);
    expect([...sentences, ...numbers].filter((text) => printableSentence(text) !== text)).toEqual([]);
  });
});

/** The output for a job whose name another user chose. */
async function seen(
  texts: { readonly displayName: string; readonly description: string; readonly owner: string },
  window: Window,
) {
  await using service = new TestService();
  const { displayName, description, owner } = texts;
  const localName = `/${description}`;
  const remoteName = `https://example.com/${displayName}`;
  const id = service.addJob({
    displayName,
    description,
    files: [{ remoteName, localName }],
    error: { code: "E_FAIL", context: "BG_ERROR_CONTEXT_REMOTE_FILE" },
    state: "BG_JOB_STATE_ERROR",
  });
  // With two owners, the owner is a column.
  service.addJob({ displayName: "another job", state: "BG_JOB_STATE_ERROR" }, owner);
  const run = (...argv: string[]) => runInShell(service, [...argv, "--locale", "en"], { window });
  const question = await runInShell(service, ["cancel", "--name", "*", "--locale", "en", "--all-users"], {
    window,
    redirected: true,
    onOutput: (text) => (text.includes("Continue?") ? "n\n" : undefined),
  });
  return {
    list: (await run("list", "--all-users")).output,
    show: (await run("show", id)).output,
    plan: (await run("cancel", "--name", "*", "--what-if")).output,
    // Its standard output is a file.
    question: question.stderr.replace(/ $/, ""),
  };
}

describe("4: no text forges a line", () => {
  const harmless = (text: string) => "x".repeat(text.length);

  it("4: in tables, plans, and properties, in a window of any width", async () => {
    const texts = fc.record({ displayName: forgery, description: forgery, owner: forgery });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 45, max: 200 }), async (named, columns) => {
        const window = { columns, rows: 30 };
        const forged = await seen(named, window);
        const plain = await seen(
          {
            displayName: harmless(named.displayName),
            description: harmless(named.description),
            owner: harmless(named.owner),
          },
          window,
        );
        for (const what of ["list", "show", "plan", "question"] as const) {
          expect(unseen(forged[what]), what).toEqual([]);
          expect(widest(forged[what]), what).toBeLessThanOrEqual(columns);
          expect(withoutIds(linesOfTheirOwn(forged[what])), what).toEqual(withoutIds(linesOfTheirOwn(plain[what])));
        }
      }),
      runs(200),
    );
  });

  function withoutIds(lines: readonly string[]): string[] {
    return lines.map((line) => line.replace(/^[0-9a-f-]{36}$/, "ID"));
  }

  it("4: a row that is pushed below the plan stays in its row", async () => {
    const displayName = `Update${"\u3164".repeat(60)}${ROW}`;
    const { question } = await seen({ displayName, description: "", owner: "" }, { columns: 100, rows: 30 });
    expect(question).toContain("Update\\u{3164}");
    expect(linesOfTheirOwn(question).filter((line) => line.startsWith("6f0f2b0c"))).toEqual([]);
    expect(widest(question)).toBeLessThanOrEqual(100);
  });
});

describe("7: JSON that a terminal shows", () => {
  const value = fc.oneof(
    forgery,
    fc.dictionary(forgery, fc.oneof(forgery, fc.bigInt(), fc.boolean()), { noNullPrototype: true }),
    fc.array(forgery),
    fc.jsonValue(),
  );

  it("7: is the same value, without a character that is not seen", () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (given, indent) => {
        const json = toJson(given, indent);
        expect(unseen(json)).toEqual([]);
        expect(/[\u00a0\u202f]/.test(json)).toBe(false);
        const plain = JSON.stringify(given, (_key, item) => (typeof item === "bigint" ? Number(item) : item));
        expect(JSON.parse(json)).toEqual(JSON.parse(plain));
      }),
      runs(1_000),
    );
  });

  it.each(["\u007f", "\u009b", "\u202e", "\u2028", "\u{e0041}"])("7: escapes %j", (character) => {
    const json = toJson({ name: character });
    expect(json).toMatch(/^\{"name":"(?:\\u[0-9a-f]{4})+"\}$/);
    expect(JSON.parse(json)).toEqual({ name: character });
  });
});

/** Runs a command line whose service can't be reached, in a window. */
async function runWithout(error: Error, ...argv: string[]): Promise<string> {
  let output = "";
  const stream = () =>
    Object.assign(
      new Writable({
        write: (chunk, _encoding, done) => {
          output += chunk;
          done();
        },
      }),
      { isTTY: true, columns: 80, rows: 24 },
    );
  await runCommandLine([...argv, "--locale", "en"], {
    stdin: new PassThrough().end(),
    stdout: stream(),
    stderr: stream(),
    signal: new AbortController().signal,
    connect: () => Promise.reject(error),
    connectFleet: () => Promise.reject(error),
  });
  return output;
}

describe("7: what else the command line says", () => {
  const ORDER = "\x1b[31m\x1b]0;title\x07\u202e\nforged line";
  const OUTCOME = { outcome: "not sent" } as const;
  const errors: Readonly<Record<string, Error>> = {
    MODULE_MISMATCH: new BridgeError("MODULE_MISMATCH", { ...OUTCOME, values: { found: ORDER } }, ENGLISH),
    POWERSHELL_NOT_FOUND: new BridgeError("POWERSHELL_NOT_FOUND", { ...OUTCOME, values: { path: ORDER } }, ENGLISH),
    diagnostics: new BridgeError("HOST_EXITED", { ...OUTCOME, diagnostics: [ORDER] }, ENGLISH),
    "a defect": new Error(ORDER),
    "a wrong argument": new TypeError(ORDER),
  };

  it.each(Object.entries(errors))("7: obeys nothing in %s", async (_, error) => {
    const output = await runWithout(error, "list");
    expect(unseen(output)).toEqual([]);
    expect(output).not.toMatch(/^forged|\x1b/m);
  });

  it.each([
    [["show", ORDER]],
    [["list", "--state", ORDER]],
    [["list", `--state=${ORDER}`]],
    [["list", "--created-before", ORDER]],
    [["list", `--${ORDER}`]],
    [[ORDER]],
    [["create", ORDER]],
    [["explain", ORDER]],
    [["explain", "S_OK", "--method", ORDER]],
    [["create", "https://example.com/", ORDER, "--wait", "--minimum-retry-delay", ORDER]],
  ])("7: obeys nothing in a command line that it refuses: %j", async (argv) => {
    const output = await runWithout(new Error("not reached"), ...argv);
    expect(unseen(output)).toEqual([]);
    expect(output).not.toMatch(/^forged|\x1b/m);
  });

  it("7: obeys nothing in the name of a job that it has created", async () => {
    await using service = new TestService();
    const argv = ["create", "https://example.com/a", "/a", "--suspended", "--locale", "en", "--name", ORDER];
    const { output } = await runInShell(service, argv, { window: { columns: 100, rows: 30 } });
    expect(unseen(output)).toEqual([]);
    expect(output).toContain("\\u{1B}[31m");
    expect(output).not.toMatch(/^forged/m);
  });

  it("7: shows any value in its sentences", () => {
    fc.assert(
      fc.property(forgery, (command) => {
        expect(unseen(wordsOf(ENGLISH, "parser.unknownCommand", { command })).filter((one) => one !== "\n")).toEqual(
          [],
        );
      }),
      runs(500),
    );
  });

  it("7: obeys nothing in any command line", async () => {
    const words = [
      "list",
      "show",
      "cancel",
      "create",
      "explain",
      "help",
      "--",
      "--name",
      "--state=",
      "--json",
      "-x",
      "=",
    ];
    const word = fc.oneof(
      forgery,
      fc.constantFrom(...words),
      forgery.map((text) => `--${text}`),
    );
    const argv = fc.array(word, { maxLength: 5 }).filter((all) => !/demo|doctor/.test(all.join()));
    await fc.assert(
      fc.asyncProperty(argv, async (given) => {
        expect(unseen(await runWithout(errors.MODULE_MISMATCH as Error, ...given))).toEqual([]);
      }),
      runs(300),
    );
  });
});
