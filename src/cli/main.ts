import { hideBin } from "yargs/helpers";
import { BackgroundCopyManager } from "../manager.js";
import { runCommandLine } from "./command-line.js";
import { ExitCode } from "./exit-code.js";

// A reader that has seen enough, like `head`, is no failure; a disk that takes no more is one.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") {
    process.stderr.write(`${error.message}\n`);
    process.exit(ExitCode.unknown);
  }
});

// With nobody left to be told, how the command ended is said by its exit code alone.
process.stderr.on("error", () => {});

const interrupted = new AbortController();
// The first Ctrl+C ends what is waited for, and the command says how things stand; the second one ends the process.
process.once("SIGINT", () => interrupted.abort());

const { stdin, stdout, stderr } = process;
process.exitCode = await runCommandLine(hideBin(process.argv), {
  stdin,
  stdout,
  stderr,
  signal: interrupted.signal,
  connect: (options) => BackgroundCopyManager.connect(options),
});
