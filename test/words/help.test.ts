import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { BackgroundCopyError, BackgroundCopyManager, BridgeError } from "../../src/index.js";

it("leads from a refusal to the page of its code, in the language of the message", async () => {
  await using manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "fr-CA" });
  const job = await manager.createJob("an example");
  await job.cancel();
  const error = await job.cancel().catch((reason: unknown) => reason);
  expect((error as BackgroundCopyError).helpUrl).toBe("fr/codes/DO_E_INVALID_STATE.html");
});

it.skipIf(existsSync("C:\\Windows"))("leads from a failure of the bridge to the page of its code", async () => {
  const error = await BackgroundCopyManager.connect({ locale: "zh-TW" }).catch((reason: unknown) => reason);
  expect((error as BridgeError).helpUrl).toBe("zh-TW/codes/UNSUPPORTED.html");
});
