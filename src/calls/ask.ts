import type { MethodName, Outcome, Params, Result } from "../port/protocol.js";
import { BackgroundCopyError } from "../words/errors.js";
import { failed } from "../words/hresults.js";
import { jobResult, type JobResult } from "./results.js";
import { requestOptions, type CallOptions, type Session } from "./session.js";

/** The methods that return a single result. */
type SingleMethod = { [M in MethodName]: Result<M> extends Outcome ? M : never }[MethodName];

/** Sends a request with a single result. If the service refuses it, throws an error. */
export async function ask<M extends SingleMethod>(
  session: Session,
  method: M,
  params: Params<M>,
  options: CallOptions,
): Promise<Result<M> & Outcome> {
  const result = (await session.port.request(method, params, requestOptions(session.language, options))) as Result<M> &
    Outcome;
  if (failed(result.hresult)) {
    const jobId = "jobId" in params ? params.jobId : undefined;
    throw new BackgroundCopyError({ ...result, service: session.service, jobId }, session.language);
  }
  return result;
}

/** Sends a request with a single result for a job. If the service refuses it, throws an error. */
export async function askJob<M extends SingleMethod>(
  session: Session,
  method: M,
  params: Params<M> & { readonly jobId: string },
  options: CallOptions,
): Promise<JobResult> {
  const outcome = await ask(session, method, params, options);
  return jobResult(session.language, { ...outcome, jobId: params.jobId });
}
