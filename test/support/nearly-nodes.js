// Plain JavaScript, like everything that looks for programs.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { NEARLY_NODE_FOLDERS } from "../engines/places.js";
import { onPath } from "./programs.js";

/** The runtimes that are almost Node, with their local paths if they exist. */
export const nearlyNodes = [...NEARLY_NODE_FOLDERS].map(([label, folder]) => {
  const name = label.toLowerCase();
  const fetched = join(folder, name);
  return {
    label,
    path: existsSync(fetched) ? fetched : onPath(name, `${name}.exe`),
    where: `what npm run engines fetches, ${name} on PATH`,
  };
});
