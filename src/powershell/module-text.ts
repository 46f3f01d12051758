import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ownModule } from "./module-path.js";

/** The files of the module that requests need, each after the files that it imports. */
const PARTS = [
  "interfaces",
  "com",
  "properties",
  "security",
  "files",
  "describe",
  "changes",
  "copy-jobs",
  "download-properties",
  "downloads",
  "services",
  "jobs",
  "requests",
  "diagnose",
  "host",
];

/** A line that imports another file of the module. */
const IMPORT = /^ *Import-Module .*\$PSScriptRoot.*\n/gm;

/** Reads a file of the module, without its imports. */
function withoutImports(file: string): string {
  return readFileSync(join(ownModule(), file), "utf8").replaceAll(/\r\n/g, "\n").replaceAll(IMPORT, "");
}

/**
 * The module as one plain text, for a computer that doesn't have its files: each file becomes a module in memory, and its functions are
 * global, so that the files after it find them. Other files can follow those that requests need.
 */
export function moduleText(others: readonly string[] = []): string {
  return [...PARTS, ...others]
    .map(
      (part) =>
        `New-Module -Name '${part}' -ScriptBlock {\n${withoutImports(`${part}.psm1`)}} | Import-Module -Global\n`,
    )
    .join("");
}

/** A script of the module as one plain text, with the module instead of its import. */
export function scriptText(script: string, others: readonly string[]): string {
  const text = readFileSync(join(ownModule(), script), "utf8").replaceAll(/\r\n/g, "\n");
  return text.replace(IMPORT, () => moduleText(others));
}
