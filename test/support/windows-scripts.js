// Windows starts no script by its first line, as other systems do: with this loaded, it does. So the stand-ins of test/support are
// scripts there too.
import childProcess from "node:child_process";
import { readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isAbsolute } from "node:path";

const MOST_STARTS = 5;

/** @param {string} file */
function interpreterOf(file) {
  if (!isAbsolute(file) || /\.\w+$/.test(file)) {
    return undefined;
  }
  try {
    return /^#!(.+)/.exec(readFileSync(file, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Starts a program. On a busy machine, Wine now and then fails to start one, with a code that Node has no name for.
 *
 * @template T
 * @param {() => T} start
 */
function started(start) {
  for (let starts = 1; ; starts++) {
    try {
      return start();
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "UNKNOWN" || starts === MOST_STARTS) {
        throw error;
      }
    }
  }
}

if (process.platform === "win32") {
  const { spawn, execFileSync } = childProcess;
  childProcess.spawn = /** @type {typeof spawn} */ (
    (/** @type {string} */ file, /** @type {string[]} */ args, /** @type {object} */ options) => {
      const interpreter = interpreterOf(file);
      return started(() => (interpreter ? spawn(interpreter, [file, ...args], options) : spawn(file, args, options)));
    }
  );
  childProcess.execFileSync = /** @type {typeof execFileSync} */ (
    (/** @type {string} */ file, /** @type {string[]} */ args, /** @type {object} */ options) =>
      started(() => execFileSync(file, args, options))
  );
  syncBuiltinESMExports();
  // In the processes that the tests start as well.
  const { NODE_OPTIONS = "" } = process.env;
  if (!NODE_OPTIONS.includes(import.meta.url)) {
    process.env.NODE_OPTIONS = `${NODE_OPTIONS} --import=${import.meta.url}`;
  }
}
