import { defineConfig } from "vitest/config";
import { PATIENCE } from "../support/patience.js";

export default defineConfig({
  test: {
    include: ["test/security/*.test.ts", "test/hostile/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    ...PATIENCE,
    maxWorkers: 2,
  },
});
