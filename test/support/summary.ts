import type { Reporter, TestModule } from "vitest/node";
import { chromium } from "./chromium.js";
import { missingTools, STAND_IN } from "./com-server/index.js";
import { nearlyNodes } from "./nearly-nodes.js";
import { references } from "./newer-language.js";
import { powerShells } from "./powershells.js";
import { site } from "./site.js";

/** Ends the run with the list of used programs, and with the counts alone on the last line. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const drivenIn = (label: string) =>
      tests.filter((test) => test.fullName.includes(label) && test.result().state !== "skipped").length;
    for (const { label, path, where } of [...powerShells, ...nearlyNodes, chromium, references]) {
      const driven = drivenIn(label);
      const said = path
        ? `drove ${label} in ${driven} tests (${path})`
        : `did not find ${label} (looked for: ${where})`;
      process.stdout.write(`${said}\n`);
    }
    const missing = missingTools();
    process.stdout.write(
      missing
        ? `did not build the ${STAND_IN} (missing: ${missing})\n`
        : `drove the ${STAND_IN} in ${drivenIn(STAND_IN)} tests\n`,
    );
    process.stdout.write(
      site.missing
        ? `did not look at ${site.label} (${site.missing})\n`
        : `looked at ${site.label} in ${drivenIn(site.label)} tests\n`,
    );
    // Failures around the tests, in a hook or at import, also count.
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const around = suites.filter((suite) => suite.errors().length > 0).length + unhandledErrors.length;
    process.stdout.write(
      `${count("passed")} passed, ${count("failed") + around} failed, ${count("skipped")} skipped\n`,
    );
  }
}
