import { createInterface } from "node:readline";
import type { Terminal } from "./terminal.js";

/** Asks the user a question that has the answers yes and no. Anything but a yes is a no, and so is the end of the input. */
export async function isAgreedTo(terminal: Terminal, question: string): Promise<boolean> {
  const { stdin, stderr, signal } = terminal;
  stderr.write(`${question} `);
  // Not as a terminal: the line is left to the system's own editing, and Ctrl+C stays a signal.
  const lines = createInterface({ input: stdin, terminal: false });
  const onAbort = () => lines.close();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const answer = await new Promise<string | undefined>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(undefined));
    });
    if (answer === undefined) {
      stderr.write("\n");
    }
    signal.throwIfAborted();
    return terminal
      .words("question.yes")
      .split(" ")
      .includes(answer?.trim().toLowerCase() ?? "");
  } finally {
    signal.removeEventListener("abort", onAbort);
    lines.close();
  }
}
