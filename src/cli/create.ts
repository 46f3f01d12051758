import { basename, resolve as resolvePath, sep } from "node:path";
import type { BackgroundCopyJob, JobResult, JobSettings, JobStatus, NewFile } from "../index.js";
import type { BackgroundCopyManager } from "../manager.js";
import { JOB_PRIORITY, JOB_TYPE } from "../model/job.js";
import { TRANSFER_POLICY } from "../model/setting-values.js";
import { badArgument } from "../words/arguments.js";
import { LocalizedError } from "../words/errors.js";
import { withoutCredentials } from "../words/without-credentials.js";
import { flag, repeated, shortName, single, type Command } from "./command.js";
import { ExitCode, exitCodeOf, exitCodeOfResult, UsageError } from "./exit-code.js";
import { errorLines, resultLines } from "./job-cells.js";
import { printable } from "./printable.js";
import { progressView } from "./progress-view.js";
import type { GlobalOptions, Terminal } from "./terminal.js";
import { isTransferred } from "./watch.js";

interface CreateArguments extends GlobalOptions {
  readonly url: string;
  readonly file: string;
  readonly more?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly type?: string | undefined;
  readonly priority?: string | undefined;
  readonly minimumRetryDelay?: number | undefined;
  readonly noProgressTimeout?: number | undefined;
  readonly maximumDownloadTime?: number | undefined;
  readonly transferPolicy?: string | undefined;
  readonly header?: readonly string[] | undefined;
  readonly suspended?: boolean | undefined;
  readonly wait?: boolean | undefined;
}

function shortNames<Name extends string>(prefix: string, names: readonly Name[]): ReadonlyMap<string, Name> {
  return new Map(names.map((name) => [shortName(prefix, name), name]));
}

const TYPES = shortNames("BG_JOB_TYPE_", JOB_TYPE.names);
const PRIORITIES = shortNames("BG_JOB_PRIORITY_", JOB_PRIORITY.names);
const TRANSFER_POLICIES = shortNames("BITS_JOB_TRANSFER_POLICY_", TRANSFER_POLICY.names);

/** `create`: creates a job, starts it, and on request waits for the transfer. */
export const create: Command<CreateArguments> = {
  name: "create",
  parameters: "<url> <file> [more..]",
  examples: [
    "create https://example.com/update.bin update.bin --wait",
    "create https://example.com/a.bin a.bin https://example.com/b.bin b.bin --name updates --priority low",
  ],
  positionals: (words) => ({
    url: { type: "string", describe: words("argument.url") },
    file: { type: "string", describe: words("argument.file") },
    more: { type: "string", describe: words("argument.more"), defaultDescription: words("none") },
  }),
  options(words) {
    const seconds = (key: string) => single(words, key, { type: "number" });
    return {
      name: single(words, "jobName"),
      description: single(words, "description"),
      type: single(words, "type", { choices: [...TYPES.keys()] }),
      priority: single(words, "priority", { choices: [...PRIORITIES.keys()] }),
      "minimum-retry-delay": seconds("minimumRetryDelay"),
      "no-progress-timeout": seconds("noProgressTimeout"),
      "maximum-download-time": seconds("maximumDownloadTime"),
      "transfer-policy": single(words, "transferPolicy", { choices: [...TRANSFER_POLICIES.keys()] }),
      header: repeated(words, "header"),
      suspended: flag(words, "suspended"),
      wait: flag(words, "wait"),
    };
  },
  async run(terminal, options) {
    const files = filesOf(terminal, options);
    const settings = settingsOf(terminal, options);
    if (options.wait && options.suspended) {
      throw new UsageError(terminal.words("waitForSuspended"));
    }
    await using manager = await terminal.connect(options);
    if (!options.wait && endsHere(manager)) {
      throw new UsageError(terminal.words("waitNeeded"));
    }
    const { signal } = terminal;
    const name = options.name ?? basename(options.file);
    const type = TYPES.get(options.type ?? "");
    const job = await manager.createJob(name, { type, files, ...settings, signal });
    terminal.line(terminal.words("create.created", { jobId: job.id, name: printable(name) }));
    const { service, locale } = manager;
    const document = (waited: object) => terminal.document({ service, locale, jobId: job.id, ...waited });
    const prospects = (key: string) =>
      terminal.words(`create.${endsHere(manager) ? "ended" : key}`, { jobId: job.id, service });
    try {
      if (!options.suspended) {
        await job.resume({ signal });
      }
      const waited = options.wait ? await waitFor(terminal, job) : undefined;
      if (waited && !waited.result) {
        terminal.line(prospects("notTransferred"));
      }
      document(waited ?? {});
      return waited ? (waited.result ? exitCodeOfResult(waited.result) : ExitCode.refused) : ExitCode.done;
    } catch (error) {
      // The job exists now, whatever happens next, so its ID must not be lost.
      if (signal.aborted) {
        terminal.note(prospects("interrupted"));
        document({ interrupted: true });
        return ExitCode.interrupted;
      }
      if (error instanceof LocalizedError) {
        terminal.complain(error);
        terminal.note(prospects("exists"));
        document({ error: error.toJSON() });
        return exitCodeOf(error);
      }
      throw error;
    }
  },
};

