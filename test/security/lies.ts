import fc from "fast-check";
import { VERSION } from "../../src/made/manifest.js";
import { hostileText } from "../support/property.js";
import { forgery } from "./forgeries.js";
import type { FarSide, Request } from "./ssh-in-memory.js";

// What the computers of a fleet answer, truly or not.

export const LIAR = "pc-liar";
export const SOUND = ["pc-1", "pc-2"];
export const HOSTS = [SOUND[0] as string, LIAR, SOUND[1] as string];
export const jobsOf = (host: string) =>
  [1, 2].map((i) => `0000000${i}-0000-4000-8000-00000000000${HOSTS.indexOf(host)}`);
export const OTHERS = SOUND.flatMap(jobsOf);

export const ready = (marker: string) =>
  `${marker}${JSON.stringify({ method: "host.ready", params: { version: VERSION, powershell: "5.1.1", edition: "Desktop" } })}\n`;

/** The true result of a request. */
export function resultOf(host: string, { method, params }: Request, displayName = "nightly"): object {
  const { jobIds = [] } = params;
  const items = (item: object) => ({
    items: jobIds.map((jobId) => ({ hresult: 0, method: "IBackgroundCopyJob::Cancel", jobId, ...item })),
  });
  switch (method) {
    case "host.identify":
      return { system: "Microsoft Windows NT 10.0.19045.0", languageMode: "FullLanguage", integrity: 0x3000 };
    case "service.open":
      return { hresult: 0, method: "CoCreateInstance", interface: "IBackgroundCopyManager" };
    case "job.list":
      return { hresult: 0, method: "IBackgroundCopyManager::EnumJobs", jobIds: jobsOf(host), page: 0 };
    case "job.describe":
      return items({ job: { state: 3, displayName, owner: displayName, ownerIntegrityLevel: 0x3000 } });
    default:
      return items({ stateBefore: 3, stateAfter: 8 });
  }
}

/** Changes a true answer, its line without the marker. */
type Lie = (answer: string, request: Request) => string;

const value = fc.oneof(
  fc.constantFrom("1e400", "-1", "4294967296", "9007199254740993", "null", "{}", "[]", '"8"', "true"),
  hostileText.map((text) => JSON.stringify(text)),
);
const member = fc.constantFrom(
  "id",
  "hresult",
  "state",
  "stateAfter",
  "stateBefore",
  "jobId",
  "ownerIntegrityLevel",
  "page",
  "system",
  "integrity",
);
const lie: fc.Arbitrary<Lie> = fc.oneof(
  // A value of another kind.
  fc.tuple(member, value).map(
    ([name, text]): Lie =>
      (answer) =>
        answer.replace(new RegExp(`"${name}":(?:"[^"]*"|[\\d.]+)`), `"${name}":${text}`),
  ),
  // A member that is on the prototype of an object.
  fc.tuple(fc.constantFrom("__proto__", "constructor", "toString"), value).map(
    ([name, text]): Lie =>
      (answer) =>
        answer.replace(/"(?:result|job)":\{/, `$&"${name}":{"polluted":${text}},`),
  ),
  // Jobs of other hosts.
  fc.constant<Lie>((answer) => jobsOf(LIAR).reduce((text, id, i) => text.replaceAll(id, OTHERS[i] as string), answer)),
  // Success for more jobs than it was asked for.
  fc.constant<Lie>((answer) => answer.replace(/("items":\[)(\{.*\})\]/, `$1$2,$2]`)),
  // The same answer twice, and an answer to a later request first.
  fc.constant<Lie>((answer) => `${answer}\n${answer}`),
  fc.constant<Lie>((answer, { id }) => `${answer.replace(`"id":${id}`, `"id":${id + 1}`)}\n${answer}`),
  // Half an answer, and one that is no JSON.
  fc.nat({ max: 80 }).map(
    (end): Lie =>
      (answer) =>
        answer.slice(0, end),
  ),
  hostileText.map(
    (text): Lie =>
      () =>
        text,
  ),
  // Another program of the host, before the answer.
  hostileText.map(
    (text): Lie =>
      (answer) =>
        `\n${text}\n${answer}`,
  ),
  // A refusal with words of its own.
  forgery.map(
    (text): Lie =>
      (_answer, { id }) =>
        JSON.stringify({ jsonrpc: "2.0", id, error: { message: text, data: { detail: text } } }),
  ),
  fc.constantFrom<Lie>((answer) => answer),
);

/** A far side that lies at one method, with names and with words of ssh that forge what a terminal shows. */
export const liar = fc
  .record({
    at: fc.constantFrom("start", "host.identify", "service.open", "job.list", "job.describe", "job.cancel"),
    lie,
    name: forgery,
    stderr: fc.option(fc.oneof(forgery, fc.constant("Host key verification failed.\n\x1b]0;owned\x07")), {
      nil: undefined,
    }),
    readyTwice: fc.boolean(),
    // Bytes that are no UTF-8, and an answer that is cut within a character.
    bytes: fc.constantFrom<readonly number[]>([], [0xff, 0xfe], [0xe4, 0xb8], [0xf0, 0x9f, 0x98], [0x00]),
    cut: fc.nat({ max: 300 }),
    exitCode: fc.option(fc.constantFrom(0, 1, 127, 255), { nil: undefined, freq: 4 }),
  })
  .map(
    ({ at, lie: change, name, stderr, readyTwice, bytes, cut, exitCode }): FarSide =>
      (request, marker) => {
        const isThere = (request?.method ?? "start") === at;
        if (!request) {
          const line = ready(marker);
          const text = isThere ? `${readyTwice ? line : ""}${line}` : line;
          return { pieces: [Buffer.from(text)], stderr, exitCode: isThere ? exitCode : undefined };
        }
        const truth = JSON.stringify({ jsonrpc: "2.0", id: request.id, result: resultOf(LIAR, request, name) });
        if (!isThere) {
          return { pieces: [Buffer.from(`${marker}${truth}\n`)] };
        }
        const lines = change(truth, request)
          .split("\n")
          .map((line) => `${marker}${line}\n`);
        const all = Buffer.concat([
          Buffer.from(bytes),
          Buffer.from(`${readyTwice ? ready(marker) : ""}${lines.join("")}`),
        ]);
        // Nothing is answered at all if nothing follows: then the host exits.
        return {
          pieces: [all.subarray(0, cut), all.subarray(cut)],
          stderr,
          exitCode: exitCode ?? (/\S/.test(truth) ? undefined : 1),
        };
      },
  );

/** The liar before it began to lie. */
export const truth: FarSide = (request, marker) => {
  const answer = request && JSON.stringify({ jsonrpc: "2.0", id: request.id, result: resultOf(LIAR, request) });
  return { pieces: [Buffer.from(answer ? `${marker}${answer}\n` : ready(marker))] };
};
