import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./support/packed.js";
import { publicApi } from "./support/public-api.js";

describe("the public API", () => {
  it("is the one that is written down: `npm run api` writes it anew, where a change is meant", async () => {
    await expect(publicApi(join(ROOT, "dist"))).toMatchFileSnapshot("facts/public-api.txt");
  });
});

describe("what is compared", () => {
  const JOB = `import type { Options } from "./options.js";
/** A job. */
export declare class Job {
  #private;
  /** The id. */
  readonly id: string;
  /** @internal */
  constructor(session: object);
  cancel(options?: Options): Promise<void>;
}
`;
  const OPTIONS = "export interface Options { readonly timeoutInMs?: number; }\n";
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "background-copy-api-"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "fleet.d.ts"), "export declare const fleet: number;\n");
    writeFileSync(join(folder, "testing.d.ts"), "export declare const clock: number;\n");
    writeFileSync(join(folder, "words.d.ts"), "export declare const words: string;\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function apiOf(job: string, options = OPTIONS, door = 'export { Job } from "./job.js";\n'): string {
    writeFileSync(join(folder, "index.d.ts"), door);
    writeFileSync(join(folder, "job.d.ts"), job);
    writeFileSync(join(folder, "options.d.ts"), options);
    return publicApi(folder);
  }

  it("is the same whatever the comments say, and whatever is internal", () => {
    const same = JOB.replace("The id.", "What it is known by.").replace(
      "session: object",
      "session: object, id: string",
    );
    expect(same).not.toBe(JOB);
    expect(apiOf(same)).toBe(apiOf(JOB));
    expect(apiOf(JOB)).toContain("readonly id: string;");
    expect(apiOf(JOB)).not.toMatch(/session|#private|A job/);
  });

  it.each([
    ["a signature that changes", JOB.replace("options?: Options", "options: Options"), OPTIONS],
    ["a member that goes", JOB.replace("readonly id: string;", ""), OPTIONS],
    [
      "a member that comes",
      JOB.replace("readonly id: string;", "readonly id: string; readonly name: string;"),
      OPTIONS,
    ],
    ["a type that is named and not exported", JOB, OPTIONS.replace("number", "bigint")],
  ])("tells of %s", (_, job, options) => {
    expect(apiOf(job, options)).not.toBe(apiOf(JOB));
  });

  it("tells of a name that goes, and of one that comes", () => {
    expect(
      apiOf(JOB, OPTIONS, 'export { Job } from "./job.js";\nexport type { Options } from "./options.js";\n'),
    ).not.toBe(apiOf(JOB));
    expect(apiOf(JOB, OPTIONS, "export declare const other: number;\n")).not.toContain("class Job");
  });

  it("knows a value from a type of the same name", () => {
    expect(apiOf(JOB, OPTIONS, 'export type { Job } from "./job.js";\n')).not.toBe(apiOf(JOB));
  });
});
