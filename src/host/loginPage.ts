/** The words that login pages have in their paths, and some of them in two parts (`sign_in`). */
const loginWords =
  /(?:^|-)(?:login|logon|log-in|log-on|signin|signon|sign-in|sign-on|oauth|oidc|openid|saml|sso|auth|authorize|authenticate)(?:-|$)/;

/** A prefix before the API's path says nothing: the target is the API then, and only its host or scheme is another. */
const apiTarget =
  /\/api\/v1\/(?:query|query_range|series|labels|label\/[^/]+\/values|metadata|targets|rules|alerts|status\/[^/]+)\/*$/;

/** True for an address of a login page. Asks the path alone: a host may be called anything, such as `lesson.example` with its `sso`. */
export function isLoginPage(target: string): boolean {
  const path = URL.canParse(target) ? new URL(target).pathname : target;
  if (apiTarget.test(path)) return false;
  return path.split("/").some((segment) => {
    const words = segment.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
    return loginWords.test(words.replace(/[^a-z]+/g, "-"));
  });
}
