import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { FleetEngine, FleetHost, OpenOptions } from "../../src/port/engine.js";
import { ExitCode } from "../../src/cli/exit-code.js";
import { BackgroundCopyFleet, type FleetPlan, type HostOutcome } from "../../src/fleet.js";
import { openLink } from "../../src/powershell/remote/link.js";
import { REMOTE_LIMITS } from "../../src/powershell/remote/limits.js";
import { sshStart } from "../../src/powershell/ssh/start.js";
import { TestService } from "../../src/testing.js";
import { BRIDGE_ERROR_CODES } from "../../src/words/bridge-codes.js";
import { BackgroundCopyError, BridgeError } from "../../src/words/errors.js";
import { fleetOver } from "../support/fleet-over.js";
import { runs } from "../support/property.js";
import { runInShell } from "../support/shell.js";
import { unseen } from "./forgeries.js";
import { HOSTS, jobsOf, LIAR, liar, OTHERS, ready, resultOf, SOUND, truth } from "./lies.js";
import { type FarSide, farSides, printed, type Request, type Said } from "./ssh-in-memory.js";

// Computers of a fleet that lie. All code from the bytes that ssh prints to the terminal is real: only the process of ssh is replaced.

vi.mock("../../src/powershell/process.js", () => import("./ssh-in-memory.js"));

const engine: FleetEngine = {
  name: "ssh",
  open: (host: FleetHost, options: OpenOptions) => openLink(sshStart(host.name, {}, host, options), options),
};

const WINDOW = { columns: 120, rows: 30 };

/** The sound hosts, and the IDs of the jobs that they were told to cancel. */
function install(side: FarSide): string[] {
  const canceled: string[] = [];
  farSides.clear();
  for (const host of SOUND) {
    farSides.set(host, (request, marker) => {
      if (request?.method === "job.cancel") {
        canceled.push(...(request.params.jobIds ?? []));
      }
      const text = request
        ? `${marker}${JSON.stringify({ jsonrpc: "2.0", id: request.id, result: resultOf(host, request) })}\n`
        : ready(marker);
      return { pieces: [Buffer.from(text)] };
    });
  }
  farSides.set(LIAR, side);
  return canceled;
}

const connect = () => fleetOver(BackgroundCopyFleet, engine, { hosts: HOSTS, locale: "en" });

async function planOf(): Promise<FleetPlan> {
  install(truth);
  await using fleet = await connect();
  return fleet.listJobs();
}

const STATUSES = ["done", "refused", "failed", "unreachable", "lost", "timed out", "skipped"];

