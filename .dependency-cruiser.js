// Which file may import which: `npm run lint` checks it. An import of a type counts like any other.

/**
 * The floors of src/, from the ground up. A room is a folder or a file. Imports run down only: never up, and never to another room of the
 * same floor.
 */
export const FLOORS = [
  ["made/", "model/", "waiting/", "build/"],
  ["words/"],
  ["port/"],
  ["calls/", "powershell/", "embedded/"],
  ["connect.ts", "job.ts"],
  ["manager.ts"],
  ["index.ts", "words.ts", "testing/", "fleet/"],
  ["fleet.ts"],
  ["testing.ts", "cli/"],
];

const pattern = (room) => `^src/${room.replace(".", "\\.")}`;
const ROOMS = FLOORS.flat().map(pattern);

const floors = FLOORS.flatMap((floor, height) =>
  floor.map((room) => ({
    name: "imports run down",
    severity: "error",
    from: { path: pattern(room) },
    to: { path: [...floor.filter((other) => other !== room), ...FLOORS.slice(height + 1).flat()].map(pattern) },
  })),
);

// A file outside all rooms that imports something, is imported, or neither.
const outside = { path: "^src/", pathNot: ROOMS };
const everyFileInARoom = [
  { from: outside, to: {} },
  { from: {}, to: outside },
  { from: { ...outside, orphan: true }, to: {} },
].map((rule) => ({ name: "every file is in a room", severity: "error", ...rule }));

/** Reserves a package or a part of Node for one place. */
const only = (place, target) => ({
  name: `only ${place} imports ${target}`,
  severity: "error",
  from: { path: "^src/", pathNot: `^src/${place}` },
  to: { path: target },
});

export default {
  forbidden: [
    ...floors,
    { name: "no circle", severity: "error", from: {}, to: { circular: true } },
    ...everyFileInARoom,
    {
      name: "manager and job know no adapter",
      severity: "error",
      from: { path: "^src/(manager|job)\\.ts$" },
      to: { path: "^src/(powershell|embedded)/" },
    },
    only("powershell/process.ts", "node_modules/node-powershell/"),
    only("words/catalogue.ts", "node_modules/i18next/"),
    only("(port/protocol|fleet/(saved|runner-answer))", "node_modules/valibot/"),
    only("(powershell|build)/", "^(node:)?child_process$"),
    {
      name: "words work in a browser",
      severity: "error",
      from: { path: "^src/(words|made|model|waiting)/" },
      to: { dependencyTypes: ["core"] },
    },
    { name: "what is imported is there", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    // The build imports its own output, which might not exist yet.
    exclude: { path: "^(\\.\\./)*dist/" },
  },
};
