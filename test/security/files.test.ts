import { chmodSync, lstatSync, statSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as codes from "../../src/embedded/codes.js";
import { OWN_DIALECT } from "../../src/embedded/environment.js";
import { get } from "../../src/embedded/get.js";
import { Job } from "../../src/embedded/job.js";
import { TransferQueue } from "../../src/embedded/queue.js";
import { defaultSettings } from "../../src/embedded/settings.js";
import { TemporaryFile } from "../../src/embedded/temporary-file.js";
import { REPLACED } from "../../src/embedded/transfer-error.js";
import { explain } from "../../src/index.js";
import { systemClock } from "../../src/waiting/clock.js";
import { LOCALES } from "../../src/words/locale.js";
import { startFileServer, type FileServer } from "../support/file-server.js";
import { runs } from "../support/property.js";
import { AttackedFolder } from "./attacked-folder.js";

/** A hook before each call of the file system, and whether an open folder has a path. */
const system = vi.hoisted(() => ({ before: (_call: string) => {}, hasFolderPaths: true }));
vi.mock("node:fs/promises", async (original) => {
  const fs = await original<typeof import("node:fs/promises")>();
  const watched =
    <A extends unknown[], R>(name: string, call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (String(args[0]).startsWith("/proc/self/fd/") && !system.hasFolderPaths) {
        throw new Error("no such path here");
      }
      system.before(name);
      return call(...args);
    };
  return {
    ...fs,
    lstat: watched("lstat", fs.lstat as never),
    open: watched("open", fs.open),
    realpath: watched("realpath", fs.realpath as never),
    rename: watched("rename", fs.rename),
    stat: watched("stat", fs.stat as never),
    unlink: watched("unlink", fs.unlink),
  };
});

let attacked: AttackedFolder;
beforeEach(() => {
  attacked = new AttackedFolder();
});
afterEach(() => {
  system.before = () => {};
  system.hasFolderPaths = true;
  attacked.remove();
});

const ATTACKS = Object.keys(new AttackedFolder().attacks);
/** The attacks that replace the file or its folder. */
const DANGEROUS = ATTACKS.filter((name) => /place|second/.test(name));

/** Performs an attack; false if this system does not allow it, such as links on Windows. */
function attack(name: string): boolean {
  try {
    attacked.attacks[name]?.();
    return true;
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toMatch(/^(?:EPERM|ENOTSUP|EACCES|EBUSY)$/);
    return false;
  }
}

describe("1: whoever can write to the folder of a download", () => {
  let server: FileServer;
  beforeAll(async () => {
    server = await startFileServer();
  });
  afterAll(() => server.close());

  function start(path: string): Job {
    const job = new Job(defaultSettings("a job"), "nobody", {
      clock: systemClock,
      get,
      dialect: OWN_DIALECT,
      queue: new TransferQueue(),
    });
    job.addFile(server.url(path), attacked.target);
    job.resume();
    return job;
  }

  it.each(DANGEROUS)("1: reaches no other file by a retry: %s", async (name) => {
    const path = `/${encodeURIComponent(name)}?stop=20000&times=1`;
    const job = start(path);
    await expect.poll(() => job.state, { interval: 5 }).toBe("BG_JOB_STATE_TRANSIENT_ERROR");
    const isDone = attack(name);
    job.resume();
    await expect.poll(() => job.state, { interval: 5 }).toMatch(/_(?:ERROR|TRANSFERRED)$/);
    expect(job.failure?.hresult).toBe(isDone ? codes.ERROR_FILE_INVALID : undefined);
    expect(job.failure?.context).toBe(isDone ? "BG_ERROR_CONTEXT_LOCAL_FILE" : undefined);
    // The server learns nothing about another file.
    const ranges = server.requests.filter((one) => one.path === path).map(({ range }) => range);
    expect(ranges).toEqual(isDone ? [undefined] : [undefined, "bytes=20000-"]);
    await job.cancel();
    expect(attacked.damage).toBe("");
  });

  it.each(DANGEROUS)("1: gets nothing else completed: %s", async (name) => {
    const job = start("/file");
    await expect.poll(() => job.state, { interval: 5 }).toBe("BG_JOB_STATE_TRANSFERRED");
    const isDone = attack(name);
    const { hresult } = await job.complete();
    expect(hresult).toBe(isDone ? codes.ERROR_FILE_INVALID : codes.S_OK);
    expect(job.state).toBe(isDone ? "BG_JOB_STATE_TRANSFERRED" : "BG_JOB_STATE_ACKNOWLEDGED");
    expect(attacked.kept).toHaveLength(isDone ? 0 : 1);
    await job.cancel();
    expect(attacked.damage).toBe("");
  });

  it.each(ATTACKS)("1: gets nothing else deleted: %s", async (name) => {
    const job = start("/file");
    await expect.poll(() => job.state, { interval: 5 }).toBe("BG_JOB_STATE_TRANSFERRED");
    attack(name);
    await job.cancel();
    expect(attacked.damage).toBe("");
  });

  it.each(LOCALES)("1: is told of in %s", (locale) => {
    const { message, advice } = explain(codes.ERROR_FILE_INVALID, { locale });
    const unknown = explain("0x800703ED", { locale });
    expect(message).not.toBe(unknown.message);
    expect(advice).not.toBe(unknown.advice);
  });
});

const CONTENT = "what was downloaded";

/** The whole life of a temporary file: two attempts and its end. Returns the outcome of the end. */
async function lifeOf(file: TemporaryFile, end: "keep" | "delete"): Promise<"kept" | "deleted" | "left" | "refused"> {
  try {
    for (const part of [CONTENT.slice(0, 5), CONTENT]) {
      const handle = await file.open();
      await handle.truncate(0);
      await handle.write(part, 0);
    }
    if (end === "keep") {
      await file.keep();
      return "kept";
    }
    return (await file.delete()) ? "deleted" : "left";
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toMatch(
      new RegExp(`^(?:${REPLACED}|ELOOP|ENOENT|ENOTDIR|EISDIR|EEXIST|EPERM|EACCES|EBUSY)$`),
    );
    return "refused";
  } finally {
    await file.delete();
  }
}

const EVERYWHERE = process.platform === "linux" ? [true, false] : [false];

describe.each(EVERYWHERE)("1: names that appear between look and use (paths of open folders: %j)", (hasFolderPaths) => {
  it("1: lead to no other file, whatever appears when", async () => {
    // Starts when the folder has been found, and covers at least all calls of a life.
    const moment = fc.record({ call: fc.integer({ min: 2, max: 42 }), name: fc.constantFrom(...ATTACKS) });
    // Paths alone can't distinguish a folder that is swapped four times at the right moments from one that is never swapped.
    const moments = fc.array(moment, { minLength: 1, maxLength: hasFolderPaths ? 4 : 3 });
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(moments, fc.constantFrom("keep", "delete"), async (attacks, end) => {
        attacked.remove();
        attacked = new AttackedFolder();
        system.hasFolderPaths = hasFolderPaths;
        let call = 0;
        let renamedAt = Number.POSITIVE_INFINITY;
        let lastAttack = -1;
        system.before = (name) => {
          for (const { name: one } of attacks.filter((each) => each.call === call)) {
            attack(one);
            lastAttack = call;
          }
          renamedAt = name === "rename" ? call : renamedAt;
          call++;
        };
        const outcome = await lifeOf(new TemporaryFile(attacked.target), end as "keep" | "delete");
        seen.add(outcome);
        expect(attacked.damage).toBe("");
        // A file that appears after the last check can't be noticed.
        if (outcome === "kept" && lastAttack <= renamedAt) {
          expect(attacked.kept).toContain(CONTENT);
        }
      }),
      runs(400),
    );
    expect(seen).toEqual(new Set(["kept", "deleted", "left", "refused"]));
  });

  it("1: are no matter where nobody attacks", async () => {
    system.hasFolderPaths = hasFolderPaths;
    await expect(lifeOf(new TemporaryFile(attacked.target), "keep")).resolves.toBe("kept");
    expect(attacked.kept).toEqual([CONTENT]);
    await expect(lifeOf(new TemporaryFile(attacked.target), "delete")).resolves.toBe("deleted");
  });
});

