import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackgroundCopyManager, explain, type BackgroundCopyError } from "../../src/index.js";
import { TestService } from "../../src/testing.js";
import { loadWords } from "../../src/words.js";
import { chromium } from "../support/chromium.js";
import { Recipes } from "../support/recipes.js";
import { showPage } from "../support/words-page.js";

// What people met who show jobs and errors to other people, by the letters of the list of reports.

describe("S: words for people", () => {
  it("are there for a table of jobs in German", async () => {
    const service = new TestService();
    service.addJob({ displayName: "update", state: "BG_JOB_STATE_TRANSIENT_ERROR" });
    const manager = await service.connect({ locale: "de" });
    const words = await loadWords(manager.locale);
    const jobs = await manager.listJobs({ displayName: "*" });
    const rows = jobs.map(({ displayName, state, type, priority }) => [
      displayName,
      words.nameOf(state),
      type && words.nameOf(type),
      priority && words.nameOf(priority),
    ]);
    expect(rows).toEqual([["update", "Vorübergehender Fehler", "Download", "Normal"]]);
    await service.close();
  });

  describe.skipIf(!chromium.path)(`in ${chromium.label}`, () => {
    let recipes: Recipes;
    let folder: string;
    beforeAll(async () => {
      recipes = new Recipes();
      folder = recipes.folder();
      // esbuild, which refuses modules of Node, is what `npm run check-package` installs.
      await recipes.carryOut("A page by Vite", folder);
    });
    afterAll(() => recipes?.clean());

    it.each(["de", "zh-TW"])("explain in %s what a program has sent, and load no other language", async (locale) => {
      await using manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "en" });
      const job = await manager.createJob("a job");
      await job.cancel();
      const error = (await job.cancel().catch((reason: unknown) => reason)) as BackgroundCopyError;
      const { method } = error;
      for (const [received, expected] of [
        ["0x80070005", explain("0x80070005", { locale })],
        [error.toJSON(), explain(error.code, { locale, method })],
      ] as const) {
        const { text, scripts, complaints } = await showPage(join(folder, "out"), locale, received);
        expect({ text, complaints }).toEqual({ text: `${expected.message} ${expected.advice}`, complaints: [] });
        expect(scripts).toContain("BG_JOB_STATE_TRANSIENT_ERROR");
        expect(scripts).not.toContain("Transient error");
      }
    });
  });
});
