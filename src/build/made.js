// Writes the version, the homepage, and the messages as code into src/made. Built code then needs no other files, wherever it is copied
// to.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

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

/** A file of locales/ in every language. The texts remain JSON, which costs almost nothing until a language is needed. */
function writeWords(name, file) {
  const locales = readdirSync(join(ROOT, "locales"));
  const words = locales.map(
    (locale) => `  "${locale}": ${literal(JSON.stringify(readJson("locales", locale, file)))},\n`,
  );
  const types = locales.map((locale) => `  readonly "${locale}": string;\n`);
  write(
    name,
    `export const ${name.toUpperCase()} = {\n${words.join("")}};\n`,
    `/** By language, as JSON. */\nexport declare const ${name.toUpperCase()}: {\n${types.join("")}};\n`,
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
  writeWords("messages", "messages.json");
  writeWords("cli", "cli.json");
}
