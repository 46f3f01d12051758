export * as codes from "./codes.js";
export { GETTERS } from "./describe.js";
export type { Dialect } from "./environment.js";
export type { Job } from "./job.js";
export { CANCEL, COMPLETE, EmbeddedService, ENUM_JOBS, keptOf, METHODS, RESUME } from "./service.js";
export { SETTERS } from "./settings.js";
export { Store } from "./store.js";
