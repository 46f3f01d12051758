import { sep } from "node:path";
import { describe, expect, it } from "vitest";
import { hostEnvironment } from "../../src/powershell/environment.js";

const host = { modulePath: "/m/BackgroundCopy.psd1", marker: "abc" };

describe("hostEnvironment", () => {
  it("takes out what could change the engine, in any letter case", () => {
    const parent = {
      PSExecutionPolicyPreference: "Bypass",
      psmodulepath: "/elsewhere",
      COR_ENABLE_PROFILING: "1",
      CORECLR_PROFILER: "{0}",
      Dotnet_Startup_Hooks: "/hook.dll",
      NODE_POWERSHELL: "/tmp/other",
      HOME: "/home/me",
    };
    const environment = hostEnvironment(host, parent);
    expect(environment).toMatchObject({ HOME: "/home/me" });
    const names = Object.keys(environment);
    for (const name of Object.keys(parent).filter((n) => n !== "HOME")) {
      expect(names).not.toContain(name);
    }
  });

  it("keeps a path from being taken for a pattern", () => {
    const modulePath = "/x [y]/a*b?c`d/BackgroundCopy.psd1";
    const { BACKGROUND_COPY_MODULE } = hostEnvironment({ ...host, modulePath }, {});
    expect(BACKGROUND_COPY_MODULE).toBe("/x `[y`]/a`*b`?c``d/host.psm1".replaceAll("/", sep));
  });
});
