import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as codes from "../../src/embedded/codes.js";
import { OWN_DIALECT } from "../../src/embedded/environment.js";
import { get, type Get } from "../../src/embedded/get.js";
import { Job } from "../../src/embedded/job.js";
import { TransferQueue } from "../../src/embedded/queue.js";
import { askFollowing } from "../../src/embedded/redirects.js";
import { defaultSettings } from "../../src/embedded/settings.js";
import { TransferError } from "../../src/embedded/transfer-error.js";
import { systemClock } from "../../src/waiting/clock.js";
import { startFileServer, type FileServer } from "../support/file-server.js";
import { hostileText, runs } from "../support/property.js";

const FOLLOWED = [301, 302, 303, 307, 308];
const LONGEST_CHAIN = 10;
const SECRETS = { "x-api-key": "secret", authorization: "Bearer secret", cookie: "a=secret" };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "background-copy-servers-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A started job with confidential headers. */
function start(url: string, ask = get): Job {
  const job = new Job(defaultSettings("a job"), "nobody", {
    clock: systemClock,
    get: ask,
    dialect: OWN_DIALECT,
    queue: new TransferQueue(),
  });
  job.set({
    customHeaders: Object.entries(SECRETS)
      .map((header) => header.join(": "))
      .join("\r\n"),
  });
  job.addFile(url, join(folder, "target.bin"));
  job.resume();
  return job;
}

async function ends(job: Job): Promise<number | undefined> {
  await expect.poll(() => job.state, { interval: 5 }).toMatch(/_(TRANSFERRED|ERROR)$/);
  return job.failure?.hresult;
}

describe("6: a server that sends on", () => {
  let first: FileServer;
  let second: FileServer;
  beforeAll(async () => {
    [first, second] = await Promise.all([startFileServer(), startFileServer()]);
  });
  afterAll(() => Promise.all([first.close(), second.close()]));

  const sendingOn = (to: string, more = "") => `/on?to=${encodeURIComponent(to)}${more}`;
  const last = ({ requests }: FileServer) => requests.at(-1)?.headers;

  it("6: from HTTPS to HTTP is not followed", async () => {
    const asked = second.requests.length;
    // A server that looks like an HTTPS server to the job.
    const secure: Get = (url, request) => get(url.replace("https://secure.example", first.url("")), request);
    const job = start(`https://secure.example${sendingOn(second.url("/file"))}`, secure);
    await expect(ends(job)).resolves.toBe(codes.ERROR_WINHTTP_REDIRECT_FAILED);
    expect(second.requests).toHaveLength(asked);
    await job.cancel();
  });

  it("6: to another origin gets none of the job's headers, also not on the way back", async () => {
    const back = sendingOn(first.url("/file?back"));
    const job = start(first.url(sendingOn(second.url(back))));
    await expect(ends(job)).resolves.toBeUndefined();
    const asked = first.requests.slice(-2).map(({ headers }) => headers);
    expect(asked[0]).toMatchObject(SECRETS);
    for (const headers of [last(second), asked[1]]) {
      expect(JSON.stringify(headers)).not.toContain("secret");
      expect(headers).toMatchObject({ "accept-encoding": "identity" });
    }
    await job.cancel();
  });

  it("6: within its origin gets them", async () => {
    const job = start(first.url(sendingOn("/file?within")));
    await expect(ends(job)).resolves.toBeUndefined();
    expect(last(first)).toMatchObject(SECRETS);
    await job.cancel();
  });

  it.each(FOLLOWED)("6: by the status %d is followed", async (status) => {
    const job = start(first.url(sendingOn("/file", `&status=${status}`)));
    await expect(ends(job)).resolves.toBeUndefined();
    await job.cancel();
  });

  it.each([
    [LONGEST_CHAIN, undefined],
    [LONGEST_CHAIN + 1, codes.ERROR_WINHTTP_REDIRECT_FAILED],
  ])("6: %d times: %j", async (times, expected) => {
    const answers = Array.from({ length: times }, (_, i) => redirection(`/${i}`));
    const job = start("http://a.example/", scripted([...answers, file("x")]));
    await expect(ends(job)).resolves.toBe(expected);
    await job.cancel();
  });

  it.each(["ftp://a/", "file:///etc/passwd", "data:,x", "http://user:password@a.example/", "http://[", "javascript:0"])(
    "6: to %j is not followed",
    async (location) => {
      const job = start("http://a.example/", scripted([redirection(location), file("x")]));
      await expect(ends(job)).resolves.toBe(codes.ERROR_WINHTTP_REDIRECT_FAILED);
      await job.cancel();
    },
  );

  it("6: in any way has no secret, no downgrade and an end", async () => {
    const origin = fc.constantFrom(
      "",
      "//b.example",
      "http://a.example",
      "https://a.example",
      "https://a.example:8443",
    );
    const location = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(origin, fc.constantFrom("/", "/x?y#z", "x", "")).map((parts) => parts.join("")),
      },
      { weight: 1, arbitrary: hostileText.map((text) => text.replace(/[^\x20-\x7e\x80-\xff]/g, "").trim()) },
    );
    const answer = fc.oneof(
      { weight: 9, arbitrary: fc.tuple(location, fc.constantFrom(...FOLLOWED)) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
    const begin = fc.constantFrom("http://a.example/", "https://a.example/");
    await fc.assert(
      fc.asyncProperty(begin, fc.array(answer, { maxLength: 15 }), async (url, answers) => {
        const asked: [URL, Headers][] = [];
        const script = scripted([...answers.map((one) => (one ? redirection(...one) : file("x"))), file("x")]);
        const ask: Get = (to, request) => {
          asked.push([new URL(to), request.headers]);
          return script(to, request);
        };
        const transport = { get: ask, headers: new Headers(SECRETS), onProgress: () => {} } as never;
        const signal = new AbortController().signal;
        const error = await askFollowing(transport, url, {}, signal).then(
          () => undefined,
          (reason) => reason,
        );
        if (error !== undefined) {
          expect(error).toBeInstanceOf(TransferError);
          expect(error).toMatchObject({ hresult: codes.ERROR_WINHTTP_REDIRECT_FAILED });
        }
        expect(asked.length).toBeLessThanOrEqual(1 + LONGEST_CHAIN);
        const origins = asked.map(([{ origin: one }]) => one);
        const schemes = asked.map(([{ protocol }]) => protocol);
        const firstSecure = schemes.indexOf("https:");
        expect(firstSecure < 0 || !schemes.slice(firstSecure).includes("http:")).toBe(true);
        const firstOther = origins.findIndex((one) => one !== new URL(url).origin);
        for (const [, headers] of firstOther < 0 ? [] : asked.slice(firstOther)) {
          expect([...headers].join()).not.toContain("secret");
        }
      }),
      runs(500),
    );
  });
});

