import { BRIDGE_ERROR_CODES } from "./bridge-codes.js";
import { failed, familyOf, findHresult, hresults } from "./hresults.js";
import { nearest } from "./near.js";

// Windows, its services, and its tools print a code in many forms: as a name, as an HRESULT in hexadecimal or decimal, as a Win32 error,
// or as an HTTP status. This file finds the codes in a text and their possible meanings.

/** The form of a code: its name, an HRESULT, a Win32 error, or an HTTP status. */
export type CodeKind = "name" | "HRESULT" | "Win32" | "HTTP";

/** One meaning of a code. A code of this package has a name and no number. */
export interface Reading {
  readonly kind: CodeKind;
  readonly hresult: number | undefined;
  readonly name: string | undefined;
}

/** A code in a text, with its possible meanings, the most likely one first. */
export interface FoundCode {
  readonly text: string;
  readonly readings: readonly Reading[];
}

// The names in winerror.h of Win32 errors whose HRESULTs have their own names.
const WIN32_NAMES: Readonly<Record<string, string>> = {
  ERROR_SUCCESS: "S_OK",
  ERROR_ACCESS_DENIED: "E_ACCESSDENIED",
  ERROR_OUTOFMEMORY: "E_OUTOFMEMORY",
  ERROR_INVALID_PARAMETER: "E_INVALIDARG",
  ERROR_NOT_FOUND: "E_NOT_SET",
};

const LARGEST_WIN32 = 0xffff;

// What may stand around a code that is alone; nothing longer is a code.
const BEFORE = "\"'“„«([{<";
const AFTER = "\"'”“»)]}>.,;:!";
const LONGEST_ALONE = 200;

function isInCatalogue({ hresult }: Reading): boolean {
  return hresult !== undefined && findHresult(hresult) !== undefined;
}

/** Whether the meaning of an HRESULT is certain: the catalogue contains it, or it contains the status of an HTTP response. */
export function isKnown(hresult: number): boolean {
  return findHresult(hresult) !== undefined || (failed(hresult) && familyOf(hresult) === "http");
}

function reading(kind: CodeKind, number: number): Reading {
  const facility = { Win32: 0x80070000, HTTP: 0x80190000, HRESULT: 0, name: 0 }[kind];
  return { kind, hresult: number === 0 ? 0 : (facility | number) >>> 0, name: undefined };
}

/** The possible meanings of a number. A small number is rarely an HRESULT, unless the catalogue contains it. */
function readNumber(number: number, isHex: boolean): Reading[] {
  if (number <= 0 || number > LARGEST_WIN32) {
    return [reading("HRESULT", number)];
  }
  const http = reading("HTTP", number);
  const isStatus = isInCatalogue(http) || (number >= 400 && number < 600);
  const readings = [
    ...(findHresult(number) ? [reading("HRESULT", number)] : []),
    // The status of a response is never written in hexadecimal.
    ...(isStatus && !isHex ? [http] : []),
    reading("Win32", number),
  ];
  return readings.sort((a, b) => Number(isInCatalogue(b)) - Number(isInCatalogue(a)));
}

function readHex(digits: string): Reading[] {
  // A 64-bit program extends the sign.
  const short = digits.replace(/^(?:0+|f{8}(?=[89a-f][0-9a-f]{7}$))/i, "");
  return short.length <= 8 ? readNumber(Number(`0x${short || "0"}`), true) : [];
}

function readDecimal(digits: string): Reading[] {
  const number = Number(digits);
  return number >= -(2 ** 31) && number < 2 ** 32 ? readNumber(number, false) : [];
}

function readName(text: string): Reading[] {
  const name = text.toUpperCase();
  if (BRIDGE_ERROR_CODES.includes(name)) {
    return [{ kind: "name", hresult: undefined, name }];
  }
  const known = Object.hasOwn(WIN32_NAMES, name) ? WIN32_NAMES[name] : name;
  // Without the numbers that this function also accepts.
  const info = /^[a-z]\w*$/i.test(text) ? findHresult(known ?? name) : undefined;
  return info ? [{ kind: "name", hresult: info.hresult, name: info.name }] : [];
}

/** Whether eight digits without a prefix are an HRESULT in hexadecimal. Failures start with 8 or a higher digit. */
function isBareHresult(digits: string): boolean {
  return /^[89]|[a-f]/i.test(digits) || /^0000/.test(digits) || findHresult(`0x${digits}`) !== undefined;
}

/** The meanings of a text that is a code and nothing else. */
function readAlone(text: string): Reading[] {
  const [, hex] = /^(?:0x|&h)([0-9a-f]+)(?:u?l{0,2}|&)$/i.exec(text) ?? [];
  const [, bare = ""] = /^([0-9a-f]{8})h?$/i.exec(text) ?? [];
  if (hex || (bare && isBareHresult(bare))) {
    return readHex(hex ?? bare);
  }
  const [, high, low] = /^0x([0-9a-f]{4})[\s_]([0-9a-f]{4})$/i.exec(text) ?? [];
  if (high && low) {
    return readHex(high + low);
  }
  const [, decimal] = /^([+-]?\d+)l?$/i.exec(text) ?? [];
  return decimal ? readDecimal(decimal) : readName(text);
}

