// Small enough to let other calls run in between, large enough that the round trips do not matter.
const JOBS_PER_REQUEST = 25;

/** Divides the IDs into one group per request. */
export function* groups(jobIds: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < jobIds.length; start += JOBS_PER_REQUEST) {
    yield jobIds.slice(start, start + JOBS_PER_REQUEST);
  }
}
