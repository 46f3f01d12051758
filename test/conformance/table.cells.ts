import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, it } from "vitest";
import { TRANSFERS_AT_A_TIME } from "../../src/embedded/limits.js";
import { BackgroundCopyManager } from "../../src/index.js";
import { makeStandInPrefix, missingTools, startComServer } from "../support/com-server/index.js";
import { startFileServer, type FileServer } from "../support/file-server.js";
import { powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { makeWinePrefix, windowsPath } from "../support/wine.js";
import { CONTRACTS } from "./contracts.js";
import { isBits } from "./documented.js";
import { type Documentation, STATES, type State } from "./documented-calls.js";
import { cells, fill, fillTypes } from "./table.fill.js";
import { DOWNLOADS, WINE } from "./table.habits.js";

// The services of the table of `npm run conformance`.

/** The URLs on the file server that bring a job into the states of a transfer. */
function served(server: FileServer) {
  const paths: Partial<Record<State, string>> = {
    SUSPENDED: "/file?size=1000000&pause=65536",
    TRANSFERRING: "/file?size=1000000&pause=65536",
    TRANSIENT_ERROR: "/file?status=503",
    ERROR: "/file?status=404",
    TRANSFERRED: "/file",
    ACKNOWLEDGED: "/file",
    CANCELLED: "/file",
  };
  return (state: State) => paths[state] && server.url(paths[state]);
}

function scripted(state: State, documentation: Documentation): string | undefined {
  const words: Partial<Record<State, string>> = {
    // A download has no separate state for a place in the queue.
    ...(documentation !== "do-download" && { QUEUED: "queued" }),
    ...(isBits(documentation) && { CONNECTING: "connecting" }),
    TRANSIENT_ERROR: "transient",
    ERROR: "404",
    TRANSFERRED: "done",
    ACKNOWLEDGED: "done",
    CANCELLED: "done",
    SUSPENDED: "hold",
    TRANSFERRING: "hold",
  };
  return words[state] && `http://stand-in/${words[state]}`;
}

const powershell = powerShellPath(WINE_POWERSHELL);

it("embedded", async () => {
  const server = await startFileServer();
  await using manager = await BackgroundCopyManager.connect({ service: "embedded" });
  const folder = await mkdtemp(join(tmpdir(), "background-copy-"));
  const subject = {
    label: "embedded",
    documentation: "embedded",
    path: (path: string) => path,
    url: served(server),
    habits: [],
  } as const;
  await fillTypes(
    manager,
    subject,
    STATES.filter((state) => state !== "QUEUED"),
  );
  // A job is queued if all turns are taken.
  for (let i = 0; i < TRANSFERS_AT_A_TIME; i++) {
    const job = await manager.createJob("takes a turn", { priority: "BG_JOB_PRIORITY_FOREGROUND" });
    await job.addFile(server.url("/file?size=1000000&pause=65536"), join(folder, `${i}.bin`));
    await job.resume();
  }
  await fill(manager, { ...subject, type: "BG_JOB_TYPE_DOWNLOAD", url: () => server.url("/file") }, ["QUEUED"]);
  await manager.close();
  await rm(folder, { recursive: true, force: true });
  await server.close();
});

it.runIf(powershell)("Wine's BITS", async () => {
  const prefix = await makeWinePrefix(powershell as string);
  const server = await startFileServer();
  try {
    await using manager = await BackgroundCopyManager.connect({ service: "bits", executable: prefix.executable });
    await fillTypes(manager, {
      label: "bits, Wine's own",
      documentation: "bits",
      path: windowsPath,
      url: served(server),
      // It sometimes crashes if a body still arrives when it cancels.
      settleInMs: 300,
      habits: WINE,
    });
  } finally {
    await server.close();
    prefix.remove();
  }
});

it.runIf(powershell && !missingTools())("the stand-in service", async () => {
  const prefix = await makeStandInPrefix(powershell as string);
  try {
    for (const { contract, service } of CONTRACTS) {
      await using _server = await startComServer(prefix.path, contract, ["keep-final"]);
      await using manager = await BackgroundCopyManager.connect({ service, executable: prefix.executable });
      await fillTypes(manager, {
        label: `${service}, stand-in (${contract})`,
        documentation: contract,
        path: windowsPath,
        url: (state) => scripted(state, contract),
        habits: contract === "do-download" ? DOWNLOADS : [],
      });
    }
  } finally {
    prefix.remove();
  }
});

afterAll(async () => {
  const skipped = powershell ? [missingTools() ?? []].flat() : [WINE_POWERSHELL];
  await writeFile(process.env.BACKGROUND_COPY_TABLE as string, JSON.stringify({ cells, skipped }));
});
