import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { JournalLock } from "../../src/fleet/journal-lock.js";
import { temporaryFolder } from "./fixture.js";

const COMPETITOR = fileURLToPath(new URL("../support/journal-competitor.js", import.meta.url));
const COMPETITORS = 8;
const ROUNDS = 150;

/** A process ID that no system gives. */
const GONE = 999_999_999;

/** The locks of so many processes that are gone, each of which took over that of the previous one. */
function leave(path: string, count: number): void {
  let file = path;
  for (let i = 0; i < count; i++) {
    const token = randomUUID();
    writeFileSync(file, `${GONE}\n${hostname()}\n${token}\n`);
    file = `${path}.${token}`;
  }
}

async function ask(competitors: readonly ChildProcess[], message: string): Promise<string[]> {
  const answers = competitors.map(async (competitor) => String((await once(competitor, "message"))[0]));
  for (const competitor of competitors) {
    competitor.send(message);
  }
  return Promise.all(answers);
}

describe("the lock of a journal", () => {
  it("that a process left is taken over by exactly one of many", async () => {
    using folder = temporaryFolder();
    const competitors = Array.from({ length: COMPETITORS }, () => fork(COMPETITOR));
    try {
      await Promise.all(competitors.map((competitor) => once(competitor, "message")));
      for (let round = 0; round < ROUNDS; round++) {
        const journal = folder.file(`run-${round}.jsonl`);
        leave(`${journal}.lock`, round % 4);
        const answers = await ask(competitors, journal);
        expect({ round, opened: answers.filter((answer) => answer === "opened").length, answers }).toMatchObject({
          opened: 1,
        });
        await ask(competitors, "close");
        expect(readdirSync(folder.path).filter((name) => name.includes(".lock"))).toEqual([]);
      }
    } finally {
      for (const competitor of competitors) {
        competitor.kill();
      }
    }
  });

  it("is not taken from a process of another computer, or one that is not known", async () => {
    using folder = temporaryFolder();
    const path = folder.file("run.jsonl.lock");
    for (const text of [
      `${GONE}\nanother-computer\n${randomUUID()}\n`,
      `${process.pid}\n${hostname()}\n${randomUUID()}\n`,
      `${GONE}\n${hostname()}\n../../run\n`,
      `${GONE}\n${hostname()}\n`,
      "",
    ]) {
      writeFileSync(path, text);
      await expect(JournalLock.take(path)).rejects.toMatchObject({ lock: path });
      expect(readFileSync(path, "utf8")).toBe(text);
    }
  });

  it("names the lock that is to be deleted, if several were left", async () => {
    using folder = temporaryFolder();
    const path = folder.file("run.jsonl.lock");
    const token = randomUUID();
    writeFileSync(path, `${GONE}\n${hostname()}\n${token}\n`);
    writeFileSync(`${path}.${token}`, `1\nanother-computer\n${randomUUID()}\n`);
    await expect(JournalLock.take(path)).rejects.toMatchObject({ lock: `${path}.${token}` });
  });
});
