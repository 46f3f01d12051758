import { CODES } from "./hresult-codes.js";
import { RETURNED_BY } from "./hresult-methods.js";

/**
 * The names of the codes that this package knows, such as `"E_ACCESSDENIED"`. A code without a name is in hexadecimal instead, so that a
 * property with a code can be any string. With `satisfies CodeName`, the compiler finds a misspelled name.
 *
 * @useDeclaredType
 */
export type CodeName = (typeof CODES)[number][0];

/** The family of a code. */
export type HresultFamily = "deliveryOptimization" | "bits" | "http" | "win32" | "com";

/** A code of the catalogue. */
export interface HresultInfo {
  /** The documented name, such as `"DO_E_INVALID_STATE"`. */
  readonly name: CodeName;
  /** The code as an unsigned number, such as `2161123347`. */
  readonly hresult: number;
  /** The code in hexadecimal, such as `"0x80D02013"`. */
  readonly hex: string;
  /** Whether a method that returns this code has succeeded. */
  readonly severity: "success" | "error";
  readonly family: HresultFamily;
  /** Other documented names of the same code. */
  readonly aliases: readonly string[];
  /** The documented names of the methods whose page lists the code, such as `"IBackgroundCopyJob::Cancel"`. */
  readonly returnedBy: readonly string[];
}

/**
 * Formats an HRESULT in the documented notation.
 *
 * @param value - The code as a signed or unsigned 32-bit number.
 * @returns Eight digits in uppercase, such as `"0x80D02013"`.
 */
export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).toUpperCase().padStart(8, "0")}`;
}

/**
 * Whether an HRESULT is an error code. `S_FALSE` and `BG_S_UNABLE_TO_DELETE_FILES`, for example, are not.
 *
 * @param hresult - The code as a signed or unsigned 32-bit number.
 * @returns `true` for an error code.
 */
export function failed(hresult: number): boolean {
  return hresult >>> 31 === 1;
}

// Facility 0x019 also contains the IDs of the events of BITS, starting at 0x4000.
const LARGEST_HTTP_STATUS = 999;

/**
 * The family of an HRESULT, by its facility. The code does not have to be in the catalogue.
 *
 * @param hresult - The code as a signed or unsigned 32-bit number.
 * @returns The family; `"com"` for every facility without its own family.
 */
export function familyOf(hresult: number): HresultFamily {
  switch ((hresult >>> 16) & 0x1fff) {
    case 0x0d0:
      return "deliveryOptimization";
    case 0x020:
      return "bits";
    case 0x019:
      return (hresult & 0xffff) <= LARGEST_HTTP_STATUS ? "http" : "bits";
    case 0x007:
      return "win32";
    default:
      return "com";
  }
}

function methodsByCode(): ReadonlyMap<string, readonly string[]> {
  const methodsOf = new Map<string, string[]>();
  for (const [method, codes] of Object.entries(RETURNED_BY)) {
    for (const code of codes.split(" ")) {
      const methods = methodsOf.get(code) ?? [];
      methods.push(method);
      methodsOf.set(code, methods);
    }
  }
  return methodsOf;
}

const codes: readonly (readonly [name: CodeName, hresult: number, ...aliases: string[]])[] = CODES;

let all: readonly HresultInfo[] | undefined;

function makeHresults(): readonly HresultInfo[] {
  const methodsOf = methodsByCode();
  return codes.map(([name, hresult, ...aliases]) => ({
    name,
    hresult,
    hex: hex(hresult),
    severity: failed(hresult) ? "error" : "success",
    family: familyOf(hresult),
    aliases,
    returnedBy: methodsOf.get(name) ?? [],
  }));
}

/**
 * Every documented code of the two services and every code of their headers, by family and then by value. Made at the first use: most
 * programs import the package and meet no code for a long time.
 */
export function hresults(): readonly HresultInfo[] {
  all ??= makeHresults();
  return all;
}

/**
 * Parses the number of an HRESULT. The code does not have to be in the catalogue.
 *
 * @param text - Hexadecimal with `0x`, or decimal, signed (`-2133843949`) or unsigned (`2161123347`).
 * @returns The code as an unsigned number, or `undefined` if the text is not a 32-bit number.
 */
export function parseHresult(text: string): number | undefined {
  if (!/^\s*(0x[0-9a-f]+|-?\d+)\s*$/i.test(text)) {
    return undefined;
  }
  const value = Number(text);
  return value >= -(2 ** 31) && value < 2 ** 32 ? value >>> 0 : undefined;
}

interface Index {
  readonly byName: ReadonlyMap<string, HresultInfo>;
  readonly byValue: ReadonlyMap<number, HresultInfo>;
}

let index: Index | undefined;

function makeIndex(): Index {
  return {
    byName: new Map(hresults().flatMap((info) => [info.name, ...info.aliases].map((name) => [name, info] as const))),
    byValue: new Map(hresults().map((info) => [info.hresult, info])),
  };
}

/**
 * Finds a code of the catalogue.
 *
 * @param value - A name or alias, not case-sensitive (`"DO_E_INVALID_STATE"`), or a number: hexadecimal with `0x`, or decimal, signed or
 *   unsigned.
 * @returns The code, or `undefined` if the catalogue does not contain it.
 */
export function findHresult(value: number | string): HresultInfo | undefined {
  index ??= makeIndex();
  const text = String(value);
  const number = parseHresult(text);
  return number === undefined ? index.byName.get(text.trim().toUpperCase()) : index.byValue.get(number);
}
