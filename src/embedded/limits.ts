/** How many files are transferred at the same time, over all jobs. */
export const TRANSFERS_AT_A_TIME = 4;

/** How long a job waits before its first retry. Each further wait is twice as long. */
export const MINIMUM_RETRY_DELAY_IN_MS = 1_000;

/** How often a file is retried before its job is in error. */
export const RETRIES = 5;

/** How many jobs that are over are still known, so that a verb on them is refused for their state and not as unknown. */
export const FINAL_JOBS_KEPT = 10_000;
