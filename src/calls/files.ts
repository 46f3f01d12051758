import type { Params, WireFile } from "../port/protocol.js";
import { readSize, ALL_ONES } from "../port/wire-numbers.js";
import { badArgument, checkObject, checkString } from "../words/arguments.js";
import type { Language } from "../words/messages.js";

/** A part of a file (BG_FILE_RANGE). */
export interface FileRange {
  /** The offset of the part, in bytes from the beginning of the file. */
  readonly initialOffset: number | bigint;
  /** The length of the part in bytes, or `"to end"` for the rest of the file (BG_LENGTH_TO_EOF). */
  readonly length: number | bigint | "to end";
}

/** A file to add to a job. */
export interface NewFile {
  /** The URL of the file on the server, with `http:` or `https:`. */
  readonly remoteUrl: string;
  /** The absolute local path: the target of a download after the job is completed, or the source of an upload. */
  readonly localName: string;
  /**
   * The parts of the file to download. Default: the whole file. Requires BITS, or Delivery Optimization with support for several files.
   */
  readonly ranges?: readonly FileRange[] | undefined;
}

type WireNewFile = Params<"job.create">["files"][number];

/** The parts of a file, from the service. */
export function readRanges(wire: NonNullable<WireFile["ranges"]>): FileRange[] {
  return wire.map(({ initialOffset, length }) => ({
    initialOffset: BigInt(initialOffset),
    length: readSize(length) ?? "to end",
  }));
}

/** The wire format of a size. */
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
 * The wire format of a file.
 *
 * @throws TypeError if the value is not a valid file.
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
