/** The maximum number of concurrent file transfers, over all jobs. */
export const TRANSFERS_AT_A_TIME = 4;

/** The default and the minimum of the delay before the first retry of a job. Each further delay is twice as long. */
export const MINIMUM_RETRY_DELAY_IN_S = 1;

/** The maximum delay between two retries, unless the minimum of the job is longer. */
export const LONGEST_RETRY_DELAY_IN_S = 600;

/** The default no-progress time-out, after which the job fails. */
export const NO_PROGRESS_TIMEOUT_IN_S = 60;

/** The time after which a server that sends nothing is considered unavailable. */
export const SILENCE_IN_S = 300;

/**
 * The number of canceled and completed jobs that the service remembers, so that it can refuse a method for their state and not as
 * unknown.
 */
export const FINAL_JOBS_KEPT = 10_000;

/** The maximum lengths of a display name and of a description, in characters. */
export const LONGEST_DISPLAY_NAME = 256;
export const LONGEST_DESCRIPTION = 1_024;

/** The maximum length of all HTTP headers of a job together, in characters. */
export const LONGEST_HEADERS = 16_383;

/** The maximum lengths of a URL and of each of its segments, in characters. */
export const LONGEST_REMOTE_NAME = 2_200;
export const LONGEST_URL_SEGMENT = 260;
