import { BackgroundCopyManager } from "../manager.js";
import { runCommandLine } from "./command-line.js";
import { ExitCode } from "./exit-code.js";

// A reader that stops early, like `head`, is not a failure; a full disk is one.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") {
    process.stderr.write(`${error.message}\n`);
    process.exit(ExitCode.unknown);
  }
});

// If nobody reads the output, only the exit code reports the result.
process.stderr.on("error", () => {});

const interrupted = new AbortController();
// The first Ctrl+C ends the wait, and the command reports the status; the second one ends the process.
process.once("SIGINT", () => interrupted.abort());

const { stdin, stdout, stderr } = process;
process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  signal: interrupted.signal,
  connect: (options) => BackgroundCopyManager.connect(options),
  connectFleet: async (options) => (await import("../fleet.js")).BackgroundCopyFleet.connect(options),
});
