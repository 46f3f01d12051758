import * as v from "valibot";

// The wire: every method that a service answers, its parameters and its result. Enumerations travel as their documented numbers,
// HRESULTs as unsigned numbers.

/**
 * What a COM method answered: its HRESULT, and its documented name, `IBackgroundCopyJob::Cancel`. `calledMethod` is the one that ran,
 * where that was another. A refusal is an answer like any other; only the bridge itself throws.
 */
const outcome = {
  hresult: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  method: v.string(),
  calledMethod: v.optional(v.string()),
};
const state = v.optional(v.number());

/** One job's part of a bulk answer. The states are missing where no job was found. */
const cancelItem = v.object({ ...outcome, jobId: v.string(), stateBefore: state, stateAfter: state });

const METHODS = {
  /** Gives the text back unchanged: a sign of life, and the measure of a round trip. */
  "host.echo": { params: v.object({ text: v.string() }), result: v.object({ text: v.string() }) },
  /** Activates the service's class. Sent once to each host, before anything else. */
  "service.open": {
    params: v.object({ service: v.picklist(["delivery-optimization", "bits"]) }),
    result: v.object({ ...outcome, interface: v.optional(v.picklist(["IBackgroundCopyManager", "IDOManager"])) }),
  },
  "job.create": {
    params: v.object({ displayName: v.string(), type: v.number(), priority: v.optional(v.number()) }),
    result: v.object({ ...outcome, jobId: v.optional(v.string()) }),
  },
  "job.addFile": {
    params: v.object({ jobId: v.string(), remoteUrl: v.string(), localName: v.string() }),
    result: v.object(outcome),
  },
  "job.resume": { params: v.object({ jobId: v.string() }), result: v.object(outcome) },
  "job.suspend": { params: v.object({ jobId: v.string() }), result: v.object(outcome) },
  "job.complete": { params: v.object({ jobId: v.string() }), result: v.object(outcome) },
  "job.getState": { params: v.object({ jobId: v.string() }), result: v.object({ ...outcome, state }) },
  /** Cancels each job in the order given, however the others fare. */
  "job.cancel": {
    params: v.object({ jobIds: v.array(v.string()) }),
    result: v.object({ items: v.array(cancelItem) }),
  },
};

type Methods = typeof METHODS;
export type MethodName = keyof Methods;
export type Params<M extends MethodName> = v.InferInput<Methods[M]["params"]>;
export type Result<M extends MethodName> = v.InferOutput<Methods[M]["result"]>;
export type CancelItem = v.InferOutput<typeof cancelItem>;
/** What a method answered, whatever else is in its result. */
export type Outcome = Pick<CancelItem, "hresult" | "method" | "calledMethod">;

/** Whether `value` is a result of `method`: a host that is not ours gets no further than this. */
export function isResultOf<M extends MethodName>(method: M, value: unknown): value is Result<M> {
  return v.is(METHODS[method].result, value);
}
