// Writes what the code has to know of other files as code, into src/made: the package's version and homepage, and the words. Nothing
// that is built then looks for those files, wherever it is carried.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NOTICE = "// Written by the build: what is changed here is lost.\n";

/** The folder of what is written. */
export const MADE = join(ROOT, "src", "made");

function readJson(...path) {
  return JSON.parse(readFileSync(join(ROOT, ...path), "utf8"));
}

/** A text as a literal of ASCII, which is read the fastest, and in whatever encoding. */
function literal(text) {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)}'`;
}

function write(name, code, types) {
  writeFileSync(join(MADE, `${name}.js`), NOTICE + code);
  writeFileSync(join(MADE, `${name}.d.ts`), NOTICE + types);
}

/** A file of locales/ in every language. They stay JSON, which costs next to nothing until a language is asked for. */
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
    `/** The version of this package, and of the module that belongs to it. */
export declare const VERSION: string;
/** Where the reference is published, with a slash at its end; nothing as long as that is nowhere. */
export declare const HOMEPAGE: string | undefined;
`,
  );
  writeWords("messages", "messages.json");
  writeWords("cli", "cli.json");
}
