import type { JobProgress, JobStatus } from "../index.js";
import { bytesCell, shareCell, stateCell, transientCause } from "./job-cells.js";
import { LiveLines } from "./live-lines.js";
import { cut, layOut, type Cell, type Column, type Row } from "./table.js";
import type { Terminal } from "./terminal.js";

/** Shows the progress of jobs. */
export interface ProgressView {
  show(status: JobStatus): void;
  /** Writes permanent lines. */
  say(lines: readonly string[]): void;
  /** Leaves the current output in place. */
  end(): void;
}

interface ProgressViewOptions {
  /** Whether each line names its job. */
  readonly withIds: boolean;
}

/** On a terminal, one line per job, redrawn at each change; elsewhere, a new line at each change of a state. */
export function progressView(terminal: Terminal, options: ProgressViewOptions): ProgressView {
  return terminal.stdout.isTTY && !terminal.json ? new Picture(terminal, options) : new Log(terminal, options);
}

class Log implements ProgressView {
  readonly #terminal: Terminal;
  readonly #withIds: boolean;
  readonly #said = new Map<string, string>();

  constructor(terminal: Terminal, { withIds }: ProgressViewOptions) {
    this.#terminal = terminal;
    this.#withIds = withIds;
  }

  show(status: JobStatus): void {
    const { jobId, state, progress } = status;
    const cause = transientCause(status);
    const said = [state, cause].join();
    if (this.#said.get(jobId) !== said) {
      this.#said.set(jobId, said);
      const cells = [
        stateCell(this.#terminal, state),
        shareCell(this.#terminal, progress),
        bytesCell(this.#terminal, progress),
      ].map(({ text }) => text);
      const parts = [...(this.#withIds ? [jobId] : []), ...cells, cause];
      this.#terminal.line(parts.filter(Boolean).join("  "));
    }
  }

  say(lines: readonly string[]): void {
    for (const line of lines) {
      this.#terminal.line(line);
    }
  }

  end(): void {}
}

const COLUMNS: readonly Column[] = [
  { title: "", shrinksTo: 12, optional: true },
  { title: "", align: "right" },
  { title: "", optional: true },
  { title: "", shrinksTo: 8 },
];
const BAR_WIDTH = 32;

class Picture implements ProgressView {
  readonly #terminal: Terminal;
  readonly #withIds: boolean;
  readonly #live: LiveLines;
  readonly #statuses = new Map<string, JobStatus>();
  #scheduled: NodeJS.Immediate | undefined;

  constructor(terminal: Terminal, { withIds }: ProgressViewOptions) {
    this.#terminal = terminal;
    this.#withIds = withIds;
    this.#live = new LiveLines(terminal.stdout);
    terminal.stdout.on("resize", this.#draw);
  }

  show(status: JobStatus): void {
    this.#statuses.set(status.jobId, status);
    // Several jobs that are reported together are drawn at once.
    this.#scheduled ??= setImmediate(this.#draw);
  }

  say(lines: readonly string[]): void {
    if (lines.length > 0) {
      this.#live.clear();
      for (const line of lines) {
        this.#terminal.line(line);
      }
      this.#draw();
    }
  }

  end(): void {
    this.#terminal.stdout.off("resize", this.#draw);
    this.#draw();
  }

  readonly #draw = () => {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const lines = this.#lines();
    const hidden = lines.length - this.#live.room;
    this.#live.draw(
      hidden > 0
        ? [...lines.slice(0, this.#live.room - 1), this.#terminal.words("more", { count: hidden + 1 })]
        : lines,
    );
  };

  #lines(): string[] {
    const { width } = this.#live;
    const statuses = [...this.#statuses.values()];
    const rows = statuses.map(
      ({ jobId, state, progress }): Row => [
        ...(this.#withIds ? [{ text: jobId }] : []),
        barCell(progress),
        shareCell(this.#terminal, progress),
        bytesCell(this.#terminal, progress),
        stateCell(this.#terminal, state),
      ],
    );
    const lines = layOut(this.#withIds ? [{ title: "" }, ...COLUMNS] : COLUMNS, rows, width);
    return statuses.flatMap((status, i) => {
      const cause = transientCause(status);
      return [...(lines[i] ?? []), ...(cause ? [cut(`  ${cause}`, width)] : [])];
    });
  }
}

/** `[#####-----]`, of characters that every console can display, always of the same width. */
function barCell({ bytesTransferred, bytesTotal, filesTotal }: JobProgress): Cell {
  const bar = (width: number) => {
    const room = width - 2;
    const isEmpty = bytesTotal === 0n && filesTotal > 0;
    const filled = bytesTotal ? Number((bytesTransferred * BigInt(room)) / bytesTotal) : isEmpty ? room : 0;
    return `[${"#".repeat(Math.min(filled, room)).padEnd(room, "-")}]`;
  };
  return { text: bar(BAR_WIDTH), resize: bar };
}
