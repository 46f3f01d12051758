/**
 * The time limits of tests. No test depends on seconds, and the time that PowerShell, a compiler, or Wine takes depends on the load of the
 * machine: these limits only end tests that wait for something that never happens.
 */
export const PATIENCE = {
  testTimeout: 3_600_000,
  hookTimeout: 3_600_000,
  teardownTimeout: 900_000,
  expect: { poll: { timeout: 600_000 } },
};
