#!/usr/bin/env node
import { ensureBuilt } from "../build/build.js";

await ensureBuilt();
await import("../../dist/cli/main.js");
