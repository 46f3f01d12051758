import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** The address of a built file, as JavaScript writes it: Windows imports no absolute path. */
export function built(file: string): string {
  return JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href);
}

/** npm, and what comes before its arguments: on Windows it is a script that needs a shell, so its program is run as it is there. */
const [npm, ...npmProgram] = (
  process.platform === "win32"
    ? [process.execPath, join(dirname(process.execPath), "node_modules", "npm", "bin", "npm-cli.js")]
    : ["npm"]
) as [string, ...string[]];

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
  const pack = [...npmProgram, "pack", "--json", "--ignore-scripts", "--pack-destination", top];
  const [packed] = JSON.parse(execFileSync(npm, pack, { cwd: ROOT, encoding: "utf8" })) as [
    { filename: string; files: { path: string }[] },
  ];
  const tarball = join(top, packed.filename);
  // A relative name: some versions of tar read the text before a colon as the name of a computer.
  const installed = join(modules, "background-copy");
  execFileSync("tar", ["-xzf", relative(installed, tarball), "--strip-components=1"], { cwd: installed });
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
