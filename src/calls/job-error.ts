import { JOB_ERROR_CONTEXT, type JobErrorContext } from "../model/job.js";
import type { WireJobError } from "../port/protocol.js";
import { findHresult, hex, type CodeName } from "../words/hresults.js";
import { adviseOnHresult, describeHresult, inLocale, type Language } from "../words/messages.js";
import { nameOf } from "../words/names.js";

/** The reason why a job failed (IBackgroundCopyError). It describes a state of the job, not the failure of a call. */
export interface JobError {
  /** The name of the code, such as `"BG_E_HTTP_ERROR_404"`, or the hexadecimal form of a code without a name. */
  readonly code: CodeName | (string & {});
  /** The code as an unsigned number. */
  readonly hresult: number;
  /** The code in hexadecimal, such as `"0x80190194"`. */
  readonly hex: string;
  /** The part of the transfer in which the error occurred. */
  readonly context: JobErrorContext;
  /** The message for the code, in the manager's language. */
  readonly message: string;
  /** The message for the context, in the manager's language. */
  readonly contextMessage: string;
  /** The recommended action, in the manager's language. */
  readonly advice: string | undefined;
  /** The file that the error relates to, if any. */
  readonly file: { readonly remoteName: string; readonly localName: string } | undefined;
  /** The service's own message for the code, if it has one in the manager's language or in the language of the system. */
  readonly description: string | undefined;
  /** The service's own message for the context. */
  readonly contextDescription: string | undefined;
  /** The protocol of the transfer, such as `"http"`. */
  readonly protocol: string | undefined;
  /** Returns the message in another language: any BCP 47 tag, from which the nearest {@link Locale | language} is chosen. */
  localize(locale: string): string;
}

/** The error of a job, from the service. */
export function readError(language: Language, wire: WireJobError): JobError {
  const { hresult, remoteName, localName, description, contextDescription, protocol } = wire;
  const context = JOB_ERROR_CONTEXT.toName(wire.context);
  return {
    code: findHresult(hresult)?.name ?? hex(hresult),
    hresult,
    hex: hex(hresult),
    context,
    message: describeHresult(language, hresult),
    contextMessage: nameOf(language, context),
    advice: adviseOnHresult(language, hresult),
    file: remoteName === undefined ? undefined : { remoteName, localName: localName ?? "" },
    description,
    contextDescription,
    protocol,
    localize: (locale) => describeHresult(inLocale(language, locale), hresult),
  };
}
