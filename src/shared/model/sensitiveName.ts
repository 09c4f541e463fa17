/** Whole words, also with the kind of secret written in front (`ApiKey`), but not `Monkey` or `Author`. */
const sensitiveHeader =
  /(?:^|[-_])(?:access|api|app|auth|bearer|client|id|private|refresh|secret|security|session)?(?:assertion|auth|authorization|authentication|cookie|credential|jwt|key|passphrase|passwd|password|pwd|secret|token)s?(?:$|[-_])/i;

/** True for a name that a credential usually has: `X-Api-Key`, `authKey`, `access_token`. A guess by whole words. */
export function isSensitiveName(name: string): boolean {
  return sensitiveHeader.test(name);
}
