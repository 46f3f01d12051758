import { expect, it } from "vitest";
import * as codes from "../../src/embedded/codes.js";
import { networkError } from "../../src/embedded/transfer-error.js";

it.each([
  ["Node", new TypeError("fetch failed", { cause: new Error("bad port") })],
  ["Deno", new TypeError("Fetch failed: Requests to port 10080 are blocked")],
])("knows a port that the fetch of %s blocks", (_, error) => {
  expect(networkError(error)).toMatchObject({ hresult: codes.ERROR_WINHTTP_INVALID_URL, transient: false });
});

it("retries after an error without a code, as Deno has it for every failure of a connection", () => {
  const error = new TypeError("fetch failed", { cause: new Error("error sending request: client error (Connect)") });
  expect(networkError(error)).toMatchObject({ hresult: codes.ERROR_WINHTTP_CONNECTION_ERROR, transient: true });
});

it.each([
  ["constructor", codes.ERROR_WINHTTP_CONNECTION_ERROR, true],
  ["ENOTFOUND", codes.ERROR_WINHTTP_NAME_NOT_RESOLVED, true],
  ["UND_ERR_BODY_TIMEOUT", codes.ERROR_WINHTTP_TIMEOUT, true],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", codes.DO_E_HTTP_CERT_VALIDATION, false],
  ["ERR_TLS_CERT_ALTNAME_INVALID", codes.DO_E_HTTP_CERT_VALIDATION, false],
])("knows %s, as fetch wraps it", (code, hresult, transient) => {
  const inner = Object.assign(new Error(), { code });
  expect(networkError(new TypeError("fetch failed", { cause: inner }))).toMatchObject({ hresult, transient });
  const several = new TypeError("fetch failed", { cause: new AggregateError([inner]) });
  expect(networkError(several)).toMatchObject({ hresult, transient });
});
