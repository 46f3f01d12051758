import { BackgroundCopyManager } from "../../src/index.js";
import { conformance } from "./suite.js";

conformance("embedded", () => BackgroundCopyManager.connect({ service: "embedded" }), {
  invalidState: "DO_E_INVALID_STATE",
  notFound: "DO_E_JOB_NOT_FOUND",
  empty: "DO_E_JOB_EMPTY",
  cancelOfUnfinished: "S_OK",
  completeOfUnfinished: "S_OK",
  addFile: "IBackgroundCopyJob::AddFile",
  wholeFile: (server) => server.url("/file"),
  heldFile: (server) => server.url("/file?size=1000000&pause=65536"),
  temporaryFolder: (folder) => folder,
  path: (path) => path,
});
