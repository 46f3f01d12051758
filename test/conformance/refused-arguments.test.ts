import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackgroundCopyManager } from "../../src/index.js";
import { capabilitiesOf } from "../../src/port/capabilities.js";
import { findHresult } from "../../src/words/hresults.js";
import {
  type ComServer,
  type Contract,
  DONE,
  makeStandInPrefix,
  missingTools,
  STAND_IN,
  startComServer,
} from "../support/com-server/index.js";
import { powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { newTarget, OTHER_CODES, rawCall, ROWS, type Row, spelled } from "../support/refused-rows.js";
import { runPowerShell } from "../support/run-powershell.js";
import { windowsPath, type WinePrefix } from "../support/wine.js";
import { CONTRACTS, type ContractTraits } from "./contracts.js";
import { callsOf } from "./refused-calls.js";
import { expectRefusal } from "./refused-job.js";

// The stand-in service must be as strict as the documentation. The tests make each call that a page refuses, and the nearest call that it
// allows: first with COM directly, which accepts any argument, and then with the SDK, if the SDK can make the call.

interface Answer {
  readonly refused?: number;
  readonly allowed?: number;
  readonly failed?: string;
}

const STRANGER = "S-1-5-21-1-2-3-1002";
const HELD = "http://stand-in/hold";
const ENDS: Readonly<Record<string, string>> = { transferred: DONE, completed: DONE, error: "http://stand-in/404" };

function codeOf(name: string): number {
  const code = OTHER_CODES[name] ?? findHresult(name)?.hresult;
  if (code === undefined) {
    throw new Error(`${name} is no code`);
  }
  return code;
}

const FOLDER = "C:\\windows\\temp\\";
const target = () => newTarget(FOLDER);

/** Rows that share a service. Rows that need many jobs have a service of their own. */
interface Group extends Pick<ContractTraits, "contract" | "service" | "capabilities"> {
  readonly commands: readonly string[];
  readonly rows: readonly Row[];
}

function groups(): Group[] {
  return CONTRACTS.flatMap(({ contract, service, capabilities }) => {
    const crowds = new Map<string, Row[]>();
    for (const row of ROWS.filter((one) => one.contract === contract)) {
      const crowd = [row.as, row.own, row.foreign].join();
      crowds.set(crowd, [...(crowds.get(crowd) ?? []), spelled(row, FOLDER)]);
    }
    return [...crowds.values()].map((rows) => {
      const commands = ["keep-final", ...(rows[0]?.as === undefined ? [] : ["standard-user"])];
      return { contract, service, capabilities, commands, rows };
    });
  });
}

const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
const obstacle = windowsPowerShell ? missingTools() : WINE_POWERSHELL;
const module = join(import.meta.dirname, "..", "support", "raw-calls.psm1");

describe.skipIf(obstacle)(`what a ${STAND_IN} refuses${obstacle ? `, without ${obstacle}` : ""}`, () => {
  let prefix: WinePrefix;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "background-copy-refused-"));
    prefix = await makeStandInPrefix(windowsPowerShell as string);
  });
  afterAll(async () => {
    prefix?.remove();
    await rm(folder, { recursive: true });
  });

  /** Creates the jobs of another user that the row needs, and returns the ID of the last one. */
  async function makeStrangers(server: ComServer, { job, foreign = 0 }: Row): Promise<string | undefined> {
    let id: string | undefined;
    for (let i = job?.state === "foreign" ? 1 : foreign; i > 0; i--) {
      ({ id } = (await server.command(`foreign ${STRANGER}`)) as { id: string });
    }
    return id;
  }

  /** Makes the calls with COM directly, and returns the results. */
  async function ask(server: ComServer, contract: Contract, rows: readonly Row[]): Promise<Answer[]> {
    const calls = [];
    for (const row of rows) {
      const foreignId = await makeStrangers(server, row);
      calls.push(rawCall(row, { folder: FOLDER, url: (state) => ENDS[state ?? ""] ?? HELD, foreignId }));
    }
    const path = join(folder, "calls.json");
    await writeFile(path, JSON.stringify(calls));
    const script = `Import-Module $env:BACKGROUND_COPY_MODULE; Invoke-RefusedRow '${contract}' '${windowsPath(path)}'`;
    const { stdout, stderr } = await runPowerShell(prefix.executable, script, { BACKGROUND_COPY_MODULE: module });
    const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
    expect(lines.length, stdout + stderr).toBe(rows.length);
    return lines.map((line) => JSON.parse(line) as Answer);
  }

  describe.each(groups())("$contract, $commands", ({ contract, service, capabilities, commands, rows }) => {
    describe("by COM", () => {
      let answers: Answer[];

      beforeAll(async () => {
        await using server = await startComServer(prefix.path, contract, commands);
        answers = await ask(server, contract, rows);
      });

      it.each(rows.map((row, index) => ({ ...row, index })))("$method: $because", (row) => {
        const answer = answers[row.index] as Answer;
        expect(answer.failed).toBeUndefined();
        const expected = row.codes ?? [row.unnamed as string];
        expect(expected.map(codeOf)).toContain((answer.refused as number) >>> 0);
        if (row.allowed) {
          expect(answer.allowed).toBeGreaterThanOrEqual(0);
        }
      });
    });

    const known = capabilitiesOf(service, capabilities.interface);
    const reached = rows.flatMap((row) => {
      const calls = callsOf(row, known, target);
      return calls ? [{ ...row, calls }] : [];
    });

    describe.runIf(reached.length > 0)("by the SDK", () => {
      let server: ComServer;
      let manager: BackgroundCopyManager;

      beforeAll(async () => {
        server = await startComServer(prefix.path, contract, commands);
        manager = await BackgroundCopyManager.connect({ service, executable: prefix.executable });
      });
      afterAll(async () => {
        await manager.close();
        await server.stop();
      });

      it.each(reached)("$method: $because", async ({ calls, ...row }) => {
        const foreignId = await makeStrangers(server, row);
        for (let i = 0; i < (row.own ?? 0); i++) {
          await manager.createJob("a job");
        }
        const codes = row.codes ?? [row.unnamed as string];
        await expectRefusal({ ...row, foreignId }, calls, manager, { held: HELD, ends: ENDS, target }, codes);
      });
    });
  });
});
