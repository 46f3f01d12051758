import { constants, type BigIntStats } from "node:fs";
import { lstat, open, type FileHandle } from "node:fs/promises";
import { resolve } from "node:path";
import { JournalLock } from "./journal-lock.js";

// Windows has no such flag. There, the path is compared with the file that was opened.
const { O_NOFOLLOW = 0 } = constants;
const OWNER_ONLY = 0o600;

/** Longer lines can't be those of a journal. */
const LONGEST_LINE = 2 ** 26;

const NEWLINE = 10;

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

function isOneFile(found: BigIntStats, opened: BigIntStats): boolean {
  return found.isFile() && found.nlink === 1n && found.dev === opened.dev && found.ino === opened.ino;
}

/** Opens the file, or creates it for this account alone. A link, or a file with a second name, might belong to another account. */
async function openOwn(path: string): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_CREAT | O_NOFOLLOW;
  const handle = await open(path, flags, OWNER_ONLY);
  try {
    const [found, opened] = [await lstat(path, { bigint: true }), await handle.stat({ bigint: true })];
    if (!isOneFile(found, opened)) {
      throw failure("ELOOP");
    }
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A file of lines that only grows. A line is on the disk when its `append` resolves. */
export class JournalFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #lock: JournalLock;
  #size = 0;
  #pending: { readonly text: string; readonly settle: (error?: unknown) => void }[] = [];
  #writing: Promise<void> | undefined;
  #failure: unknown;

  private constructor(path: string, handle: FileHandle, lock: JournalLock) {
    this.path = path;
    this.#handle = handle;
    this.#lock = lock;
  }

  /** Reserves the file for this process, because two runs of one plan would send everything twice. */
  static async open(given: string): Promise<JournalFile> {
    const path = resolve(given);
    const lock = await JournalLock.take(`${path}.lock`);
    try {
      return new JournalFile(path, await openOwn(path), lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** The complete lines, and then the unfinished rest, if there is one. */
  async *read(): AsyncGenerator<{ readonly text: string; readonly isComplete: boolean; readonly end: number }> {
    const chunk = Buffer.alloc(2 ** 16);
    let kept: Buffer[] = [];
    let length = 0;
    for (let position = 0; ; ) {
      const { bytesRead } = await this.#handle.read(chunk, 0, chunk.length, position);
      if (bytesRead === 0) {
        break;
      }
      const part = chunk.subarray(0, bytesRead);
      let start = 0;
      for (let end = part.indexOf(NEWLINE); end !== -1; end = part.indexOf(NEWLINE, start)) {
        const text = Buffer.concat([...kept, part.subarray(start, end)]).toString("utf8");
        kept = [];
        length = 0;
        start = end + 1;
        yield { text, isComplete: true, end: position + start };
      }
      kept.push(Buffer.from(part.subarray(start)));
      length += bytesRead - start;
      if (length > LONGEST_LINE) {
        throw failure("EFBIG");
      }
      position += bytesRead;
    }
    if (length > 0) {
      yield { text: Buffer.concat(kept).toString("utf8"), isComplete: false, end: 0 };
    }
  }

  /** Continues after that position: an unfinished line behind it is removed. */
  async continueAt(position: number): Promise<void> {
    await this.#handle.truncate(position);
    this.#size = position;
  }

  /** Appends a line. Lines that wait at the same time reach the disk together. After a failure, every line fails. */
  append(text: string): Promise<void> {
    if (this.#failure !== undefined) {
      return Promise.reject(this.#failure);
    }
    return new Promise((resolve, reject) => {
      this.#pending.push({ text: `${text}\n`, settle: (error) => (error === undefined ? resolve() : reject(error)) });
      this.#writing ??= this.#write();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
    await this.#lock.release();
  }

  /** After a failure nothing more is written, because a line might be unfinished. */
  async #write(): Promise<void> {
    while (this.#pending.length > 0) {
      const group = this.#pending;
      this.#pending = [];
      try {
        if (this.#failure === undefined) {
          await this.#writeAll(Buffer.from(group.map(({ text }) => text).join("")));
          await this.#handle.datasync();
        }
      } catch (error) {
        this.#failure = error;
      }
      for (const { settle } of group) {
        settle(this.#failure);
      }
    }
    this.#writing = undefined;
  }

  async #writeAll(bytes: Buffer): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, written, bytes.length - written, this.#size);
      written += bytesWritten;
      this.#size += bytesWritten;
    }
  }
}
