// What a user waits for first: an import, and the command line.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { amount, compare, measureInTurns } from "./timing.js";

const PACKAGE = new URL("../../dist/bundle/index.js", import.meta.url).href;
const PROGRAM = fileURLToPath(new URL("../../src/cli/bin.js", import.meta.url));

export async function measureStarts() {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-bench-"));
  const [empty, importing] = ["empty.mjs", "import.mjs"].map((name) => join(folder, name));
  writeFileSync(empty, "");
  writeFileSync(importing, `import ${JSON.stringify(PACKAGE)};\n`);
  const run = (...args) => {
    const started = performance.now();
    spawnSync(process.execPath, args, { stdio: "ignore" });
    return performance.now() - started;
  };
  const rounds = amount(15, 60);
  const beside = async (what, limit, ...args) =>
    compare(
      what,
      await measureInTurns(
        rounds,
        () => run(empty),
        () => run(...args),
      ),
      limit,
    );
  await beside("import of the package, beside an empty script", 1.25, importing);
  await beside("explain CODE, beside an empty script", 2, PROGRAM, "explain", "0x80D02013");
  await beside("--help, beside an empty script", 2.5, PROGRAM, "--help");
  rmSync(folder, { recursive: true });
}
