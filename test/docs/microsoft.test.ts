import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const ROOT = new URL("../../", import.meta.url);
const LINK = "[Microsoft's documentation](https://learn.microsoft.com/";

function filesBelow(folder: string, extension: string, recursive = false): string[] {
  return readdirSync(new URL(folder, ROOT), { recursive, encoding: "utf8" })
    .filter((file) => file.endsWith(extension))
    .map((file) => folder + file.replaceAll("\\", "/"));
}

/** The first mention of a documentation outside code, with its context; undefined if there is none. */
function firstMention(text: string): string | undefined {
  const prose = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, "").replace(/\s(?:\* )?\s*/g, " ");
  return /.{0,14}documentation\b.{0,40}/i.exec(prose)?.[0];
}

// On a page of this package, an unnamed documentation would mean its own. Translations have the same links as the English texts.
describe("the documentation is named and linked where it is mentioned first", () => {
  const pages = ["./", "docs/", "docs/guides/en/"].flatMap((folder) => filesBelow(folder, ".md"));

  it.each(pages)("in %s", (page) => {
    const mention = firstMention(readFileSync(new URL(page, ROOT), "utf8"));
    expect(mention ?? LINK).toContain(LINK);
  });

  // A file of the sources has the doc comments of a page or of a few.
  it.each(filesBelow("src/", ".ts", true))("in the doc comments of %s", (file) => {
    const comments = readFileSync(new URL(file, ROOT), "utf8").match(/\/\*\*[\s\S]*?\*\//g) ?? [];
    const mention = firstMention(comments.join("\n"));
    expect(mention ?? LINK).toContain(LINK);
  });

  it("would be found missing", () => {
    expect(firstMention("The sentences of the documentation.")).not.toContain(LINK);
    expect(firstMention(`See ${LINK}windows). The documentation says`)).toContain(LINK);
    expect(firstMention("`documentation`")).toBeUndefined();
  });
});
