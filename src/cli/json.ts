import { printableJson } from "./printable.js";

/**
 * The value as JSON. A bigint becomes a number with all its digits: JSON does not limit numbers, and a byte count that became text
 * because it is large would surprise programs that compare it. It contains no control sequences for terminals.
 */
export function toJson(value: unknown, indent?: number): string {
  // JSON.stringify rejects bigints, so each travels as a text that cannot occur otherwise, and its quotes are removed afterwards.
  const mark = crypto.randomUUID();
  const json = JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? mark + item : item), indent);
  return printableJson(json.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1"));
}
