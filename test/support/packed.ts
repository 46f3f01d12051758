import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** The address of a built file, as JavaScript writes it: Windows imports no absolute path. */
export function built(file: string): string {
  return JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href);
}

const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** A project with the packed package installed, in a folder with a very awkward name. */
export interface Project {
  readonly folder: string;
  /** What npm would publish. */
  readonly tarball: string;
  readonly files: readonly string[];
}

/** Runs Node in the project and returns its output. */
export function runNode({ folder }: Project, ...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}

function linkPackages(from: string, to: string): void {
  for (const name of readdirSync(from).filter((entry) => !entry.startsWith("."))) {
    if (!existsSync(join(to, name))) {
      symlinkSync(join(from, name), join(to, name), "junction");
    }
  }
}

/** Packs the package as npm publishes it, and installs it next to the contents of the folders `packages`, without a registry. */
export function installPacked(...packages: string[]): Project & { remove(): void } {
  const top = mkdtempSync(join(tmpdir(), "background-copy-packed-"));
  const folder = join(top, process.platform === "win32" ? "ü中' [x] $()" : "ü中' [x] $() `");
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "background-copy"), { recursive: true });
  const shell = process.platform === "win32";
  const [packed] = JSON.parse(
    execFileSync(npm, ["pack", "--json", "--ignore-scripts", "--pack-destination", top], {
      cwd: ROOT,
      encoding: "utf8",
      shell,
    }),
  ) as [{ filename: string; files: { path: string }[] }];
  const tarball = join(top, packed.filename);
  execFileSync("tar", ["-xzf", tarball, "-C", join(modules, "background-copy"), "--strip-components=1"]);
  for (const place of [join(ROOT, "node_modules"), ...packages]) {
    linkPackages(place, modules);
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "project", private: true }));
  return {
    folder,
    tarball,
    files: packed.files.map(({ path }) => path),
    remove: () => rmSync(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}
