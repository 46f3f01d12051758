/** What the SDK asks of a service. */
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

/** A request that has come, whatever became of it. */
export interface TestRequest {
  readonly name: TestRequestName;
  /** The jobs that it was about. */
  readonly jobIds: readonly string[];
}

// Types are gone when a test runs; these say at run time what names there are, and the compiler says that none is missing.
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
