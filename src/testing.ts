export { TestClock } from "./testing/clock.js";
export { TestService } from "./testing/service.js";

export type { TestFile, TestJob } from "./testing/job.js";
export type { TestRequest, TestRequestName } from "./testing/requests.js";
export type { AnswerOptions, BridgeFailureOptions } from "./testing/script.js";
export type { TestServiceOptions } from "./testing/service.js";