/** Whether the jobs end with this process. */
function endsHere({ capabilities }: BackgroundCopyManager): boolean {
  return capabilities.jobsOutliveTheHost === false;
}

function filesOf(terminal: Terminal, { url, file, more = [] }: CreateArguments): NewFile[] {
  if (more.length % 2 > 0) {
    // What is not a URL might be part of another option, such as the value of a header.
    const url = more.at(-1) ?? "";
    throw new UsageError(terminal.words("fileMissing", { url: URL.canParse(url) ? withoutCredentials(url) : "…" }));
  }
  const pairs = [[url, file], ...more.flatMap((_, i) => (i % 2 === 0 ? [more.slice(i, i + 2)] : []))];
  return pairs.map(([remoteUrl = "", localName = ""]) => ({ remoteUrl, localName: absolute(localName) }));
}

/** The absolute path. A separator at the end stays, so that the service refuses a folder. */
function absolute(path: string): string {
  const resolved = resolvePath(path);
  const isFolder = path.endsWith("/") || path.endsWith(sep);
  return isFolder && !resolved.endsWith(sep) ? resolved + sep : resolved;
}

function settingsOf(terminal: Terminal, options: CreateArguments): JobSettings {
  const { description, minimumRetryDelay, noProgressTimeout, maximumDownloadTime, header } = options;
  const headers = header?.map((line) => /^([^:\s]+):\s*(.*)$/s.exec(line) ?? badHeader(terminal));
  return {
    description,
    priority: PRIORITIES.get(options.priority ?? ""),
    minimumRetryDelay: secondsOf(terminal, "--minimum-retry-delay", minimumRetryDelay),
    noProgressTimeout: secondsOf(terminal, "--no-progress-timeout", noProgressTimeout),
    maximumDownloadTime: secondsOf(terminal, "--maximum-download-time", maximumDownloadTime),
    transferPolicy: TRANSFER_POLICIES.get(options.transferPolicy ?? ""),
    customHeaders: headers && Object.fromEntries(headers.map(([, name, value]) => [name, value])),
  };
}

/** The number of seconds of an option. An invalid number fails with the option's name, before anything is started. */
function secondsOf({ language }: Terminal, name: string, seconds: number | undefined): number | undefined {
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 0 && seconds < 2 ** 32)) {
    throw badArgument(language, "unsigned", { name });
  }
  return seconds;
}

// A header might be a secret, so it is not repeated.
function badHeader(terminal: Terminal): never {
  throw new UsageError(terminal.words("badHeader"));
}

/** Waits for the end of the transfer and completes the job. Without a result if the job ended in another way. */
async function waitFor(
  terminal: Terminal,
  job: BackgroundCopyJob,
): Promise<{ status: JobStatus | undefined; result?: JobResult }> {
  const { signal } = terminal;
  const view = progressView(terminal, { withIds: false });
  let status: JobStatus | undefined;
  try {
    for await (status of job.watch({ signal })) {
      view.show(status);
    }
  } finally {
    view.end();
  }
  if (status && isTransferred(status)) {
    const result = await job.complete({ signal });
    for (const line of resultLines(terminal, result)) {
      terminal.line(line);
    }
    return { status, result };
  }
  for (const line of status?.error ? errorLines(terminal, status.error) : []) {
    terminal.line(line);
  }
  return { status };
}
