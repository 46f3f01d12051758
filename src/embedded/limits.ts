/** How many files are transferred at the same time, over all jobs. */
export const TRANSFERS_AT_A_TIME = 4;

/** How long a job waits before its first retry, unless it is set, and the least that can be set. Each further wait is twice as long. */
export const MINIMUM_RETRY_DELAY_IN_S = 1;

/** How long a job goes on waiting at most between two retries, unless its minimum is longer. */
export const LONGEST_RETRY_DELAY_IN_S = 600;

/** How long a job waits in all without progress, unless it is set; then it is in error. */
export const NO_PROGRESS_TIMEOUT_IN_S = 60;

/** How many jobs that are over are still known, so that a verb on them is refused for their state and not as unknown. */
export const FINAL_JOBS_KEPT = 10_000;

/** How long a display name and a description may be, in characters. */
export const LONGEST_DISPLAY_NAME = 256;
export const LONGEST_DESCRIPTION = 1_024;
