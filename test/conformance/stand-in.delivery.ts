import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { refusal, sentence } from "./refusal.js";
import type { StandIn } from "./stand-in.place.js";

/** The ways in which a job of Delivery Optimization takes files. */
export function filesOfDeliveryOptimization(place: StandIn): void {
  const { wholeFile, local, filesOf } = place;

  it("takes files by IDeliveryOptimizationJob where a job has nothing newer", async () => {
    await place.server.command("without IDeliveryOptimizationJob2");
    const job = await place.manager.createJob("a job");
    const method = "IDeliveryOptimizationJob::AddFileWithRanges";
    const added = await job.addFile(wholeFile, local("target.bin"));
    expect(added).toMatchObject({ code: "S_OK", method });
    expect(added.localize("it")).toBe(sentence("it", method));
    const error = await refusal(job.addFile(wholeFile, ""));
    expect(error).toMatchObject({ code: "E_INVALIDARG", method });
    expect(await filesOf(job)).toEqual(["target.bin"]);
    expect((await stat(join(place.folder, "target.bin"))).size).toBe(65_536);
  });

  it("gets a refusal into words where a job takes files by nothing that is documented for it", async () => {
    await place.server.command("without IDeliveryOptimizationJob2");
    await place.server.command("without IDeliveryOptimizationJob");
    const job = await place.manager.createJob("a job");
    const method = "IBackgroundCopyJob::AddFile";
    const error = await refusal(job.addFile(wholeFile, local("target.bin")));
    expect(error).toMatchObject({ code: "E_NOTIMPL", method });
    expect(error.localize("de")).toBe(sentence("de", method, "E_NOTIMPL"));
    await job.cancel();
  });
}
