import { randomBytes } from "node:crypto";
import { open, rm, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The file that a download is written to, beside its target: the target itself is nobody's business before the job is complete. */
export class TemporaryFile {
  readonly #folder: string;
  #path: string | undefined;

  constructor(target: string) {
    this.#folder = dirname(target);
  }

  /** Opens the file for writing, with what an earlier attempt left in it. */
  async open(): Promise<FileHandle> {
    return (await this.#reopen()) ?? this.#create();
  }

  /** Deletes the file; false if it cannot be deleted. */
  async delete(): Promise<boolean> {
    if (this.#path === undefined) {
      return true;
    }
    return rm(this.#path, { force: true }).then(
      () => true,
      () => false,
    );
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

  // Exclusively: whatever may be there under that name is not this job's, and a link is not followed.
  async #create(): Promise<FileHandle> {
    const path = join(this.#folder, `BIT${randomBytes(8).toString("hex")}.tmp`);
    const handle = await open(path, "wx");
    this.#path = path;
    return handle;
  }
}
