import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    reporters: ["default", "./test/support/summary.ts"],
    // No test depends on seconds, and the time that PowerShell, a compiler, or Wine takes depends on the load of the machine. These
    // limits only end tests that wait for something that never happens.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 600_000 } },
    // PowerShell, Wine and Node share the processors with the tests.
    maxWorkers: 2,
  },
});
