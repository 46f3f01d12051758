import type { RemoteHost } from "../port/engine.js";

const LONGEST_TEXT = 200;

const TEXTS = ["windows", "powershell", "edition", "languageMode", "user", "logon"] as const;

function cleanText(value: unknown): string | undefined {
  return typeof value === "string" ? value.slice(0, LONGEST_TEXT).replace(/\p{C}/gu, "") : undefined;
}

/** The properties of a host, from a host that might send anything. */
export function cleanRemote(remote: RemoteHost): RemoteHost {
  const { elevated, integrity } = remote;
  const properties = {
    ...Object.fromEntries(TEXTS.map((name) => [name, cleanText(remote[name])])),
    elevated: typeof elevated === "boolean" ? elevated : undefined,
    integrity: Number.isInteger(integrity) ? integrity : undefined,
  };
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
