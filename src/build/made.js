// Writes the version, the homepage, and the messages as code into src/made. Built code then needs no other files, wherever it is copied
// to.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerScript, sentModules } from "./sent-module.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NOTICE = "// Written by the build: changes are lost.\n";

/** The folder of the written files. */
export const MADE = join(ROOT, "src", "made");

function readJson(...path) {
  return JSON.parse(readFileSync(join(ROOT, ...path), "utf8"));
}

/** A text as an ASCII literal, which is the fastest to read and independent of the encoding. */
function literal(text) {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)}'`;
}

function write(name, code, types) {
  writeFileSync(join(MADE, `${name}.js`), NOTICE + code);
  writeFileSync(join(MADE, `${name}.d.ts`), NOTICE + types);
}

/** A file of locales/ in a language, as a literal. The texts remain JSON, which costs almost nothing until a language is needed. */
function words(locale, file) {
  return literal(JSON.stringify(readJson("locales", locale, file)));
}

/** The same as a property. Until a getter runs, the JavaScript engine makes no string of its text. */
function wordsProperty(locale, file) {
  return `get "${locale}"() { return ${words(locale, file)}; }`;
}

/** An object with a property for each language. */
function byLanguage(name, propertyOf, type, comment) {
  const locales = readdirSync(join(ROOT, "locales"));
  return [
    `export const ${name} = {\n${locales.map((locale) => `  ${propertyOf(locale)},\n`).join("")}};\n`,
    `/** ${comment} */\nexport declare const ${name}: {\n${locales.map((locale) => `  readonly "${locale}": ${type};\n`).join("")}};\n`,
  ];
}

/** The messages: in one file for programs, which have all languages, and in one for each language for web pages. */
function writeMessages() {
  const property = (locale) => wordsProperty(locale, "messages.json");
  write("messages", ...byLanguage("MESSAGES", property, "string", "By language, as JSON."));
  mkdirSync(join(MADE, "messages"), { recursive: true });
  for (const locale of readdirSync(join(ROOT, "locales"))) {
    const types = "declare const json: string;\nexport default json;\n";
    write(`messages/${locale}`, `export default ${words(locale, "messages.json")};\n`, types);
  }
  const load = (locale) => `"${locale}": () => import("./messages/${locale}.js")`;
  const type = "() => Promise<{ readonly default: string }>";
  write("load-messages", ...byLanguage("LOAD_MESSAGES", load, type, "By language, as modules whose default is JSON."));
}

/** The module for remote computers, by service. */
function writeSentModule() {
  const modules = Object.entries(sentModules(join(ROOT, "ps", "BackgroundCopy")));
  const entries = modules.map(
    ([service, { text, sha256 }]) => `  "${service}": { text: ${literal(text)}, sha256: "${sha256}" },\n`,
  );
  const types = modules.map(
    ([service]) => `  readonly "${service}": { readonly text: string; readonly sha256: string };\n`,
  );
  write(
    "sent-module",
    `export const SENT_MODULE = {\n${entries.join("")}};\n`,
    `/** By service: the text of the module that is sent to a remote PowerShell, and its SHA-256. */\nexport declare const SENT_MODULE: {\n${types.join("")}};\n`,
  );
}

/** The script for tools that run scripts. */
function writeRunnerScript() {
  const { before, after } = runnerScript(join(ROOT, "ps", "BackgroundCopy"));
  write(
    "runner-script",
    `export const RUNNER_SCRIPT = { before: ${literal(before)}, after: ${literal(after)} };\n`,
    `/** The script for tools that run scripts, before and after the text of the module. */\nexport declare const RUNNER_SCRIPT: { readonly before: string; readonly after: string };\n`,
  );
}

export function writeMade() {
  mkdirSync(MADE, { recursive: true });
  const { version, homepage } = readJson("package.json");
  write(
    "manifest",
    `export const VERSION = "${version}";\nexport const HOMEPAGE = ${homepage ? literal(homepage) : "undefined"};\n`,
    `/** The version of this package, and of its module. */
export declare const VERSION: string;
/** The URL of the published reference, with a trailing slash; undefined until it is published. */
export declare const HOMEPAGE: string | undefined;
`,
  );
  writeMessages();
  writeSentModule();
  writeRunnerScript();
  write("cli", ...byLanguage("CLI", (locale) => wordsProperty(locale, "cli.json"), "string", "By language, as JSON."));
}
