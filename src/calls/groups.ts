// Small enough that other calls get their turn in between, large enough that the round trips do not count.
const JOBS_PER_REQUEST = 25;

/** The ids, a group for each request. */
export function* groups(jobIds: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < jobIds.length; start += JOBS_PER_REQUEST) {
    yield jobIds.slice(start, start + JOBS_PER_REQUEST);
  }
}
