import { randomBytes } from "node:crypto";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The file that a download is written to, next to its target: nobody else sees the target before the job is complete. */
export class TemporaryFile {
  readonly #target: string;
  #path: string | undefined;

  constructor(target: string) {
    this.#target = target;
  }

  /** The path of the file, while it exists. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Opens the file for writing, with the data of earlier attempts. */
  async open(): Promise<FileHandle> {
    return (await this.#reopen()) ?? this.#create();
  }

  /** Gives the file its local name, replacing any existing file. Once it has its name, this does nothing. */
  async keep(): Promise<void> {
    if (this.#path !== undefined) {
      await rename(this.#path, this.#target);
      this.#path = undefined;
    }
  }

  /** Deletes the file. Returns false if it cannot be deleted. */
  async delete(): Promise<boolean> {
    if (this.#path === undefined) {
      return true;
    }
    try {
      await rm(this.#path, { force: true });
      this.#path = undefined;
      return true;
    } catch {
      return false;
    }
  }

  async #reopen(): Promise<FileHandle | undefined> {
    if (this.#path === undefined) {
      return undefined;
    }
    try {
      return await open(this.#path, "r+");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") {
        return undefined;
      }
      throw error;
    }
  }

  // Exclusively: an existing file of that name does not belong to this job, and a link is not followed.
  async #create(): Promise<FileHandle> {
    const path = join(dirname(this.#target), `BIT${randomBytes(8).toString("hex")}.tmp`);
    const handle = await open(path, "wx");
    this.#path = path;
    return handle;
  }
}
