import { TestClock } from "../../src/testing.js";
import { systemClock } from "../../src/waiting/clock.js";

/** A clock of a TestService that runs by itself. */
export class RunningClock extends TestClock {
  override now(): number {
    return systemClock.now();
  }

  override startTimer(delayInMs: number, callback: () => void): () => void {
    return systemClock.startTimer(delayInMs, callback);
  }
}
