import { JOB_ERROR_CONTEXT, type JobErrorContext } from "../model/job.js";
import type { WireJobError } from "../port/protocol.js";
import { findHresult, hex } from "../words/hresults.js";
import { negotiateLocale } from "../words/locale.js";
import { adviseOnHresult, describeHresult, text, type Language } from "../words/messages.js";

/** Why a job is in error (IBackgroundCopyError): a state of the job, not a failure of a call. */
export interface JobError {
  /** The name of the code, `"BG_E_HTTP_ERROR_404"`; a code without a name is its hexadecimal form. */
  readonly code: string;
  /** The code as an unsigned number. */
  readonly hresult: number;
  /** The code in hexadecimal, `"0x80190194"`. */
  readonly hex: string;
  /** In which part of the transfer the error occurred. */
  readonly context: JobErrorContext;
  /** The words of the code, in the manager's language. */
  readonly message: string;
  /** The words of the context, in the manager's language. */
  readonly contextMessage: string;
  /** What can be done about it, in the manager's language. */
  readonly advice: string | undefined;
  /** The file that it is about, if it is about one. */
  readonly file: { readonly remoteName: string; readonly localName: string } | undefined;
  /** The service's own words for the code, where it has some in the manager's language or in the system's. */
  readonly description: string | undefined;
  /** The service's own words for the context. */
  readonly contextDescription: string | undefined;
  /** The protocol that the file was transferred by: `"http"`. */
  readonly protocol: string | undefined;
  /** The message in another language: any BCP 47 tag, the nearest {@link Locale | language} is used. */
  localize(locale: string): string;
}

/** The words of a context. */
function describeContext(language: Language, context: JobErrorContext): string {
  return text(language, [`errorContext.${context}`, "errorContext.BG_ERROR_CONTEXT_UNKNOWN"]);
}

/** A job's error, as the service tells it. */
export function readError(language: Language, wire: WireJobError): JobError {
  const { hresult, remoteName, localName, description, contextDescription, protocol } = wire;
  const context = JOB_ERROR_CONTEXT.toName(wire.context);
  return {
    code: findHresult(hresult)?.name ?? hex(hresult),
    hresult,
    hex: hex(hresult),
    context,
    message: describeHresult(language, hresult),
    contextMessage: describeContext(language, context),
    advice: adviseOnHresult(language, hresult),
    file: remoteName === undefined ? undefined : { remoteName, localName: localName ?? "" },
    description,
    contextDescription,
    protocol,
    localize: (locale) => describeHresult({ ...language, locale: negotiateLocale(locale) }, hresult),
  };
}
