import type { FileHandle } from "node:fs/promises";
import { DO_E_FILE_SIZE_UNKNOWN_HTTP_200, DO_E_HTTP_BLOCKSIZE_MISMATCH } from "./codes.js";
import type { FileResponse } from "./get.js";
import { askFollowing, type Transport } from "./redirects.js";
import { TemporaryFile } from "./temporary-file.js";
import { diskError, httpError, networkError, TransferError } from "./transfer-error.js";

/** What the server reported about the remote file. */
interface RemoteFile {
  readonly length: number | bigint;
  /** Identifies this version of the file. Without it, a part of the file cannot be used later. */
  readonly validator: string | undefined;
}

function refuseDisk(cause: unknown): never {
  throw diskError(cause);
}

/** One file of a job: from its URL to a temporary file next to its target, in as many attempts as necessary. */
export class Download {
  remoteName: string;
  readonly localName: string;
  readonly #temporary: TemporaryFile;
  /** The remote file that the temporary file is a part of. */
  #known: RemoteFile | undefined;
  #received: number | bigint = 0;
  /** The largest number of bytes ever received. */
  #furthest = 0;
  #whole = false;

  constructor(remoteName: string, localName: string) {
    this.remoteName = remoteName;
    this.localName = localName;
    this.#temporary = new TemporaryFile(localName);
  }

  /** Whether the temporary file is complete. */
  get isWhole(): boolean {
    return this.#whole;
  }

  /** The number of bytes to transfer, once it is known. */
  get bytesTotal(): number | bigint | undefined {
    return this.#known?.length;
  }

  /** The number of bytes received. */
  get bytesTransferred(): number | bigint {
    return this.#received;
  }

  /** The path of the received bytes, until the file has its local name. */
  get temporaryName(): string | undefined {
    return this.#temporary.path;
  }

  /** Sets the progress of the file for a test, with nothing on the disk, including sizes that exceed the precision of a number. */
  pretend(bytesTransferred: bigint, bytesTotal: bigint | undefined): void {
    this.#received = bytesTransferred;
    this.#known = bytesTotal === undefined ? undefined : { length: bytesTotal, validator: undefined };
    this.#whole = bytesTransferred === bytesTotal;
  }

  /** Makes one attempt. Nothing more is written when it ends, however it ends. */
  async attempt(transport: Transport, signal: AbortSignal): Promise<void> {
    const file = await this.#temporary.open().catch(refuseDisk);
    await this.#receive(file, transport, signal);
    this.#whole = true;
  }

  /** Gives the complete file its local name. */
  keep(): Promise<void> {
    return this.#temporary.keep().catch(refuseDisk);
  }

  /** Deletes the temporary file. Returns false if it cannot be deleted. */
  discard(): Promise<boolean> {
    return this.#temporary.delete();
  }

  async #receive(file: FileHandle, transport: Transport, signal: AbortSignal): Promise<void> {
    const { size } = await file.stat().catch(refuseDisk);
    const validator = this.#known?.validator;
    const part = validator !== undefined && size > 0 ? { size, validator } : undefined;
    const response = await this.#ask(part, transport, signal);
    const start = response.status === 200 ? 0 : size;
    const remote = await this.#accept(response, start);
    await this.#temporary.reserve(start, remote.length).catch(refuseDisk);
    this.#known = remote;
    this.#received = start;
    const end = await save(response, file, start, (position) => {
      this.#received = position;
      if (position > this.#furthest) {
        this.#furthest = position;
        transport.onProgress();
      }
    });
    if (end < remote.length) {
      throw networkError(new Error("the body ended early"));
    }
    if (end > remote.length) {
      throw this.#mismatch();
    }
  }

  /** Requests the file, or the missing rest if the existing part is still of the same version. */
  #ask(
    part: { size: number; validator: string } | undefined,
    transport: Transport,
    signal: AbortSignal,
  ): Promise<FileResponse> {
    const own = {
      // If the body were compressed, its length and ranges would differ from those of the file.
      "accept-encoding": "identity",
      ...(part && { range: `bytes=${part.size}-`, "if-range": part.validator }),
    };
    return askFollowing(transport, this.remoteName, own, signal);
  }

  async #accept(response: FileResponse, start: number): Promise<RemoteFile> {
    try {
      return this.#remoteFile(response, start);
    } catch (error) {
      // The body is not needed, nor is the way it ends.
      await response.body?.cancel().catch(() => {});
      throw error;
    }
  }

  #remoteFile({ status, headers }: FileResponse, start: number): RemoteFile {
    if (status === 200) {
      // Without a length, an interrupted body looks complete. As in Delivery Optimization, every file needs a length.
      const length = headers.has("content-encoding") ? undefined : toNumber(headers.get("content-length"));
      if (length === undefined) {
        throw new TransferError(DO_E_FILE_SIZE_UNKNOWN_HTTP_200);
      }
      return { length, validator: validatorOf(headers) };
    }
    const known = this.#known;
    if (!known || (status !== 206 && status !== 416)) {
      throw httpError(status);
    }
    const [, from, total = known.length] =
      /^bytes (\d+)-\d+\/(?:(\d+)|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
    if (Number(from) !== start || Number(total) !== Number(known.length)) {
      throw this.#mismatch();
    }
    return known;
  }

  /** The server contradicts its earlier report, so the next attempt starts again. */
  #mismatch(): TransferError {
    this.#known = undefined;
    return new TransferError(DO_E_HTTP_BLOCKSIZE_MISMATCH);
  }
}

/** The value for If-Range: a strong entity tag, or otherwise a date. */
function validatorOf(headers: Headers): string | undefined {
  const tag = headers.get("etag");
  return (tag?.startsWith('"') ? tag : headers.get("last-modified")) ?? undefined;
}

function toNumber(text: string | null): number | undefined {
  return text && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Writes the body to the file as it arrives, no faster than the disk, and returns the final position. */
async function save(
  response: FileResponse,
  file: FileHandle,
  start: number,
  onProgress: (position: number) => void,
): Promise<number> {
  let position = start;
  try {
    for await (const chunk of response.body ?? []) {
      await write(file, chunk, position).catch(refuseDisk);
      position += chunk.length;
      onProgress(position);
    }
  } catch (error) {
    throw error instanceof TransferError ? error : networkError(error);
  }
  return position;
}

/** Writes all bytes: a disk that is nearly full accepts only some at first. */
async function write(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
