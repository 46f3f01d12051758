export { openEmbeddedService } from "./service.js";
