import type { FleetPlan } from "../fleet.js";
import { stateCell } from "./job-cells.js";
import { MOST_ROWS } from "./fleet-report.js";
import { printable } from "./printable.js";
import { table, type Column } from "./table.js";
import type { Terminal } from "./terminal.js";

/** A table of the jobs of a plan; of many jobs, the first ones. */
export function plannedJobLines(terminal: Terminal, { hosts }: FleetPlan): string[] {
  const jobs = hosts.flatMap(({ name, jobs: planned }) => planned.map((job) => ({ name, ...job })));
  if (jobs.length === 0) {
    return hosts.some(({ status }) => status === "done") ? [terminal.words("list.none")] : [];
  }
  const title = (key: string) => ({ title: terminal.style("bold", terminal.words(key)) });
  const columns: Column[] = [
    title("fleet.column.host"),
    title("column.jobId"),
    title("column.state"),
    { ...title("column.displayName"), shrinksTo: 12 },
    { ...title("column.owner"), shrinksTo: 8, optional: true },
  ];
  const rows = jobs
    .slice(0, MOST_ROWS)
    .map(({ name, jobId, state, displayName = "", owner = "" }) => [
      { text: printable(name) },
      { text: jobId },
      stateCell(terminal, state),
      { text: printable(displayName) },
      { text: printable(owner) },
    ]);
  const more = jobs.length - rows.length;
  return [...table(columns, rows, terminal.width), ...(more > 0 ? [terminal.words("more", { count: more })] : [])];
}
