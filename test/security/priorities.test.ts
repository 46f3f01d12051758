import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TRANSFERS_AT_A_TIME } from "../../src/embedded/limits.js";
import { TransferQueue, type Transfer } from "../../src/embedded/queue.js";
import { JOB_PRIORITY } from "../../src/model/job.js";
import { Fixture } from "../embedded/fixture.js";
import { runs } from "../support/property.js";

const TRICKLE = "/trickle?pause=1000&times=1";

describe("9: bodies that trickle", () => {
  const test = new Fixture();

  async function trickle(priority: "BG_JOB_PRIORITY_NORMAL" | "BG_JOB_PRIORITY_LOW"): Promise<string[]> {
    const jobIds: string[] = [];
    for (let i = 0; i < TRANSFERS_AT_A_TIME; i++) {
      jobIds.push(await test.start(`${TRICKLE}&${test.folder}&${i}`, test.path(`trickle-${i}`), priority));
    }
    await expect.poll(() => test.sizes(), { interval: 5 }).toEqual(Array(TRANSFERS_AT_A_TIME).fill(1_000));
    return jobIds;
  }

  it("9: do not keep a foreground job waiting, and go on after it", async () => {
    const jobIds = await trickle("BG_JOB_PRIORITY_NORMAL");
    const urgent = await test.start("/file", test.path("urgent"), "BG_JOB_PRIORITY_FOREGROUND");
    await test.reaches(urgent, "BG_JOB_STATE_TRANSFERRED");
    // The last one had the least to lose: it gave way, and has received the rest of its file by now.
    await test.reaches(jobIds.at(-1) as string, "BG_JOB_STATE_TRANSFERRED");
    const requests = test.requests(`${TRICKLE}&${test.folder}&${TRANSFERS_AT_A_TIME - 1}`);
    expect(requests.map(({ range }) => range)).toEqual([undefined, "bytes=1000-"]);
    await expect(test.state(jobIds[0] as string)).resolves.toBe("BG_JOB_STATE_TRANSFERRING");
  });

  it("9: of the least urgent jobs give way first", async () => {
    const [first, ...others] = await trickle("BG_JOB_PRIORITY_LOW");
    for (const jobId of others) {
      await set(jobId, "BG_JOB_PRIORITY_HIGH");
    }
    const urgent = await test.start("/file", test.path("urgent"), "BG_JOB_PRIORITY_FOREGROUND");
    await test.reaches(urgent, "BG_JOB_STATE_TRANSFERRED");
    await test.reaches(first as string, "BG_JOB_STATE_TRANSFERRED");
    for (const jobId of others) {
      await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_TRANSFERRING");
    }
  });

  it("9: give way when they become less urgent, not to what is no more urgent", async () => {
    const [first] = await trickle("BG_JOB_PRIORITY_NORMAL");
    const waiting = await test.start("/file", test.path("waiting"));
    await expect(test.state(waiting)).resolves.toBe("BG_JOB_STATE_QUEUED");
    await set(first as string, "BG_JOB_PRIORITY_LOW");
    await test.reaches(waiting, "BG_JOB_STATE_TRANSFERRED");
  });

  function set(jobId: string, priority: "BG_JOB_PRIORITY_HIGH" | "BG_JOB_PRIORITY_LOW"): Promise<unknown> {
    const settings = { priority: JOB_PRIORITY.toValue(priority) as number };
    return test.service.request("job.set", { jobId, settings });
  }
});

/** A transfer that ends when the test tells it to. */
class Endless implements Transfer {
  readonly #queue: TransferQueue;
  priority: number;
  state: "waiting" | "running" | "ended" = "waiting";
  end = (): void => {};

  constructor(queue: TransferQueue, priority: number) {
    this.#queue = queue;
    this.priority = priority;
    queue.add(this);
  }

  run(): Promise<void> {
    this.state = "running";
    return new Promise((resolve) => {
      this.end = resolve;
    });
  }

  giveWay(): void {
    if (this.state === "running") {
      this.state = "waiting";
      this.end();
      this.#queue.add(this);
    }
  }
}

describe("9: priorities", () => {
  it("9: hold in any order of arrivals, ends and changes", async () => {
    const action = fc.record({
      kind: fc.constantFrom("add", "end", "change"),
      which: fc.nat(),
      priority: fc.nat(JOB_PRIORITY.names.length - 1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        const queue = new TransferQueue();
        const all: Endless[] = [];
        for (const { kind, which, priority } of actions) {
          const one = all[which % Math.max(all.length, 1)];
          if (kind === "add" || !one) {
            all.push(new Endless(queue, priority));
          } else if (kind === "end" && one.state !== "ended") {
            queue.remove(one);
            one.state = "ended";
            one.end();
          } else if (kind === "change" && one.state !== "ended") {
            const waited = queue.remove(one);
            one.priority = priority;
            waited ? queue.add(one) : queue.reconsider();
          }
          // The transfer that gave way has ended by then, and the one that it made room for has started.
          await new Promise((resolve) => setImmediate(resolve));
          const running = all.filter(({ state }) => state === "running");
          const waiting = all.filter(({ state }) => state === "waiting");
          expect(running.length).toBe(Math.min(running.length + waiting.length, TRANSFERS_AT_A_TIME));
          const least = Math.max(...running.map((transfer) => transfer.priority));
          expect(waiting.filter((transfer) => transfer.priority < least)).toEqual([]);
        }
      }),
      runs(500),
    );
  });
});
