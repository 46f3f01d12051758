import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";

const OWNER_ONLY = 0o600;
const TOKEN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** More than the number of runs that can end while a run looks for its place. */
const MOST_ATTEMPTS = 10;

/** The process that made a lock. */
interface Maker {
  readonly pid: number;
  readonly computer: string;
  /** Never used for another lock. */
  readonly token: string;
}

/** Another run holds the lock, or it can't be known from here that its process is gone. */
export class LockedError extends Error {
  readonly lock: string;

  constructor(lock: string) {
    super(lock);
    this.lock = lock;
  }
}

/**
 * A lock that this process holds: a file that contains its process ID.
 *
 * The lock of a process that is gone is neither removed nor replaced before this is safe, because another run might take it over at the
 * same time. It gets a successor: a file that has the token of the lock in its name, and that can be created only once.
 */
export class JournalLock {
  /** The lock at the given path, and then its successors. */
  readonly #files: readonly string[];

  private constructor(files: readonly string[]) {
    this.#files = files;
  }

  /** @throws LockedError if another run holds the lock. */
  static async take(path: string): Promise<JournalLock> {
    const token = randomUUID();
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const files = await takeLast(path, token);
      if (files) {
        return new JournalLock(await shorten(files));
      }
    }
    throw new LockedError(path);
  }

  /** The lock at the path goes first: without it, no successor counts. */
  async release(): Promise<void> {
    for (const file of this.#files) {
      await rm(file, { force: true });
    }
  }
}

/**
 * Creates the lock, or the successor of the last one in a chain of locks whose processes are gone. Returns the chain, or undefined if another
 * run has changed it meanwhile.
 */
async function takeLast(path: string, token: string): Promise<string[] | undefined> {
  const files: string[] = [];
  let first: string | undefined;
  for (let file = path; ; ) {
    files.push(file);
    if (await create(file, token)) {
      break;
    }
    const maker = await makerOf(file);
    if (maker === "gone") {
      return undefined;
    }
    if (maker === "unknown" || maker.computer !== hostname() || isRunning(maker.pid)) {
      throw new LockedError(file);
    }
    first ??= maker.token;
    file = `${path}.${maker.token}`;
  }
  if (first === undefined) {
    return files;
  }
  // Only a holder changes the lock at the path. If it is still the same, no other successor was ever valid after it.
  const maker = await makerOf(path);
  if (typeof maker === "object" && maker.token === first) {
    return files;
  }
  await rm(files.at(-1) as string, { force: true });
  return undefined;
}

/** Puts the last lock of a chain in the place of the first one. On Windows, this fails while another process reads the first one. */
async function shorten(files: readonly string[]): Promise<readonly string[]> {
  const [first = "", ...successors] = files;
  const last = successors.pop();
  if (last === undefined) {
    return files;
  }
  try {
    await rename(last, first);
  } catch {
    return files;
  }
  for (const file of successors) {
    await rm(file, { force: true });
  }
  return [first];
}

/** Creates a lock, unless there is a file of this name. */
async function create(file: string, token: string): Promise<boolean> {
  const handle = await open(file, "wx", OWNER_ONLY).catch((error) => {
    if (error.code === "EEXIST") {
      return undefined;
    }
    throw error;
  });
  try {
    await handle?.writeFile(`${process.pid}\n${hostname()}\n${token}\n`);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle?.close();
  }
  return handle !== undefined;
}

/** Who made a lock; unknown while it is not completely written. */
async function makerOf(file: string): Promise<Maker | "gone" | "unknown"> {
  try {
    const [pid, computer = "", token = "", end] = (await readFile(file, "utf8")).split("\n");
    return end === "" && TOKEN.test(token) ? { pid: Number(pid), computer, token } : "unknown";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "gone" : "unknown";
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
