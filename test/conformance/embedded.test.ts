import { BackgroundCopyManager } from "../../src/index.js";
import { VALUES } from "./documented-calls.js";
import { conformance } from "./suite.js";

const { displayName, description, minimumRetryDelay, noProgressTimeout, customHeaders } = VALUES;

conformance("embedded", () => BackgroundCopyManager.connect({ service: "embedded" }), {
  invalidState: "DO_E_INVALID_STATE",
  notFound: "DO_E_JOB_NOT_FOUND",
  empty: "DO_E_JOB_EMPTY",
  cancelOfUnfinished: "S_OK",
  completeOfUnfinished: "S_OK",
  keeps: {
    displayName,
    description,
    priority: "BG_JOB_PRIORITY_LOW",
    minimumRetryDelay,
    noProgressTimeout,
    customHeaders,
  },
  missingFile: {
    url: (server) => server.url("/file?status=404"),
    code: "BG_E_HTTP_ERROR_404",
    context: "BG_ERROR_CONTEXT_REMOTE_FILE",
  },
  addFile: "IBackgroundCopyJob::AddFile",
  wholeFile: (server) => server.url("/file"),
  heldFile: (server) => server.url("/file?size=1000000&pause=65536"),
  temporaryFolder: (folder) => folder,
  path: (path) => path,
});
