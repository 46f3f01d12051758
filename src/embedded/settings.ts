import { JOB_PRIORITY } from "../model/job.js";
import type { WireSettings } from "../port/protocol.js";
import { failed } from "../words/hresults.js";
import { hasNul } from "./arguments.js";
import { BG_E_STRING_TOO_LONG, E_INVALIDARG, E_NOTIMPL, S_OK } from "./codes.js";
import {
  LONGEST_DESCRIPTION,
  LONGEST_DISPLAY_NAME,
  LONGEST_HEADERS,
  MINIMUM_RETRY_DELAY_IN_S,
  NO_PROGRESS_TIMEOUT_IN_S,
} from "./limits.js";

/** The settings that this service supports. Each has an effect. */
export interface Settings {
  displayName: string;
  description: string;
  priority: number;
  /** In seconds. */
  minimumRetryDelay: number;
  /** In seconds. */
  noProgressTimeout: number;
  /** One header per line. */
  customHeaders: string;
}

export function defaultSettings(displayName: string): Settings {
  return {
    displayName,
    description: "",
    priority: JOB_PRIORITY.toValue("BG_JOB_PRIORITY_NORMAL") as number,
    minimumRetryDelay: MINIMUM_RETRY_DELAY_IN_S,
    noProgressTimeout: NO_PROGRESS_TIMEOUT_IN_S,
    customHeaders: "",
  };
}

interface Setter<T> {
  /** The documented name of the method that sets it. */
  readonly method: string;
  /** The code that the method returns for a value. */
  check(value: T): number;
  /** The part of the value that is stored. */
  keep?(value: T): T;
}

function textOf(longest: number): (value: string) => number {
  return (value) => (hasNul(value) ? E_INVALIDARG : value.length > longest ? BG_E_STRING_TOO_LONG : S_OK);
}

// They specify how a request is sent, which only the connection knows.
const HEADERS_OF_CONNECTION = ["connection", "content-length", "expect", "keep-alive", "transfer-encoding", "upgrade"];

function isSendable(headers: Headers | undefined): boolean {
  return headers !== undefined && !HEADERS_OF_CONNECTION.some((name) => headers.has(name));
}

/** The headers of a text with one header per line, or undefined if they are not valid in HTTP. */
export function parseHeaders(text: string): Headers | undefined {
  const headers = new Headers();
  try {
    for (const line of text.split("\r\n").filter(Boolean)) {
      const [, name = "", value = ""] = /^([^:]+):(.*)$/.exec(line) ?? [];
      headers.append(name, value);
    }
  } catch {
    return undefined;
  }
  return headers;
}

// In the order in which they are set.
export const SETTERS: { readonly [N in keyof Settings]: Setter<Settings[N]> } = {
  displayName: { method: "IBackgroundCopyJob::SetDisplayName", check: textOf(LONGEST_DISPLAY_NAME) },
  description: { method: "IBackgroundCopyJob::SetDescription", check: textOf(LONGEST_DESCRIPTION) },
  priority: {
    method: "IBackgroundCopyJob::SetPriority",
    check: (value) => (value in JOB_PRIORITY.names ? S_OK : E_NOTIMPL),
  },
  minimumRetryDelay: {
    method: "IBackgroundCopyJob::SetMinimumRetryDelay",
    check: () => S_OK,
    keep: (value) => Math.max(value, MINIMUM_RETRY_DELAY_IN_S),
  },
  noProgressTimeout: { method: "IBackgroundCopyJob::SetNoProgressTimeout", check: () => S_OK },
  customHeaders: {
    method: "IBackgroundCopyJobHttpOptions::SetCustomHeaders",
    check: (value) => {
      if (value.length > LONGEST_HEADERS) {
        return BG_E_STRING_TOO_LONG;
      }
      return isSendable(parseHeaders(value)) ? S_OK : E_INVALIDARG;
    },
  },
};

/** The changes: each with its method, and the resulting settings or the code of the refusal. */
export function* changesOf(
  wire: WireSettings,
): Generator<{ readonly name: keyof Settings; readonly method: string; readonly change: Partial<Settings> | number }> {
  for (const name of Object.keys(SETTERS) as (keyof Settings)[]) {
    const value = wire[name];
    if (value !== undefined) {
      const { method, check, keep = (kept) => kept } = SETTERS[name] as Setter<unknown>;
      const hresult = check(value);
      yield { name, method, change: failed(hresult) ? hresult : { [name]: keep(value) } };
    }
  }
}
