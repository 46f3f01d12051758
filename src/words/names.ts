import {
  JOB_ERROR_CONTEXT,
  JOB_PRIORITY,
  JOB_STATE,
  JOB_TYPE,
  type JobErrorContext,
  type JobPriority,
  type JobState,
  type JobType,
} from "../model/job.js";
import { text, type Language } from "./messages.js";

const KINDS = [
  { key: "state", names: JOB_STATE.names },
  { key: "type", names: JOB_TYPE.names },
  { key: "priority", names: JOB_PRIORITY.names },
  { key: "errorContext", names: JOB_ERROR_CONTEXT.names },
] as const;

const UNKNOWN_CONTEXT: JobErrorContext = "BG_ERROR_CONTEXT_UNKNOWN";

/** The name of a documented value for people; an undocumented value remains unchanged, except for a context, which has a sentence. */
export function nameOf(language: Language, value: JobState | JobType | JobPriority | JobErrorContext): string {
  const kind = KINDS.find(({ names }) => (names as readonly string[]).includes(value));
  if (kind) {
    return text(language, `${kind.key}.${value}`);
  }
  return String(value).startsWith("BG_ERROR_CONTEXT(") ? text(language, `errorContext.${UNKNOWN_CONTEXT}`) : value;
}
