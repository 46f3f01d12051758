import { mergeConfig } from "vitest/config";
import { tests } from "./vitest.config.js";

// `npm run driven`: all tests with each of Windows' Nodes, and the table of them.

export default mergeConfig(tests(true), { test: { reporters: ["./test/support/driven-table.ts"] } });
