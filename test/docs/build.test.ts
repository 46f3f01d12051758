import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { problemsOfKeys } from "../../docs/tools/languages.js";
import { problemsOfTerms } from "../../docs/tools/terminology-page.js";
import { ROOT } from "../support/packed.js";

// The packages of the site, which npm run docs installs. Without them, there are no pages whose links can be checked.
const PACKAGES = "docs/site/node_modules";
const hasPackages = existsSync(join(ROOT, PACKAGES));

describe("npm run docs, with a project in which something is wrong,", () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "background-copy-docs-"));
    for (const part of ["docs", "dist", "locales", "ps", "src", "CONTRIBUTING.md", "package.json", "tsconfig.json"]) {
      cpSync(join(ROOT, part), join(project, part), {
        recursive: true,
        filter: (path) => !/[\\/]docs[\\/]site[\\/](?:node_modules|node|dist|src)/.test(path),
      });
    }
    symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"), "junction");
    if (hasPackages) {
      symlinkSync(join(ROOT, PACKAGES), join(project, PACKAGES), "junction");
    }
  });
  afterEach(() => rmSync(project, { recursive: true, force: true }));

  function change(file: string, edit: (text: string) => string): void {
    writeFileSync(join(project, file), edit(readFileSync(join(project, file), "utf8")));
  }

  function build(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["docs/build.js", ...args], {
      cwd: project,
      encoding: "utf8",
    });
    return { status, output: stripVTControlCharacters(stdout + stderr) };
  }

  it("says what a language lacks, and fails", () => {
    rmSync(join(project, "docs/guides/it/cancel.md"));
    change("locales/de/site.json", (text) => text.replace('"breadcrumb":', '"crumb":'));
    change("docs/terminology.json", (text) => text.replace('"pt-BR": {', '"pt": {'));
    const { status, output } = build();
    expect(output.split("\n").filter((line) => line.startsWith("[error]"))).toEqual([
      "[error] docs/terminology.json: pt-BR has no glossary",
      "[error] docs/terminology.json: pt-BR has no sameAsEnglish",
      "[error] docs/terminology.json: pt-BR has no patterns",
      "[error] locales/de/site.json: lacks: site / breadcrumb",
      "[error] locales/de/site.json: has what English has not: site / crumb",
      "[error] docs/guides/it/cancel.md: is missing",
    ]);
    expect(status).toBe(1);
    expect(existsSync(join(project, "docs/site/src"))).toBe(false);
  });

  it.skipIf(!hasPackages)("says which links lead nowhere, and which guides are stale, and fails", () => {
    // This guide is in English only: a change makes no translation stale.
    change(
      "docs/guides/en/from-bits-transfer.md",
      (text) => `${text}\n[Gone](gone.html), [no such place](cancel.md#gone).\n`,
    );
    change("docs/guides/fr/errors.md", (text) => text.replace(/translates ./, "translates 0"));
    const { status, output } = build();
    const errors = output.split("\n").filter((line) => line.startsWith("[error]"));
    expect(errors).toEqual([
      expect.stringContaining("docs/guides/fr/errors.md: is stale"),
      "[error] en/guides/from-bits-transfer: the link /en/guides/gone leads nowhere",
      "[error] en/guides/from-bits-transfer: the link /en/guides/cancel#gone leads nowhere",
    ]);
    expect(status).toBe(1);
  });
});

describe("a language that has nothing yet", () => {
  it("lacks every key", () => {
    expect(problemsOfKeys("fr", "site", {})).toContain("locales/fr/site.json: lacks: codes / title");
    expect(problemsOfKeys("fr", "messages", {}).length).toBeGreaterThan(300);
  });

  it.each([{}, { ja: {} }, { ja: { glossary: {} } }])("lacks its terms: %j", (terms) => {
    expect(problemsOfTerms("ja", terms)).toContain("docs/terminology.json: ja has no glossary");
  });
});
