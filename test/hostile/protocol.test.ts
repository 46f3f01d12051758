import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BridgeError } from "../../src/words/errors.js";
import { LOCALES, negotiateLocale } from "../../src/words/locale.js";
import { Channel } from "../../src/powershell/channel.js";
import { lineReader } from "../../src/powershell/lines.js";
import { isAnswerTo, type Params } from "../../src/port/protocol.js";
import { hostileText, hostileValue } from "../support/property.js";

const JOB = "00000000-0000-4000-8000-000000000001";
const TIMEOUT = { timeoutInMs: 60_000 };
const CANCEL: Params<"job.cancel"> = { jobIds: [JOB], languageId: 0 };
const RESULT = {
  items: [{ jobId: JOB, hresult: 0, method: "IBackgroundCopyJob::Cancel", stateBefore: 3, stateAfter: 8 }],
};

function channel(): { readonly channel: Channel; readonly written: string[] } {
  const written: string[] = [];
  const made = new Channel({
    write: (text) => written.push(text),
    language: { locale: "en", wording: "documented" },
    values: {},
    onTimeout: () => {},
    onBusy: () => {},
  });
  return { channel: made, written };
}

describe("the channel, whatever comes", () => {
  it("writes each request as one line of ASCII that means the same", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), hostileText, (value, text) => {
        const { channel: to, written } = channel();
        to.request("host.echo", { text, value } as never, TIMEOUT).catch(() => {});
        to.fail("CLOSED", {});
        expect(written).toHaveLength(1);
        expect(written[0]).toMatch(/^[ -~]+\n$/);
        expect(JSON.parse(written[0] as string).params).toEqual(JSON.parse(JSON.stringify({ text, value })));
      }),
    );
  });

  it("cuts lines in the same places, however they come", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hostileText, fc.constantFrom("\n", "\r\n", "\r"))), (chunks) => {
        const read: string[] = [];
        const push = lineReader((line) => read.push(line));
        chunks.forEach((chunk) => {
          push(chunk);
        });
        const lines = chunks.join("").split("\n").slice(0, -1);
        expect(read).toEqual(lines.map((line) => line.replace(/\r$/, "")));
      }),
    );
  });

  const part = fc.oneof(fc.jsonValue(), fc.constantFrom(RESULT, {}, null, RESULT.items, [RESULT]));
  const item = fc.record(
    {
      jobId: fc.oneof(fc.constant(JOB), hostileText),
      hresult: fc.oneof(fc.constant(0), fc.double(), fc.integer()),
      method: hostileText,
      stateAfter: fc.oneof(fc.nat(), hostileText),
      leftoverFiles: fc.array(hostileText),
    },
    { requiredKeys: [] },
  );
  const answer = fc.oneof(
    hostileText,
    fc.json(),
    fc
      .record(
        {
          jsonrpc: part,
          id: fc.oneof(
            { weight: 5, arbitrary: fc.constant(1 as unknown) },
            { weight: 1, arbitrary: fc.jsonValue() as fc.Arbitrary<unknown> },
          ),
          result: fc.oneof(part, fc.record({ items: fc.array(item) })),
          error: fc.oneof(part, fc.record({ message: hostileText, data: part })),
        },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value)),
  );

  it("takes an answer for what it is, or for none", async () => {
    let resolved = 0;
    await fc.assert(
      fc.asyncProperty(answer, async (json) => {
        const { channel: to } = channel();
        const asking = to.request("job.cancel", CANCEL, TIMEOUT).then(
          (result) => {
            resolved++;
            expect(isAnswerTo("job.cancel", CANCEL, result)).toBe(true);
          },
          (error) => expect(error).toBeInstanceOf(BridgeError),
        );
        try {
          to.receive(json);
        } catch {
          // The host then ends, and with it the wait.
        }
        to.fail("PROTOCOL", {});
        await asking;
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      }),
    );
    // Some accepted values show that the check really checks.
    expect(resolved).toBeGreaterThan(0);
  });

  it("checks anything without failing at it", () => {
    fc.assert(
      fc.property(hostileValue, (value) => {
        expect(isAnswerTo("job.cancel", CANCEL, value)).toBe(false);
        expect(isAnswerTo("host.echo", { text: "x" }, value)).toBeTypeOf("boolean");
      }),
    );
  });
});

describe("the language, whatever it is called", () => {
  it("is one of those there are", () => {
    fc.assert(
      fc.property(hostileText, (name) => {
        expect(LOCALES).toContain(negotiateLocale(name));
      }),
    );
  });
});
