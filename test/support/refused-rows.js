// Plain JavaScript, as `npm run prove` runs without a compiler in between.
import { readFileSync } from "node:fs";

/**
 * A call that a page of the documentation refuses, and the nearest call that it allows.
 *
 * @typedef {object} Row
 * @property {"bits" | "do-job" | "do-download"} contract
 * @property {string} method Its documented name, `IBackgroundCopyJob::SetPriority`.
 * @property {string} because
 * @property {readonly unknown[]} arguments
 * @property {readonly unknown[]} [allowed]
 * @property {readonly string[]} [codes] The codes on the page.
 * @property {string} [unnamed] The code of the stand-in service, if the page doesn't name one.
 * @property {{ type?: number, files?: number, state?: string }} [job] The job. Default: a new one.
 * @property {readonly (readonly [method: string, arguments: readonly unknown[]])[]} [before] The calls before this one.
 * @property {string} [as] The caller. Default: an administrator.
 * @property {number} [own] The number of the caller's jobs.
 * @property {number} [foreign] The number of another user's jobs.
 */

/** @type {{ methods: readonly (Pick<Row, "contract" | "method"> & { rows: readonly Omit<Row, "contract" | "method">[] })[] }} */
const facts = JSON.parse(readFileSync(new URL("../facts/refused-arguments.json", import.meta.url), "utf8"));

/** @type {readonly Row[]} */
export const ROWS = facts.methods.flatMap(({ contract, method, rows }) =>
  rows.map((row) => ({ contract, method, ...row })),
);

/**
 * Codes of the rows that aren't in the catalogue, because the SDK and the commands never return them.
 *
 * @type {Readonly<Record<string, number>>}
 */
export const OTHER_CODES = {
  E_PENDING: 0x8000000a,
  RPC_X_BAD_STUB_DATA: 0x800706f7,
};

/** The beginning of the URL of every file. */
export const START = "http://stand-in/";

/** A text of `length` characters. */
function padded(/** @type {number} */ length, start = "", end = "") {
  return start + "a".repeat(length - start.length - end.length) + end;
}

/**
 * A URL of `length` characters with segments of legal lengths.
 *
 * @param {number} length
 */
function url(length) {
  const segments = `${"a".repeat(99)}/`.repeat(Math.floor((length - START.length - 1) / 100));
  return padded(length, START + segments);
}

/** @type {Readonly<Record<string, (length: number, folder: string) => string>>} */
const TEXTS = {
  text: (length) => padded(length),
  url,
  prefix: url,
  segment: (length) => padded(length + START.length, START),
  path: (length, folder) => padded(length, folder),
  headers: (length) => padded(length, "A: ", "\r\n"),
};

let targets = 0;

/**
 * A unique local name.
 *
 * @param {string} folder With a separator at the end.
 */
export function newTarget(folder) {
  return `${folder}refused-${++targets}.bin`;
}

/**
 * Expands the notations of texts and of local names, which are in `folder`.
 *
 * @template T
 * @param {T} value
 * @param {string} folder
 * @returns {T}
 */
export function spelled(value, folder) {
  return /** @type {T} */ (spell(value, folder));
}

/**
 * @param {unknown} value
 * @param {string} folder
 * @returns {unknown}
 */
function spell(value, folder) {
  if (Array.isArray(value)) {
    return value.map((part) => spell(part, folder));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value);
  const [[word, given] = ["", undefined]] = entries;
  if (word === "target") {
    return newTarget(folder);
  }
  if (word === "manyRanges") {
    return { ranges: Array.from({ length: given }, (_, i) => [2 * i, 1]) };
  }
  const text = TEXTS[word];
  return text ? text(given, folder) : Object.fromEntries(entries.map(([name, part]) => [name, spell(part, folder)]));
}

/**
 * The row in the form that raw-calls.psm1 reads.
 *
 * @param {Row} row With expanded texts.
 * @param {object} given
 * @param {string} given.folder
 * @param {(state: string | undefined) => string} given.url The URL for the files of a job that must reach this state.
 * @param {string | undefined} [given.foreignId] The job of another user.
 */
export function rawCall(row, { folder, url: urlFor, foreignId }) {
  const { method, arguments: refused, allowed = null, before = [], own = 0, job = {} } = row;
  const { type = 0, state, files = state === undefined ? 0 : 1 } = job;
  const made = Array.from({ length: files }, () => [urlFor(state), newTarget(folder)]);
  return {
    method,
    arguments: refused,
    allowed,
    before,
    own,
    foreignId: foreignId ?? null,
    job: { type, state: state ?? null, files: made },
  };
}
