// How much each stress test does.
import { parseArgs } from "node:util";

export const { values: options } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    minutes: { type: "string", default: "20" },
    write: { type: "boolean", default: false },
    fleet: { type: "boolean", default: false },
  },
});

export const AMOUNT = options.short
  ? {
      calls: 500,
      callers: 200,
      managers: 3,
      jobs: 100,
      rounds: 1,
      everyVerb: 5,
      grownCalls: 1_000,
      grownStarts: 3,
      grownWatches: 30,
      fleet: { hosts: 200, kills: 5 },
      soakInMs: 3_000,
    }
  : {
      calls: 100_000,
      callers: 1_000,
      managers: 8,
      jobs: 10_000,
      rounds: 3,
      everyVerb: 1,
      // Under Wine, a million calls between two Nodes for Windows take longer than all the rest.
      grownCalls: process.platform === "win32" ? 100_000 : 1_000_000,
      grownStarts: 200,
      grownWatches: 10_000,
      fleet: { hosts: 10_000, kills: 1_000 },
      soakInMs: Number(options.minutes) * 60_000,
    };

export const LANGUAGE = { locale: "en", wording: "documented" };
export const STAND_IN = "a stand-in host";
