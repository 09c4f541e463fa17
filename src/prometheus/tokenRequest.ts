import { AppError, type CredentialProblem } from "../shared/errors.ts";
import type { RequestOptions } from "../shared/model/source.ts";
import type { ClientSignIn, TokenAnswer, TokenRequest, TokenWay } from "../shared/model/tokenRequest.ts";
import { isRecord } from "./errorEnvelope.ts";
import { createFetchTransport } from "./fetchTransport.ts";
import { networkFailure } from "./networkFailure.ts";
import { createRedactor } from "./redact.ts";
import { openBody, readExcerpt } from "./responseBody.ts";
import { cleanMessage } from "./serverText.ts";
import { createTransport, defaultTransportOptions } from "./transport.ts";

/** A token answer is small; more is another page. */
const maxBytes = 64 * 1024;

interface Reply {
  readonly signedIn: ClientSignIn;
  readonly status: number;
  readonly json: unknown;
}

/**
 * Asks a token server for a token by client credentials. The client signs in by `Authorization: Basic` as RFC 6749 2.3.1 says
 * (id and secret form-encoded), unless it is known how. Servers that want both in the form refuse Basic with whatever comes
 * to their mind (Auth0: 401 `access_denied`, Azure: 400 `invalid_request`), so that any 4xx is answered with the form, once.
 * Redirects are not followed. Throws `credential`, or the signal's reason.
 */
export async function requestToken(
  request: TokenRequest,
  { signal, userAgent, way = {} }: RequestOptions & { readonly userAgent: string; readonly way?: TokenWay },
): Promise<TokenAnswer> {
  const { tokenUrl, clientId, clientSecret } = request;
  const url = new URL(tokenUrl);
  const { transport: sender, secrets: secretsOfWay, ...path } = way;
  const own = [clientSecret, encodeForm(clientSecret)];
  let redact = createRedactor(own);
  const transport =
    sender === "vscode" ? createFetchTransport(url.origin) : createTransport(url.origin, defaultTransportOptions, path);
  const send = async (signIn: ClientSignIn): Promise<Reply> => {
    const inForm = signIn === "form";
    const form = new URLSearchParams({ grant_type: "client_credentials" });
    if (request.scopes.length > 0) form.set("scope", request.scopes.join(" "));
    for (const [name, value] of Object.entries(request.params)) form.set(name, value);
    if (inForm) {
      form.set("client_id", clientId);
      form.set("client_secret", clientSecret);
    }
    const pair = Buffer.from(`${encodeForm(clientId)}:${encodeForm(clientSecret)}`).toString("base64");
    const response = await transport.send({
      method: "POST",
      path: `${url.pathname}${url.search}`,
      headers: {
        accept: "application/json",
        "accept-encoding": "gzip, deflate",
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": userAgent,
        ...(inForm ? {} : { authorization: `Basic ${pair}` }),
      },
      body: form.toString(),
      signal,
    });
    const text = await readExcerpt(openBody(response.body, response.headers["content-encoding"]), maxBytes);
    signal.throwIfAborted();
    return { signedIn: signIn, status: response.status, json: parseJson(text) };
  };
  const failed = (problem: CredentialProblem, code: string, detail = "") =>
    new AppError({ kind: "credential", source: "oauth2", problem, name: url.origin + url.pathname, detail, code });
  try {
    if (secretsOfWay !== undefined) redact = createRedactor([...own, ...(await secretsOfWay(url.origin, { signal }))]);
    const first = await send(request.signIn ?? "basic");
    const reply = request.signIn === undefined && isRefused(first) ? tellingOf(first, await send("form")) : first;
    const { signedIn, status, json } = reply;
    const error = errorOf(json);
    if (error !== undefined)
      throw failed("refused", cleanMessage(error, redact), cleanMessage(descriptionOf(json), redact));
    const accessToken = isRecord(json) ? json["access_token"] : undefined;
    if (status !== 200 || typeof accessToken !== "string" || accessToken === "") {
      throw failed(status === 401 || status === 403 ? "refused" : "badAnswer", String(status));
    }
    const expiresIn = isRecord(json) ? Number(json["expires_in"] ?? Number.NaN) : Number.NaN;
    return { accessToken, expiresInSeconds: expiresIn > 0 ? expiresIn : undefined, signedIn };
  } catch (error) {
    signal.throwIfAborted();
    const failure = networkFailure(error, redact);
    if (failure?.kind !== "unreachable") throw error;
    const { code, detail } = failure;
    throw new AppError(
      { kind: "credential", source: "oauth2", problem: "unreachable", name: url.origin + url.pathname, detail, code },
      { cause: error },
    );
  } finally {
    transport.dispose();
  }
}

/** 429 is no refusal of this client, but of so many requests. */
function isRefused({ status, json }: Reply): boolean {
  return (status >= 400 && status <= 499 && status !== 429) || errorOf(json) === "invalid_client";
}

/** What a server says of a request only when it knows the client. */
const saidToClients: ReadonlySet<string | undefined> = new Set([
  ...["invalid_scope", "invalid_grant", "invalid_target", "unauthorized_client", "unsupported_grant_type"],
]);

/** Of a refusal and what followed it the one that counts: of two refusals that which came further, as only one way is right. */
function tellingOf(first: Reply, second: Reply): Reply {
  if (second.status === 200 && errorOf(second.json) === undefined) return second;
  const progress = ({ json }: Reply) =>
    saidToClients.has(errorOf(json)) ? 2 : errorOf(json) === "invalid_client" ? 1 : 0;
  return progress(first) > progress(second) ? first : second;
}

/** As in a form: RFC 6749 wants it so before the two are joined by a colon. */
function encodeForm(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf(json: unknown): string | undefined {
  return isRecord(json) && typeof json["error"] === "string" ? json["error"] : undefined;
}

function descriptionOf(json: unknown): string {
  const text = isRecord(json) ? json["error_description"] : undefined;
  return typeof text === "string" ? text : "";
}
