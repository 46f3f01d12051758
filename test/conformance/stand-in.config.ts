import { defineConfig } from "vitest/config";
import config from "../vitest.config.js";

// Apart from `npm test`: it takes minutes, and now and then a call of the thousands is never answered under Wine.
export default defineConfig({ test: { ...config.test, include: ["test/conformance/stand-in.cases.ts"] } });
