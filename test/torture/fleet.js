// Kills of the program that cancels the jobs of many hosts, at every kind of line of its journal.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cancelInSpiteOfKills } from "../support/fleet-kills.js";
import { AMOUNT } from "./amounts.js";
import { number, Tally } from "./tally.js";

export const HOSTS_BEHIND_FAKE_SSH = "hosts behind a fake ssh";

export async function fleetKills() {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-fleet-"));
  const { hosts, kills } = AMOUNT.fleet;
  try {
    const { killed, places, wrong, last } = await cancelInSpiteOfKills(folder, { hosts, kills, random: Math.random });
    const tally = new Tally();
    tally.tried = hosts;
    tally.answered = last.outcomes ?? 0;
    tally.lost = hosts - tally.answered;
    tally.wrong.push(...wrong);
    const where = [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([place, times]) => `${number(times)} ${place}`);
    tally.report(
      HOSTS_BEHIND_FAKE_SSH,
      "cancel of a plan with a journal",
      `${number(killed)} kills of the program (the journal then ended: ${where.join(", ")})`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