describe.skipIf(process.platform === "win32")("8: who may read a download", () => {
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  it.each([0o600, 0o640, 0o400, 0o644, 0o666])("8: is who may read what it replaces: %o", async (mode) => {
    writeFileSync(attacked.target, "as it was");
    chmodSync(attacked.target, mode);
    const file = new TemporaryFile(attacked.target);
    await file.open();
    const allowed = 0o666 & ~process.umask();
    expect(modeOf(file.path as string)).toBe((mode | 0o600) & allowed);
    await file.keep();
    expect(modeOf(attacked.target)).toBe(mode & allowed);
  });

  it("8: is who the umask allows, where there was nothing", async () => {
    const file = new TemporaryFile(attacked.target);
    await file.open();
    expect(modeOf(file.path as string)).toBe(0o666 & ~process.umask());
    await file.keep();
    expect(modeOf(attacked.target)).toBe(0o666 & ~process.umask());
  });

  it("8: is who may read what has come there meanwhile", async () => {
    const file = new TemporaryFile(attacked.target);
    await file.open();
    writeFileSync(attacked.target, "private", { mode: 0o600 });
    await file.keep();
    expect(modeOf(attacked.target)).toBe(0o600);
    expect(lstatSync(attacked.target).size).toBe(0);
  });
});
