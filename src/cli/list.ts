import type { JobSummary } from "../index.js";
import type { Command } from "./command.js";
import { ExitCode } from "./exit-code.js";
import { formatBytes, formatTime } from "./format.js";
import { shareCell, stateCell } from "./job-cells.js";
import { printable } from "./printable.js";
import { filterOf, filterOptions, type FilterArguments } from "./selection.js";
import { table, type Column, type Row } from "./table.js";
import type { Terminal } from "./terminal.js";

/** `list`: lists the jobs of the user, or of all users, that match a filter. */
export const list: Command<FilterArguments> = {
  name: "list",
  examples: [
    "list --service bits",
    "list --state error --modified-before 7d --service bits",
    'list --all-users --name "*update*" --service bits --json',
  ],
  options: filterOptions,
  async run(terminal, options) {
    const filter = filterOf(terminal, options) ?? {};
    await using manager = await terminal.connectToJobs(options);
    const { signal } = terminal;
    const jobs = await manager.listJobs({ ...filter, allUsers: options.allUsers ?? false }, { signal });
    for (const line of jobs.length > 0 ? jobTable(terminal, jobs, terminal.width) : [terminal.words("list.none")]) {
      terminal.line(line);
    }
    const { service, locale } = manager;
    terminal.document({ service, locale, jobs });
    return ExitCode.done;
  },
};

/** A table of jobs, with their owners if there is more than one. */
export function jobTable(terminal: Terminal, jobs: readonly JobSummary[], width: number): string[] {
  const title = (name: string) => terminal.style("bold", terminal.words(`column.${name}`));
  const ofSeveral = new Set(jobs.map(({ owner }) => owner)).size > 1;
  const columns: Column[] = [
    { title: title("jobId") },
    { title: title("state") },
    { title: title("share"), align: "right" },
    { title: title("size"), align: "right" },
    { title: title("displayName"), shrinksTo: 12 },
    ...(ofSeveral ? [{ title: title("owner"), shrinksTo: 8, optional: true }] : []),
    { title: title("created"), optional: true },
  ];
  const { locale } = terminal.language;
  const rows = jobs.map((job): Row => {
    const { bytesTotal } = job.progress;
    return [
      { text: job.jobId },
      stateCell(terminal, job.state),
      shareCell(terminal, job.progress),
      { text: bytesTotal === undefined ? "?" : formatBytes(locale, bytesTotal) },
      { text: printable(job.displayName ?? "") },
      ...(ofSeveral ? [{ text: printable(job.owner ?? "") }] : []),
      { text: job.creationTime ? formatTime(locale, job.creationTime) : "" },
    ];
  });
  return table(columns, rows, width);
}
