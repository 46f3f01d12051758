/** The most that a host may send, in characters. */
export interface FlowLimits {
  /** In one line. */
  readonly line: number;
  /** Until it becomes ready, and while no request is pending. */
  readonly unasked: number;
  /** From one answer to the next, while a request is pending. */
  readonly asked: number;
  /** In all: a list might never end. */
  readonly total: number;
}

/** Measures what a host sends, so that nobody has to read without end what nobody asked for. */
export class Flow {
  readonly #limits: FlowLimits;
  #received = 0;
  #total = 0;
  #limit: number;

  constructor(limits: FlowLimits) {
    this.#limits = limits;
    this.#limit = limits.unasked;
  }

  /** Requests are pending, or none are. */
  expect(answers: boolean): void {
    this.#limit = answers ? this.#limits.asked : this.#limits.unasked;
    this.#received = 0;
  }

  /** Whether the host may have sent this, too. */
  admits({ length }: string): boolean {
    this.#received += length;
    this.#total += length;
    return this.#received <= this.#limit && this.#total <= this.#limits.total;
  }

  /** An answer arrived. */
  answered(): void {
    this.#received = 0;
  }
}
