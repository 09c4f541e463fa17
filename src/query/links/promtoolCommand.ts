import type { Auth, Profile } from "../../connections/profile.ts";
import { formatApiSeconds, formatApiTime } from "../../prometheus/apiTime.ts";
import { isSensitiveName } from "../../shared/model/sensitiveName.ts";
import type { SentQueries } from "./sentQueries.ts";
import { Placeholders, shellWord } from "./shellWord.ts";

/** The file that a command names where a server wants to know who asks; the user writes it. */
const configFile = "promtool-http.yml";

/**
 * The `promtool query` commands that ask what a run asked, the range request first, below comment lines about what promtool
 * cannot carry. Secrets are variables of the shell or left to a file. `undefined` where an argument holds what no command may
 * hold (see `shellWord`).
 */
export function promtoolCommands(profile: Profile, sent: SentQueries): string | undefined {
  const { query, range, instant } = sent;
  const commands: (string | undefined)[] = [];
  const url = new URL(profile.baseUrl);
  for (const [name, value] of Object.entries(profile.queryParams)) {
    if (!isSensitiveName(name)) url.searchParams.append(name, value);
  }
  const place = shellWord(url.href);
  const expression = shellWord(query);
  // Kingpin would read an argument that begins with a dash as flags.
  const args = place === undefined || expression === undefined ? undefined : `${place} -- ${expression}`;
  if (range !== undefined) {
    const { start, end, stepMs } = range;
    const times = `--start=${formatApiTime(start)} --end=${formatApiTime(end)} --step=${formatApiSeconds(stepMs)}s`;
    commands.push(joined("promtool query range", configFlag(profile), headerFlags(profile), times, args));
  }
  if (instant !== undefined) {
    commands.push(joined("promtool query instant", configFlag(profile), `--time=${formatApiTime(instant)}`, args));
  }
  if (commands.includes(undefined)) return undefined;
  return [...remarks(profile, sent).map((line) => `# ${line}`), commands.join("\n\n")].join("\n");
}

function joined(...parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.filter((part) => part !== "").join(" \\\n  ");
}

function configFlag(profile: Profile): string {
  return configLines(profile).length === 0 ? "" : `--http.config.file=${configFile}`;
}

/** Headers of range queries; instant ones take none. */
function headerFlags({ headers, secretHeaders }: Profile): string | undefined {
  const secrets = new Placeholders();
  const plain = Object.entries(headers).filter(([name]) => !isSensitiveName(name));
  const secret = [...Object.keys(headers).filter((name) => isSensitiveName(name)), ...secretHeaders];
  const flags = [
    ...plain.map(([name, value]) => ({ word: shellWord(`${name}=${value}`), rest: "" })),
    ...secret.map((name) => ({ word: shellWord(`${name}=`), rest: secrets.word(`header ${name}`) })),
  ];
  if (flags.some(({ word }) => word === undefined)) return undefined;
  return flags.map(({ word, rest }) => `--header=${word}${rest}`).join(" ");
}

/**
 * What promtool cannot carry, and what its configuration file has to say. Plain words: a shell that takes no comments at its prompt
 * (zsh) reads them as a command that does not exist.
 */
function remarks(profile: Profile, { instant, limit }: SentQueries): readonly string[] {
  const { headers, secretHeaders, queryParams, secretQueryParams, auth, proxy } = profile;
  const hasHeaders = Object.keys(headers).length + secretHeaders.length > 0;
  const hasSecretParams = [...Object.keys(queryParams).filter((name) => isSensitiveName(name)), ...secretQueryParams];
  const config = configLines(profile);
  return [
    ...(limit === undefined ? [] : [`promtool sends no limit: the program asked for ${limit} series at most`]),
    ...(hasHeaders && instant !== undefined ? ["promtool sends no headers with instant queries"] : []),
    ...(hasSecretParams.length > 0 ? ["promtool cannot carry the secret parameters of this connection"] : []),
    ...(auth.type === "raw" ? ["promtool cannot send an Authorization value without a scheme"] : []),
    ...(proxy === undefined || proxy === "system" || proxy === "none" ? [] : ["promtool does not use the proxy"]),
    ...(config.length === 0 ? [] : [`${configFile} has to contain`, ...config]),
  ];
}

/** Lines of the configuration file, secrets as paths for the user to fill in. */
function configLines({ auth, tls }: Profile): readonly string[] {
  const hasTls = Object.values(tls).some((value) => value !== "" && value !== false);
  return [...authLines(auth), ...(hasTls ? ["  tls_config: the certificates of this connection"] : [])];
}

function authLines(auth: Auth): readonly string[] {
  switch (auth.type) {
    case "none":
    case "raw":
      return [];
    case "basic":
      return [
        "  basic_auth:",
        "    username: the user name of this connection",
        "    password_file: /path/of/password",
      ];
    case "bearer":
    case "oauth2":
    case "command":
      return ["  authorization:", "    credentials_file: /path/of/token"];
  }
}
