import type { Reporter, TestCase, TestModule } from "vitest/node";
import { ansible } from "./ansible.js";
import { chromium } from "./chromium.js";
import { missingTools, STAND_IN } from "./com-server/index.js";
import { nearlyNodes } from "./nearly-nodes.js";
import { references } from "./newer-language.js";
import { powerShells, windowsNodeKinds } from "./powershells.js";
import { site } from "./site.js";
import { sshServer } from "./ssh-server.js";

/** Ends the run with the list of used programs, and with the counts alone on the last line. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const driven = tests.filter((test) => test.result().state !== "skipped");
    const say = (line: string) => process.stdout.write(`${line}\n`);
    const missing = missingTools();
    const standIn = {
      label: STAND_IN,
      path: missing ? undefined : "test/support/com-server",
      where: `missing: ${missing}`,
    };
    for (const { label, path, where } of [
      ...powerShells,
      ...nearlyNodes,
      standIn,
      sshServer,
      ansible,
      chromium,
      references,
    ]) {
      const those = driven.filter(({ fullName }) => fullName.includes(label));
      say(
        path
          ? `drove ${label} in ${those.length} tests${byNode(those)} (${path})`
          : `did not find ${label} (looked for: ${where})`,
      );
    }
    for (const { label, path, where } of windowsNodeKinds) {
      const those = driven.filter(({ project }) => project.name.startsWith(label));
      say(path ? `drove ${label} in ${those.length} tests (${path})` : `did not find ${label} (looked for: ${where})`);
    }
    const looked = driven.filter(({ fullName }) => fullName.includes(site.label));
    say(
      site.missing
        ? `did not look at ${site.label} (${site.missing})`
        : `looked at ${site.label} in ${looked.length} tests`,
    );
    // Failures around the tests, in a hook or at import, also count.
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const around = suites.filter((suite) => suite.errors().length > 0).length + unhandledErrors.length;
    say(`${count("passed")} passed, ${count("failed") + around} failed, ${count("skipped")} skipped`);
  }
}

/** In which Nodes these tests ran, where it was not this one alone. */
function byNode(tests: readonly TestCase[]): string {
  const names = [...new Set(tests.map(({ project }) => project.name))];
  const counts = names.map((name) => `${tests.filter(({ project }) => project.name === name).length} in ${name}`);
  return counts.length > 1 ? `, ${counts.join(", ")}` : "";
}
