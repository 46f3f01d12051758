import { constants, type BigIntStats } from "node:fs";
import { open, realpath, stat, type FileHandle } from "node:fs/promises";
import { REPLACED } from "./transfer-error.js";

/** A file or folder has been replaced since it was created or found. */
export class Replaced extends Error {
  readonly code = REPLACED;
}

/** Returns whether both describe the same file or folder. */
export function isSame(one: BigIntStats, other: BigIntStats): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** Windows cannot name the folder of every path, for example on some virtual drives. There, what the path leads to is checked anyway. */
function pathOnWindows(path: string, error: unknown): string {
  if (process.platform !== "win32") {
    throw error;
  }
  return path;
}

/** A folder as it was found. If another folder has its path later, that one is left alone. */
export class Folder {
  readonly #path: string;
  readonly #found: BigIntStats;

  private constructor(path: string, found: BigIntStats) {
    this.#path = path;
    this.#found = found;
  }

  /** Finds the folder with that path. Links in the path are resolved only here. */
  static async find(path: string): Promise<Folder> {
    const real = await realpath(path).catch((error) => pathOnWindows(path, error));
    const found = await stat(real, { bigint: true });
    if (!found.isDirectory()) {
      throw Object.assign(new Error(`not a folder: ${path}`), { code: "ENOTDIR" });
    }
    return new Folder(real, found);
  }

  /**
   * Calls `work` with a path to the folder. On Linux, the path refers to the open folder itself, so that the folder cannot be replaced
   * meanwhile. On other systems, the folder is checked before and after; on Windows, an open file in it also keeps it in its place.
   *
   * @throws Replaced if another folder has the path.
   */
  async within<T>(work: (path: string) => Promise<T>): Promise<T> {
    const handle = await this.#open();
    try {
      const path = handle && (await this.#pathOf(handle));
      if (path !== undefined) {
        return await work(path);
      }
      await this.#check();
      const result = await work(this.#path);
      await this.#check();
      return result;
    } finally {
      await handle?.close();
    }
  }

  /** Opens the folder. Returns undefined on systems on which that does not help, and for a folder that this user cannot list. */
  async #open(): Promise<FileHandle | undefined> {
    if (process.platform !== "linux") {
      return undefined;
    }
    try {
      return await open(this.#path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EACCES") {
        return undefined;
      }
      throw code === "ENOTDIR" || code === "ELOOP" ? new Replaced() : error;
    }
  }

  /** Returns the path of the open folder itself, or undefined, for example on a system without /proc. */
  async #pathOf(handle: FileHandle): Promise<string | undefined> {
    if (!isSame(await handle.stat({ bigint: true }), this.#found)) {
      throw new Replaced();
    }
    const path = `/proc/self/fd/${handle.fd}`;
    const reached = await stat(path, { bigint: true }).catch(() => undefined);
    return reached && isSame(reached, this.#found) ? path : undefined;
  }

  async #check(): Promise<void> {
    if (!isSame(await stat(this.#path, { bigint: true }), this.#found)) {
      throw new Replaced();
    }
  }
}
