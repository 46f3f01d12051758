// A Vitest pool that runs test files in Node for Windows under Wine: the same tests, compiled by the same server. The tests see the files
// of this machine on drive Z:.
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { windowsPath } from "../support/wine.js";
import { messages, withStrings } from "./messages.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).slice(0, -1);
const ROOT_URL = pathToFileURL(ROOT).href;
const WINDOWS_URL = ROOT_URL.replace("file:///", "file:///Z:/");
const WORKER = windowsPath(join(ROOT, "test", "engines", "windows-node-worker.js"));

/** @param {string} text */
function toWindows(text) {
  return text.startsWith(ROOT) ? `Z:${text}` : text.startsWith(ROOT_URL) ? text.replace(ROOT_URL, WINDOWS_URL) : text;
}

/** @param {string} text */
function fromWindows(text) {
  return text
    .replaceAll(WINDOWS_URL, ROOT_URL)
    .replaceAll(`/@id/Z:${ROOT}`, ROOT)
    .replaceAll(`Z:${ROOT}`, ROOT)
    .replaceAll(windowsPath(ROOT), ROOT);
}

/** @implements {import("vitest/node").PoolWorker} */
class WindowsNode extends EventEmitter {
  name = "windows-node";
  #folder = mkdtempSync(join(tmpdir(), "background-copy-node-"));
  #node;
  #environment;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;
  /** @type {ReturnType<typeof messages> | undefined} */
  #messages;

  /**
   * @param {string} node
   * @param {NodeJS.ProcessEnv} environment
   */
  constructor(node, environment) {
    super();
    this.#node = node;
    this.#environment = environment;
  }

  async start() {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    // Under Wine, Node exits immediately if its output is not a file.
    const said = join(this.#folder, "said");
    const output = openSync(said, "w");
    const child = spawn("wine", [this.#node, WORKER, String(port)], {
      stdio: ["ignore", output, output],
      env: this.#environment,
      cwd: ROOT,
    });
    closeSync(output);
    this.#child = child;
    child.once("exit", (code) => {
      // Wine reports that a drive that is not a disk has no label.
      const rest = readFileSync(said, "utf8").replace(/^wine: Read access denied for device .*\n?/gm, "");
      if (rest) {
        process.stderr.write(rest);
      }
      this.emit("exit", code);
    });
    const [socket] = await Promise.race([
      once(server, "connection"),
      once(child, "exit").then(() => Promise.reject(new Error(`Windows' Node did not start: ${readFileSync(said)}`))),
    ]);
    server.close();
    socket.on("error", () => {});
    this.#messages = messages(socket);
    this.#messages.on((message) => this.emit("message", withStrings(message, fromWindows)));
  }

  /** @param {unknown} message */
  send(message) {
    this.#messages?.send(withStrings(message, toWindows));
  }

  /** @param {unknown} message */
  deserialize(message) {
    return message;
  }

  async stop() {
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * The pool for a node.exe. Its environment comes from the project's setup, which creates the Wine prefix.
 *
 * @param {string} node
 * @returns {import("vitest/node").PoolRunnerInitializer}
 */
export function windowsNode(node) {
  return {
    name: "windows-node",
    createPoolWorker: ({ env, project }) =>
      new WindowsNode(node, { ...process.env, ...env, ...project.getProvidedContext().wineEnvironment }),
  };
}
