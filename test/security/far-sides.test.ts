import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { FleetEngine, FleetHost, OpenOptions } from "../../src/port/engine.js";
import type { HostExit, Program } from "../../src/powershell/process.js";
import { VERSION } from "../../src/made/manifest.js";
import { ExitCode } from "../../src/cli/exit-code.js";
import { BackgroundCopyFleet, type FleetPlan, type HostOutcome } from "../../src/fleet.js";
import { openLink } from "../../src/powershell/remote/link.js";
import { REMOTE_LIMITS } from "../../src/powershell/remote/limits.js";
import { sshStart } from "../../src/powershell/ssh/start.js";
import { TestService } from "../../src/testing.js";
import { BRIDGE_ERROR_CODES } from "../../src/words/bridge-codes.js";
import { BackgroundCopyError, BridgeError } from "../../src/words/errors.js";
import { hostileText, runs } from "../support/property.js";
import { runInShell } from "../support/shell.js";
import { forgery, unseen } from "./forgeries.js";

// Computers of a fleet that lie. All code from the bytes that ssh prints to the terminal is real: only the process of ssh is replaced.

/** What a far side prints for a request, or at its start: on its standard output in pieces, and on its standard error. */
interface Said {
  readonly pieces: readonly Buffer[];
  readonly stderr?: string | undefined;
  /** The code with which ssh then exits. */
  readonly exitCode?: number | undefined;
}

type FarSide = (request: Request | undefined, marker: string) => Said;

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly jobIds?: readonly string[] };
}

const farSides = vi.hoisted(() => new Map<string, FarSide>());
const printed = vi.hoisted(() => ({ characters: 0 }));

vi.mock("../../src/powershell/process.js", () => ({
  /** A process of ssh in memory: its executable names the far side. */
  HostProcess: class {
    readonly pid = 1;
    readonly exit: Promise<HostExit>;
    readonly #say: FarSide;
    #marker: string | undefined;
    #onOut: (text: string) => void = () => {};
    #onError: (text: string) => void = () => {};
    #exit!: (exit: HostExit) => void;
    #isOver = false;
    readonly #decoder = new StringDecoder("utf8");

    constructor({ executable }: Program) {
      this.#say = farSides.get(executable) as FarSide;
      this.exit = new Promise((resolve) => {
        this.#exit = resolve;
      });
    }

    onOutput(stdout: (text: string) => void, stderr: (text: string) => void): void {
      this.#onOut = stdout;
      this.#onError = stderr;
    }

    write(text: string): void {
      const isStart = this.#marker === undefined;
      this.#marker ??= /\$m = '(\w+)'/.exec(text)?.[1] ?? "";
      const said = this.#say(isStart ? undefined : JSON.parse(text), this.#marker);
      setImmediate(() => this.#print(said));
    }

    end(): void {
      setImmediate(() => this.#close(0));
    }

    kill(): void {
      this.#close(undefined);
    }

    keepAlive(): void {}

    #print({ pieces, stderr, exitCode }: Said): void {
      if (stderr && !this.#isOver) {
        this.#onError(stderr);
      }
      for (const piece of pieces) {
        if (!this.#isOver) {
          printed.characters += piece.length;
          this.#onOut(this.#decoder.write(piece));
        }
      }
      if (exitCode !== undefined) {
        this.#close(exitCode);
      }
    }

    #close(exitCode: number | undefined): void {
      this.#isOver = true;
      this.#exit({ exitCode, error: undefined });
    }
  },
}));

const engine: FleetEngine = {
  name: "ssh",
  open: (host: FleetHost, options: OpenOptions) => openLink(sshStart(host.name, {}, host, options), options),
};

const WINDOW = { columns: 120, rows: 30 };
const LIAR = "pc-liar";
const SOUND = ["pc-1", "pc-2"];
const HOSTS = [SOUND[0] as string, LIAR, SOUND[1] as string];
const jobsOf = (host: string) => [1, 2].map((i) => `0000000${i}-0000-4000-8000-00000000000${HOSTS.indexOf(host)}`);
const OTHERS = SOUND.flatMap(jobsOf);

const ready = (marker: string) =>
  `${marker}${JSON.stringify({ method: "host.ready", params: { version: VERSION, powershell: "5.1.1", edition: "Desktop" } })}\n`;

/** The true result of a request. */
function resultOf(host: string, { method, params }: Request, displayName = "nightly"): object {
  const { jobIds = [] } = params;
  const items = (item: object) => ({
    items: jobIds.map((jobId) => ({ hresult: 0, method: "IBackgroundCopyJob::Cancel", jobId, ...item })),
  });
  switch (method) {
    case "host.identify":
      return { system: "Microsoft Windows NT 10.0.19045.0", languageMode: "FullLanguage", integrity: 0x3000 };
    case "service.open":
      return { hresult: 0, method: "CoCreateInstance", interface: "IBackgroundCopyManager" };
    case "job.list":
      return { hresult: 0, method: "IBackgroundCopyManager::EnumJobs", jobIds: jobsOf(host), page: 0 };
    case "job.describe":
      return items({ job: { state: 3, displayName, owner: displayName, ownerIntegrityLevel: 0x3000 } });
    default:
      return items({ stateBefore: 3, stateAfter: 8 });
  }
}

