import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    reporters: ["default", "./test/support/summary.ts"],
    // No test is about seconds, and how long a PowerShell, a compiler or Wine takes depends on who else loads the machine: these
    // only end what waits for something that never comes.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 600_000 } },
    // PowerShell, Wine and Node share the processors with the tests.
    maxWorkers: 2,
  },
});
