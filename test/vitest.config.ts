import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { windowsNode } from "./engines/windows-node.js";
import { missingTools } from "./support/com-server/index.js";
import { windowsNodeKinds } from "./support/powershells.js";

const THIS_NODE = "this Node";

// What depends on the system: processes, files, and what reaches a service. The rest is the same JavaScript everywhere.
const ON_WINDOWS = [
  "cli/{doctor,main}",
  "conformance/wine",
  "embedded/*",
  "package",
  "powershell/*",
  "security/environment",
];
// These make a Wine prefix, or watch a Linux.
const NOT_ON_WINDOWS = ["powershell/{locked-down,service-faults}"];
const STAND_IN = ["conformance/stand-in"];
const files = (names: readonly string[]) => names.map((name) => `test/${name}.test.ts`);

/** Tests once more, in each of Windows' Nodes that is there; those that take long with the oldest alone. */
function windowsNodes(): TestProjectInlineConfiguration[] {
  const found = windowsNodeKinds.filter(({ path }) => path);
  return found.flatMap(({ label, path }, i) => {
    const project = (more: TestProjectInlineConfiguration["test"]) => ({
      extends: true as const,
      test: { pool: windowsNode(path as string), ...more },
    });
    const setup = (file: string) => [`test/support/${file}.ts`];
    const withBits = { include: files(ON_WINDOWS), exclude: files(NOT_ON_WINDOWS) };
    return [
      project({ name: label, ...withBits, globalSetup: setup("windows-node-setup") }),
      ...(i > 0 || missingTools()
        ? []
        : [
            project({
              name: `${label}, stand-in`,
              include: files(STAND_IN),
              globalSetup: setup("windows-node-stand-in-setup"),
            }),
          ]),
    ];
  });
}

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: THIS_NODE, include: ["test/**/*.test.ts"], globalSetup: ["test/support/global-setup.ts"] },
      },
      ...windowsNodes(),
    ],
    setupFiles: ["test/support/windows-scripts.js"],
    reporters: ["default", "./test/support/summary.ts"],
    // No test depends on seconds, and the time that PowerShell, a compiler, or Wine takes depends on the load of the machine. These
    // limits only end tests that wait for something that never happens.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    teardownTimeout: 900_000,
    expect: { poll: { timeout: 600_000 } },
    // PowerShell, Wine and Node share the processors with the tests.
    maxWorkers: 2,
  },
});
