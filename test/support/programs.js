// Plain JavaScript, like everything that looks for programs.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The first of the programs that is on PATH, as a whole path.
 *
 * @param {...string} names
 */
export function onPath(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
