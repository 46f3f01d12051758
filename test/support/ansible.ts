import { onPath } from "./programs.js";

/** Ansible, with its local path if it exists. */
export const ansible = {
  label: "Ansible",
  path: process.platform === "win32" ? undefined : onPath("ansible-playbook"),
  where: "ansible-playbook on PATH",
};
