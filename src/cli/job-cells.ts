import type { JobError, JobProgress, JobResult, JobState, JobStatus } from "../index.js";
import { adviseOnHresult } from "../words/messages.js";
import { nameOf } from "../words/names.js";
import { withoutCredentials } from "../words/without-credentials.js";
import { formatBytes, formatShare } from "./format.js";
import { printable, printableSentence } from "./printable.js";
import type { Cell } from "./table.js";
import type { Terminal } from "./terminal.js";

/** The transferred bytes and the total. */
export type ByteProgress = Pick<JobProgress, "bytesTransferred" | "bytesTotal"> &
  Partial<Pick<JobProgress, "filesTotal">>;

// The states that people look for.
const STYLES = {
  BG_JOB_STATE_ERROR: "red",
  BG_JOB_STATE_TRANSIENT_ERROR: "yellow",
  BG_JOB_STATE_TRANSFERRED: "green",
} as const;

export function stateCell(terminal: Terminal, state: JobState): Cell {
  const style = STYLES[state as keyof typeof STYLES];
  return { text: nameOf(terminal.language, state), paint: style && ((shown) => terminal.style(style, shown)) };
}

/** `45%`, if the size is known. Without files, there is none. */
export function shareCell({ language }: Terminal, { bytesTransferred, bytesTotal, filesTotal }: ByteProgress): Cell {
  return {
    text:
      bytesTotal === undefined || filesTotal === 0 ? "" : formatShare(language.locale, bytesTransferred, bytesTotal),
  };
}

/** `5.5 MB / 12.3 MB` */
export function bytesCell({ language }: Terminal, { bytesTransferred, bytesTotal }: ByteProgress): Cell {
  const total = bytesTotal === undefined ? "?" : formatBytes(language.locale, bytesTotal);
  return { text: `${formatBytes(language.locale, bytesTransferred)} / ${total}` };
}

/** The answer of a method. With a warning, there might be a recommended action. */
export function resultLines(terminal: Terminal, { code, message, hresult, method, warning }: JobResult): string[] {
  const advice = warning ? adviseOnHresult(terminal.language, hresult, method) : undefined;
  return [
    `${warning ? terminal.style("yellow", code) : code}  ${printableSentence(message)}`,
    ...(advice ? [advice] : []),
  ];
}

/** The reason why a job is waiting, if this ends without intervention. */
export function transientCause({ state, error }: JobStatus): string | undefined {
  return state === "BG_JOB_STATE_TRANSIENT_ERROR" && error
    ? `${error.code}  ${printableSentence(error.message)}`
    : undefined;
}

/** The error of a job, and the recommended action. */
export function errorLines(terminal: Terminal, error: JobError): string[] {
  const { code, hex, message, contextMessage, file, description, contextDescription, advice } = error;
  const names = file ? [withoutCredentials(file.remoteName), file.localName] : [];
  const inServiceWords = [description, contextDescription].filter(Boolean).join(" ");
  return [
    `${terminal.style("red", code)}  ${hex}  ${printableSentence(message)}`,
    contextMessage,
    ...names.map(printable),
    ...(inServiceWords ? [terminal.words("inServiceWords", { words: printable(inServiceWords.trim()) })] : []),
    ...(advice ? [advice] : []),
  ];
}
