import type { BridgeErrorCode } from "./bridge-codes.js";
import type { Values } from "./catalogue.js";
import { adviseOnHresult, describeHresult, sentences, text, type Language } from "./messages.js";

/** The parts of a failure that change its words. */
export interface BridgeDetails {
  /** The feature, if it has its own message: with UNSUPPORTED, the operation that the service does not support. */
  readonly feature?: string | undefined;
  readonly values?: Values | undefined;
  /** A createJob whose answer was lost: a job with an unknown ID might exist. */
  readonly jobLeftBehind?: boolean | undefined;
  /** A cancel whose answer was lost, for a job that no longer exists. */
  readonly jobGone?: boolean | undefined;
}

/** A failure, or only its code. */
export interface WordedFailure extends BridgeDetails {
  readonly code: BridgeErrorCode;
  readonly outcome?: "not sent" | "unknown" | undefined;
  readonly hresult?: number | undefined;
}

// A class that can't be activated.
const ACTIVATION = "CoCreateInstance";

function keys(kind: "bridge" | "bridgeAdvice", { code, feature }: WordedFailure): string[] {
  return [...(feature ? [`${kind}.${code}_${feature}`] : []), `${kind}.${code}`];
}

const OUTCOMES = { "not sent": "outcome.notSent", unknown: "outcome.unknown" };

export function describeFailure(language: Language, failure: WordedFailure): string {
  const { outcome, hresult, values, jobLeftBehind, jobGone } = failure;
  // A code alone does not show whether there is a reason.
  const reason = outcome && { reason: hresult === undefined ? "" : describeHresult(language, hresult, ACTIVATION) };
  return sentences(
    language,
    text(language, keys("bridge", failure), { ...values, ...reason }),
    outcome && text(language, OUTCOMES[outcome]),
    jobLeftBehind ? text(language, "outcome.jobLeftBehind") : undefined,
    jobGone ? text(language, "outcome.jobGone") : undefined,
  );
}

/** If a service fails to start, its code has more specific advice. */
export function adviseOnFailure(language: Language, failure: WordedFailure): string | undefined {
  const { hresult, values } = failure;
  return hresult === undefined
    ? text(language, keys("bridgeAdvice", failure), values)
    : adviseOnHresult(language, hresult, ACTIVATION);
}