/** Changes a true answer, its line without the marker. */
type Lie = (answer: string, request: Request) => string;

const value = fc.oneof(
  fc.constantFrom("1e400", "-1", "4294967296", "9007199254740993", "null", "{}", "[]", '"8"', "true"),
  hostileText.map((text) => JSON.stringify(text)),
);
const member = fc.constantFrom(
  "id",
  "hresult",
  "state",
  "stateAfter",
  "stateBefore",
  "jobId",
  "ownerIntegrityLevel",
  "page",
  "system",
  "integrity",
);
const lie: fc.Arbitrary<Lie> = fc.oneof(
  // A value of another kind.
  fc.tuple(member, value).map(
    ([name, text]): Lie =>
      (answer) =>
        answer.replace(new RegExp(`"${name}":(?:"[^"]*"|[\\d.]+)`), `"${name}":${text}`),
  ),
  // A member that is on the prototype of an object.
  fc.tuple(fc.constantFrom("__proto__", "constructor", "toString"), value).map(
    ([name, text]): Lie =>
      (answer) =>
        answer.replace(/"(?:result|job)":\{/, `$&"${name}":{"polluted":${text}},`),
  ),
  // Jobs of other hosts.
  fc.constant<Lie>((answer) => jobsOf(LIAR).reduce((text, id, i) => text.replaceAll(id, OTHERS[i] as string), answer)),
  // Success for more jobs than it was asked for.
  fc.constant<Lie>((answer) => answer.replace(/("items":\[)(\{.*\})\]/, `$1$2,$2]`)),
  // The same answer twice, and an answer to a later request first.
  fc.constant<Lie>((answer) => `${answer}\n${answer}`),
  fc.constant<Lie>((answer, { id }) => `${answer.replace(`"id":${id}`, `"id":${id + 1}`)}\n${answer}`),
  // Half an answer, and one that is no JSON.
  fc.nat({ max: 80 }).map(
    (end): Lie =>
      (answer) =>
        answer.slice(0, end),
  ),
  hostileText.map(
    (text): Lie =>
      () =>
        text,
  ),
  // Another program of the host, before the answer.
  hostileText.map(
    (text): Lie =>
      (answer) =>
        `\n${text}\n${answer}`,
  ),
  // A refusal with words of its own.
  forgery.map(
    (text): Lie =>
      (_answer, { id }) =>
        JSON.stringify({ jsonrpc: "2.0", id, error: { message: text, data: { detail: text } } }),
  ),
  fc.constantFrom<Lie>((answer) => answer),
);

/** A far side that lies at one method, with names and with words of ssh that forge what a terminal shows. */
const liar = fc
  .record({
    at: fc.constantFrom("start", "host.identify", "service.open", "job.list", "job.describe", "job.cancel"),
    lie,
    name: forgery,
    stderr: fc.option(fc.oneof(forgery, fc.constant("Host key verification failed.\n\x1b]0;owned\x07")), {
      nil: undefined,
    }),
    readyTwice: fc.boolean(),
    // Bytes that are no UTF-8, and an answer that is cut within a character.
    bytes: fc.constantFrom<readonly number[]>([], [0xff, 0xfe], [0xe4, 0xb8], [0xf0, 0x9f, 0x98], [0x00]),
    cut: fc.nat({ max: 300 }),
    exitCode: fc.option(fc.constantFrom(0, 1, 127, 255), { nil: undefined, freq: 4 }),
  })
  .map(
    ({ at, lie: change, name, stderr, readyTwice, bytes, cut, exitCode }): FarSide =>
      (request, marker) => {
        const isThere = (request?.method ?? "start") === at;
        if (!request) {
          const line = ready(marker);
          const text = isThere ? `${readyTwice ? line : ""}${line}` : line;
          return { pieces: [Buffer.from(text)], stderr, exitCode: isThere ? exitCode : undefined };
        }
        const truth = JSON.stringify({ jsonrpc: "2.0", id: request.id, result: resultOf(LIAR, request, name) });
        if (!isThere) {
          return { pieces: [Buffer.from(`${marker}${truth}\n`)] };
        }
        const lines = change(truth, request)
          .split("\n")
          .map((line) => `${marker}${line}\n`);
        const all = Buffer.concat([
          Buffer.from(bytes),
          Buffer.from(`${readyTwice ? ready(marker) : ""}${lines.join("")}`),
        ]);
        // Nothing is answered at all if nothing follows: then the host exits.
        return {
          pieces: [all.subarray(0, cut), all.subarray(cut)],
          stderr,
          exitCode: exitCode ?? (/\S/.test(truth) ? undefined : 1),
        };
      },
  );

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

const connect = () => BackgroundCopyFleet.connect({ hosts: HOSTS, engine, locale: "en" });

/** The liar before it began to lie. */
const truth: FarSide = (request, marker) => {
  const answer = request && JSON.stringify({ jsonrpc: "2.0", id: request.id, result: resultOf(LIAR, request) });
  return { pieces: [Buffer.from(answer ? `${marker}${answer}\n` : ready(marker))] };
};

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
