import { badArgument, checkString } from "./arguments.js";
import { BRIDGE_ERROR_CODES, type BridgeErrorCode } from "./bridge-codes.js";
import { adviseOnFailure, describeFailure, type WordedFailure } from "./bridge-words.js";
import { findCodes, isKnown, nearestCode, type CodeKind, type FoundCode } from "./code-text.js";
import { helpUrlOf } from "./help.js";
import { failed, findHresult, hex as hexOf, parseHresult, type CodeName } from "./hresults.js";
import { adviseOnRefusal, describeRefusal, type Language, type RefusalDetails } from "./messages.js";

/** The explanation of a code. */
export interface Explanation {
  /** The name of the code, or the hexadecimal form of a code without a name. */
  readonly code: CodeName | BridgeErrorCode | (string & {});
  /** The code as an unsigned number. A {@link BridgeErrorCode} has no number. */
  readonly hresult: number | undefined;
  /** The code in hexadecimal. */
  readonly hex: string | undefined;
  readonly severity: "success" | "error";
  readonly method: string | undefined;
  readonly locale: string;
  readonly message: string;
  /** The recommended action. */
  readonly advice: string | undefined;
  /** The page of the code in the reference. See {@link LocalizedError.helpUrl}. */
  readonly helpUrl: string | undefined;
  /** Whether the meaning of the code is known. If it isn't, the message and the advice are general. */
  readonly known: boolean;
  /** The code as it is written in the text. */
  readonly text: string;
  /** How the code was read. A Win32 error (`5`) and an HTTP status (`404`) are explained by their HRESULT. */
  readonly readAs: CodeKind;
}

/** The caller's language, and the method that returned the code. */
export interface Asked {
  readonly language: Language;
  readonly method?: string | undefined;
}

/** The documented name of a method, which a caller can also write with a dot. */
export function methodOf(language: Language, method: string | undefined): string | undefined {
  const documented = method === undefined ? undefined : checkString(language, "method", method);
  return documented?.replace(/^(\w+)\.(\w+)$/, "$1::$2");
}

/** A message without the values that only an error has, if they are in brackets or at the end. */
function withoutUnknown(words: string): string {
  return words.replace(/ ?[(（][^()（）]*…[^()（）]*[)）]| ?…$/g, "");
}

interface Meaning {
  readonly text: string;
  readonly kind: CodeKind;
  readonly method?: string | undefined;
}

function ofHresult(language: Language, hresult: number, meaning: Meaning & RefusalDetails): Explanation {
  const { text, kind, method } = meaning;
  const code = findHresult(hresult)?.name ?? hexOf(hresult);
  return {
    code,
    hresult,
    hex: hexOf(hresult),
    severity: failed(hresult) ? "error" : "success",
    method,
    locale: language.locale,
    message: describeRefusal(language, hresult, method, meaning),
    advice: adviseOnRefusal(language, hresult, method, meaning),
    helpUrl: helpUrlOf(language, code),
    known: isKnown(hresult),
    text,
    readAs: kind,
  };
}

function ofFailure(language: Language, failure: WordedFailure, { text, kind, method }: Meaning): Explanation {
  const { code, outcome, hresult } = failure;
  const message = describeFailure(language, failure);
  return {
    code,
    hresult,
    hex: hresult === undefined ? undefined : hexOf(hresult),
    severity: "error",
    method,
    locale: language.locale,
    message: outcome ? message : withoutUnknown(message),
    advice: adviseOnFailure(language, failure),
    helpUrl: helpUrlOf(language, code),
    known: true,
    text,
    readAs: kind,
  };
}

function explainFound({ language, method }: Asked, { text, readings }: FoundCode): Explanation[] {
  return readings.map(({ kind, hresult, name }) =>
    hresult === undefined
      ? ofFailure(language, { code: name as BridgeErrorCode }, { text, kind, method })
      : ofHresult(language, hresult, { text, kind, method }),
  );
}

/** The most likely meaning of the only code in a text. */
export function explainOne(asked: Asked, code: unknown): Explanation {
  const isCode = typeof code === "string" || typeof code === "number";
  const [found, ...others] = isCode ? findCodes(String(code)) : [];
  if (!found || others.length > 0) {
    const near = isCode && !found ? nearestCode(String(code)) : undefined;
    const key = found ? "severalCodes" : near ? "codeNear" : "code";
    throw badArgument(asked.language, key, { value: code, near });
  }
  return explainFound(asked, found)[0] as Explanation;
}

/** Every meaning of every code in a text. */
export function explainEach(asked: Asked, text: string): Explanation[] {
  return findCodes(text).flatMap((found) => explainFound(asked, found));
}

// An error or a result that has traveled as JSON comes from outside of the program: a property of another type counts as missing.
const stringIn = (value: unknown) => (typeof value === "string" ? value : undefined);
const numberIn = (value: unknown) => (typeof value === "number" ? value : undefined);
const hresultIn = (value: unknown) => parseHresult(String(numberIn(value)));
const objectIn = (value: unknown) =>
  (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;

/** An error, what its `toJSON` returns, or a result. */
export function explainData({ language, method: asked }: Asked, data: object): Explanation {
  const {
    code,
    hresult,
    method: returnedBy,
    outcome,
    details,
    knownTo,
    ownerIntegrityLevel,
  } = data as Record<string, unknown>;
  const name = stringIn(code);
  const number = hresultIn(hresult);
  const method = asked ?? stringIn(returnedBy);
  if (name !== undefined && BRIDGE_ERROR_CODES.includes(name)) {
    const { feature, values, jobLeftBehind, jobGone } = objectIn(details);
    const failure: WordedFailure = {
      code: name as BridgeErrorCode,
      outcome: outcome === "not sent" || outcome === "unknown" ? outcome : undefined,
      hresult: number,
      feature: stringIn(feature),
      values: Object.fromEntries(
        Object.entries(objectIn(values)).map(([key, value]) => [key, numberIn(value) ?? String(value)]),
      ),
      jobLeftBehind: jobLeftBehind === true,
      jobGone: jobGone === true,
    };
    return ofFailure(language, failure, { text: name, kind: "name" });
  }
  if (number === undefined) {
    if (name === undefined) {
      throw badArgument(language, "data");
    }
    return explainOne({ language, method }, name);
  }
  return ofHresult(language, number, {
    text: name ?? hexOf(number),
    kind: "HRESULT",
    method,
    knownTo: stringIn(knownTo),
    ownerIntegrityLevel: numberIn(ownerIntegrityLevel),
  });
}
