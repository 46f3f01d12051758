import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** A request that the server received. */
export interface ServedRequest {
  readonly path: string;
  readonly range: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Whether the client has disconnected or the response is complete. */
  readonly isOver: () => boolean;
}

/**
 * A file server on the loopback interface. Every path is a file of 64 KiB, `/slow` is one that takes its time. A path's query makes
 * its answers bad ones, all of them, or only the first `times`:
 *
 * - `size=N`: the file has N bytes
 * - `status=N`: answers with that status; `to=PATH`: redirects
 * - `pause=N`: after N bytes of the body nothing more comes; `stop=N`: the connection breaks there
 * - `length=N`: N is the Content-Length; `chunked`: without one; `packed`: the body is compressed
 * - `tag=weak`: tells the file's version only by a date; `changing`: at each request the file is another one, and shorter
 * - `ranges=no`: sends all of the file, whatever is asked for; `ranges=wrong`: says to send another range; `ranges=short`,
 *   `ranges=long`: sends less or more than it says
 */
export interface FileServer {
  readonly requests: readonly ServedRequest[];
  url(path: string): string;
  /** Breaks all connections, in the middle of whatever they carry. */
  breakConnections(): void;
  close(): Promise<void>;
}

/** The bytes of a file of that size. */
export function contents(size = 65_536, version = 1): Buffer {
  return Buffer.from(Array.from({ length: size }, (_, i) => (i * 31 + version) % 251));
}

export async function startFileServer(): Promise<FileServer> {
  const requests: ServedRequest[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    requests.push({ path, range: request.headers.range, headers: request.headers, isOver: () => response.closed });
    const count = requests.filter((other) => other.path === path).length;
    answer(request, response, new URL(path, "http://localhost"), count);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    requests,
    url: (path) => origin + path,
    breakConnections: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { pathname, searchParams }: URL,
  count: number,
): void {
  if (pathname === "/slow") {
    drip(request, response);
    return;
  }
  const isBad = count <= Number(searchParams.get("times") ?? Number.POSITIVE_INFINITY);
  const fault = (name: string) => (isBad ? searchParams.get(name) : null);
  const to = fault("to");
  const status = fault("status") ?? (to && "302");
  const pause = fault("pause");
  if (status) {
    response.writeHead(Number(status), to ? { location: to } : {}).write(" ");
    if (pause === null) {
      response.end();
    }
    return;
  }
  const version = searchParams.has("changing") ? count : 1;
  const file = contents(Number(searchParams.get("size") ?? 65_536) - 100 * (version - 1), version);
  const etag = `"version ${version}"`;
  response.setHeader("etag", searchParams.get("tag") === "weak" ? `W/${etag}` : etag);
  response.setHeader("last-modified", new Date(version * 1_000).toUTCString());
  if (searchParams.has("packed")) {
    const packed = gzipSync(file);
    response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length }).end(packed);
    return;
  }
  const ranges = searchParams.get("ranges");
  const start = ranges === "no" ? 0 : startOf(request, response, file.length);
  if (start === undefined) {
    response.writeHead(416, { "content-range": `bytes */${file.length}` }).end();
    return;
  }
  let body = file.subarray(start);
  if (start > 0) {
    response.statusCode = 206;
    const from = fault("ranges") === "wrong" ? start + 1 : start;
    response.setHeader("content-range", `bytes ${from}-${file.length - 1}/${file.length}`);
    body = ranges === "short" ? body.subarray(1_000) : ranges === "long" ? Buffer.concat([body, body]) : body;
  }
  if (searchParams.has("chunked") || (start > 0 && (ranges === "short" || ranges === "long"))) {
    response.setHeader("transfer-encoding", "chunked");
  } else {
    response.setHeader("content-length", fault("length") ?? body.length);
  }
  // Makes a body that is shorter than reported end with the connection.
  response.setHeader("connection", "close");
  send(request, response, body, fault("stop"), pause);
}

/** The start of the response: 0 without a range, or for another version; undefined if the file has no such byte. */
function startOf({ headers }: IncomingMessage, response: ServerResponse, length: number): number | undefined {
  const start = /^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1];
  const condition = headers["if-range"]?.toString();
  const current = [response.getHeader("etag"), response.getHeader("last-modified")];
  // A weak tag is not a valid condition.
  if (start === undefined || (condition && (condition.startsWith("W/") || !current.includes(condition)))) {
    return 0;
  }
  return Number(start) < length ? Number(start) : undefined;
}

function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  stop: string | null,
  pause: string | null,
): void {
  if (method === "HEAD") {
    response.end();
  } else if (stop !== null) {
    response.write(body.subarray(0, Number(stop)), () => response.destroy());
  } else if (pause !== null) {
    response.write(body.subarray(0, Number(pause)));
  } else {
    response.end(body);
  }
}

function drip({ method }: IncomingMessage, response: ServerResponse): void {
  const chunk = contents();
  response.writeHead(200, { "content-length": chunk.length * 1_024 });
  if (method === "HEAD") {
    response.end();
    return;
  }
  response.write(chunk);
  const timer = setInterval(() => response.write(chunk), 50);
  response.on("close", () => clearInterval(timer));
}
