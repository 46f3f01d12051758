import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ROOT } from "./support/packed.js";
import { run } from "./support/run.js";

const LINT = join(ROOT, ".github", "lint.js");
const FOLDER = join(ROOT, ".github", "workflows");
const workflows = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), "utf8") }));

interface Component {
  readonly name: string;
  readonly version: string;
  readonly properties?: readonly { readonly name: string }[];
}

describe("the workflows", () => {
  it("are found sound by the linter", async () => {
    expect(await run(process.execPath, [LINT], {})).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  it.each([
    ["a key that there is not", "run:", "runs:", "Unexpected value 'runs'"],
    ["a value that can't be", "fail-fast: false", "fail-fast: maybe", "Unexpected value 'maybe'"],
    ["a name that nothing has", "runner.os", "runer.os", "Unrecognized named-value: 'runer'"],
  ])("would not be with %s", async (_what, sound, faulty, said) => {
    const folder = mkdtempSync(join(tmpdir(), "background-copy-workflow-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "faulty.yml");
    const { text = "" } = workflows.find((workflow) => workflow.text.includes(sound)) ?? {};
    writeFileSync(file, text.replace(sound, faulty));
    const { exitCode, stderr } = await run(process.execPath, [LINT, file], {});
    expect(exitCode).toBe(1);
    expect(stderr).toContain(said);
  });

  it("run commands that the project has", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const named = workflows.flatMap(({ text }) => [...text.matchAll(/npm run (?:--silent )?(\w+)/g)]);
    expect(named.length).toBeGreaterThan(0);
    expect(named.map(([, name]) => name).filter((name) => !(String(name) in scripts))).toEqual([]);
  });

  describe("that releases", () => {
    const { text = "" } = workflows.find(({ name }) => name === "release.yml") ?? {};
    const [, sbom = ""] = /- run: (npm sbom .*) > background-copy\.cdx\.json$/m.exec(text) ?? [];

    it("publishes with provenance, and with the rights for it alone", () => {
      expect(text).toMatch(/^ +- run: npm publish --provenance --access public$/m);
      expect([...text.matchAll(/^ +([\w-]+): write$/gm)].map(([, right]) => right)).toEqual(["contents", "id-token"]);
      expect(text).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/);
    });

    it("attaches a bill of materials with every package that is installed with this one", async () => {
      expect(text).toContain('gh release upload "$TAG" background-copy.cdx.json');
      const { exitCode, stdout } = await run(sbom, [], {}, { cwd: ROOT, shell: true });
      expect(exitCode).toBe(0);
      const bill = JSON.parse(stdout);
      expect(bill).toMatchObject({
        bomFormat: "CycloneDX",
        metadata: { component: { "bom-ref": expect.stringMatching(/^background-copy@/) } },
      });
      const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
      const needed = Object.entries<{ dev?: boolean; devOptional?: boolean; version: string }>(packages)
        .filter(([path, { dev, devOptional }]) => path && !dev && !devOptional)
        .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, "")}@${version}`);
      // What the package is built with is marked.
      const isInstalled = ({ properties = [] }: Component) =>
        properties.every(({ name }) => name !== "cdx:npm:package:development");
      const named = (bill.components as Component[])
        .filter(isInstalled)
        .map(({ name, version }) => `${name}@${version}`);
      expect(named).toEqual(expect.arrayContaining(needed));
    });
  });
});
