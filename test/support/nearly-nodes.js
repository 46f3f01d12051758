// Plain JavaScript, as everything that looks for programs is.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { NEARLY_NODE_FOLDERS } from "../engines/places.js";
import { onPath } from "./programs.js";

/** The runtimes that are nearly Node, with their paths on this machine, where they are there. */
export const nearlyNodes = [...NEARLY_NODE_FOLDERS].map(([label, folder]) => {
  const name = label.toLowerCase();
  const fetched = join(folder, name);
  return {
    label,
    path: existsSync(fetched) ? fetched : onPath(name, `${name}.exe`),
    where: `what npm run engines fetches, ${name} on PATH`,
  };
});
