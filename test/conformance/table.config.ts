import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/conformance/table.cells.ts"],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
  },
});
