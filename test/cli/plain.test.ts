import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMANDS, globalOptions } from "../../src/cli/command-line.js";
import { parse } from "../../src/cli/parser.js";
import { readPlainly } from "../../src/cli/plain.js";

const words = (key: string) => key;
const globals = globalOptions(words);

const VALUE = fc.constantFrom(
  "a",
  "5",
  "0x80D02013",
  "error",
  "bits",
  "de",
  "bash",
  "high",
  "true",
  "-1",
  "",
  "é b",
  "a=b",
  "--",
  "x.y",
);

/** A command line with the words that its command knows, and with what people write beside them. */
const commandLines = fc.constantFrom(...COMMANDS).chain((command) => {
  const declared = { ...globals, ...command.options?.(words) };
  const option = fc
    .constantFrom(...Object.keys(declared))
    .chain((name) =>
      VALUE.chain((value) => fc.constantFrom([`--${name}`], [`--${name}`, value], [`--${name}=${value}`])),
    );
  const more = fc.array(
    fc.oneof(
      option,
      VALUE.map((value) => [value]),
    ),
    { maxLength: 4 },
  );
  return fc.record({
    command: fc.constant(command),
    declared: fc.constant(declared),
    argv: fc.tuple(more, more).map(([before, after]) => [...before.flat(), command.name, ...after.flat()]),
  });
});

/** What a command sees: an option that is not given is undefined, whether it is there or not. */
function seen(options: object, names: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => names.includes(name) && value !== undefined),
  );
}

describe("a plain command line", () => {
  it("means what it means to the parser", () => {
    let read = 0;
    fc.assert(
      fc.property(commandLines, ({ command, declared, argv }) => {
        const plain = readPlainly(argv, command, globals, command.options?.(words) ?? {});
        if (!plain) {
          return;
        }
        read++;
        const parsed = parse(argv, { commands: COMMANDS, globals, words, width: 80 });
        const parameters = [...(command.parameters ?? "").matchAll(/\w+/g)].map(([name]) => name);
        const names = [...Object.keys(declared), ...parameters].map((name) =>
          name.replace(/-(.)/g, (_, c) => c.toUpperCase()),
        );
        expect(parsed).toMatchObject({ command: { name: command.name } });
        expect(plain).toEqual(seen((parsed as { options: object }).options, names));
      }),
      { numRuns: 4000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it.each([
    ["--help"],
    ["-h"],
    ["--version"],
    ["--locale"],
    ["--service", "ftp"],
    ["--json", "true"],
    ["--no-such", "x"],
  ])("is none with %s", (...others) => {
    const explain = COMMANDS.find(({ name }) => name === "explain");
    expect(explain && readPlainly(["explain", "5", ...others], explain, globals, {})).toBeUndefined();
    expect(explain && readPlainly(["explain", "5"], explain, globals, {})).toEqual({ code: ["5"] });
  });
});
