import { describe, expect, it } from "vitest";
import { capabilitiesOf } from "../../src/port/capabilities.js";
import { wordsOf } from "../../src/cli/words.js";
import { UNKNOWN, service, manager, server, run, target } from "./fixture.js";

describe("show", () => {
  it("tells everything but secrets", async () => {
    const job = await manager.createJob("a job", {
      description: "for a test",
      noProgressTimeout: 600,
      customHeaders: { Authorization: "Bearer token" },
    });
    service.changeJob(job.id, { files: [{ remoteName: "https://me:password@example.com/a", localName: target() }] });
    const { exitCode, stdout } = await run("show", job.id);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Job ID +[0-9a-f-]{36}\n/);
    expect(stdout).toMatch(/^Description +for a test$/m);
    expect(stdout).toMatch(/^No-progress time-out +600 seconds$/m);
    expect(stdout).toMatch(/^Custom headers \(names\) +Authorization$/m);
    expect(stdout).toContain(target());
    expect(stdout).toContain("https://***@example.com/a");
    expect(stdout).not.toMatch(/token|password/);
    expect(JSON.parse((await run("show", job.id, "--json")).stdout)).toMatchObject({
      service: "embedded",
      job: { jobId: job.id, state: "BG_JOB_STATE_SUSPENDED", noProgressTimeout: 600, files: [{ localName: target() }] },
    });
  });

  it("has a title for each property that BITS tells", () => {
    const { readableProperties } = capabilitiesOf("bits", "IBackgroundCopyManager");
    for (const name of readableProperties) {
      const title = wordsOf({ locale: "en", wording: "documented" }, `property.${name}`);
      expect(title).not.toContain("property.");
    }
  });

  it("says what a job failed with", async () => {
    await run("create", server.url("/file?status=404"), target(), "--wait");
    const [job] = await manager.listJobs();
    const { stdout } = await run("show", job?.jobId ?? "");
    expect(stdout).toContain("\nError\n  ");
    expect(stdout).toContain("0x80190194");
  });

  it("says what the service refused to tell", async () => {
    const job = await manager.createJob("a job");
    service.answer("IBackgroundCopyJob::GetOwner", "E_NOTIMPL");
    expect((await run("show", job.id)).stdout).toMatch(
      /\n\nProperties that the service refused to return\n {2}Owner {2}E_NOTIMPL\n$/,
    );
  });

  it("exits with 1 for a job that the service does not know", async () => {
    const { exitCode, stderr } = await run("show", UNKNOWN);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("DO_E_JOB_NOT_FOUND");
  });
});
