import { describe, expect, it, vi } from "vitest";
import stringWidth from "string-width";
import { cancel, complete, resume, suspend } from "../../src/cli/bulk.js";
import { list } from "../../src/cli/list.js";
import { LOCALES } from "../../src/words/locale.js";
import { runInShell, type Ran } from "../support/shell.js";
import { GUID, service, runIn } from "./fixture.js";

describe("the language of the environment", () => {
  it.each(LOCALES)("is that of the output, unless another one is given: %s", async (locale) => {
    vi.stubEnv("LC_ALL", `${locale.replace("-", "_")}.UTF-8`);
    for (const argv of [["explain", "TIMEOUT"], ["fleet", "--help"], ["fleet", "list"], ["lost"], []]) {
      const { stdout, stderr } = await runInShell(service, argv);
      expect({ stdout, stderr }).toEqual(pick(await runInShell(service, [...argv, "--locale", locale])));
      const other = locale === "fr" ? "it" : "fr";
      expect({ stdout, stderr }).not.toEqual(pick(await runInShell(service, [...argv, "--locale", other])));
    }
  });
});

const pick = ({ stdout, stderr }: Ran) => ({ stdout, stderr });

describe("help in every language", () => {
  const names = [
    "create",
    "list",
    "show",
    "watch",
    "suspend",
    "resume",
    "complete",
    "cancel",
    "explain",
    "doctor",
    "demo",
    "completion",
  ];

  it.each(LOCALES)("has words for every command: %s", async (locale) => {
    for (const name of names) {
      const { exitCode, stdout, stderr } = await runInShell(service, [name, "--help", "--locale", locale]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toContain(`background-copy ${name}`);
      // A key without a text is shown as it is.
      expect(stdout).not.toContain("[]");
      expect(stdout).not.toMatch(/\b(?:command|examples|argument|option|parser)\.\w/);
      if (locale !== "en") {
        expect(stdout).not.toMatch(
          /Options:|Examples:|Show |\[(?:default|string|boolean|number|array|possible values|required)/,
        );
      }
    }
  });

  it.each([list, suspend, resume, complete, cancel])(
    "has examples that name a service with a list: $name",
    (command) => {
      const examples = command.examples.filter((line) => !GUID.test(line));
      expect(examples).not.toEqual([]);
      for (const line of examples) {
        expect(line).toContain("--service bits");
      }
    },
  );

  it("fits the window", async () => {
    const { stdout } = await runIn({ window: { columns: 60, rows: 30 } }, "cancel", "--help");
    expect(Math.max(...stdout.split("\n").map((line) => stringWidth(line)))).toBeLessThanOrEqual(60);
  });
});
