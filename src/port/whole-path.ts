import { sep } from "node:path";

/**
 * Whether a path identifies its file on its own. On Windows, it starts with a drive or a server: `\x` would be on the current drive,
 * although Node calls it absolute.
 */
export function isWholePath(path: string, isWindows = sep === "\\"): boolean {
  return isWindows ? /^(?:[a-z]:[\\/]|[\\/]{2}[^\\/])/i.test(path) : path.startsWith("/");
}
