// Delivery Optimization numbers the security flags of downloads in another way than BITS, and has fewer of them. The module
// translates what has a counterpart; the rest is refused, as nothing of the same number would do the same.

/** BG_SSL_ENABLE_CRL_CHECK. */
const CHECK_REVOCATION = 0x1;
/** The four of BG_SSL_IGNORE_: Delivery Optimization ignores nothing while it checks for revocation. */
const IGNORE_FAILURES = 0x1e;
/** BG_HTTP_REDIRECT_POLICY_ALLOW_HTTPS_TO_HTTP. There is no policy that forbids or reports redirections. */
const ALLOW_HTTPS_TO_HTTP = 0x800;

/** Which of BITS' security flags a download can't have in this combination; 0 where it can have them all. */
export function lackingSecurityFlags(flags: number): number {
  const unknown = flags & ~(CHECK_REVOCATION | IGNORE_FAILURES | ALLOW_HTTPS_TO_HTTP);
  const idle = flags & CHECK_REVOCATION ? flags & IGNORE_FAILURES : 0;
  return (unknown | idle) >>> 0;
}
