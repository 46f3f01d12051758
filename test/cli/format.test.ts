import { describe, expect, it } from "vitest";
import { formatBytes, formatShare } from "../../src/cli/format.js";
import { withoutCredentials } from "../../src/words/without-credentials.js";
import { toJson } from "../../src/cli/json.js";
import { printable } from "../../src/cli/printable.js";
import { parsePointInTime } from "../../src/cli/point-in-time.js";

describe("sizes", () => {
  it.each([
    [0n, "0 bytes"],
    [999n, "999 bytes"],
    [1_000n, "1 kB"],
    [12_345_678n, "12.3 MB"],
    [9_007_199_254_740_993n, "9 PB"],
    [2n ** 63n, "9,223.4 PB"],
  ])("%i are %s", (bytes, expected) => {
    expect(formatBytes("en", bytes)).toBe(expected);
  });

  it("are written as the language does", () => {
    expect(formatBytes("fr", 12_345_678n)).toMatch(/^12,3\sMo$/);
    expect(formatBytes("zh-TW", 512n)).toMatch(/^512 /);
  });
});

describe("shares", () => {
  it.each([
    [0n, 0n, "100%"],
    [999_999n, 1_000_000n, "99%"],
    [1_000_000n, 1_000_000n, "100%"],
    [2n ** 62n, 2n ** 63n, "50%"],
  ])("%i of %i is %s", (done, total, expected) => {
    expect(formatShare("en", done, total)).toBe(expected);
  });
});

describe("text of somebody else's", () => {
  it("cannot give orders to the terminal, nor turn letters around", () => {
    expect(printable("a\x1b[2Jb\u009bc\r\n\u202Egnp.exe")).toBe("a\\u{1B}[2Jb\\u{9B}c\\u{D}\\u{A}\\u{202E}gnp.exe");
    expect(printable("更新 naïve e\u0301 👩🏽 🇩🇪")).toBe("更新 naïve e\u0301 👩🏽 🇩🇪");
  });

  it("is shown without the password of an address", () => {
    expect(withoutCredentials("https://me:secret@example.com/a@b")).toBe("https://***@example.com/a@b");
    expect(withoutCredentials("https://example.com/a@b")).toBe("https://example.com/a@b");
  });
});

describe("JSON", () => {
  it("has every digit of a bigint", () => {
    expect(toJson({ bytes: 9_007_199_254_740_993n, name: "1n" })).toBe('{"bytes":9007199254740993,"name":"1n"}');
  });

  it("is an object for programs", () => {
    expect(JSON.parse(toJson({ at: new Date(0), none: undefined, many: [1n, -2n] }, 2))).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      many: [1, -2],
    });
  });
});

describe("a point in time", () => {
  const now = Date.UTC(2026, 10, 21, 12);

  it.each([
    ["30m", 30 * 60_000],
    ["12h", 12 * 3_600_000],
    ["7d", 7 * 86_400_000],
  ])("can be an age: %s", (value, age) => {
    expect(parsePointInTime(value, now)).toEqual(new Date(now - age));
  });

  it.each([
    ["2026-11-21", new Date(2026, 10, 21)],
    ["2026-11-21T08:30", new Date(2026, 10, 21, 8, 30)],
    ["2026-11-21T08:30:15", new Date(2026, 10, 21, 8, 30, 15)],
    ["2026-11-21T08:30Z", new Date(Date.UTC(2026, 10, 21, 8, 30))],
    ["2026-11-21T08:30+02:00", new Date(Date.UTC(2026, 10, 21, 6, 30))],
  ])("can be a date: %s", (value, expected) => {
    expect(parsePointInTime(value, now)).toEqual(expected);
  });

  it.each([
    "",
    "7",
    "d",
    "7w",
    "-7d",
    "7.5d",
    "yesterday",
    "21.11.2026",
    "2026-02-30",
    "2026-13-01",
    "2026-11-21T25:00",
    "9999999d",
  ])("cannot be %j", (value) => {
    expect(parsePointInTime(value, now)).toBeUndefined();
  });
});
