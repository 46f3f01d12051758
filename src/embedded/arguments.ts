import { LONGEST_REMOTE_NAME, LONGEST_URL_SEGMENT } from "./limits.js";

// The values that a COM method would refuse with E_INVALIDARG.

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isGuid(text: string): boolean {
  return GUID.test(text);
}

/** A NUL would end the string of a COM call. */
export function hasNul(text: string): boolean {
  return text.includes("\0");
}

// The characters that a URL contains only in encoded form.
const ILLEGAL_IN_URL = /[\0-\x20\x7F"<>\\^`{|}]/;

/** Whether this service can download from `text`. Credentials are not accepted, because a URL is shown in descriptions and logs. */
export function isRemoteUrl(text: string): boolean {
  if (text.length > LONGEST_REMOTE_NAME || ILLEGAL_IN_URL.test(text) || !URL.canParse(text)) {
    return false;
  }
  const { protocol, username, password } = new URL(text);
  const [path = ""] = text.split("?", 1);
  return (
    (protocol === "http:" || protocol === "https:") &&
    username === "" &&
    password === "" &&
    !path.includes("*") &&
    path.split("/").every((segment) => segment.length <= LONGEST_URL_SEGMENT)
  );
}
