import { AUTH_SCHEME, AUTH_TARGET, type AuthScheme, type AuthTarget } from "../model/setting-values.js";
import { checkObject, checkString } from "../words/arguments.js";
import { askJob } from "./ask.js";
import { demand } from "./demand.js";
import { choice } from "./kinds.js";
import type { JobResult } from "./results.js";
import type { CallOptions, Session } from "./session.js";

/** The credentials that a job uses to authenticate to a server or a proxy (BG_AUTH_CREDENTIALS). */
export interface JobCredentials {
  readonly target: AuthTarget;
  readonly scheme: AuthScheme;
  /** The user name, up to 300 characters. */
  readonly userName: string;
  /** The password, up to 65,535 characters. The package passes it to the service and doesn't store it. */
  readonly password: string;
}

interface Authentication {
  readonly jobId: string;
  readonly target: number;
  readonly scheme: number;
}

function authentication(session: Session, jobId: string, target: AuthTarget, scheme: AuthScheme): Authentication {
  const { language } = session;
  const params = {
    jobId,
    target: choice(AUTH_TARGET).write(target, "target", language),
    scheme: choice(AUTH_SCHEME).write(scheme, "scheme", language),
  };
  demand(session, "credentials");
  return params;
}

/** Sets the credentials of the job for a server or a proxy. */
export async function setCredentials(
  session: Session,
  jobId: string,
  credentials: JobCredentials,
  options: CallOptions,
): Promise<JobResult> {
  const { language } = session;
  const names = ["target", "scheme", "userName", "password"];
  const { target, scheme, userName, password } = checkObject(language, "credentials", credentials, names);
  const params = {
    ...authentication(session, jobId, target, scheme),
    userName: checkString(language, "userName", userName),
    password: checkString(language, "password", password),
  };
  return askJob(session, "job.setCredentials", params, options);
}

/** Removes credentials from the job. */
export async function removeCredentials(
  session: Session,
  jobId: string,
  target: AuthTarget,
  scheme: AuthScheme,
  options: CallOptions,
): Promise<JobResult> {
  return askJob(session, "job.removeCredentials", authentication(session, jobId, target, scheme), options);
}
