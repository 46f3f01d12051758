import { defineConfig } from "vitest/config";
import { PATIENCE } from "../support/patience.js";

// `npm run check-package`: the recipes of docs/bundling.md, side by side.
export default defineConfig({
  test: {
    include: ["test/bundlers/*.check.ts"],
    ...PATIENCE,
  },
});
