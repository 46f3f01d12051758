import { isRemoteUrl } from "./arguments.js";
import type { FileResponse, Get } from "./get.js";
import { networkError, redirectError } from "./transfer-error.js";

/** The dependencies and options of a transfer. */
export interface Transport {
  readonly get: Get;
  /** The HTTP headers of the job for its server. */
  readonly headers: Headers;
  /** Called whenever more of the file is received than ever before. */
  readonly onProgress: () => void;
}

/** The number of redirects that WinHTTP follows by default. */
const LONGEST_CHAIN = 10;

const REDIRECTIONS = [301, 302, 303, 307, 308];

/**
 * Requests a file and follows redirects. The headers of the job are only for the specified server and go to no other, because they might
 * be secrets. A file requested over HTTPS is never received over HTTP. `own` are the headers of the transfer itself.
 */
export async function askFollowing(
  { get, headers }: Transport,
  remoteName: string,
  own: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<FileResponse> {
  let url = remoteName;
  let custom = headers;
  for (let followed = 0; ; followed++) {
    const request = { headers: withOwn(custom, own), redirect: "manual", signal } as const;
    const response = await get(url, request).catch((cause) => {
      throw networkError(cause);
    });
    const location = response.headers.get("location");
    if (!REDIRECTIONS.includes(response.status) || location === null) {
      return response;
    }
    // The body is not needed, nor is the way it ends.
    await response.body?.cancel().catch(() => {});
    const next = followed < LONGEST_CHAIN ? nextUrl(url, location) : undefined;
    if (!next) {
      throw redirectError();
    }
    custom = next.origin === new URL(url).origin ? custom : new Headers();
    url = next.href;
  }
}

function withOwn(custom: Headers, own: Readonly<Record<string, string>>): Headers {
  const headers = new Headers(custom);
  // Only the transfer knows which part of the file is needed.
  headers.delete("range");
  headers.delete("if-range");
  for (const [name, value] of Object.entries(own)) {
    headers.set(name, value);
  }
  return headers;
}

/** The target of a redirect; undefined if it is not followed. */
function nextUrl(url: string, location: string): URL | undefined {
  if (!URL.canParse(location, url)) {
    return undefined;
  }
  const next = new URL(location, url);
  const isDowngrade = new URL(url).protocol === "https:" && next.protocol !== "https:";
  return isRemoteUrl(next.href) && !isDowngrade ? next : undefined;
}