// In a line, a number must look more like a code than on its own, because a line also contains times, sizes, and ports.
const LIKELY = /^(?:80|c0)/i;
const isLikely = (number: number) => LIKELY.test((number >>> 0).toString(16).padStart(8, "0"));
const END = String.raw`(?![\w-]|\.\d)`;
const GAP = String.raw`(?:\s{1,3}is)?[\s:：=(#"'\[-]{0,4}`;
const KIND_OF_NUMBER = String.raw`(?:[\s_-]{0,3}(?:code|number|status|no\.|nr\.|n[uú]m[eé]ro|碼|代碼))?`;
const SYSTEM = String.raw`win-?32|wininet|winhttp|last[\s_]?error|syst[eè]m|システム|系統|系统`;
const ERROR = `errors?|err|errno|fehler(?:code)?|erreur|errore|erro|result|錯誤|错误`;
const CODE = String.raw`(?<!(?:exit|return)[\s_-]?)code|código|codice|代碼|代码`;

interface Form {
  readonly pattern: RegExp;
  read(digits: string): readonly Reading[];
}

let forms: readonly Form[] | undefined;

/**
 * The forms of codes in lines; the first group is the number or the name. If two forms match, the first one counts. Their patterns are
 * compiled at the first use.
 */
const makeForms = (): readonly Form[] => [
  // The context of an error is a separate number.
  { pattern: /(?<![\w.]|context[\s:]{0,9})(?:0x|&h)([0-9a-f]+)(?:u?l{0,2}|&)(?!\w)/gi, read: readHex },
  {
    pattern: /(?<![\w.#{-])([0-9a-f]{8})h?(?![\w-])/gi,
    read: (digits) =>
      LIKELY.test(digits) || isInCatalogue({ ...reading("HRESULT", Number(`0x${digits}`)) }) ? readHex(digits) : [],
  },
  {
    pattern: /(?<![\w.,:/-])(-?\d{8,10})(?![\w-]|[.,]\d)/g,
    read: (digits) => readDecimal(digits).filter(({ hresult = 0 }) => isLikely(hresult)),
  },
  {
    pattern: new RegExp(
      String.raw`\bhttps?(?:\/\d(?:\.\d)?)?(?:[\s_-]{0,3}(?:${ERROR}|response))?${KIND_OF_NUMBER}${GAP}([1-5]\d\d)${END}`,
      "giu",
    ),
    read: (digits) => [reading("HTTP", Number(digits))],
  },
  {
    pattern: new RegExp(String.raw`\bstatus(?:[\s_-]{0,3}code)?${GAP}([1-5]\d\d)${END}`, "giu"),
    read: (digits) => [reading("HTTP", Number(digits))],
  },
  {
    pattern: new RegExp(
      String.raw`(?:${SYSTEM})(?:exception|\(\))?[\s_-]{0,3}(?:${ERROR})?${KIND_OF_NUMBER}${GAP}([1-9]\d{0,4})${END}`,
      "giu",
    ),
    read: (digits) => readDecimal(digits).filter(({ kind }) => kind === "Win32"),
  },
  {
    pattern: new RegExp(
      String.raw`(?<![\p{L}\d_])(?:${ERROR}|${CODE})(?:\s{1,3}(?:système|(?:di|do) sistema))?${KIND_OF_NUMBER}${GAP}([1-9]\d{0,4})${END}`,
      "giu",
    ),
    read: (digits) => readDecimal(digits).filter(({ kind }) => kind !== "HRESULT"),
  },
  { pattern: /(?<!\w)([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?!\w)/g, read: readName },
  // The format in which this package prints its own errors.
  { pattern: /^([A-Z]+)(?=\s?[:：])/g, read: readName },
];

function findInLine(line: string): FoundCode[] {
  forms ??= makeForms();
  const found = new Map<number, FoundCode & { readonly end: number }>();
  for (const { pattern, read } of forms) {
    for (const match of line.matchAll(pattern)) {
      const end = match.index + match[0].length;
      const text = match[1] ?? "";
      const readings = read(text);
      if (readings.length > 0 && !found.has(end)) {
        found.set(end, { end, text: /^(?:0x|&h)/i.test(match[0]) ? match[0] : text, readings });
      }
    }
  }
  return [...found.values()].sort((a, b) => a.end - b.end);
}

/** Without codes that repeat another one in a different form: `0x80070005 (-2147024891)`. */
function withoutRepetition(found: readonly FoundCode[]): FoundCode[] {
  const identity = ({ hresult, name }: Reading) => hresult ?? name;
  const definite = new Set(found.flatMap(({ readings }) => (readings.length === 1 ? readings.map(identity) : [])));
  const told = new Set<unknown>();
  return found.filter(({ readings }) => {
    const again = readings.some(
      (each) => told.has(identity(each)) || (readings.length > 1 && definite.has(identity(each))),
    );
    for (const each of readings) {
      told.add(identity(each));
    }
    return !again;
  });
}

/** Removes the spaces, brackets, and quotes around a text, and the punctuation after it. */
function withoutBrackets(text: string): string {
  const letters = [...text.slice(0, LONGEST_ALONE)];
  const first = letters.findIndex((letter) => !BEFORE.includes(letter) && letter.trim());
  const last = letters.findLastIndex((letter) => !AFTER.includes(letter) && letter.trim());
  return text.length > LONGEST_ALONE ? "" : letters.slice(first, last + 1).join("");
}

/** The codes in a text: a single code, not case-sensitive, or a line that contains codes. */
export function findCodes(text: string): FoundCode[] {
  const alone = withoutBrackets(text);
  const readings = readAlone(alone);
  return readings.length > 0 ? [{ text: alone, readings }] : withoutRepetition(findInLine(text));
}

/** Every name of a code. */
export function codeNames(): string[] {
  const names = hresults().flatMap(({ name, aliases }) => [name, ...aliases]);
  return [...names, ...Object.keys(WIN32_NAMES), ...BRIDGE_ERROR_CODES];
}

/** The name that an unknown name was probably meant to be. */
export function nearestCode(text: string): string | undefined {
  return nearest(text.trim(), codeNames());
}
