// The wire format of sizes and times.

// BG_SIZE_UNKNOWN and BG_LENGTH_TO_EOF.
export const ALL_ONES = 2n ** 64n - 1n;

/** A size in bytes, or `undefined` for BG_SIZE_UNKNOWN. */
export function readSize(wire: string): bigint | undefined {
  const size = BigInt(wire);
  return size === ALL_ONES ? undefined : size;
}

// FILETIMEs count tenths of microseconds since 1601; Date counts milliseconds since 1970.
const TICKS_PER_MS = 10_000n;
const MS_FROM_1601_TO_1970 = 11_644_473_600_000n;

/** The time of a FILETIME, or `undefined` for 0, which means no time. */
export function readTime(wire: string): Date | undefined {
  const ticks = BigInt(wire);
  return ticks === 0n ? undefined : new Date(Number(ticks / TICKS_PER_MS - MS_FROM_1601_TO_1970));
}

/** The FILETIME of a time. */
export function writeTime(timeInMs: number): string {
  return String((BigInt(Math.floor(timeInMs)) + MS_FROM_1601_TO_1970) * TICKS_PER_MS);
}
