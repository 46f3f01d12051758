import { defineConfig } from "vitest/config";

// `npm run check-package`: the recipes of docs/bundling.md, side by side.
export default defineConfig({
  test: {
    include: ["test/bundlers/*.check.ts"],
    // Nothing here is about seconds.
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
