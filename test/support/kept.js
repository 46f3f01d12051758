// Plain JavaScript, because the benchmarks run without a compiler.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ENGINES } from "../engines/places.js";

/**
 * The path of a folder next to the engines. The first run that needs it makes it. Whoever changes what it contains gives it another name.
 *
 * @param {string} name
 * @param {(folder: string) => Promise<void>} make Fills the empty folder.
 */
export async function keptFolder(name, make) {
  const kept = join(ENGINES, name);
  if (!existsSync(kept)) {
    mkdirSync(ENGINES, { recursive: true });
    const folder = mkdtempSync(join(ENGINES, "making-"));
    await make(folder);
    try {
      renameSync(folder, kept);
    } catch (error) {
      // Another process was faster.
      if (!existsSync(kept)) {
        throw error;
      }
      rmSync(folder, { recursive: true });
    }
  }
  return kept;
}
