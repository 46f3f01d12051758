// Delivery Optimization numbers the security flags of downloads differently from BITS and has fewer of them. The module translates the
// flags that have a counterpart. The others are refused, because the same number would have another meaning.

/** BG_SSL_ENABLE_CRL_CHECK. */
const CHECK_REVOCATION = 0x1;
/** The four flags BG_SSL_IGNORE_: Delivery Optimization ignores no errors during a revocation check. */
const IGNORE_FAILURES = 0x1e;
/** BG_HTTP_REDIRECT_POLICY_ALLOW_HTTPS_TO_HTTP. No policy forbids or reports redirects. */
const ALLOW_HTTPS_TO_HTTP = 0x800;

/** The security flags of BITS that a download does not support in this combination, or 0 if it supports all of them. */
export function lackingSecurityFlags(flags: number): number {
  const unknown = flags & ~(CHECK_REVOCATION | IGNORE_FAILURES | ALLOW_HTTPS_TO_HTTP);
  const idle = flags & CHECK_REVOCATION ? flags & IGNORE_FAILURES : 0;
  return (unknown | idle) >>> 0;
}
