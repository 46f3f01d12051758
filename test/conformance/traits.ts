import type { JobError, JobSettings } from "../../src/index.js";
import type { FileServer } from "../support/file-server.js";

/** The traits of a service: its codes and its own behavior. */
export interface ServiceTraits {
  readonly invalidState: string;
  readonly notFound: string;
  readonly empty: string;
  /** The code of Cancel for a job whose target file is not on the disk yet. */
  readonly cancelOfUnfinished: string;
  /** The code of Suspend for any job, if the service does not suspend. */
  readonly suspend?: string;
  /** The code of Complete for a job whose only file is incomplete; missing if this takes too long to test. */
  readonly completeOfUnfinished?: string;
  /** The settings that are read as they were set. */
  readonly keeps: JobSettings;
  /** Set if a canceled or completed job can still be changed. */
  readonly changesWhatIsOver?: boolean;
  /** The URL of a file that the server does not have, and the resulting error of the job. */
  readonly missingFile: { readonly url: (server: FileServer) => string } & Pick<JobError, "code" | "context">;
  /** Set if the service does not return the file of an error. */
  readonly tellsNoFile?: boolean;
  /** Set if the service does not return the sizes of the files. */
  readonly tellsNoSize?: boolean;
  /** The method that adds a file. */
  readonly addFile: string;
  /** The methods that run instead of the documented ones, by the documented names. */
  readonly calledMethods?: Readonly<Record<string, string>>;
  /** The URL of a file of 65,536 bytes, and the URL of a file of which only a part ever arrives. */
  readonly wholeFile: (server: FileServer) => string;
  readonly heldFile: (server: FileServer) => string;
  /** The path of the temporary file of a target in `folder`. */
  readonly temporaryFolder: (folder: string) => string;
  /** A local path as the service sees it. */
  readonly path: (path: string) => string;
}
