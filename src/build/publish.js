// Runs before `npm publish`, and with `--done` after it. It holds back what nobody could find its way home from, and has the README link
// to the repository: npm shows it without the other files.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = join(root, "README.md");
const { homepage, repository, bugs } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const facts = { homepage, "repository.url": repository.url, "bugs.url": bugs.url };
const missing = Object.keys(facts).filter((name) => !facts[name]);
if (missing.length > 0) {
  console.error(`package.json does not say where the project lives: fill in ${missing.join(", ")}.`);
  process.exit(1);
}

const files = `${repository.url.replace(/^git\+|\.git$/g, "")}/blob/HEAD/`;
const text = readFileSync(readme, "utf8");
const linked = process.argv.includes("--done")
  ? text.replaceAll(`](${files}`, "](")
  : text.replace(/\]\((?![a-z]+:|#)/g, `](${files}`);
writeFileSync(readme, linked);
