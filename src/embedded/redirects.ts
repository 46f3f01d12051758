import { isRemoteUrl } from "./arguments.js";
import { networkError, redirectError } from "./transfer-error.js";

/** What a transfer goes by. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  /** The HTTP headers that the job has for its server. */
  readonly headers: Headers;
  /** Called whenever more of the file has arrived than ever before. */
  readonly onProgress: () => void;
}

/** As many as WinHTTP follows by itself. */
const LONGEST_CHAIN = 10;

const REDIRECTIONS = [301, 302, 303, 307, 308];

/**
 * Asks for a file, also where its server sends on. The job's headers are for the server that was named, and go to no other: they may be
 * secrets. What was to come by HTTPS comes by nothing less. `own` are the headers of the transfer itself.
 */
export async function askFollowing(
  { fetch, headers }: Transport,
  remoteName: string,
  own: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  let url = remoteName;
  let custom = headers;
  for (let followed = 0; ; followed++) {
    const request = { headers: withOwn(custom, own), redirect: "manual", signal } as const;
    // A server that falls silent is given up by fetch itself, after five minutes.
    const response = await fetch(url, request).catch((cause) => {
      throw networkError(cause);
    });
    const location = response.headers.get("location");
    if (!REDIRECTIONS.includes(response.status) || location === null) {
      return response;
    }
    // Nothing of the body is wanted, not even how it ends.
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
  // Which part of the file is wanted is known to the transfer alone.
  headers.delete("range");
  headers.delete("if-range");
  for (const [name, value] of Object.entries(own)) {
    headers.set(name, value);
  }
  return headers;
}

/** Where a redirection leads; undefined where it is not followed. */
function nextUrl(url: string, location: string): URL | undefined {
  if (!URL.canParse(location, url)) {
    return undefined;
  }
  const next = new URL(location, url);
  const isDowngrade = new URL(url).protocol === "https:" && next.protocol !== "https:";
  return isRemoteUrl(next.href) && !isDowngrade ? next : undefined;
}
