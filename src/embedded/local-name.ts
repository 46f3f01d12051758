import { statSync } from "node:fs";
import { win32 } from "node:path";
import { isWholePath } from "../port/whole-path.js";

// Devices, in every folder and with every ending.
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[1-9¹²³]) *(?:\..*)?$/i;
// Not allowed in names: a colon would start the name of a stream, and Windows drops a dot or a space at the end.
const NO_NAME = /[\0-\x1f<>:"|?*]|[. ]$/;

/**
 * Whether `text` is an absolute path that a file can have on this system: not that of a folder, where a download would end only after
 * everything arrived.
 */
export function isLocalName(text: string, platform: NodeJS.Platform = process.platform): boolean {
  const isWindows = platform === "win32";
  const canBeFile = isWindows ? hasWindowsName(text) : !text.endsWith("/");
  return !text.includes("\0") && isWholePath(text, isWindows) && canBeFile && !isFolder(text);
}

function hasWindowsName(text: string): boolean {
  const { base } = win32.parse(text);
  return base !== "" && !/[\\/]$/.test(text) && !NO_NAME.test(base) && !DEVICE.test(base);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // A path that can't be read now fails when the job opens it, with the reason.
    return false;
  }
}
