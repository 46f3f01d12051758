import { describe, expect, it } from "vitest";
import { problemsOf, untranslatable, updated } from "../../docs/tools/translations.js";

const english = {
  "BackgroundCopyJob.cancel": {
    summary: "Removes the job, see {@link BackgroundCopyJob.suspend}.",
    "@throws 1": "`BG_E_INVALID_STATE` for a job whose state is BG_JOB_STATE_CANCELLED.",
  },
};
const french = {
  "BackgroundCopyJob.cancel": {
    summary: {
      en: "Removes the job, see {@link BackgroundCopyJob.suspend}.",
      fr: "Retire le travail, voir {@link BackgroundCopyJob.suspend | suspendre}.",
    },
    "@throws 1": {
      en: "`BG_E_INVALID_STATE` for a job whose state is BG_JOB_STATE_CANCELLED.",
      fr: "`BG_E_INVALID_STATE` pour un travail dont l’état est BG_JOB_STATE_CANCELLED.",
    },
  },
};

/** The French texts with one of them changed. */
function withSummary(summary: object | undefined): Record<string, Record<string, object>> {
  const { summary: _, ...others } = french["BackgroundCopyJob.cancel"];
  return { "BackgroundCopyJob.cancel": { ...(summary && { summary }), ...others } };
}

describe("the translations of doc comments", () => {
  it("are in order when each fits its English text", () => {
    expect(problemsOf("fr", english, french)).toEqual([]);
  });

  it.each([
    ["missing", withSummary(undefined), "is not translated"],
    ["empty", withSummary({ en: english["BackgroundCopyJob.cancel"].summary, fr: "" }), "is not translated"],
    ["stale", withSummary({ en: "Removes the job.", fr: "Retire le travail." }), "is stale"],
    [
      "without the link",
      withSummary({ en: english["BackgroundCopyJob.cancel"].summary, fr: "Retire le travail." }),
      "has other links, code or names",
    ],
    ["orphaned", { ...french, "BackgroundCopyJob.abort": { summary: { en: "Ends.", fr: "Finit." } } }, "is an orphan"],
  ])("are refused when one is %s", (_, translations, problem) => {
    expect(problemsOf("fr", english, translations)).toEqual([expect.stringContaining(problem)]);
  });

  it("keep code, links, addresses and names", () => {
    expect(
      untranslatable("{@link A.b | c} `d` IBackgroundCopyJob::Cancel E_FAIL (https://example.com) S_OK `d` word"),
    ).toEqual(["A.b", "E_FAIL", "IBackgroundCopyJob::Cancel", "S_OK", "`d`", "https://example.com"]);
  });

  it("are brought up to date without a translation being lost", () => {
    const changed = {
      "BackgroundCopyJob.cancel": { ...english["BackgroundCopyJob.cancel"], summary: "Removes it." },
      "BackgroundCopyJob.abort": { summary: english["BackgroundCopyJob.cancel"].summary },
    };
    const once = updated("fr", changed, french);
    expect(once["BackgroundCopyJob.cancel"]).toEqual({
      summary: { en: "Removes it.", fr: "", was: french["BackgroundCopyJob.cancel"].summary },
      "@throws 1": french["BackgroundCopyJob.cancel"]["@throws 1"],
    });
    // The same text elsewhere has the same translation.
    expect(once["BackgroundCopyJob.abort"]).toEqual({ summary: french["BackgroundCopyJob.cancel"].summary });
    expect(updated("fr", changed, once)).toEqual(once);
  });
});
