import type { JobError, JobProgress, JobState } from "../index.js";
import { JOB_STATE } from "../model/job.js";
import { text } from "../words/messages.js";
import { formatBytes, formatShare, printable, withoutCredentials } from "./format.js";
import type { Cell } from "./table.js";
import type { Terminal } from "./terminal.js";

/** How many bytes of how many. */
export type ByteProgress = Pick<JobProgress, "bytesTransferred" | "bytesTotal">;

// The states that people look for.
const STYLES = {
  BG_JOB_STATE_ERROR: "red",
  BG_JOB_STATE_TRANSIENT_ERROR: "yellow",
  BG_JOB_STATE_TRANSFERRED: "green",
} as const;

/** A state in words; one that the documentation does not know stays as it is. */
export function stateWords({ language }: Terminal, state: JobState): string {
  return JOB_STATE.names.includes(state) ? text(language, `state.${state}`) : state;
}

export function stateCell(terminal: Terminal, state: JobState): Cell {
  const style = STYLES[state as keyof typeof STYLES];
  return { text: stateWords(terminal, state), paint: style && ((shown) => terminal.style(style, shown)) };
}

/** `45%`, where the size is known. */
export function shareCell({ language }: Terminal, { bytesTransferred, bytesTotal }: ByteProgress): Cell {
  return { text: bytesTotal === undefined ? "" : formatShare(language.locale, bytesTransferred, bytesTotal) };
}

/** `5.5 MB / 12.3 MB` */
export function bytesCell({ language }: Terminal, { bytesTransferred, bytesTotal }: ByteProgress): Cell {
  const total = bytesTotal === undefined ? "?" : formatBytes(language.locale, bytesTotal);
  return { text: `${formatBytes(language.locale, bytesTransferred)} / ${total}` };
}

/** What a job failed with, and what to do about it. */
export function errorLines(terminal: Terminal, error: JobError): string[] {
  const { code, hex, message, contextMessage, file, description, contextDescription, advice } = error;
  const names = file ? [withoutCredentials(file.remoteName), file.localName] : [];
  const inServiceWords = [description, contextDescription].filter(Boolean).join(" ");
  return [
    `${terminal.style("red", code)}  ${hex}  ${message}`,
    contextMessage,
    ...names.map(printable),
    ...(inServiceWords ? [terminal.words("inServiceWords", { words: printable(inServiceWords.trim()) })] : []),
    ...(advice ? [advice] : []),
  ];
}
