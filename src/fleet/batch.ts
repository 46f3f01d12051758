import type { FleetHost } from "../port/engine.js";
import type { HostOutcome } from "./outcome.js";
import type { Visit } from "./visit.js";

/** The turn of a host. */
export interface Turn<J> {
  readonly host: FleetHost;
  readonly attempt: number;
  /** The number of its batch. */
  readonly batch: number;
  readonly startedAt: Date;
  /** The first attempt, if this is the second one. */
  readonly failed?: Visit<J>;
}

export interface BatchOptions<J> {
  readonly number: number;
  readonly hosts: readonly FleetHost[];
  /** The number of hosts that have their turn at the same time. */
  readonly atOnce: number;
  /** Gives a host its turn: at its end, `finish` or `retry` of the batch is called. */
  take(turn: Turn<J>, batch: Batch<J>): Promise<void>;
  /** Whether nothing new may begin. */
  isStopped(): boolean;
  /** Whether hosts that are to be tried again are tried before any others, because they might stop the run. */
  isDoubtful(): boolean;
}

/** Hosts that have their turns, so many at the same time. */
export class Batch<J> {
  readonly #options: BatchOptions<J>;
  readonly #retries: Turn<J>[] = [];
  readonly #ready: HostOutcome<J>[] = [];
  #begun = 0;
  #active = 0;
  #isLeft = false;
  #error: { readonly thrown: unknown } | undefined;
  #wake = () => {};

  constructor(options: BatchOptions<J>) {
    this.#options = options;
  }

  /** The number of hosts that have had a turn. */
  get begun(): number {
    return this.#begun;
  }

  /** The number of hosts that have their turn now. */
  get active(): number {
    return this.#active;
  }

  get isStopped(): boolean {
    return this.#isLeft || this.#error !== undefined || this.#options.isStopped();
  }

  /** The hosts that were to be tried again, and were not. */
  get untried(): readonly Turn<J>[] {
    return this.#retries;
  }

  retry(turn: Turn<J>): void {
    this.#retries.push(turn);
  }

  finish(outcome: HostOutcome<J>): void {
    this.#ready.push(outcome);
  }

  /** Makes the batch look again at what it may do. */
  wake(): void {
    this.#wake();
  }

  /** The outcomes as they come. When the caller leaves, the turns that were begun are waited for. */
  async *outcomes(): AsyncGenerator<HostOutcome<J>, void, undefined> {
    try {
      for (;;) {
        this.#fill();
        const outcome = this.#ready.shift();
        if (outcome) {
          yield outcome;
        } else if (this.#active > 0) {
          await this.#event();
        } else {
          break;
        }
      }
    } finally {
      this.#isLeft = true;
      while (this.#active > 0) {
        await this.#event();
      }
    }
    if (this.#error) {
      throw this.#error.thrown;
    }
  }

  #event(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #fill(): void {
    const { atOnce } = this.#options;
    while (!this.isStopped && this.#active < atOnce && this.#ready.length < atOnce) {
      const turn = this.#next();
      if (!turn) {
        return;
      }
      this.#active++;
      this.#options
        .take(turn, this)
        .catch((thrown) => {
          this.#error ??= { thrown };
        })
        .finally(() => {
          this.#active--;
          this.#fill();
          this.#wake();
        });
    }
  }

  #next(): Turn<J> | undefined {
    const { hosts, number, isDoubtful } = this.#options;
    if (isDoubtful()) {
      return this.#retries.shift();
    }
    const host = hosts[this.#begun];
    if (!host) {
      return this.#retries.shift();
    }
    this.#begun++;
    return { host, attempt: 1, batch: number, startedAt: new Date() };
  }
}
