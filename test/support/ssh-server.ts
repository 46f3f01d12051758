import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { onPath } from "./programs.js";
import { shellWord } from "./shell-word.js";

const SBIN = "/usr/sbin/sshd";
/** The port that a file of known hosts does not name. */
const SSH_PORT = 22;

/** The real server of SSH, with its local path if it exists. */
export const sshServer = {
  label: "OpenSSH server",
  path:
    process.platform !== "win32" && onPath("ssh") && onPath("ssh-keygen")
      ? (onPath("sshd") ?? (existsSync(SBIN) ? SBIN : undefined))
      : undefined,
  where: "ssh, ssh-keygen and sshd on PATH, /usr/sbin/sshd",
};

/** A port of a server, which stands for a host. */
export interface ServedHost {
  readonly port: number;
  /** The program that the server starts, whatever the client asks for. Default: what the client asks for. */
  readonly command?: string | undefined;
  /** More lines of the server's configuration for this port. */
  readonly lines?: readonly string[];
}

/** A running server. */
export interface RunningServer extends AsyncDisposable {
  readonly folder: string;
  readonly user: string;
  readonly identityFile: string;
  readonly knownHostsFile: string;
  readonly pid: number;
}

/** Ports that are free, as far as the system knows. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A program in the folder that becomes another one. Servers and clients take a path without blanks and quotes. */
export function plainProgram(folder: string, program: string): string {
  const path = join(folder, "program");
  writeFileSync(path, `#!/bin/sh\nexec ${shellWord(program)} "$@"\n`, { mode: 0o755 });
  return path;
}

function makeKey(file: string): string {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
  return readFileSync(`${file}.pub`, "utf8").trim();
}

/** Where a server listens, and the program with its arguments that starts it, such as one that enters a network namespace. */
export interface Place {
  readonly addresses?: readonly string[];
  readonly via?: readonly string[];
  /** More lines of the server's configuration, for all hosts. */
  readonly settings?: readonly string[];
}

/** Starts a server on loopback with keys of its own, which nobody else knows. The known hosts are its ports. */
export async function startSshServer(
  hosts: readonly ServedHost[],
  { addresses = ["127.0.0.1"], via = [], settings = [] }: Place = {},
): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-sshd-"));
  const file = (name: string) => join(folder, name);
  const hostKey = makeKey(file("host"));
  const userKey = makeKey(file("user"));
  writeFileSync(file("authorized"), `${userKey}\n`);
  const listened = addresses.flatMap((address) =>
    hosts.map(({ port }) => (port === SSH_PORT ? address : `[${address}]:${port}`)),
  );
  writeFileSync(file("known"), listened.map((place) => `${place} ${hostKey}\n`).join(""));
  const { username } = userInfo();
  const config = [
    ...hosts.map(({ port }) => `Port ${port}`),
    ...addresses.map((address) => `ListenAddress ${address}`),
    `HostKey ${file("host")}`,
    "PidFile none",
    `AuthorizedKeysFile ${file("authorized")}`,
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "MaxStartups 100",
    // A PowerShell that a test kills would otherwise damage the cache of the user's account: see environment.ts.
    "SetEnv DOTNET_MultiCoreJitMinNumCpus=FFFF",
    "PermitRootLogin prohibit-password",
    ...settings,
    ...hosts.flatMap(({ port, command, lines = [] }) => [
      `Match LocalPort ${port}`,
      ...(command ? [`ForceCommand ${command}`] : []),
      ...lines,
    ]),
  ];
  writeFileSync(file("config"), `${config.join("\n")}\n`);
  if (process.getuid?.() === 0) {
    // A server of root needs this folder for its separation of privileges.
    mkdirSync("/run/sshd", { recursive: true });
  }
  chmodSync(file("user"), 0o600);
  const [program = "", ...args] = [...via, sshServer.path as string, "-D", "-e", "-f", file("config")];
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  while ((said.match(/Server listening/g) ?? []).length < listened.length) {
    if (child.exitCode !== null) {
      throw new Error(`The SSH server has ended: ${said}`);
    }
    await setTimeout(20);
  }
  return {
    folder,
    user: username,
    identityFile: file("user"),
    knownHostsFile: file("known"),
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
