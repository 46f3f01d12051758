import { randomInt } from "node:crypto";

export const LARGEST_SEED = 2 ** 32 - 1;

/** A new seed. */
export function makeSeed(): number {
  return randomInt(2 ** 32);
}

/** Numbers from 0 to 1 that depend only on the seed (mulberry32). */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ; ) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** The items in an order that depends only on the seed, so that a batch does not hit one site. */
export function shuffle<T>(items: Iterable<T>, seed: number): T[] {
  const shuffled = [...items];
  const random = numbers(seed);
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random.next().value * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
