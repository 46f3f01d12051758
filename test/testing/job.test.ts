import { expect, it } from "vitest";
import { TestService } from "../../src/testing.js";

it("has jobs in any state, of any owner", async () => {
  await using service = new TestService();
  const manager = await service.connect({ locale: "en" });
  const error = { code: "ERROR_DISK_FULL", context: "BG_ERROR_CONTEXT_LOCAL_FILE" } as const;
  const files = [{ remoteName: "http://a/", localName: "/a", bytesTotal: 2 ** 40, bytesTransferred: 7 }];
  const creationTime = new Date("2019-05-01T10:00:00.123Z");
  const id = service.addJob({ state: "BG_JOB_STATE_ERROR", error, files, creationTime }, "somebody else");
  await expect(manager.job(id).describe()).resolves.toMatchObject({
    jobId: id,
    state: "BG_JOB_STATE_ERROR",
    owner: "somebody else",
    creationTime,
    progress: { bytesTotal: 1_099_511_627_776n, bytesTransferred: 7n, filesTotal: 1, filesTransferred: 0 },
    error: { code: "ERROR_DISK_FULL", context: "BG_ERROR_CONTEXT_LOCAL_FILE", file: { remoteName: "http://a/" } },
  });
  await expect(manager.listJobs()).resolves.toEqual([]);
  await expect(manager.listJobs({ allUsers: true })).resolves.toMatchObject([{ jobId: id }]);
  service.changeJob(id, {
    state: "BG_JOB_STATE_TRANSFERRED",
    files: [{ ...files[0], bytesTransferred: 2 ** 40 } as never],
  });
  const changed = await manager.job(id).describe();
  expect(changed).toMatchObject({ state: "BG_JOB_STATE_TRANSFERRED", progress: { filesTransferred: 1 } });
  expect(changed).not.toHaveProperty("error");
});
