import { createHash } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { JobItem } from "../port/protocol.js";
import { badArgument } from "../words/arguments.js";
import { BridgeError } from "../words/errors.js";
import type { Language } from "../words/messages.js";
import { keyOf } from "./hosts.js";
import { JournalFile } from "./journal-file.js";
import { LockedError } from "./journal-lock.js";
import { parseLine, type JournalLine, type LineOf } from "./saved.js";

/** What a run is about. Only the same run can continue a journal. */
export interface RunIdentity {
  readonly method: string;
  readonly service: string;
  /** The hash of the plan, or what replaces a plan. */
  readonly target: unknown;
}

/** What earlier runs recorded about a host. */
export interface Earlier {
  /** Whether the call is complete, so that the host is not contacted again. */
  readonly isDone: boolean;
  /** The jobs for which the call was sent, and those of them for which it was sent more than once. */
  readonly sent: ReadonlySet<string>;
  readonly resent: ReadonlySet<string>;
  /** The answers that arrived. */
  readonly items: readonly JobItem[];
}

export const NOTHING_EARLIER: Earlier = { isDone: false, sent: new Set(), resent: new Set(), items: [] };
const DONE: Earlier = { ...NOTHING_EARLIER, isDone: true };

/** The start of every journal: a file that starts in another way is never changed. */
const START = '{"line":"run","fleetJournal":1,';

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // The account has no entry in the list of users, for example in a container.
    return "-";
  }
}

function now(): string {
  return new Date().toISOString();
}

/** The record of a run: a line before anything is sent to a host, and a line after its answer, so that a run can be continued. */
export class Journal {
  readonly #language: Language;
  readonly #file: JournalFile;
  readonly #earlier = new Map<string, Earlier>();
  #failure: BridgeError | undefined;
  #seed: number | undefined;
  /** The end of what earlier runs wrote. */
  #end = 0;

  private constructor(language: Language, file: JournalFile) {
    this.#language = language;
    this.#file = file;
  }

  /**
   * Opens a journal, and reads what earlier runs wrote.
   *
   * @throws TypeError if the file is not a journal of this run.
   * @throws BridgeError `JOURNAL_FAILED` if the file can't be used.
   */
  static async open(
    language: Language,
    path: string,
    { identity, seed, ...about }: { identity: RunIdentity; seed: number; total: number; engine: string },
  ): Promise<Journal> {
    const file = await JournalFile.open(path).catch((error) => {
      throw journalFailure(language, path, error);
    });
    const journal = new Journal(language, file);
    const run = createHash("sha256").update(JSON.stringify(identity)).digest("hex");
    try {
      await journal.#read(run);
      journal.#seed ??= seed;
      const { method } = identity;
      const audit = { user: userName(), from: hostname(), time: now() };
      await journal.#append({ line: "run", fleetJournal: 1, run, method, seed: journal.seed, ...about, ...audit });
      return journal;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The seed of the first run. */
  get seed(): number {
    return this.#seed as number;
  }

  /** The reason why the journal can't be written anymore. */
  get failure(): BridgeError | undefined {
    return this.#failure;
  }

  earlier(host: string): Earlier {
    return this.#earlier.get(keyOf(host)) ?? NOTHING_EARLIER;
  }

  /** The complete outcomes that earlier runs recorded. */
  async *outcomes(): AsyncGenerator<LineOf<"done">> {
    for await (const { text, end } of this.#file.read()) {
      const line = end <= this.#end ? parseLine(text) : undefined;
      if (!line) {
        return;
      }
      if (line.line === "done" && line.outcome === "complete") {
        yield line;
      }
    }
  }

  /** Records that the call is about to be sent. Resolves when the record is on the disk. */
  sent(host: string, jobIds: readonly string[], module: string): Promise<void> {
    return this.#append({ line: "sent", host, jobIds: [...jobIds], module, time: now() });
  }

  /** Records the outcome of a host. */
  done(line: Omit<LineOf<"done">, "line" | "time">): Promise<void> {
    return this.#append({ line: "done", ...line, time: now() });
  }

  /** The error for a file whose content is not that of a journal. */
  notAJournal(line: number): TypeError {
    return badArgument(this.#language, "journalContent", { value: this.#file.path, line });
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #append(line: JournalLine): Promise<void> {
    try {
      await this.#file.append(JSON.stringify(line));
    } catch (error) {
      this.#failure ??= journalFailure(this.#language, this.#file.path, error);
      throw this.#failure;
    }
  }

  async #read(run: string): Promise<void> {
    let number = 0;
    for await (const { text, isComplete, end } of this.#file.read()) {
      number++;
      if (isComplete) {
        this.#take(parseLine(text), number, run);
        this.#end = end;
      } else if (number === 1 && !text.startsWith(START) && !START.startsWith(text)) {
        throw this.notAJournal(number);
      }
    }
    // The run was killed while it wrote the last line.
    await this.#file.continueAt(this.#end);
  }

  #take(line: JournalLine | undefined, number: number, run: string): void {
    if (!line || (number === 1 && line.line !== "run")) {
      throw this.notAJournal(number);
    }
    if (line.line === "run") {
      if (line.run !== run) {
        throw badArgument(this.#language, "journalOther", { value: this.#file.path });
      }
      this.#seed ??= line.seed;
      return;
    }
    const key = keyOf(line.host);
    const { sent, resent, items, isDone } = this.#earlier.get(key) ?? NOTHING_EARLIER;
    if (isDone) {
      throw this.notAJournal(number);
    }
    this.#earlier.set(
      key,
      line.line === "sent"
        ? {
            isDone,
            items,
            sent: new Set([...sent, ...line.jobIds]),
            resent: new Set([...resent, ...line.jobIds.filter((jobId) => sent.has(jobId))]),
          }
        : line.outcome === "complete"
          ? DONE
          : { isDone, sent, resent, items: line.items as JobItem[] },
    );
  }
}

function journalFailure(language: Language, path: string, cause: unknown): BridgeError {
  if (cause instanceof LockedError) {
    const values = { path, lock: cause.lock };
    return new BridgeError("JOURNAL_FAILED", { outcome: "not sent", feature: "locked", values, cause }, language);
  }
  const systemCode = String((cause as NodeJS.ErrnoException).code ?? cause);
  return new BridgeError("JOURNAL_FAILED", { outcome: "not sent", values: { path, systemCode }, cause }, language);
}
