import type { FleetProgress, HostOutcome, HostStatus, PlannedHost } from "../fleet.js";
import { LocalizedError } from "../words/errors.js";
import { adviceOf } from "./error-words.js";
import { ExitCode, worstExitCode } from "./exit-code.js";
import { formatNumber } from "./format.js";
import { integrityKey } from "./integrity.js";
import { LiveLines } from "./live-lines.js";
import { printable, printableSentence } from "./printable.js";
import { table } from "./table.js";
import type { Terminal } from "./terminal.js";

/** More rows than this are counted, and not shown: nobody reads ten thousand of them. */
export const MOST_ROWS = 50;

const REDRAW_IN_MS = 100;

const COLORS: Readonly<Partial<Record<HostStatus, "green" | "yellow" | "red">>> = { done: "green", skipped: "yellow" };

/** A host that needs somebody. */
interface Case {
  readonly name: string;
  readonly status: HostStatus;
  readonly error: LocalizedError | undefined;
}

/** The exit code for a host. */
function exitCodeOfHost({ status, error, jobs }: HostOutcome<unknown>): number {
  if (status === "done") {
    const hasWarning = jobs.some((job) => (job as { result?: { warning?: boolean } }).result?.warning);
    return hasWarning ? ExitCode.partly : ExitCode.done;
  }
  if (status === "skipped" && error?.code === "RUN_STOPPED") {
    return ExitCode.unknown;
  }
  return status === "refused" ? ExitCode.refused : ExitCode.notStarted;
}

/** An outcome as a program reads it. */
function documentOf({ jobs, error, ...outcome }: HostOutcome<unknown>): object {
  return {
    ...outcome,
    ...(error && { error: error.toJSON() }),
    jobs: jobs.map((job) => {
      const { result, job: described, error: refusal, ...rest } = job as Record<string, unknown>;
      return { ...rest, ...(result ?? described ?? {}), ...(refusal instanceof LocalizedError && refusal.toJSON()) };
    }),
  };
}

/** Shows the outcomes of many hosts: counts while they arrive, and in the end the hosts that need somebody. */
export class FleetReport {
  readonly #terminal: Terminal;
  readonly #live: LiveLines | undefined;
  readonly #cases: Case[] = [];
  readonly #advice = new Map<string, string>();
  readonly #exitCodes = new Set<number>();
  /** The numbers of hosts by the integrity level of the account. */
  readonly #integrity = new Map<string, number>();
  #troubled = 0;
  #progress: FleetProgress | undefined;
  #redraw: NodeJS.Timeout | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#live = terminal.isInteractive ? new LiveLines(terminal.stderr) : undefined;
  }

  readonly onProgress = (progress: FleetProgress): void => {
    this.#progress = progress;
    if (this.#live && performance.now() >= this.#drawnAt + REDRAW_IN_MS) {
      this.#draw();
    } else if (this.#live) {
      this.#redraw ??= setTimeout(() => this.#draw(), REDRAW_IN_MS);
    }
  };

  /** Takes the outcome of a host. */
  take(outcome: HostOutcome<unknown>): void {
    const { name, status, error, remote } = outcome;
    this.#terminal.documentLine(documentOf(outcome));
    this.#exitCodes.add(exitCodeOfHost(outcome));
    if (remote?.integrity !== undefined) {
      const key = integrityKey(remote.integrity);
      this.#integrity.set(key, (this.#integrity.get(key) ?? 0) + 1);
    }
    if (status !== "done" && error?.code !== "RUN_STOPPED") {
      this.#addCase({ name, status, error });
    }
  }

  /** Takes a host of a plan. */
  takePlanned(host: PlannedHost): void {
    const { name, status, error } = host;
    this.#terminal.documentLine(host);
    this.#exitCodes.add(
      status === "done" ? ExitCode.done : status === "refused" ? ExitCode.refused : ExitCode.notStarted,
    );
    if (status !== "done") {
      this.#addCase({ name, status, error });
    }
  }

  #addCase(one: Case): void {
    this.#troubled++;
    if (this.#cases.length < MOST_ROWS) {
      this.#cases.push(one);
    }
    const advice = one.error && adviceOf(this.#terminal.language, one.error);
    if (one.error && advice) {
      this.#advice.set(one.error.code, advice);
    }
  }

  /** Removes what is only shown for the time being. */
  clear(): void {
    clearTimeout(this.#redraw);
    this.#redraw = undefined;
    this.#live?.clear();
  }

  /** Shows the result, and returns the exit code. */
  end(): number {
    this.clear();
    const terminal = this.#terminal;
    const integrity = Array.from(this.#integrity, ([key, count]) =>
      terminal.labeled(terminal.words(key), this.#number(count)),
    );
    for (const line of [...this.#countLines(), ...integrity, ...this.#caseLines()]) {
      terminal.line(line);
    }
    if (this.#progress) {
      const { total, done, counts, jobs, seed } = this.#progress;
      terminal.documentLine({ summary: { total, done, counts, jobs, seed } });
    }
    return worstExitCode([...this.#exitCodes]);
  }

  #draw(): void {
    clearTimeout(this.#redraw);
    this.#redraw = undefined;
    this.#drawnAt = performance.now();
    const { done = 0, total = 0, active = 0 } = this.#progress ?? {};
    const number = (value: number) => formatNumber(this.#terminal.language.locale, value);
    const shown = { done: number(done), total: number(total), active: number(active) };
    this.#live?.draw([this.#terminal.words("fleet.progress", shown), ...this.#countLines()]);
  }

  /** A line for each status that hosts have. */
  #countLines(): string[] {
    const { words, style } = this.#words();
    const { counts, jobs } = this.#progress ?? {};
    const entries = Object.entries(counts ?? {}) as [HostStatus, number][];
    const shown = entries.filter(([, count]) => count > 0);
    const width = Math.max(0, ...shown.map(([, count]) => this.#number(count).length));
    return [
      ...shown.map(([status, count]) =>
        style(status, `${this.#number(count).padStart(width)}  ${words(`fleet.status.${status}`)}`),
      ),
      ...(jobs && jobs.done > 0
        ? [
            words("fleet.jobs", {
              count: jobs.done,
              number: this.#number(jobs.done),
              refused: this.#number(jobs.refused),
            }),
          ]
        : []),
    ];
  }

  #caseLines(): string[] {
    const terminal = this.#terminal;
    if (this.#cases.length === 0) {
      return [];
    }
    const { words, style } = this.#words();
    const title = (name: string) => ({ title: terminal.style("bold", words(`fleet.column.${name}`)) });
    const columns = [
      title("host"),
      title("status"),
      { ...title("code"), optional: true },
      { ...title("message"), shrinksTo: 20 },
    ];
    const rows = this.#cases.map(({ name, status, error }) => [
      { text: printable(name) },
      { text: words(`fleet.status.${status}`), paint: (text: string) => style(status, text) },
      { text: error?.code ?? "" },
      { text: printableSentence(error?.message ?? "") },
    ]);
    const more = this.#troubled - this.#cases.length;
    return [
      "",
      words("fleet.needed"),
      ...table(columns, rows, terminal.width),
      ...(more > 0 ? [words("more", { count: more })] : []),
      ...Array.from(this.#advice, ([code, advice]) => terminal.labeled(code, advice)),
    ];
  }

  #number(value: number): string {
    return formatNumber(this.#terminal.language.locale, value);
  }

  #words() {
    const terminal = this.#terminal;
    return {
      words: (key: string, values?: Record<string, string | number>) => terminal.words(key, values),
      style: (status: HostStatus, text: string) => terminal.style(COLORS[status] ?? "red", text),
    };
  }
}
