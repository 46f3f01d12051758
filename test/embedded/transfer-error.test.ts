import { expect, it } from "vitest";
import * as codes from "../../src/embedded/codes.js";
import { networkError } from "../../src/embedded/transfer-error.js";

it.each([
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