function redirection(location: string, status = 302): () => Response {
  // Headers would reject some of what a server can send.
  return () => {
    const response = new Response("moved", { status });
    const get = (name: string) => (name === "location" ? location : null);
    return Object.defineProperty(response, "headers", { value: { get } });
  };
}

function file(content: string): () => Response {
  return () => new Response(content, { headers: { "content-length": String(content.length), etag: '"1"' } });
}

/** A server that sends one response after another, regardless of the requests. */
function scripted(answers: readonly (() => Response)[]): Get {
  const left = [...answers];
  return async () => left.shift()?.() ?? new Response(null, { status: 404 });
}

describe("8: a server that answers anything", () => {
  it("8: leaves a job in a documented state, and nothing on the disk but what it says", async () => {
    const number = fc.oneof(
      fc.nat(30).map(String),
      fc.constantFrom("", "-1", "1e3", "0x10", "99999999999999999999", "1, 2", " 5", "NaN"),
    );
    const range = fc
      .tuple(number, number, fc.oneof(number, fc.constant("*")))
      .map(([a, b, c]) => `bytes ${a}-${b}/${c}`);
    const headers = fc.record(
      {
        "content-length": number,
        "content-range": range,
        etag: fc.constantFrom('"1"', 'W/"1"', '"2"', "", "1"),
        "last-modified": fc.constantFrom("Thu, 01 Jan 1970 00:00:01 GMT", "never"),
        "content-encoding": fc.constantFrom("gzip", "identity", ""),
      },
      { requiredKeys: [] },
    );
    const answer = fc.record({
      status: fc.oneof(fc.constantFrom(200, 206, 416, 500, 302), fc.integer({ min: 200, max: 599 })),
      headers,
      body: fc.array(fc.string({ maxLength: 10 }), { maxLength: 3 }),
      breaks: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 4 }), async (answers) => {
        const makers = answers.map((one) => () => {
          const chunks = one.body.map((text) => new TextEncoder().encode(text));
          const body = new ReadableStream({
            pull(controller) {
              const chunk = chunks.shift();
              if (chunk) {
                controller.enqueue(chunk);
              } else if (one.breaks) {
                controller.error(new Error("broken off"));
              } else {
                controller.close();
              }
            },
          });
          const hasBody = ![204, 205, 304].includes(one.status);
          return new Response(hasBody ? body : null, { status: one.status, headers: one.headers as never });
        });
        const job = start("http://a.example/", scripted(makers));
        // A transient failure waits: Resume does not.
        while (!["BG_JOB_STATE_TRANSFERRED", "BG_JOB_STATE_ERROR"].includes(job.state)) {
          await new Promise((resolve) => setImmediate(resolve));
          if (job.state === "BG_JOB_STATE_TRANSIENT_ERROR") {
            job.resume();
          }
        }
        expect(job.failure?.hresult).not.toBe(codes.E_UNEXPECTED);
        if (job.state === "BG_JOB_STATE_TRANSFERRED") {
          const [{ bytesTotal, temporaryName }] = job.files as [Job["files"][number]];
          expect((await readFile(temporaryName as string)).length).toBe(bytesTotal);
        }
        await job.cancel();
        expect(await readdir(folder)).toEqual([]);
      }),
      runs(300),
    );
  });
});
