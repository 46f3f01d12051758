// What became of the calls of a stress test: a row of the table.
import { BridgeError } from "../../dist/bundle/index.js";

/** The time after which an answer counts as lost: longer than every time-out of the bridge. */
const LOST_AFTER_IN_MS = 300_000;

export const rows = [];
export const number = (value) => value.toLocaleString("en");

/** Counts the results of calls: each is answered or refused, once; anything else is a defect. */
export class Tally {
  tried = 0;
  answered = 0;
  refused = new Map();
  lost = 0;
  wrong = [];
  #mayRefuse;

  /** `mayRefuse`: whether something happens for which a call may be refused, such as the end of a host. */
  constructor({ mayRefuse = false } = {}) {
    this.#mayRefuse = mayRefuse;
  }

  /** Waits for a call. `check` reports what is wrong with its answer; only a BridgeError counts as a refusal. */
  async count(call, check = () => undefined) {
    this.tried++;
    const lost = Symbol("lost");
    let timer;
    const late = new Promise((resolve) => {
      timer = globalThis.setTimeout(resolve, LOST_AFTER_IN_MS, lost);
    });
    try {
      const answer = await Promise.race([call, late]);
      if (answer === lost) {
        this.lost++;
        return undefined;
      }
      const wrong = check(answer);
      if (wrong) {
        this.wrong.push(wrong);
      }
      this.answered++;
      return answer;
    } catch (error) {
      if (!(error instanceof BridgeError)) {
        this.wrong.push(String(error));
      }
      const what = `${error.code}, ${error.outcome}`;
      this.refused.set(what, (this.refused.get(what) ?? 0) + 1);
      return error;
    } finally {
      clearTimeout(timer);
    }
  }

  report(host, what, more = "") {
    const refused = [...this.refused].map(([name, times]) => `${number(times)} (${name})`).join(", ");
    const sums = this.answered + this.lost + [...this.refused.values()].reduce((sum, times) => sum + times, 0);
    if (refused && !this.#mayRefuse) {
      this.wrong.push("calls were refused, although nothing had happened");
    }
    if (sums !== this.tried) {
      this.wrong.push(`${sums} outcomes of ${this.tried} calls`);
    }
    const row = [
      host,
      what,
      number(this.tried),
      number(this.answered),
      refused || "0",
      number(this.lost),
      number(this.wrong.length),
      more,
    ];
    rows.push(row);
    console.log(row.join(" | "));
    for (const wrong of this.wrong.slice(0, 5)) {
      console.log(`  wrong: ${wrong}`);
    }
    if (this.lost > 0 || this.wrong.length > 0) {
      process.exitCode = 1;
    }
  }
}
