import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import { wildcard } from "../../src/calls/wildcard.js";
import { PWSH } from "../support/powershells.js";
import { hostileText, runs, sampled } from "../support/property.js";
import { runPowerShell } from "../support/run-powershell.js";

/** A text that is read one character at a time and counts the reads. */
class Counted {
  readonly #text: string;
  reads = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get length(): number {
    return this.#text.length;
  }

  charAt(index: number): string {
    this.reads++;
    return this.#text.charAt(index);
  }

  toString(): never {
    throw new Error("read as a whole");
  }
}

/** Reads the pattern and the text, and checks the bounds of both. */
function countedMatch(pattern: string, text: string): boolean | undefined {
  const patternRead = new Counted(pattern);
  const matches = wildcard(patternRead as unknown as string);
  expect(patternRead.reads).toBeLessThanOrEqual(3 * pattern.length);
  const textRead = new Counted(text);
  const answer = matches?.(textRead as unknown as string);
  expect(textRead.reads).toBeLessThanOrEqual((pattern.length + 1) * (text.length + 1));
  return answer;
}

describe("2: the time that a pattern takes has a bound", () => {
  const LONGEST_NAME = 256;
  it.each([
    ["2: *a*a*a*a*b", "*a*a*a*a*b", "a".repeat(LONGEST_NAME), false],
    ["2: *-*-*-*-*.msi", "*-*-*-*-*.msi", "-".repeat(LONGEST_NAME), false],
    ["2: a run before each character", `${"*a".repeat(LONGEST_NAME)}b`, "a".repeat(LONGEST_NAME), false],
    ["2: brackets with runs", `${"*[a-c]".repeat(100)}x`, "abc".repeat(80), false],
    ["2: nothing but runs", "*".repeat(10_000), "a".repeat(LONGEST_NAME), true],
    ["2: escaped characters in brackets that are not closed", `[${"`a".repeat(10_000)}`, "a", undefined],
    ["2: brackets that are not closed, over and over", "[a".repeat(10_000), "a", undefined],
    ["2: ranges that are not closed", `[${"a-".repeat(10_000)}`, "a", undefined],
  ])("%s", (_, pattern, text, expected) => {
    expect(countedMatch(pattern, text)).toBe(expected);
  });

  it("2: of any pattern with any text", () => {
    const piece = fc.oneof(fc.constantFrom("*", "?", "[", "]", "`", "-", "a", "[a-", "*a"), hostileText);
    const pattern = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("").slice(0, 2_000));
    const text = fc.oneof(hostileText, fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: LONGEST_NAME }));
    fc.assert(
      fc.property(pattern, text, (one, other) => {
        countedMatch(one, other.slice(0, 1_000));
      }),
      runs(1_000),
    );
  });
});

describe("2: a pattern means what it means to PowerShell", () => {
  const pwsh = inject("pwsh");

  // Reads pairs, one per line, and answers each with a letter. As text, a line break or a lone surrogate would not arrive.
  const SCRIPT = `
function Read-Text([string] $Encoded) { [Text.Encoding]::Unicode.GetString([Convert]::FromBase64String($Encoded)) }
$answers = foreach ($pair in [IO.File]::ReadLines($env:PAIRS)) { $pattern, $text = $pair.Split(' ') | ForEach-Object { Read-Text $_ }; try { if ($text -like $pattern) { 'T' } else { 'F' } } catch { 'E' } }
[IO.File]::WriteAllText($env:ANSWERS, -join $answers)
`;
  const LETTERS: ReadonlyMap<boolean | undefined, string> = new Map([
    [true, "T"],
    [false, "F"],
    [undefined, "E"],
  ]);

  function encode(text: string): string {
    return Buffer.from(text, "utf16le").toString("base64");
  }

  it.skipIf(!pwsh)(`2: ${PWSH} answers the same to generated pairs`, async () => {
    const units = [
      "*",
      "?",
      "[",
      "]",
      "`",
      "-",
      "!",
      "^",
      ":",
      "\\",
      ".",
      "a",
      "B",
      "c",
      "Z",
      "0",
      "é",
      "É",
      "Я",
      "中",
    ];
    const unit = fc.constantFrom(...units);
    const pattern = fc.array(fc.oneof(unit, fc.constantFrom("[a-c]", "[!-", "`]", "*a", "[^", "-]")), { maxLength: 8 });
    // Short texts of few characters are more likely to match.
    const text = fc.string({
      unit: fc.constantFrom("a", "b", "B", "C", "é", "я", "-", "]", "`", "*", "^"),
      maxLength: 5,
    });
    const pairs = sampled(
      fc.tuple(
        pattern.map((parts) => parts.join("")),
        fc.oneof(text, fc.string({ unit, maxLength: 6 })),
      ),
      runs(5_000, 100_000),
    );
    const folder = mkdtempSync(join(tmpdir(), "background-copy-patterns-"));
    try {
      const files = { PAIRS: join(folder, "pairs"), ANSWERS: join(folder, "answers") };
      writeFileSync(files.PAIRS, pairs.map((pair) => pair.map(encode).join(" ")).join("\n"));
      // Only then does PowerShell 7 compare patterns without wildcards one character at a time, as it does with wildcards.
      const env = { ...files, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };
      const { stderr } = await runPowerShell(pwsh as string, SCRIPT, env);
      expect(stderr).toBe("");
      const answers = readFileSync(files.ANSWERS, "utf8");
      const differing = pairs.filter(([one, other], i) => LETTERS.get(wildcard(one)?.(other)) !== answers[i]);
      expect(differing).toEqual([]);
      expect(new Set(answers)).toEqual(new Set("TFE"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
