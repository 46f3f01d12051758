import type { TestProject } from "vitest/node";
import { makeStandInPrefix } from "./com-server/index.js";
import { setUp } from "./windows-node-setup.js";

/** With the stand-in transfer service. */
export default async function setup(project: TestProject): Promise<() => void> {
  const remove = await setUp(project, makeStandInPrefix);
  project.provide("standInIsInstalled", true);
  return remove;
}
