import type { JobDescription, JobFile } from "../index.js";
import { nameOf } from "../words/names.js";
import { withoutCredentials } from "../words/without-credentials.js";
import type { Command } from "./command.js";
import { ExitCode } from "./exit-code.js";
import { formatBytes, formatDuration, formatNumber, formatTime } from "./format.js";
import { bytesCell, errorLines, shareCell, type ByteProgress } from "./job-cells.js";
import { wrappedText } from "./output.js";
import { printable } from "./printable.js";
import type { GlobalOptions, Terminal } from "./terminal.js";
import { stringWidth } from "./width.js";

interface ShowArguments extends GlobalOptions {
  readonly id: string;
}

// Shown in separate sections below the properties.
type Shown = Exclude<keyof JobDescription, "jobId" | "progress" | "replyProgress" | "error" | "files" | "refused">;
type Formats = {
  readonly [Name in Shown]-?: (terminal: Terminal, value: NonNullable<JobDescription[Name]>) => string;
};

const plain = (_terminal: Terminal, value: string) => printable(value);
const names = (_terminal: Terminal, value: readonly string[]) => value.join(", ");
const parts = (_terminal: Terminal, value: object) => printable(Object.values(value).filter(Boolean).join("  "));
const time = ({ language }: Terminal, value: Date) => formatTime(language.locale, value, "medium");
const number = ({ language }: Terminal, value: number) => formatNumber(language.locale, value);
const bytes = ({ language }: Terminal, value: bigint) => formatBytes(language.locale, value);
const flags = (_terminal: Terminal, value: number) => `0x${value.toString(16).toUpperCase().padStart(8, "0")}`;
const yesOrNo = (terminal: Terminal, value: boolean) => terminal.words(value ? "yes" : "no");
const seconds = ({ language }: Terminal, value: number) => formatDuration(language.locale, value, "second");
const milliseconds = ({ language }: Terminal, value: number) => formatDuration(language.locale, value, "millisecond");
const name = ({ language }: Terminal, value: Parameters<typeof nameOf>[1]) => nameOf(language, value);

// In the order of display.
const FORMATS: Formats = {
  displayName: plain,
  description: plain,
  type: name,
  state: name,
  priority: name,
  owner: plain,
  ownerElevated: yesOrNo,
  ownerIntegrityLevel: flags,
  creationTime: time,
  modificationTime: time,
  transferCompletionTime: time,
  errorCount: number,
  minimumRetryDelay: seconds,
  noProgressTimeout: seconds,
  maximumDownloadTime: seconds,
  maxDownloadSize: bytes,
  transferPolicy: (terminal, value) => (typeof value === "number" ? flags(terminal, value) : value),
  proxySettings: parts,
  httpMethod: plain,
  // Their values might be secrets.
  customHeaders: (_terminal, headers) => printable(Object.keys(headers).join(", ")),
  securityFlags: flags,
  clientCertificate: parts,
  useStoredCredentials: (terminal, value) => (value === 0 ? terminal.words("no") : value),
  notifyFlags: names,
  notifyCmdLine: parts,
  minimumNotificationInterval: milliseconds,
  replyFileName: plain,
  fileAclFlags: names,
  peerCachingFlags: names,
  dynamicContent: yesOrNo,
  highPerformance: yesOrNo,
  onDemandMode: yesOrNo,
};

/** `show`: shows all properties of a job. */
export const show: Command<ShowArguments> = {
  name: "show",
  parameters: "<id>",
  examples: [
    "show 6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de --service bits",
    "show 6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de --json",
  ],
  positionals: (words) => ({ id: { type: "string", describe: words("argument.oneId") } }),
  async run(terminal, { id, ...options }) {
    await using manager = await terminal.connectToJobs(options);
    const job = await manager.job(id).describe({ signal: terminal.signal });
    const { service, locale } = manager;
    for (const line of describe(terminal, job)) {
      terminal.line(line);
    }
    terminal.document({ service, locale, job });
    return ExitCode.done;
  },
};

function describe(terminal: Terminal, job: JobDescription): string[] {
  const title = (key: string, count = 0) => ["", terminal.style("bold", terminal.words(key, { count }))];
  const indent = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  const { error, files = [], refused } = job;
  return [
    ...propertyLines(terminal, job),
    ...(error ? [...title("show.error"), ...indent(errorLines(terminal, error))] : []),
    ...(files.length > 0 ? title("show.files", files.length) : []),
    ...indent(files.flatMap((file) => fileLines(terminal, file))),
    ...(Object.keys(refused).length > 0 ? [...title("show.refused"), ...indent(refusalLines(terminal, refused))] : []),
  ];
}

type Property = readonly [label: string, value: string];

function property(terminal: Terminal, name: string, value: string): Property {
  return [terminal.words(`property.${name}`), value];
}

const GAP = 2;
/** Less room than this is used for nothing but the values. */
const NARROWEST = 20;

/** The values in a column beside their labels, or below them in a narrow window. No value leaves its column. */
function propertyTable(properties: readonly Property[], width: number): string[] {
  const column = GAP + Math.max(...properties.map(([label]) => stringWidth(label)));
  return properties.flatMap(([label, value]) => {
    if (width - column < NARROWEST) {
      return [label, ...wrappedText(value, width - GAP).map((line) => " ".repeat(GAP) + line)];
    }
    const [first = "", ...others] = wrappedText(value, width - column);
    const beside = label + " ".repeat(column - stringWidth(label));
    return [beside + first, ...others.map((line) => " ".repeat(column) + line)];
  });
}

function refusalLines(terminal: Terminal, refused: JobDescription["refused"]): string[] {
  const rows = Object.entries(refused).map(([name, { code }]) => property(terminal, name, code));
  return propertyTable(rows, terminal.width - GAP);
}

function propertyLines(terminal: Terminal, job: JobDescription): string[] {
  const told = (Object.keys(FORMATS) as Shown[]).flatMap((name) => {
    const value = job[name];
    const words =
      value === undefined ? "" : (FORMATS[name] as (terminal: Terminal, value: unknown) => string)(terminal, value);
    return words ? [property(terminal, name, words)] : [];
  });
  const { filesTransferred, filesTotal } = job.progress;
  const reply = job.replyProgress;
  const rows = [
    property(terminal, "jobId", job.jobId),
    ...told,
    property(terminal, "progress", progressWords(terminal, job.progress)),
    property(terminal, "fileProgress", `${filesTransferred} / ${filesTotal}`),
    ...(reply ? [property(terminal, "replyProgress", progressWords(terminal, reply))] : []),
  ];
  return propertyTable(rows, terminal.width);
}

function progressWords(terminal: Terminal, progress: ByteProgress): string {
  return [shareCell(terminal, progress), bytesCell(terminal, progress)]
    .map((cell) => cell.text)
    .filter(Boolean)
    .join("  ");
}

function fileLines(terminal: Terminal, { localName, remoteName, temporaryName, progress, ranges = [] }: JobFile) {
  const { locale } = terminal.language;
  const range = ({ initialOffset, length }: (typeof ranges)[number]) =>
    `${formatNumber(locale, initialOffset)} + ${length === "to end" ? terminal.words("toEnd") : formatNumber(locale, length)}`;
  return [
    printable(localName),
    `  ${printable(withoutCredentials(remoteName))}`,
    ...(temporaryName ? [`  ${terminal.words("show.temporary", { name: printable(temporaryName) })}`] : []),
    ...(ranges.length > 0 ? [`  ${terminal.words("show.ranges", { ranges: ranges.map(range).join(", ") })}`] : []),
    `  ${progressWords(terminal, progress)}`,
  ];
}
