export { Words, loadMessages, loadWords } from "./words/words.js";

export type { JobErrorContext, JobPriority, JobState, JobType } from "./model/job.js";
export type { BridgeErrorCode } from "./words/bridge-codes.js";
export type { Messages } from "./words/catalogue.js";
export type { CodeKind } from "./words/code-text.js";
export type { ExplainOptions } from "./words/explain.js";
export type { Explanation } from "./words/explanation.js";
export type { CodeName } from "./words/hresults.js";
export type { Locale } from "./words/locale.js";
export type { Wording } from "./words/messages.js";
export type { OwnWords } from "./words/own-words.js";
