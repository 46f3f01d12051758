import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { fakeHost } from "../support/fake-host.js";
import { nearlyNodes } from "../support/nearly-nodes.js";
import { PWSH } from "../support/powershells.js";
import { Recipes, WELL } from "../support/recipes.js";
import { run } from "../support/run.js";

// Reported problems in runtimes that are almost Node, by the letters of the list of reports.

const POSIX = process.platform !== "win32";
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = { Bun: [], Deno: ["run", "--allow-all"] };

const CANCELING = `import { BackgroundCopyManager } from "background-copy";
  const options = { service: "bits", executable: process.argv[2], locale: "en", idleTimeoutInMs: 1 };
  const manager = await BackgroundCopyManager.connect(options);
  const job = manager.job("00000000-0000-4000-8000-000000000001");
  console.log((await job.cancel()).code);
  await new Promise((resolve) => setTimeout(resolve, 100));
  console.log(await job.getState());
  await manager.close();`;

describe.each(nearlyNodes)("K: in $label", ({ label, path }) => {
  let recipes: Recipes;
  let folder: string;
  beforeAll(() => {
    recipes = new Recipes();
    folder = recipes.folder();
    writeFileSync(join(folder, "canceling.mjs"), CANCELING);
    writeFileSync(join(folder, "caught.mjs"), `import("./installed.mjs").catch(({ code }) => console.log(code));`);
  });
  afterAll(() => recipes?.clean());

  const start = (...args: string[]) =>
    run(path as string, [...(ARGUMENTS[label] ?? []), ...args], { DENO_DIR: join(folder, "deno") }, { cwd: folder });

  it.skipIf(!path)("a job is canceled, and a code explained", async () => {
    expect(await start("installed.mjs", "embedded")).toEqual({ exitCode: 0, stdout: WELL, stderr: "" });
  });

  it.skipIf(!path || !POSIX)("a host idles, comes back, and ends with the program", async () => {
    expect(await start("canceling.mjs", fakeHost())).toEqual({
      exitCode: 0,
      stdout: "S_OK\nBG_JOB_STATE_CANCELLED\n",
      stderr: "",
    });
  });

  it.skipIf(!path || !POSIX)("a PowerShell that does not start is an error that can be caught", async () => {
    expect(await start("caught.mjs", "bits", folder)).toEqual({
      exitCode: 0,
      stdout: "POWERSHELL_NOT_STARTED\n",
      stderr: "",
    });
  });

  const pwsh = inject("pwsh");
  it.skipIf(!path || !POSIX || !pwsh)(`a real PowerShell is driven: ${PWSH}`, async () => {
    expect(await start("caught.mjs", "bits", pwsh as string)).toMatchObject({ stdout: "UNSUPPORTED\n" });
  });
});
