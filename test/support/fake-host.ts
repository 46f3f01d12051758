import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VERSION } from "../../src/version.js";

const folder = mkdtempSync(join(tmpdir(), "background-copy-fake-"));
const host = new URL("fake-host.mjs", import.meta.url).href;

/** The path of an executable that behaves as the name says: see fake-host.mjs. */
export function fakeHost(behaviour = "well"): string {
  const path = join(folder, `${behaviour.replaceAll(" ", "-")}`);
  const environment = { FAKE_HOST: behaviour, FAKE_VERSION: VERSION };
  const source = `#!${process.execPath}\nObject.assign(process.env, ${JSON.stringify(environment)});\nimport(${JSON.stringify(host)});\n`;
  writeFileSync(path, source);
  chmodSync(path, 0o755);
  return path;
}
