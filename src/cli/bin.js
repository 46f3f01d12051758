#!/usr/bin/env node
import { existsSync } from "node:fs";

// An installation with --ignore-scripts leaves the build to the first use. Otherwise, nothing of the build is loaded.
const program = new URL("../../dist/bundle/cli.js", import.meta.url);
if (!existsSync(program)) {
  const { build } = await import("../build/build.js");
  await build();
}
await import(program.href);
