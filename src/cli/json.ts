import { randomUUID } from "node:crypto";

/**
 * The value as JSON. A bigint becomes a number with all of its digits: JSON sets no bound to numbers, and a byte count that was text
 * for being large would surprise the programs that compare it.
 */
export function toJson(value: unknown, indent?: number): string {
  // JSON.stringify refuses bigints, so each travels as a text that nobody else can have, and loses its quotes afterwards.
  const mark = randomUUID();
  const json = JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? mark + item : item), indent);
  return json.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1");
}
