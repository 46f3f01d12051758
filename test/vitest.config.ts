import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    reporters: ["default", "./test/support/summary.ts"],
    // Starting PowerShell under Wine on a busy machine takes its time; no test is about seconds.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // PowerShell, Wine and Node share the processors with the tests.
    maxWorkers: 2,
  },
});
