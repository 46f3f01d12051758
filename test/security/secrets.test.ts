import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Diagnostics } from "../../src/powershell/diagnostics.js";
import { LOCALES } from "../../src/words/locale.js";
import { faultyHost } from "../support/fake-host.js";
import { files } from "../support/logging.js";
import { built } from "../support/packed.js";
import { hostileText, runs } from "../support/property.js";
import { run } from "../support/run.js";

// The secret of each door has its own mark, so that a failure names the door.
const SECRET = "Zq7-marked-secret";
const METHODS = ["job.setCredentials", "job.set", "job.addFile", "job.create", "job.replaceRemotePrefix", "host.echo"];

/** The ways in which a host lets a request come out, in addition to those of the tests of faults. */
const ACTS = [
  "repeats it and dies",
  "repeats it",
  "refuses with it",
  "is unsupported with it",
  "answers with it as its ID",
  "answers with it as nothing",
  "dies before",
];

/** The doors through which a secret goes in: calls of a job, and calls that are refused before anything is sent. */
const DOORS = `{
  userName: () => job.setCredentials({ target: "BG_AUTH_TARGET_SERVER", scheme: "BG_AUTH_SCHEME_BASIC", userName: of("userName"), password: "x" }),
  password: () => job.setCredentials({ target: "BG_AUTH_TARGET_PROXY", scheme: "BG_AUTH_SCHEME_NTLM", userName: "x", password: of("password") }),
  header: () => job.set({ customHeaders: { Authorization: "Bearer " + of("header") } }),
  proxyList: () => job.set({ proxySettings: { usage: "BG_JOB_PROXY_USAGE_OVERRIDE", proxyList: "http://u:" + of("proxyList") + "@proxy", proxyBypassList: "" } }),
  parameters: () => job.set({ notifyCmdLine: { program: "C:\\\\a.exe", parameters: "a.exe /key " + of("parameters") } }),
  certificate: () => job.set({ clientCertificate: { storeLocation: "BG_CERT_STORE_LOCATION_CURRENT_USER", storeName: "MY", subjectName: of("certificate") } }),
  description: () => job.set({ description: of("description") }),
  url: () => job.addFile("http://u:" + of("url") + "@127.0.0.1/", "C:\\\\a"),
  query: () => manager.createJob("a job", { files: [{ remoteUrl: "http://127.0.0.1/?token=" + of("query"), localName: "C:\\\\a" }] }),
  prefix: () => job.replaceRemotePrefix("http://u:" + of("prefix") + "@a/", "http://u:" + of("prefix") + "@b/"),
  splitHeader: () => job.set({ customHeaders: { ["X-Api-Key: " + of("splitHeader")]: "" } }),
  bareHeader: () => job.set({ customHeaders: { [of("bareHeader") + "==="  + "/"]: "x" } }),
  lineInHeader: () => job.set({ customHeaders: { Authorization: of("lineInHeader") + "\\n" } }),
  objectInHeader: () => job.set({ customHeaders: { Authorization: { token: of("objectInHeader") } } }),
  headerLine: () => job.set({ customHeaders: "Authorization: " + of("headerLine") }),
  listOfHeaders: () => job.set({ customHeaders: ["Authorization: " + of("listOfHeaders")] }),
  wrongPassword: () => job.setCredentials({ target: "BG_AUTH_TARGET_SERVER", scheme: "BG_AUTH_SCHEME_BASIC", userName: "x", password: [of("wrongPassword")] }),
  wrongProxy: () => job.set({ proxySettings: of("wrongProxy") }),
  wrongUrl: () => job.addFile({ href: of("wrongUrl") }, "C:\\\\a"),
  helpBaseUrl: () => BackgroundCopyManager.connect({ service: "embedded", helpBaseUrl: "http://u:" + of("helpBaseUrl") + "@a/?b" }),
  wrongExecutable: () => BackgroundCopyManager.connect({ service: "bits", executable: "http://u:" + of("wrongExecutable") + "@a" }),
  wrongModule: () => BackgroundCopyManager.connect({ service: "bits", modulePath: "ftp://u:" + of("wrongModule") + "@a" }),
}`;

