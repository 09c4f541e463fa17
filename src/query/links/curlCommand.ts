import type { Profile } from "../../connections/profile.ts";
import { formatApiSeconds } from "../../prometheus/apiTime.ts";
import { type ApiRequest, endpoints, queryRangeRequest, queryRequest } from "../../prometheus/endpoints.ts";
import { isSensitiveName } from "../../shared/model/sensitiveName.ts";
import type { SentQueries } from "./sentQueries.ts";
import { isObeyed, Placeholders, shellWord } from "./shellWord.ts";

/** A command as parts that stand on a line each. A part is `undefined` where it cannot be written safely. */
type Parts = (string | undefined)[];

/**
 * The `curl` commands that send what a run sent, the range request first. Secrets are variables of the shell, never values.
 * `undefined` where an argument holds what no command may hold (see `shellWord`).
 */
export function curlCommands(profile: Profile, sent: SentQueries): string | undefined {
  const { query, range, instant, limit } = sent;
  const bounds = limit === undefined ? {} : { limit };
  const requests: ApiRequest[] = [];
  if (range !== undefined) requests.push(queryRangeRequest({ query, ...range, ...bounds }));
  if (instant !== undefined) requests.push(queryRequest({ query, time: instant, ...bounds }));
  const commands = requests.map((request) => curlCommand(profile, request));
  return commands.includes(undefined) ? undefined : commands.join("\n\n");
}

/** The `curl` command that tests a connection as the program does: a server that computes `1+1` can be asked anything. */
export function curlTestCommand(profile: Profile): string | undefined {
  return curlCommand(profile, queryRequest({ query: "1+1" }));
}

function curlCommand(profile: Profile, request: ApiRequest): string | undefined {
  const secrets = new Placeholders();
  const isPost = profile.method !== "GET" && endpoints[request.endpoint].takesPost;
  const plainParams = Object.entries(profile.queryParams).filter(([name]) => !isSensitiveName(name));
  const secretParams = [
    ...Object.keys(profile.queryParams).filter((name) => isSensitiveName(name)),
    ...profile.secretQueryParams,
  ];
  const url = new URL(profile.baseUrl + request.path);
  for (const [name, value] of plainParams) url.searchParams.append(name, value);
  // curl reads brackets and braces in an address as patterns unless it is told not to.
  const globOff = /[[\]{}]/.test(url.href) ? " --globoff" : "";
  const get = isPost ? "" : " --get";

  const parts: Parts = [
    prefixed(`curl -sS${get}${globOff} `, shellWord(url.href)),
    ...authParts(profile, secrets),
    ...headerParts(profile, secrets),
    ...connectionParts(profile),
    // In a form they would not be where the program puts them; `--get` moves all data to the address.
    ...secretParams.map((name) =>
      prefixed(
        isPost ? "--url-query " : "--data-urlencode ",
        shellWord(`${encodeURIComponent(name)}=`),
        secrets.word(`param ${name}`),
      ),
    ),
    ...request.params.map(([name, value]) => dataPart(name, value)),
    ...(endpoints[request.endpoint].takesTimeout ? [dataPart("timeout", formatApiSeconds(profile.timeoutMs))] : []),
  ];
  return parts.includes(undefined) ? undefined : parts.join(" \\\n  ");
}

/** A parameter; percent-encoded by us where it holds what no command may hold. */
function dataPart(name: string, value: string): string | undefined {
  if (!isObeyed(value)) return prefixed("--data-urlencode ", shellWord(`${name}=${value}`));
  return prefixed("--data ", shellWord(new URLSearchParams([[name, value]]).toString()));
}

function authParts({ auth }: Profile, secrets: Placeholders): Parts {
  switch (auth.type) {
    case "none":
      return [];
    case "bearer":
    case "oauth2":
    case "command":
      return [`-H "Authorization: Bearer ${secrets.reference("token")}"`];
    case "raw":
      return [`-H "Authorization: ${secrets.reference("token")}"`];
    case "basic":
      // Quoted even where it need not be, so that the two halves are seen to be one word.
      return [prefixed("-u ", quoted(`${auth.username}:`), secrets.word("password"))];
  }
}

function headerParts({ headers, secretHeaders }: Profile, secrets: Placeholders): Parts {
  const secret = (name: string) => prefixed("-H ", quoted(`${name}: `), secrets.word(`header ${name}`));
  return [
    ...Object.entries(headers).map(([name, value]) => {
      if (isSensitiveName(name)) return secret(name);
      // curl takes a header without value for one to leave out; with `;` it sends it empty.
      return prefixed("-H ", shellWord(value.trim() === "" ? `${name};` : `${name}: ${value}`));
    }),
    ...secretHeaders.map(secret),
  ];
}

/** Certificates and proxy, as far as curl has the same choice. */
function connectionParts({ tls, proxy }: Profile): Parts {
  const files = [
    ["--cacert ", tls.caFile],
    ["--cert ", tls.certFile],
    ["--key ", tls.keyFile],
  ] as const;
  return [
    ...files.flatMap(([option, path]) => (path === "" ? [] : [prefixed(option, shellWord(path))])),
    ...(tls.insecureSkipVerify ? ["--insecure"] : []),
    ...proxyParts(proxy),
  ];
}

function proxyParts(proxy: string | undefined): Parts {
  if (proxy === undefined || proxy === "system") return [];
  if (proxy === "none") return ["--noproxy '*'"];
  const url = new URL(proxy);
  // Credentials of a proxy are a secret, wherever they were written.
  const user = url.username === "" ? [] : ['--proxy-user "$PROMQL_PROXY_USER"'];
  url.username = "";
  url.password = "";
  return [prefixed("--proxy ", shellWord(url.href)), ...user];
}

function quoted(text: string): string | undefined {
  const word = shellWord(text);
  return word === undefined || word.startsWith("'") ? word : `'${word}'`;
}

function prefixed(option: string, word: string | undefined, rest = ""): string | undefined {
  return word === undefined ? undefined : option + word + rest;
}
