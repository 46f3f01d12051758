import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from "vitest/config";
import { windowsNode } from "./engines/windows-node.js";
import { missingTools } from "./support/com-server/index.js";
import { LongestFirst } from "./support/longest-first.js";
import { PATIENCE } from "./support/patience.js";
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
// What takes long there, and shows nothing of Windows that the rest does not show.
const LONG_ON_WINDOWS = ["embedded/queue", "powershell/broken-module"];
// The part that depends on the version of Node.
const WITH_NEWER_NODE = [
  "cli/main",
  "embedded/{download,get,temporary-file,windows-files}",
  "package",
  "powershell/{host,process}",
];
const files = (names: readonly string[]) => names.map((name) => `test/${name}.test.ts`);

/** Tests once more, in each of Windows' Nodes that is there; those of the stand-in service with the oldest alone. */
function windowsNodes(everything: boolean): TestProjectInlineConfiguration[] {
  const found = windowsNodeKinds.filter(({ path }) => path);
  return found.flatMap(({ label, path }, i) => {
    const project = (more: TestProjectInlineConfiguration["test"]) => ({
      extends: true as const,
      test: { pool: windowsNode(path as string), ...more },
    });
    const setup = (file: string) => [`test/support/${file}.ts`];
    const withBits = {
      include: files(i === 0 || everything ? ON_WINDOWS : WITH_NEWER_NODE),
      exclude: files([...NOT_ON_WINDOWS, ...(everything ? [] : LONG_ON_WINDOWS)]),
    };
    return [
      project({ name: label, ...withBits, globalSetup: setup("windows-node-setup"), provide: { everything } }),
      ...(i > 0 || missingTools()
        ? []
        : [
            project({
              name: `${label}, stand-in`,
              include: files(STAND_IN),
              globalSetup: setup("windows-node-stand-in-setup"),
              provide: { everything },
            }),
          ]),
    ];
  });
}

/** The tests. Not everything is repeated with each of Windows' Nodes, unless asked for: Wine is slow. */
export function tests(everything: boolean): ViteUserConfig {
  return {
    test: {
      projects: [
        {
          extends: true,
          test: {
            name: THIS_NODE,
            include: ["test/**/*.test.ts"],
            globalSetup: ["test/support/global-setup.ts"],
            provide: { everything: true },
          },
        },
        ...windowsNodes(everything),
      ],
      // What ends a PowerShell 7 of a test would otherwise damage the cache that all of them share: see environment.ts.
      env: { DOTNET_MultiCoreJitMinNumCpus: "FFFF" },
      setupFiles: ["test/support/windows-scripts.js"],
      reporters: ["default", "./test/support/summary.ts"],
      ...PATIENCE,
      // PowerShell and Wine wait for each other at times, so that three keep two processors busy.
      maxWorkers: 3,
      sequence: { sequencer: LongestFirst },
    },
  };
}

export default defineConfig(tests(false));
