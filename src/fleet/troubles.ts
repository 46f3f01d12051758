import { stops, type StopRules, type Trouble } from "./amounts.js";
import { troubleOf, type HostVerdict } from "./outcome.js";

type Counts = Record<Trouble, number>;

/** Counts the hosts in trouble, and applies the rules that stop a run. */
export class Troubles {
  readonly #rules: StopRules | undefined;
  readonly #total: number;
  readonly #apply: boolean;
  readonly #counts: Counts = { failed: 0, refused: 0, unreachable: 0 };
  /** The hosts that are to be tried again. */
  readonly #expected: Counts = { failed: 0, refused: 0, unreachable: 0 };

  constructor(apply: boolean, rules: StopRules | undefined, total: number) {
    this.#apply = apply;
    this.#rules = rules;
    this.#total = total;
  }

  /** Whether the run stops. */
  get stop(): boolean {
    return this.#apply && stops(this.#rules, this.#counts, this.#total);
  }

  /** Whether the run would stop if no host could be connected to at the second attempt. */
  get mightStop(): boolean {
    const { failed, refused, unreachable } = this.#counts;
    const expected = this.#expected;
    const sums = {
      failed: failed + expected.failed,
      refused: refused + expected.refused,
      unreachable: unreachable + expected.unreachable,
    };
    return this.#apply && stops(this.#rules, sums, this.#total);
  }

  /** A host could not be connected to, and is tried again. */
  expect(verdict: HostVerdict): void {
    this.#count(this.#expected, verdict, 1);
  }

  /** A host has its verdict, at the second attempt if an earlier one failed. */
  add(verdict: HostVerdict, earlier: HostVerdict | undefined): void {
    this.#count(this.#counts, verdict, 1);
    if (earlier) {
      this.#count(this.#expected, earlier, -1);
    }
  }

  #count(counts: Counts, verdict: HostVerdict, by: number): void {
    const trouble = troubleOf(verdict);
    if (trouble) {
      counts[trouble] += by;
    }
  }
}
