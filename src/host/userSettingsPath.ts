/**
 * Where the user's `settings.json` lies, judged by the extension's global storage: `User/globalStorage/ID` or
 * `User/profiles/PROFILE/globalStorage/ID`. Settings of scope `application` are always those of the default profile,
 * `User/settings.json`. Paths are those of URIs; in a browser the folder is `/User`.
 */
export function userSettingsPaths(globalStoragePath: string): readonly string[] {
  const match = /^(.*\/User|)(?:\/profiles\/[^/]+)?\/globalStorage\/[^/]+\/?$/.exec(globalStoragePath);
  const derived = match?.[1] === undefined || match[1] === "" ? [] : [`${match[1]}/settings.json`];
  return [...new Set([...derived, "/User/settings.json"])];
}
