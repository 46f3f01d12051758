/** The name of a request from the SDK to a service. */
export type TestRequestName =
  | "create"
  | "list"
  | "describe"
  | "set"
  | "setCredentials"
  | "removeCredentials"
  | "takeOwnership"
  | "replaceRemotePrefix"
  | "addFile"
  | "suspend"
  | "resume"
  | "complete"
  | "cancel";

/** A request that the service received, regardless of its outcome. */
export interface TestRequest {
  readonly name: TestRequestName;
  /** The IDs of the jobs that the request is for. */
  readonly jobIds: readonly string[];
}

// Types do not exist at run time. These values do, and the compiler reports a missing one.
export const REQUEST_NAMES: Readonly<Record<TestRequestName, true>> = {
  create: true,
  list: true,
  describe: true,
  set: true,
  setCredentials: true,
  removeCredentials: true,
  takeOwnership: true,
  replaceRemotePrefix: true,
  addFile: true,
  suspend: true,
  resume: true,
  complete: true,
  cancel: true,
};
