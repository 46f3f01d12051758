// Makes the text of the module that is sent to a remote PowerShell, as one constant of ASCII. Each file becomes a module in memory.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IMPORT, PARTS, partWithoutImports } from "./host-file.js";

const DOWNLOADS = ["security", "download-properties", "downloads"];
// What requests to BITS need, each after what it imports. The commands for people, their words, and their views stay here.
const BITS = PARTS.filter((name) => !DOWNLOADS.includes(name));

function moduleOf(folder, name) {
  return `$null = New-Module -Name 'BackgroundCopy.${name}' -ScriptBlock {\n${partWithoutImports(folder, name)}}\n`;
}

function sent(folder, names) {
  const text = names.map((name) => moduleOf(folder, name)).join("");
  return { text, sha256: createHash("sha256").update(text).digest("hex") };
}

/** The text for each service, with its SHA-256. */
export function sentModules(folder) {
  return { bits: sent(folder, BITS), "delivery-optimization": sent(folder, [...DOWNLOADS, ...BITS]) };
}

/** The script for tools that run scripts, before and after the text of the module for every service, which replaces its import. */
export function runnerScript(folder) {
  const text = readFileSync(join(folder, "runner.ps1"), "ascii").replaceAll("\r\n", "\n");
  const [before, after] = text.split(IMPORT);
  return { before, after: ["values", "runner"].map((name) => moduleOf(folder, name)).join("") + after };
}
