export { CANCEL, EmbeddedService, METHODS } from "./service.js";
export { Store } from "./store.js";
