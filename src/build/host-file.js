// Makes the file that the host imports: the request loop and all files that requests need, in one, without their comments. PowerShell
// takes a tenth of a start longer to import them one by one.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files, each after what it uses when it is loaded. */
export const PARTS = [
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
  "loop",
];

/** A part imports the others from its folder. In one file, and in memory, their functions are there already. */
export const IMPORT = /^[ \t]*Import-Module\b.*\$PSScriptRoot.*\n/gm;
const COMMENT = /^[ \t]*#.*\n/gm;
const OF_EACH = /^(?:Set-StrictMode|Export-ModuleMember) .*\n/gm;
const DEFINITION = /^(?:function|\$script:(?=\w+ =)) *([\w-]+)(?: = (.*))?/gm;

/**
 * The text of a part without its imports.
 *
 * @param {string} folder
 * @param {string} name
 */
export function partWithoutImports(folder, name) {
  const text = readFileSync(join(folder, `${name}.psm1`), "ascii").replaceAll("\r\n", "\n");
  return text.replace(IMPORT, "");
}

/**
 * Throws if two parts define the same name differently, of which one file would have only the last.
 *
 * @param {string[]} parts
 */
function checkNames(parts) {
  const known = new Map();
  for (const [, name, value = ""] of parts.flatMap((text) => [...text.matchAll(DEFINITION)])) {
    if (known.has(name) && (value === "" || known.get(name) !== value)) {
      throw new Error(`Two files of the module define ${name}.`);
    }
    known.set(name, value);
  }
}

/**
 * Writes the file into the folder of the module.
 *
 * @param {string} folder
 * @param {string[]} [names] Without those that the file imports in another way.
 */
export function writeHostFile(folder, names = PARTS) {
  const texts = names.map((name) => partWithoutImports(folder, name));
  const parts = texts.map((text) =>
    text
      .replace(COMMENT, "")
      .replace(OF_EACH, "")
      .replace(/\n{2,}/g, "\n"),
  );
  checkNames(parts);
  const [exported = ""] = /^Export-ModuleMember .*\n/m.exec(texts.at(-1) ?? "") ?? [];
  const notice = "# Written by the build, of the files next to this one: changes are lost.\n";
  const text = `${notice}Set-StrictMode -Version Latest\n${parts.join("").trimStart()}${exported}`;
  writeFileSync(join(folder, "host.psm1"), text);
}
