import { sep } from "node:path";
import { describe, expect, it } from "vitest";
import { hostEnvironment } from "../../src/powershell/environment.js";

const host = { modulePath: "/m/BackgroundCopy.psd1", marker: "abc" };

describe("hostEnvironment", () => {
  it("keeps a path from being taken for a pattern", () => {
    const modulePath = "/x [y]/a*b?c`d/BackgroundCopy.psd1";
    const { BACKGROUND_COPY_MODULE } = hostEnvironment({ ...host, modulePath }, {});
    expect(BACKGROUND_COPY_MODULE).toBe("/x `[y`]/a`*b`?c``d/host.psm1".replaceAll("/", sep));
  });
});
