// Plain JavaScript, because the benchmarks run without a compiler.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ENGINES } from "../engines/places.js";

/**
 * The path of a folder among the engines, which the first run that needs it makes. Whoever changes what it contains gives it another name.
 *
 * @param {string} name
 * @param {(made: string, work: string) => Promise<void>} make Makes the folder `made`. `work` is for temporary files.
 */
export async function keptFolder(name, make) {
  const kept = join(ENGINES, name);
  if (existsSync(kept)) {
    return kept;
  }
  mkdirSync(ENGINES, { recursive: true });
  const work = mkdtempSync(join(ENGINES, "making-"));
  try {
    const made = join(work, "made", name);
    mkdirSync(join(work, "made"));
    await make(made, work);
    // Moved last, so that an incomplete folder is never mistaken for a complete one.
    renameSync(made, kept);
  } catch (error) {
    // A second run might have been faster.
    if (!existsSync(kept)) {
      throw error;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return kept;
}