/** What is true of every outcome, whatever a far side says. */
function check(
  outcomes: readonly Pick<HostOutcome<{ readonly jobId?: string }>, "name" | "status" | "error" | "jobs" | "remote">[],
): void {
  expect(outcomes.map(({ name }) => name).sort()).toEqual([...HOSTS].sort());
  for (const { name, status, error, jobs, remote } of outcomes) {
    expect(STATUSES).toContain(status);
    if (name !== LIAR) {
      expect([name, status, error]).toEqual([name, "done", undefined]);
      continue;
    }
    if (error) {
      expect(error instanceof BridgeError || error instanceof BackgroundCopyError, String(error)).toBe(true);
      expect(error instanceof BridgeError ? BRIDGE_ERROR_CODES : [error.code]).toContain(error.code);
    }
    expect(JSON.stringify((error as BridgeError | undefined)?.diagnostics ?? []).length).toBeLessThan(50_000);
    expect(JSON.stringify({ jobs, remote }).length).toBeLessThan(100_000);
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}

async function all<J>(outcomes: AsyncIterable<HostOutcome<J>>): Promise<HostOutcome<J>[]> {
  const collected: HostOutcome<J>[] = [];
  for await (const outcome of outcomes) {
    collected.push(outcome);
  }
  return collected;
}

describe("23: a computer of a fleet that lies", () => {
  it("23: gets an outcome of its own, and no other computer does", async () => {
    const plan = await planOf();
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(liar, async (side) => {
        const canceled = install(side);
        await using fleet = await connect();
        const outcomes = await all(fleet.cancelJobs(plan, { stopAfter: { failed: "100%" }, batches: ["100%"] }));
        check(outcomes);
        expect(canceled.sort()).toEqual(OTHERS.toSorted());
        // It can't succeed for jobs that it was not asked for, nor be silent about one that it was asked for.
        for (const { status } of outcomes) {
          seen.add(status);
        }
        const own = outcomes.find(({ name }) => name === LIAR);
        const told = own?.jobs.map(({ jobId }) => jobId) ?? [];
        expect(jobsOf(LIAR)).toEqual(expect.arrayContaining(told));
        expect(own?.status === "done" ? told.toSorted() : jobsOf(LIAR)).toEqual(jobsOf(LIAR));
        check((await all(fleet.doctor())) as never);
        const listed = await fleet.listJobs();
        check(listed.hosts as never);
        expect(BackgroundCopyFleet.readPlan(JSON.stringify(listed))).toEqual(listed);
      }),
      runs(300),
    );
    // Neither are all lies found harmless, nor does each end the connection.
    expect([...seen]).toEqual(expect.arrayContaining(["done", "failed", "lost"]));
  });

  it("23: orders a terminal about with nothing, and ends with a code of its own", async () => {
    await using service = new TestService();
    const folder = mkdtempSync(join(tmpdir(), "background-copy-far-sides-"));
    const file = join(folder, "hosts.txt");
    writeFileSync(file, HOSTS.join("\n"));
    try {
      await fc.assert(
        fc.asyncProperty(liar, fc.constantFrom("list", "doctor", "cancel"), async (side, action) => {
          install(side);
          const argv = ["fleet", action, "--hosts-from", file, "--engine", "ssh", "--locale", "en"];
          const filter = action === "cancel" ? ["--name", "*", "--yes"] : [];
          const { exitCode, output } = await runInShell(service, [...argv, ...filter], {
            window: WINDOW,
            engine,
          });
          expect(Object.values(ExitCode)).toContain(exitCode);
          // What the live lines of the command line itself need.
          expect(unseen(output.replaceAll(/\x1b\[(?:\d*[AGJK]|\?25[hl])|\r/g, ""))).toEqual([]);
          for (const host of SOUND) {
            expect(output).not.toMatch(new RegExp(`^${host} .*(?:failed|lost|unreachable)`, "m"));
          }
        }),
        runs(100),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const MEGABYTE = 2 ** 20;
  /** Answers until somebody ends it. */
  const ENDLESS: [string, number, FarSide][] = [
    ["a line that never ends", REMOTE_LIMITS.asked, () => flood("x".repeat(MEGABYTE))],
    ["lines that nobody asked for", REMOTE_LIMITS.asked, () => flood("x\n".repeat(MEGABYTE / 2))],
    [
      "a list that never ends",
      REMOTE_LIMITS.total,
      (request, marker) => {
        const { id, params } = request as Request;
        const jobIds = Array.from({ length: 20_000 }, () => jobsOf(LIAR)[0]);
        const result = { hresult: 0, method: "M", page: (params as { page?: number }).page, more: true, jobIds };
        return { pieces: [Buffer.from(`${marker}${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`)] };
      },
    ],
  ];
  function flood(text: string): Said {
    return { pieces: Array.from({ length: 100 }, () => Buffer.from(text)) };
  }

  it.each(ENDLESS)("23: is read no further than its limit: %s", async (_name, limit, answer) => {
    install((request, marker) => (request?.method === "job.list" ? answer(request, marker) : truth(request, marker)));
    await using fleet = await connect();
    printed.characters = 0;
    const { hosts } = await fleet.listJobs();
    expect(hosts.map(({ name, status }) => [name, status])).toEqual([
      ["pc-1", "done"],
      [LIAR, "lost"],
      ["pc-2", "done"],
    ]);
    expect(printed.characters).toBeGreaterThan(limit / 2);
    expect(printed.characters).toBeLessThan(limit + 2 * MEGABYTE);
  });
});
