// Joins the compiled files into the few that the package publishes: Node takes longer to find and link most files than to run them.
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";

// The packages of the SDK stay packages. Those of the command line are dozens of files, and only the command line needs them.
const PACKAGES = /^(?:node:\w|(?:i18next|node-powershell|valibot)(?:\/|$))/;
const OF_OTHERS = /[\\/]node_modules[\\/]/;
// The texts stay as the build made them: ASCII, which is read fastest.
const TEXTS = /\/made\/(?:cli|messages|load-messages)\.js$/;

/** Reads the compiled files. Their source maps are needed for those of the bundle, which lead to src. */
const compiled = {
  name: "compiled files",
  async load(id) {
    if (OF_OTHERS.test(id)) {
      return undefined;
    }
    const map = await readFile(`${id}.map`, "utf8").catch(() => undefined);
    // The side effects in package.json are those of the bundle.
    return { code: await readFile(id, "utf8"), map, moduleSideEffects: true };
  },
};

/** The licenses of the packages to which these files belong. */
function licenses(files) {
  const folders = new Set(
    files.flatMap((file) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0] ?? []),
  );
  const texts = [...folders].sort().map((place) => {
    const { name, version } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
    const file = readdirSync(place).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version}\n\n${readFileSync(join(place, file), "utf8").trim()}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/**
 * Writes a file for each door of the package, one for the command line, and those that they share. A web page that loads the words loads
 * nothing of the SDK, and an import of the SDK nothing of PowerShell, the embedded service, or the command line.
 */
export async function bundle(dist, folder) {
  const at = (file) => (id) => id === join(dist, file);
  const build = await rolldown({
    cwd: dist,
    input: {
      index: "./index.js",
      words: "./words.js",
      testing: "./testing.js",
      fleet: "./fleet.js",
      cli: "./cli/main.js",
    },
    platform: "node",
    external: [PACKAGES, TEXTS],
    plugins: [compiled],
  });
  const { output } = await build.write({
    dir: folder,
    format: "esm",
    sourcemap: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    codeSplitting: {
      groups: [
        // A file that finds the module by its own place knows by its own name that no program has bundled it.
        { name: "module-path", test: at("powershell/module-path.js"), priority: 3 },
        { name: "catalogue", test: at("words.js"), priority: 2 },
        { name: "jobs", test: at("index.js"), priority: 1 },
      ],
    },
  });
  await build.close();
  writeFileSync(join(folder, "LICENSES.txt"), licenses(output.flatMap(({ moduleIds = [] }) => moduleIds)));
  cpSync(join(dist, "made"), join(folder, "made"), { recursive: true });
}
