// The state of the project that a table was made of.
import { spawnSync } from "node:child_process";

/** The commit, with `-dirty` if files differ from it. A package that was downloaded has none. */
export function commit() {
  const { stdout } = spawnSync("git", ["describe", "--always", "--dirty", "--exclude=*"], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  return stdout?.trim() ? `commit ${stdout.trim()}` : "no commit";
}
