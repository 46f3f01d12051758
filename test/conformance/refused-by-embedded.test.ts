import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { BackgroundCopyManager } from "../../src/index.js";
import { capabilitiesOf } from "../../src/port/capabilities.js";
import { type FileServer, startFileServer } from "../support/file-server.js";
import { newTarget, ROWS, type Row, spelled } from "../support/refused-rows.js";
import { callsOf } from "./refused-calls.js";
import { expectRefusal } from "./refused-job.js";

// The embedded service must be as strict as BITS, as far as it supports the methods of BITS. Its codes for states are those of Delivery
// Optimization.

const CODES: Readonly<Record<string, string>> = {
  BG_E_INVALID_STATE: "DO_E_INVALID_STATE",
  BG_E_NOT_FOUND: "DO_E_JOB_NOT_FOUND",
  BG_E_EMPTY: "DO_E_JOB_EMPTY",
};

/** Whether the row needs uploads, other users, or, on other systems, paths of Windows. */
function isElsewhere({ because, as, job }: Row): boolean {
  return (
    as !== undefined ||
    job?.type !== undefined ||
    job?.state === "foreign" ||
    // The embedded service reports a missing folder when the transfer begins.
    because.startsWith("the folder of a local name") ||
    // It takes longer paths than BITS.
    because === "a local name has at most MAX_PATH characters" ||
    because.startsWith("a local name has no prefix") ||
    (process.platform !== "win32" && because.startsWith("a local name"))
  );
}

const capabilities = capabilitiesOf("embedded", "IBackgroundCopyManager");
let folder: string;
// The folder doesn't exist yet when the rows are read.
const target = () => newTarget(join(folder ?? tmpdir(), sep));
const rows = ROWS.filter((row) => row.contract === "bits" && !isElsewhere(row)).flatMap((row) => {
  const calls = callsOf(spelled(row, join(tmpdir(), sep)), capabilities, target);
  return calls ? [{ ...row, calls }] : [];
});

describe("what the embedded service refuses", () => {
  let manager: BackgroundCopyManager;
  let server: FileServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "background-copy-refused-"));
    server = await startFileServer();
    manager = await BackgroundCopyManager.connect({ service: "embedded" });
  });
  afterAll(async () => {
    await manager.close();
    await server.close();
    await rm(folder, { recursive: true });
  });

  it.each(rows)("$method: $because", async ({ calls, ...row }) => {
    const held = server.url("/file?size=1000000&pause=65536");
    const codes = row.codes?.map((code) => CODES[code] ?? code);
    await expectRefusal(row, calls, manager, { held, ends: {}, target }, codes);
  });
});
