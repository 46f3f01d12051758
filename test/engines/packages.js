// Downloads published packages with the clients on the machine, and checks the archives before it uses them.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

/**
 * A package of pins.js.
 *
 * @typedef {{ id: string, version: string, sha512: string }} Package
 */

// A registry that does not respond must not hold up a test run forever.
const limit = { timeout: 300_000, killSignal: /** @type {const} */ ("SIGKILL"), maxBuffer: 16 * 1024 * 1024 };
const quiet = { DOTNET_NOLOGO: "1", DOTNET_CLI_TELEMETRY_OPTOUT: "1", DOTNET_CLI_UI_LANGUAGE: "en" };
const start = promisify(execFile);

/**
 * Runs a client and returns its output.
 *
 * @param {string} client
 * @param {readonly string[]} args
 * @param {string} [cwd]
 */
export async function run(client, args, cwd) {
  try {
    return (await start(client, args, { ...limit, cwd, env: { ...process.env, ...quiet } })).stdout;
  } catch (error) {
    const { killed, stdout = "", stderr = "" } = /** @type {import("node:child_process").ExecFileException} */ (error);
    const said = `${stdout}\n${stderr}`.split("\n").filter((line) => /\berror\b/i.test(line));
    const why = killed ? `no end after ${limit.timeout / 1000} seconds` : (said[0]?.trim() ?? String(error));
    throw new Error(`${client} ${args[0]}: ${why}`);
  }
}

/**
 * Fails if an archive is not the pinned one.
 *
 * @param {string} archive
 * @param {Package} pinned
 */
async function check(archive, { id, version, sha512 }) {
  const hash = createHash("sha512");
  await pipeline(createReadStream(archive), hash);
  const found = hash.digest("base64");
  if (found !== sha512) {
    throw new Error(`${id} ${version} is not the archive that was pinned: its SHA-512 is ${found}`);
  }
}

/**
 * Downloads .NET packages to `folder` and returns the folder of each.
 *
 * @param {string} folder
 * @param {readonly Package[]} packages
 */
export async function downloadNuGet(folder, packages) {
  const downloads = packages.map(({ id, version }) => `<PackageDownload Include="${id}" Version="[${version}]" />`);
  const project = join(folder, "packages.csproj");
  await writeFile(
    project,
    `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup>${downloads.join("")}</ItemGroup>
</Project>
`,
  );
  await run("dotnet", ["restore", project, "--packages", join(folder, "packages")]);
  return Promise.all(
    packages.map(async (pinned) => {
      const name = pinned.id.toLowerCase();
      const place = join(folder, "packages", name, pinned.version);
      await check(join(place, `${name}.${pinned.version}.nupkg`), pinned);
      return place;
    }),
  );
}

/**
 * Downloads a Debian package of another architecture to `folder`, in the version of the installed one, and unpacks it there. The package
 * lists of the system are left alone; apt checks the archive.
 *
 * @param {string} folder
 * @param {{ name: string, architecture: string }} wanted
 */
export async function downloadDebian(folder, { name, architecture }) {
  const [, version] = (await run("dpkg-query", ["--show", name])).trim().split("\t");
  const [state, cache] = [join(folder, "state"), join(folder, "cache")];
  await mkdir(join(state, "lists", "partial"), { recursive: true });
  await mkdir(join(cache, "archives", "partial"), { recursive: true });
  await writeFile(join(state, "status"), "");
  const settings = {
    "Dir::State": state,
    "Dir::State::status": join(state, "status"),
    "Dir::Cache": cache,
    "APT::Architecture": architecture,
    "APT::Architectures": architecture,
    "APT::Sandbox::User": "root",
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  // If a list is missing in the end, the download says so.
  await run("apt-get", [...options, "update", "--quiet"]).catch(() => {});
  await run("apt-get", [...options, "download", `${name}=${version}`], folder);
  const archive = (await readdir(folder)).find((file) => file.endsWith(".deb"));
  await run("dpkg-deb", ["--extract", String(archive), "unpacked"], folder);
  return join(folder, "unpacked");
}

/**
 * Downloads an npm package and unpacks it to `folder`.
 *
 * @param {string} folder
 * @param {Package} pinned
 */
export async function downloadNpm(folder, pinned) {
  const { id, version } = pinned;
  const patience = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];
  await run("npm", ["pack", `${id}@${version}`, "--pack-destination", folder, ...patience], folder);
  const archive = `${id.replace("@", "").replace("/", "-")}-${version}.tgz`;
  await check(join(folder, archive), pinned);
  await run("tar", ["-xzf", archive, "--strip-components=1"], folder);
}
