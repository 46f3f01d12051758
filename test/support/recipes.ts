import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { explain } from "../../src/words/explain.js";
import { installPacked, ROOT, type Project } from "./packed.js";
import { run, type Run } from "./run.js";

// Runs the recipes of docs/bundling.md, which the tests read from the page.

const PAGE = readFileSync(join(ROOT, "docs", "bundling.md"), "utf8");
const FENCE = /(?:^`(?<name>[\w.-]+)`[^\n]*:\n\n)?^```(?<kind>\w+)\n(?<content>.*?)^```$/gms;

/** The files on the page, by name. */
const FILES = [...PAGE.matchAll(FENCE)].flatMap(({ groups }) =>
  groups?.name ? [groups as { name: string; content: string }] : [],
);

/** The commands below a heading of the page. */
function commandsOf(heading: string): string[] {
  const [, section = ""] = PAGE.split(new RegExp(`^#+ ${heading}$`, "m"));
  const [own = ""] = section.split(/^#/m);
  const commands = [...own.matchAll(FENCE)]
    .filter(({ groups }) => groups?.kind === "sh")
    .map(({ groups }) => groups?.content ?? "");
  return commands.join("").trimEnd().split("\n").filter(Boolean);
}

/** The output of the programs of the page if they work. */
export const WELL = [
  explain("S_OK", { method: "IBackgroundCopyJob::Cancel", locale: "de" }).message,
  explain("DO_E_INVALID_STATE", { locale: "de" }).message,
  "",
].join("\n");

/** A folder with the files of the page, the packed package, and the installed tools. */
export class Recipes {
  /** A project with the packed package and the tools. */
  readonly project: Project & { remove(): void };
  readonly #programs: readonly string[];
  readonly #folders: string[] = [];

  /** `tools` are folders of packages, in addition to those of the project. */
  constructor(...tools: string[]) {
    this.#programs = [join(ROOT, "node_modules"), ...tools].map((folder) => join(folder, ".bin"));
    this.project = installPacked(...tools);
  }

  #emptyFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), "background-copy-carried-"));
    this.#folders.push(folder);
    return folder;
  }

  /** A folder with the packed package, in which nothing is installed yet. */
  bareFolder(folder: string = this.#emptyFolder()): string {
    mkdirSync(folder, { recursive: true });
    for (const { name, content } of FILES) {
      writeFileSync(join(folder, name), content);
    }
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", version: "3.2.1", private: true }));
    const { tarball } = this.project;
    cpSync(tarball, join(folder, basename(tarball)));
    return folder;
  }

  /** A folder in which the package and the tools are installed. */
  folder(): string {
    const folder = this.bareFolder();
    symlinkSync(join(this.project.folder, "node_modules"), join(folder, "node_modules"), "junction");
    return folder;
  }

  /** Runs the commands below a heading of the page. */
  async carryOut(heading: string, folder: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
    const commands = commandsOf(heading);
    if (commands.length === 0) {
      throw new Error(`docs/bundling.md has no commands below ${heading}`);
    }
    for (const command of commands) {
      const { exitCode, stdout, stderr } = await this.command(command, folder, env);
      if (exitCode !== 0) {
        throw new Error(`${command}\n${stdout}\n${stderr}`);
      }
    }
  }

  /** Runs a command with the tools on PATH, where npx would find them too. */
  command(line: string, folder: string, env: NodeJS.ProcessEnv = {}): Promise<Run> {
    const PATH = [...this.#programs, dirname(process.execPath), process.env.PATH].join(delimiter);
    return run(line.replace(/^npx /, ""), [], { ...env, PATH }, { cwd: folder, shell: true });
  }

  /** Moves the output of a recipe to an empty folder, and returns its programs. */
  moved(folder: string): { readonly module: string; readonly programs: string[] } {
    const place = this.#emptyFolder();
    cpSync(join(folder, "out"), place, { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    const programs = readdirSync(place).filter((name) => /^program(\.[cm]js|\.exe)?$/.test(name));
    return { module: join(place, "BackgroundCopy"), programs: programs.map((name) => join(place, name)) };
  }

  clean(): void {
    this.project.remove();
    for (const folder of this.#folders) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  }
}
