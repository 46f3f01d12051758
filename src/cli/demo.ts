import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BackgroundCopyManager } from "../manager.js";
import { BackgroundCopyError } from "../words/errors.js";
import { LOCALES } from "../words/locale.js";
import type { Command } from "./command.js";
import { ExitCode, SetUpError } from "./exit-code.js";
import { formatNumber } from "./format.js";
import { errorLines } from "./job-cells.js";
import type { GlobalOptions, Terminal } from "./terminal.js";

const CHUNK = Buffer.alloc(16 * 1024);
const CHUNKS = 4096;

/** A slow file server on the loopback interface, so that there is a transfer to cancel. */
async function startFileServer(): Promise<AsyncDisposable & { readonly url: string }> {
  const { createServer } = await import("node:http");
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-length": CHUNK.length * CHUNKS });
    const timer = setInterval(() => response.write(CHUNK), 10);
    response.on("close", () => clearInterval(timer));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/update.bin`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A separate folder for the transferred files. */
async function makeFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "background-copy-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The files in a folder, with their sizes in bytes. */
async function contents(folder: string): Promise<{ name: string; bytes: number }[]> {
  const names = await readdir(folder);
  return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })));
}

/** The temporary file of the transfer, once it contains data; nothing if the service keeps it elsewhere. */
async function temporaryFile(
  folder: string,
  signal: AbortSignal,
): Promise<{ name: string; bytes: number } | undefined> {
  for (let tries = 0; tries < 250; tries++) {
    const file = (await contents(folder)).find(({ bytes }) => bytes > 0);
    if (file) {
      return file;
    }
    await delay(20, undefined, { signal });
  }
  return undefined;
}

async function run(terminal: Terminal, manager: BackgroundCopyManager, url: string, folder: string): Promise<number> {
  const { signal } = terminal;
  const target = join(folder, "update.bin");
  const job = await manager.createJob("background-copy demo", { signal });
  terminal.line(
    terminal.words("demo.created", { jobId: job.id, service: manager.service, state: await job.getState() }),
  );
  await job.addFile(url, target, { signal });
  await job.resume({ signal });
  const temporary = await temporaryFile(folder, signal);
  const failure = temporary ? undefined : await job.getError({ signal });
  if (failure) {
    await job.cancel({ signal });
    const reason = errorLines(terminal, failure);
    for (const line of [terminal.words("demo.notTransferred"), ...reason]) {
      terminal.note(line);
    }
    terminal.document({ service: manager.service, jobId: job.id, error: failure });
    return ExitCode.refused;
  }
  terminal.line(
    terminal.words("demo.transferring", {
      state: await job.getState(),
      name: temporary?.name ?? "-",
      bytes: formatNumber(terminal.language.locale, temporary?.bytes ?? 0),
    }),
  );

  const first = await job.cancel({ signal });
  const left = (await contents(folder)).map(({ name }) => name);
  terminal.line(terminal.words("demo.canceled", { state: first.stateAfter ?? "" }));
  terminal.line(terminal.words(left.length > 0 ? "demo.left" : "demo.nothingLeft", { names: left.join(", ") }));

  const second = await job.cancel({ signal }).catch((error: unknown) => error);
  if (!(second instanceof BackgroundCopyError)) {
    throw second;
  }
  const outcomes = [first, second].map((outcome) => ({
    code: outcome.code,
    hex: outcome.hex,
    messages: LOCALES.map((locale) => ({ locale, message: outcome.localize(locale) })),
  }));
  for (const { code, hex, messages } of outcomes) {
    terminal.line("");
    terminal.line(`IBackgroundCopyJob::Cancel  ${code}  ${hex}`);
    for (const { locale, message } of messages) {
      terminal.line(`  ${locale.padEnd(5)}  ${message}`);
    }
  }
  terminal.document({ service: manager.service, jobId: job.id, temporary, left, outcomes });
  return ExitCode.done;
}

/**
 * `demo`: the main scenario from end to end. A job downloads from a local server, is canceled in mid-transfer, and is canceled again,
 * which the service refuses; both outcomes are shown in every language.
 */
export const demo: Command<GlobalOptions> = {
  name: "demo",
  examples: ["demo", "demo --service bits"],
  async run(terminal, options) {
    const ready = async <Resource>(making: Promise<Resource>): Promise<Resource> => {
      try {
        return await making;
      } catch (error) {
        throw new SetUpError(terminal.words("demo.notReady", { reason: (error as Error).message }));
      }
    };
    await using server = await ready(startFileServer());
    await using folder = await ready(makeFolder());
    await using manager = await terminal.connect({ ...options, service: options.service ?? "embedded" });
    return await run(terminal, manager, server.url, folder.path);
  },
};
