import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { untilAborted } from "../../src/waiting/abort.js";
import type { Locale } from "../../src/words/locale.js";
import { TestService, type TestFile } from "../../src/testing.js";
import { runInShell, WatchClock } from "../support/shell.js";

// The transcripts of the command line in docs/: `npm run transcripts` writes them, and the tests compare them with the current output.

// Unicode defines how a language writes sizes and times, and changes it from time to time.
const CLDR = "48.0";

const LANGUAGES: readonly Locale[] = ["en", "fr", "zh-TW"];
const NOW = new Date("2026-11-21T08:30:00Z");
const DAY_IN_MS = 86_400_000;
const WINDOW = { columns: 110, rows: 30 };

const EXAMPLE = "6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de";
const SERVER = "https://downloads.example.com";
const DISK_FULL = { code: "ERROR_DISK_FULL", context: "BG_ERROR_CONTEXT_LOCAL_FILE" } as const;

let service: TestService;
let folder: string;
// Opened when the command has shown the beginning of its transfer, so that speed does not matter.
let gate: Promise<void>;
let openGate: () => void;

beforeEach(async () => {
  vi.stubEnv("TZ", "UTC");
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  service = new TestService({ clock: new WatchClock(NOW), owner: "S-1-5-21-1000", fetch: serve });
  folder = await mkdtemp(join(tmpdir(), "background-copy-"));
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** A server without a network. */
async function serve(input: string | URL | Request, { signal }: RequestInit = {}): Promise<Response> {
  await untilAborted(gate, signal ?? undefined);
  if (String(input).includes("missing")) {
    return new Response("", { status: 404 });
  }
  const file = Buffer.alloc(1_000_000);
  return new Response(file, { headers: { "content-length": String(file.length) } });
}

/** Replaces values that differ between runs. */
class Stable {
  readonly #ids = new Map<string, string>([[EXAMPLE, EXAMPLE]]);

  text(text: string): string {
    return text
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => this.#id(id))
      .replaceAll(join(folder, "/"), "/home/me/")
      .replaceAll(/BIT[0-9a-f]{16}/g, "BIT0123456789abcdef");
  }

  #id(id: string): string {
    const stable = this.#ids.get(id) ?? `00000000-0000-4000-8000-${String(this.#ids.size).padStart(12, "0")}`;
    this.#ids.set(id, stable);
    return stable;
  }
}

interface Line {
  readonly argv: readonly string[];
  /** The answer to a question. */
  readonly typed?: string;
  /** Whether the streams are pipes instead of a window. */
  readonly piped?: boolean;
  /** The preparation of the step. */
  readonly before?: () => void;
}

function file(name: string, bytesTotal: number, bytesTransferred: number): TestFile {
  return { remoteName: `${SERVER}/${name}`, localName: join(folder, name), bytesTotal, bytesTransferred };
}

/** Jobs of other programs, which exist when the session begins. */
function addJobs(): { readonly failed: string; readonly slow: string; readonly quick: string } {
  const daysAgo = (days: number) => {
    const time = new Date(NOW.getTime() - days * DAY_IN_MS);
    return { creationTime: time, modificationTime: time };
  };
  const failed = service.addJob({
    displayName: "Driver update 31.0.101.2125",
    description: "Nightly",
    state: "BG_JOB_STATE_ERROR",
    error: { code: "BG_E_HTTP_ERROR_404" },
    files: [file("driver.cab", 734_003_200, 73_400_320)],
    ...daysAgo(9),
  });
  const slow = service.addJob({
    displayName: "每週安全性更新（包含所有語言套件與選用功能）",
    state: "BG_JOB_STATE_TRANSFERRING",
    priority: "BG_JOB_PRIORITY_LOW",
    files: [file("security.msu", 1_288_490_188, 944_892_805)],
    ...daysAgo(1),
  });
  const quick = service.addJob({
    displayName: "Téléchargement des langues",
    state: "BG_JOB_STATE_TRANSFERRING",
    files: [file("languages.zip", 52_428_800, 15_728_640)],
    ...daysAgo(0),
  });
  return { failed, slow, quick };
}

const isComparable = process.versions.cldr === CLDR;
const condition = isComparable ? "" : ` (with the formats of CLDR ${CLDR})`;

it.skipIf(!isComparable).each(LANGUAGES)(`the transcript in %s is what is printed now${condition}`, async (locale) => {
  const { failed, slow, quick } = addJobs();
  const path = (name: string) => join(folder, name);
  // Its codes are shown for a canceled or completed job, instead of those of Delivery Optimization.
  const bits = ["--service", "bits"];
  const lines: readonly Line[] = [
    { argv: ["list", ...bits] },
    { argv: ["list", "--state", "error", "--modified-before", "7d", ...bits] },
    { argv: ["show", failed, ...bits] },
    { argv: ["watch", quick, slow, ...bits], piped: true },
    { argv: ["complete", quick, ...bits] },
    { argv: ["suspend", slow, ...bits] },
    {
      argv: ["resume", slow, quick, ...bits],
      before: () => service.answer("IBackgroundCopyJob::Resume", "BG_E_INVALID_STATE", { jobId: quick }),
    },
    { argv: ["cancel", "--name", "*update*", "--what-if", ...bits] },
    { argv: ["cancel", "--name", "*update*", ...bits], piped: true },
    {
      argv: ["cancel", "--name", "*update*", ...bits],
      typed: { en: "y", fr: "o", "zh-TW": "y" }[locale as string] ?? "",
    },
    {
      argv: ["cancel", failed, slow, ...bits],
      before: () => {
        service.answer("IBackgroundCopyJob::Cancel", "BG_E_INVALID_STATE", { jobId: failed });
        service.changeJob(slow, { state: "BG_JOB_STATE_ERROR", error: DISK_FULL });
      },
    },
    { argv: ["create", `${SERVER}/update.bin`, path("update.bin"), "--wait", ...bits], piped: true },
    { argv: ["create", `${SERVER}/missing.bin`, path("missing.bin"), "--wait", ...bits], piped: true },
    {
      argv: [
        ...["create", `${SERVER}/a.bin`, path("a.bin"), `${SERVER}/b.bin`, path("b.bin")],
        ...["--name", "two files", "--priority", "low", "--suspended", ...bits],
      ],
    },
    { argv: ["cancel", "--state", "asleep", ...bits] },
    { argv: ["list", "--created-before", "yesterday", ...bits] },
    { argv: ["list", "--state", "suspended", "--json", ...bits] },
    { argv: ["explain", "0x80D02013", "--method", "IBackgroundCopyJob::Cancel"] },
    { argv: ["cancel", "--help"] },
  ];
  const stable = new Stable();
  const sections: string[] = [];
  for (const { argv, typed, piped, before } of lines) {
    before?.();
    gate = new Promise((resolve) => {
      openGate = resolve;
    });
    const { exitCode, output } = await runInShell(service, [...argv, "--locale", locale], {
      window: piped ? undefined : WINDOW,
      onOutput: (text) => {
        if (text.includes(" / ?")) {
          openGate();
        }
        if (argv[0] === "watch" && text.includes(slow)) {
          service.changeJob(quick, {
            state: "BG_JOB_STATE_TRANSFERRED",
            files: [file("languages.zip", 52_428_800, 52_428_800)],
          });
          service.changeJob(slow, { state: "BG_JOB_STATE_ERROR", error: DISK_FULL });
        }
        return /\[.\/N\]/.test(text) ? `${typed}\n` : undefined;
      },
    });
    const command = argv.map((word) => (/[*?&\s]/.test(word) ? `"${word}"` : word)).join(" ");
    const words = [`$ background-copy ${command}${piped ? " | cat" : ""}`, output.trimEnd(), `$ echo $?\n${exitCode}`];
    sections.push(stable.text(stripVTControlCharacters(words.join("\n"))));
    await service.clock.advance(60_000);
  }
  const transcript = `# background-copy --locale ${locale}\n\n${sections.map((text) => `\`\`\`console\n${text}\n\`\`\`\n`).join("\n")}`;
  await expect(transcript).toMatchFileSnapshot(`../../docs/transcripts/${locale}.md`);
});
