import { defineConfig } from "vitest/config";
import { PATIENCE } from "../support/patience.js";

export default defineConfig({
  test: {
    include: ["test/conformance/table.cells.ts"],
    ...PATIENCE,
  },
});
