import { execFileSync } from "node:child_process";
import { onPath } from "./programs.js";

/** The version of Ansible that made the transcript in docs/. */
export const TRANSCRIPT_VERSION = "2.14";

const path = process.platform === "win32" ? undefined : onPath("ansible-playbook");

/** Ansible, with its local path if it exists. */
export const ansible = {
  label: "Ansible",
  path,
  /** The first two numbers of its version. */
  get version(): string | undefined {
    const said = path && execFileSync(path, ["--version"], { encoding: "utf8" });
    return said ? /core (\d+\.\d+)/.exec(said)?.[1] : undefined;
  },
  where: "ansible-playbook on PATH",
};
