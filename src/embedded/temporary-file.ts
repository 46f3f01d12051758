import { randomBytes } from "node:crypto";
import { constants, type BigIntStats } from "node:fs";
import { lstat, open, rename, statfs, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Folder, isSame, Replaced } from "./folder.js";

interface Made {
  readonly name: string;
  /** Stays open: no other file can then have the same file number, and on Windows the folder cannot be moved. */
  readonly handle: FileHandle;
  /** Its data when it was created. */
  readonly stats: BigIntStats;
}

// Windows has no such flag. A new file never replaces a link there.
const { O_NOFOLLOW = 0 } = constants;

/** The largest size that all common file systems allow. */
const LARGEST_ANYWHERE = 2 ** 32 - 1;

/** Keeps open handles from being garbage-collected, which is an error in later versions of Node. */
const unclosed = new Set<FileHandle>();

/**
 * The file that a download is written to, next to its target: nobody else sees the target before the job is complete. Other users may be
 * able to write to the folder. If they replace the file or the folder, the replacement is neither written to nor kept.
 */
export class TemporaryFile {
  readonly #target: string;
  /** The folder of the first file. Later files are created in no other folder. */
  #folder: Folder | undefined;
  #made: Made | undefined;

  constructor(target: string) {
    this.#target = target;
  }

  /** The path of the file, while it exists. */
  get path(): string | undefined {
    return this.#made && join(dirname(this.#target), this.#made.name);
  }

  /** Opens the file for writing, with the data of earlier attempts. It stays open until it is kept or deleted. */
  async open(): Promise<FileHandle> {
    const made = this.#made;
    if (made && (await this.#isThere(made))) {
      return made.handle;
    }
    await (made && close(made));
    const created = await this.#within(async (folder) => {
      this.#made = await make(folder, basename(this.#target));
      return this.#made;
    });
    // If there are only paths, a path can temporarily lead elsewhere. So nothing is written before the file was found in the folder.
    if (!(await this.#isThere(created))) {
      throw new Replaced();
    }
    return created.handle;
  }

  /**
   * Keeps the first bytes of the file and discards the rest, and fails now, before anything is transferred, if the disk has no room for a
   * file of that size.
   */
  async reserve(kept: number, size: number | bigint): Promise<void> {
    const handle = this.#made?.handle;
    if (size > LARGEST_ANYWHERE) {
      // The file system refuses a size that it does not allow. A size that it allows does not use space yet.
      await handle?.truncate(Number(size));
    }
    await handle?.truncate(kept);
    const disk = await statfs(dirname(this.#target), { bigint: true }).catch(() => undefined);
    // Some file systems do not report their size.
    if (disk && disk.blocks > 0n && disk.bavail * disk.bsize < BigInt(size) - BigInt(kept)) {
      throw Object.assign(new Error("no room for the file"), { code: "ENOSPC" });
    }
  }

  /** Gives the file its local name, replacing any existing file. Once it has its name, this does nothing. */
  async keep(): Promise<void> {
    const made = this.#made;
    if (made) {
      await this.#within((folder) => keep(folder, made, basename(this.#target)));
      this.#made = undefined;
      await close(made);
    }
  }

  /** Deletes the file. Returns false if it cannot be deleted, or if something else has its name. */
  async delete(): Promise<boolean> {
    const made = this.#made;
    if (!made) {
      return true;
    }
    try {
      await this.#within((folder) => remove(folder, made));
    } catch (error) {
      if (!isGone(error)) {
        return false;
      }
    } finally {
      await close(made);
    }
    this.#made = undefined;
    return true;
  }

  #isThere(made: Made): Promise<boolean> {
    return this.#within((folder) => isThere(folder, made));
  }

  async #within<T>(work: (folder: string) => Promise<T>): Promise<T> {
    this.#folder ??= await Folder.find(dirname(this.#target));
    return this.#folder.within(work);
  }
}

// Exclusively: an existing file of that name does not belong to this job, and a link is not followed.
async function make(folder: string, target: string): Promise<Made> {
  const name = `BIT${randomBytes(8).toString("hex")}.tmp`;
  // The file is as private as the target that it replaces. The umask also applies.
  const replaced = await look(join(folder, target));
  if (replaced?.isDirectory()) {
    throw Object.assign(new Error(`a folder has the name: ${target}`), { code: "EISDIR" });
  }
  const mode = 0o600 | (0o666 & modeOf(replaced));
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | O_NOFOLLOW;
  const handle = await open(join(folder, name), flags, mode);
  unclosed.add(handle);
  return { name, handle, stats: await handle.stat({ bigint: true }) };
}

async function keep(folder: string, made: Made, name: string): Promise<void> {
  const target = join(folder, name);
  if (!(await isThere(folder, made))) {
    throw new Replaced();
  }
  await narrow(made.handle, modeOf(await look(target)));
  await rename(join(folder, made.name), target);
  const kept = await look(target);
  if (!kept || !isSame(kept, made.stats)) {
    throw new Replaced();
  }
}

async function remove(folder: string, { name, stats }: Made): Promise<void> {
  const path = join(folder, name);
  const found = await look(path);
  if (found && !isSame(found, stats)) {
    throw new Replaced();
  }
  await (found && unlink(path));
}

async function close({ handle }: Made): Promise<void> {
  unclosed.delete(handle);
  await handle.close();
}

function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/** Returns what is at a path, without following a link, or undefined. */
async function look(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (isGone(error)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Returns whether the file still has its name.
 *
 * @throws Replaced if something else has the name, or if the file also has another name.
 */
async function isThere(folder: string, { name, stats }: Made): Promise<boolean> {
  const found = await look(join(folder, name));
  if (found && !(isSame(found, stats) && found.nlink <= 1n)) {
    throw new Replaced();
  }
  return found !== undefined;
}

/** Returns the permissions of a file. Anything else forbids nothing. */
function modeOf(stats: BigIntStats | undefined): number {
  return stats?.isFile() ? Number(stats.mode) & 0o777 : 0o777;
}

/** Removes the permissions that `mode` does not contain. On Windows, a file inherits its permissions from the folder. */
async function narrow(handle: FileHandle, mode: number): Promise<void> {
  const current = Number((await handle.stat()).mode) & 0o777;
  if (process.platform !== "win32" && (current & mode) !== current) {
    await handle.chmod(current & mode);
  }
}