const program = `
  import { subscribe } from "node:diagnostics_channel";
  import { readFileSync, readdirSync } from "node:fs";
  import { inspect } from "node:util";
  import { writeHeapSnapshot } from "node:v8";
  import { BackgroundCopyManager } from ${built("index.js")};
  const bytes = readFileSync(0);
  // A new text each time, which nothing else refers to.
  const of = (door) => bytes.toString() + "-" + door;
  for (const name of ["background-copy:request", "background-copy:host"]) {
    subscribe(name, (event) => {
      console.log(name, inspect(event, { depth: 10 }));
      if (event.event === "ready") {
        // The list of processes, of the whole machine and of PowerShell.
        for (const pid of readdirSync("/proc").filter((one) => /^\\d+$/.test(one))) {
          try { console.log(readFileSync("/proc/" + pid + "/cmdline", "latin1")); } catch {}
        }
        console.log(readFileSync("/proc/" + event.pid + "/environ", "latin1"));
      }
    });
  }
  process.on("uncaughtException", (error) => console.log("UNCAUGHT", error));
  const manager = await BackgroundCopyManager.connect({ service: "bits", locale: "en", executable: process.argv[1] });
  const job = manager.job("00000000-0000-4000-8000-000000000001");
  const doors = ${DOORS};
  for (const [name, call] of Object.entries(doors)) {
    await (async () => call())().then(
      (result) => console.log(name, "answered", inspect(result, { depth: 10, showHidden: true })),
      (error) => {
        console.log(name, "failed", error.code ?? error.name, inspect(error, { depth: 10, showHidden: true, getters: true }));
        console.log(String(error), JSON.stringify(error), JSON.stringify(error.toJSON?.()), error.stack);
        console.log(${JSON.stringify(LOCALES)}.map((locale) => error.localize?.(locale)).join());
        console.log(inspect(error.cause, { depth: 10, showHidden: true }));
      },
    );
  }
  console.log(inspect(manager, { depth: 10, showHidden: true }), inspect(job, { depth: 10, showHidden: true }), JSON.stringify(manager));
  const [, , heap, kept] = process.argv;
  if (kept) {
    globalThis.kept = of("kept");
  }
  if (heap) {
    // The collection of garbage comes first; JavaScript has no other way to remove a text from memory.
    globalThis.gc();
    await new Promise(setImmediate);
    bytes.fill(0);
    writeHeapSnapshot(heap);
  }
  await manager.close();
`;

/** The doors whose secret is somewhere in the text, with what is around it. */
function seenIn(text: string): string[] {
  return [...text.matchAll(/.{0,60}Zq7-marked-secret.{0,20}/g)].map(([found]) => found);
}

describe("11: diagnostics", () => {
  it("11: are whole lines until data is sent, and names of code after it", () => {
    const diagnostics = new Diagnostics();
    diagnostics.keep("a line");
    diagnostics.dataFollows();
    const lines = [
      [`System.OutOfMemoryException: ${SECRET}`, "System.OutOfMemoryException"],
      [`   at System.Linq.Enumerable.Run(${SECRET})`, "System.Linq.Enumerable.Run"],
      [`System.FormatException requests.psm1: line 34 ${SECRET}`, "System.FormatException requests.psm1: line 34"],
      [`Fatal error. ${SECRET}`, "Fatal error"],
    ] as const;
    for (const [line] of lines) {
      diagnostics.keep(line);
    }
    const kept = lines.map(([line, code]) => `${code} (${line.length} characters)`);
    expect(diagnostics.lines).toEqual(["a line", ...kept]);
  });

  it("11: never contain what a line repeats", () => {
    const OF_CODE = /System|Microsoft|psm1|exception|error|terminated|overflow|memory|characters/i;
    const value = hostileText
      .map((text) => text.slice(0, 300))
      .filter((text) => text.length > 4 && !OF_CODE.test(text));
    const around = fc.constantFrom(
      "",
      '{"jsonrpc":"2.0","password":"',
      "     | ",
      "System.Exception: ",
      "At line:1 char:1 + ",
      "\n",
    );
    fc.assert(
      fc.property(value, around, around, (secret, before, after) => {
        const diagnostics = new Diagnostics();
        diagnostics.dataFollows();
        diagnostics.keep(before + secret + after);
        expect(diagnostics.lines.join().includes(secret)).toBe(false);
      }),
      runs(1_000),
    );
  });
});

describe.skipIf(process.platform !== "linux")("5, 11: a secret that goes in through any door", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "background-copy-secrets-"));
    mkdirSync(join(home, "tmp"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  async function through(act: string | undefined, ...how: string[]) {
    const { executable } = faultyHost(act ? METHODS.map((method) => ({ method, act, always: true })) : []);
    const environment = {
      NODE_DEBUG: "background-copy",
      DEBUG: "*",
      HOME: home,
      TMPDIR: join(home, "tmp"),
      THE_PASSWORD: `${SECRET}-environment`,
      HTTPS_PROXY: `http://u:${SECRET}-proxy@127.0.0.1`,
    };
    const args = ["--expose-gc", "--input-type=module", "-e", program, executable, ...how];
    const { stdout, stderr, exitCode } = await run(process.execPath, args, environment, { input: SECRET });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("background-copy:request");
    expect(stderr).toContain("job.setCredentials");
    expect(stdout).not.toMatch(/^UNCAUGHT/m);
    return { stdout, stderr };
  }

  it.each(ACTS)("5, 11: comes out of none where the host %s", async (act) => {
    const { stdout, stderr } = await through(act);
    // Every door was tried, and all failed where the host does not answer.
    expect(stdout.match(/^\w+ (answered|failed) /gm)?.length).toBe(DOORS.match(/^ {2}\w+: \(\)/gm)?.length);
    expect(seenIn(stdout)).toEqual([]);
    expect(seenIn(stderr)).toEqual([]);
    expect(files(home).flatMap((path) => seenIn(readFileSync(path, "latin1")))).toEqual([]);
  });

  it("5: is not in the memory of Node after the calls", async () => {
    const heap = join(home, "heap");
    await through(undefined, heap);
    expect(seenIn(readFileSync(heap, "latin1"))).toEqual([]);
    // A text that the program keeps would be seen.
    await through(undefined, heap, "kept");
    expect(seenIn(readFileSync(heap, "latin1"))).not.toEqual([]);
  });
});
