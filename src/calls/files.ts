import type { Params, WireFile } from "../port/protocol.js";
import { readSize, ALL_ONES } from "../port/wire-numbers.js";
import { badArgument, checkObject, checkString } from "../words/arguments.js";
import type { Language } from "../words/messages.js";

/** A part of a file (BG_FILE_RANGE). */
export interface FileRange {
  /** Where the part begins, in bytes from the beginning of the file. */
  readonly initialOffset: number | bigint;
  /** How long it is, in bytes; `"to end"`: as far as the file goes (BG_LENGTH_TO_EOF). */
  readonly length: number | bigint | "to end";
}

/** A file for a job. */
export interface NewFile {
  /** The file's address on the server, `http:` or `https:`. */
  readonly remoteUrl: string;
  /** The absolute path under which a download appears when the job is completed, or which an upload reads. */
  readonly localName: string;
  /** The parts of the file that are downloaded. Default: all of it. BITS, and Delivery Optimization with several files. */
  readonly ranges?: readonly FileRange[] | undefined;
}

type WireNewFile = Params<"job.create">["files"][number];

/** The parts of a file, as the service tells them. */
export function readRanges(wire: NonNullable<WireFile["ranges"]>): FileRange[] {
  return wire.map(({ initialOffset, length }) => ({
    initialOffset: BigInt(initialOffset),
    length: readSize(length) ?? "to end",
  }));
}

/** A size as it travels. */
export function writeSize(language: Language, name: string, value: unknown): string {
  const isSize = typeof value === "bigint" || Number.isSafeInteger(value);
  const size = isSize ? BigInt(value as number) : -1n;
  if (size < 0n || size >= ALL_ONES) {
    throw badArgument(language, "size", { name });
  }
  return String(size);
}

function writeRange(language: Language, name: string, range: FileRange): NonNullable<WireNewFile["ranges"]>[number] {
  const { initialOffset, length } = checkObject(language, name, range, ["initialOffset", "length"]);
  return {
    initialOffset: writeSize(language, `${name}.initialOffset`, initialOffset),
    length: length === "to end" ? String(ALL_ONES) : writeSize(language, `${name}.length`, length),
  };
}

/**
 * A file as it travels.
 *
 * @throws TypeError for what is no file.
 */
export function writeFile(language: Language, { remoteUrl, localName, ranges }: NewFile): WireNewFile {
  if (ranges !== undefined && !Array.isArray(ranges)) {
    throw badArgument(language, "array", { name: "ranges" });
  }
  return {
    remoteUrl: checkString(language, "remoteUrl", remoteUrl),
    localName: checkString(language, "localName", localName),
    ...(ranges && {
      ranges: ranges.map((range: FileRange, i) => writeRange(language, `ranges[${i}]`, range)),
    }),
  };
}
