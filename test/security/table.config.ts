import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/security/*.test.ts", "test/hostile/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    // In the long form, a property takes minutes.
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    maxWorkers: 2,
  },
});
