import { readFile } from "node:fs/promises";
import type { FleetPlan, HostOptions } from "../fleet.js";
import { checkHosts } from "../fleet/hosts.js";
import { UsageError } from "./exit-code.js";
import type { Terminal } from "./terminal.js";

const BYTE_ORDER_MARK = /^\uFEFF/;

/** The text of a file that the command line names. */
export async function readText(terminal: Terminal, path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).replace(BYTE_ORDER_MARK, "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(terminal.words("fleet.fileUnreadable", { path, code: String(code) }));
  }
}

interface Line {
  readonly number: number;
  readonly words: readonly string[];
}

/** The words of each line. A line that starts with # is a comment. */
function linesOf(text: string): Line[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, words: line.trim().split(/\s+/) }))
    .filter(({ words: [first = ""] }) => first !== "" && !first.startsWith("#"));
}

/** The hosts in a file: a name in each line, and what else is known of the host, such as `pc-2 address=10.0.0.2 port=2222 user=ops`. */
export async function readHosts(terminal: Terminal, path: string): Promise<HostOptions[]> {
  const lines = linesOf(await readText(terminal, path));
  if (lines.length === 0) {
    throw new UsageError(terminal.words("fleet.noHosts", { path }));
  }
  const hosts = lines.map(({ number, words: [name = "", ...properties] }) => {
    const host = new Map<string, unknown>([["name", name]]);
    for (const property of properties) {
      const [key = "", value = ""] = property.split(/=(.*)/s);
      if (host.has(key)) {
        throw new UsageError(terminal.words("fleet.propertyTwice", { path, line: number, name: key }));
      }
      host.set(key, key === "port" ? Number(value) : value);
    }
    return Object.fromEntries(host) as unknown as HostOptions;
  });
  const lineOf = (index: number) => lines[index]?.number ?? 0;
  await checkHosts(
    terminal.language,
    hosts,
    (index, problem) => new UsageError(terminal.words("fleet.hostLine", { path, line: lineOf(index), problem })),
  );
  return hosts;
}

/** The job IDs in a file, by the names of their hosts: a host and its job IDs in each line. */
export async function readJobIds(terminal: Terminal, path: string): Promise<Map<string, string[]>> {
  const byHost = new Map<string, string[]>();
  for (const { number, words } of linesOf(await readText(terminal, path))) {
    const [name = "", ...jobIds] = words;
    if (jobIds.length === 0) {
      throw new UsageError(terminal.words("fleet.idMissing", { path, line: String(number) }));
    }
    byHost.set(name, [...(byHost.get(name) ?? []), ...jobIds]);
  }
  return byHost;
}

/** The names of hosts: each is given itself, or is in a line of a file after an @. */
export async function namesOf(terminal: Terminal, limit: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const each of limit) {
    names.push(
      ...(each.startsWith("@")
        ? linesOf(await readText(terminal, each.slice(1))).map(({ words: [name = ""] }) => name)
        : [each]),
    );
  }
  return names;
}

/** The hosts of a plan, as they are connected to. */
export function hostsIn({ hosts }: FleetPlan): HostOptions[] {
  return hosts.map(({ name, address, port, user }) => ({ name, address, port, user }));
}
