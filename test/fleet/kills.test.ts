import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cancelInSpiteOfKills, control, CONTROLLER } from "../support/fleet-kills.js";
import { run } from "../support/run.js";
import { temporaryFolder } from "./fixture.js";

const HOSTS = 120;
const KILLS = 24;

/** Numbers that look random, and are the same each time. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 0x7fffffff;
    yield state / 0x7fffffff;
  }
}

describe.skipIf(process.platform === "win32")("a run that is killed again and again", () => {
  it("has one outcome for every host in the end, and sends nothing twice without telling", async () => {
    using folder = temporaryFolder();
    const random = numbers(2_026);
    const { killed, places, wrong, last } = await cancelInSpiteOfKills(folder.path, {
      hosts: HOSTS,
      kills: KILLS,
      random: () => random.next().value,
    });
    expect(wrong).toEqual([]);
    expect(killed).toBe(KILLS);
    // Each kind of line was torn, or was the last one.
    const seen = [...places.keys()].join(", ");
    for (const line of ["run", "sent", "done"]) {
      expect(seen).toMatch(new RegExp(`(?:within|after) ${line}`));
    }
    expect(last.outcomes).toBe(HOSTS);
  });

  it("sends nothing that a full disk did not take, and continues when there is room", async () => {
    using folder = temporaryFolder();
    const { path } = folder;
    // The plan, and the first bytes of the journal.
    await control(path, 200, ["none", "0", "1"]);
    const limited = `ulimit -f 100; exec "$0" "$@"`;
    const { exitCode, stderr } = await run(
      "sh",
      ["-c", limited, process.execPath, CONTROLLER, path, "200", "none"],
      {},
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("JOURNAL_FAILED") });
    const journal = readFileSync(folder.file("run.jsonl"), "utf8");
    const requests = readFileSync(folder.file("requests"), "utf8").trimEnd().split("\n");
    expect(requests.length).toBeLessThan(200);
    for (const request of requests) {
      expect(journal).toContain(`{"line":"sent","host":"${request.split(" ")[1]}"`);
    }
    const { stdout } = await control(path, 200, ["none"]);
    expect(JSON.parse(stdout)).toMatchObject({ outcomes: 200, done: 200 });
  });

  it("needs no more memory for more hosts", async () => {
    using folder = temporaryFolder();
    const { stdout, stderr } = await control(folder.path, 500, ["none"], ["--expose-gc"]);
    expect(stderr).toBe("");
    const { heaps, outcomes } = JSON.parse(stdout);
    expect(outcomes).toBe(500);
    // The heap after a fifth of the hosts, and at the end.
    expect(heaps).toHaveLength(5);
    expect(heaps.at(-1) - heaps[0]).toBeLessThan(1_000_000);
  });
});
