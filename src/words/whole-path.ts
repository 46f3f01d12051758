import { sep } from "node:path";

/**
 * Whether a path says by itself which file it means. On Windows it begins with a drive or a server: `\x` would lie on whatever drive is
 * the current one, although Node calls it absolute.
 */
export function isWholePath(path: string, isWindows = sep === "\\"): boolean {
  return isWindows ? /^(?:[a-z]:[\\/]|[\\/]{2})/i.test(path) : path.startsWith("/");
}
