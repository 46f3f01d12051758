import { describe, expect, it } from "vitest";
import { faultyHost } from "../support/fake-host.js";
import { built } from "../support/packed.js";
import { run } from "../support/run.js";

const SECRET = "a-secret-that-nobody-else-has";

// The host's answer contains the secret too, as a URL might.
const ACTS = [
  "dies before",
  "answers half",
  "answers nonsense",
  "answers out of turn",
  "begins a line",
  "writes code pages",
];

describe.skipIf(process.platform !== "linux")("a secret", () => {
  it.each(ACTS)("is in no log, error or list of processes where the host %s", async (act) => {
    const { executable } = faultyHost(
      ["job.setCredentials", "job.set", "host.echo"].map((method) => ({ method, act, always: true })),
    );
    const source = `
      import { subscribe } from "node:diagnostics_channel";
      import { readFileSync } from "node:fs";
      import { inspect } from "node:util";
      import { openPowerShellService } from ${built("powershell/index.js")};
      const secret = process.env.THE_SECRET;
      delete process.env.THE_SECRET;
      for (const name of ["background-copy:request", "background-copy:host"]) {
        subscribe(name, (event) => {
          console.log(name, inspect(event));
          if (event.event === "ready") {
            console.log(readFileSync("/proc/" + event.pid + "/cmdline", "utf8"), readFileSync("/proc/" + event.pid + "/environ", "utf8"));
          }
        });
      }
      const language = { locale: "en", wording: "documented" };
      const service = await openPowerShellService({ service: "bits", language, executable: process.argv[1] });
      const jobId = "00000000-0000-4000-8000-000000000001";
      const requests = [
        ["job.setCredentials", { jobId, target: 1, scheme: 1, userName: secret, password: secret }],
        ["job.set", { jobId, settings: { customHeaders: "Authorization: " + secret } }],
        ["host.echo", { text: secret }],
      ];
      for (const [method, params] of requests) {
        await service.request(method, params).then(
          () => console.log("answered"),
          (error) => console.log(inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error), error.stack),
        );
      }
      await service.close();`;
    const environment = { NODE_DEBUG: "background-copy", DEBUG: "*", THE_SECRET: SECRET };
    const { stdout, stderr, exitCode } = await run(
      process.execPath,
      ["--input-type=module", "-e", source, executable],
      environment,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain("background-copy:request");
    expect(stderr).toContain("job.setCredentials");
    expect(stdout + stderr).not.toContain(SECRET);
    expect(stdout + stderr).not.toContain(SECRET.slice(2, 12));
  });
});
