import { get as getOverHttp, type ClientRequest, type IncomingMessage } from "node:http";
import { get as getOverHttps } from "node:https";
import { PassThrough } from "node:stream";
import { SILENCE_IN_S } from "./limits.js";

/** A request for a file. Redirects are not followed. */
export interface FileRequest {
  readonly headers: Headers;
  readonly redirect: "manual";
  readonly signal: AbortSignal;
}

/** The parts of a response that a download needs. A body that is not wanted must be canceled. */
export interface FileResponse extends Pick<Response, "status" | "headers"> {
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

/** Sends a request. `fetch` has this type. */
export type Get = (url: string, request: FileRequest) => Promise<FileResponse>;

// Some servers refuse requests without these headers.
const USUAL_HEADERS = { accept: "*/*", "user-agent": "node" };

/**
 * Sends a request with the modules of Node, and not with its `fetch`: in current versions of Node 22 and 24, `fetch` ends the process if a
 * server closes its connection while the disk is slower than the network.
 */
export async function get(url: string, options: FileRequest): Promise<FileResponse> {
  const { headers, signal } = options;
  const send = new URL(url).protocol === "https:" ? getOverHttps : getOverHttp;
  const request = send(url, {
    headers: { ...USUAL_HEADERS, ...Object.fromEntries(headers) },
    signal,
    timeout: SILENCE_IN_S * 1_000,
  });
  let current: ClientRequest | IncomingMessage = request;
  request.on("timeout", () => {
    current.destroy(Object.assign(new Error("the server sends nothing"), { code: "ETIMEDOUT" }));
  });
  try {
    const message = await responseOf(request);
    current = message;
    return { status: message.statusCode ?? 0, headers: headersOf(message), body: bodyOf(message) };
  } catch (error) {
    request.destroy();
    // A server can close a kept connection just when it is used again.
    if (request.reusedSocket && (error as NodeJS.ErrnoException).code === "ECONNRESET") {
      return get(url, options);
    }
    throw error;
  }
}

function responseOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    // Once there is a response, an error also ends its body.
    request.on("error", reject);
    // The server can close the connection, or change to another protocol, without an error.
    request.once("close", () => reject(new Error("no response")));
  });
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    headers.append(rawHeaders[i] as string, rawHeaders[i + 1] as string);
  }
  return headers;
}

/** The body, with everything that arrived, also if the connection breaks. A stream of Node loses what was not read by then. */
function bodyOf(message: IncomingMessage): NonNullable<FileResponse["body"]> {
  const arrived = message.pipe(new PassThrough());
  let broken: unknown;
  message.once("error", (error) => {
    broken = error;
    arrived.end();
  });
  async function* read() {
    try {
      yield* arrived;
      if (broken) {
        throw broken;
      }
    } finally {
      message.destroy();
    }
  }
  return Object.assign(read(), {
    async cancel() {
      message.destroy();
    },
  });
}
