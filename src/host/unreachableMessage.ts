import { assertNever } from "../shared/assert.ts";
import type { Failure, ProxyProblem, TlsCause } from "../shared/errors.ts";
import type { FailureAction } from "../shared/failureAction.ts";
import { formatDuration } from "../shared/model/time.ts";
import type { FailureMessage } from "./failureWords.ts";

type Unreachable = Extract<Failure, { kind: "unreachable" }>;

const retry: FailureAction = { kind: "retry" };
const editUrl: FailureAction = { kind: "editConnection", at: "url" };
const openSettings: FailureAction = { kind: "openSettings" };

/** Why no connection came about, and what to do. */
export function unreachableMessage(failure: Unreachable, server: string): FailureMessage {
  const { detail } = failure;
  switch (failure.code) {
    case "dns":
      return {
        title: `The name of ${server} cannot be found`,
        detail,
        next: "Check the host in the URL, and your VPN.",
        actions: [editUrl, retry],
      };
    case "refused":
      return {
        title: `${server} refuses connections`,
        detail,
        next: "Check the port, and whether the server is running.",
        actions: [retry, editUrl],
      };
    case "reset":
      return {
        title: `${server} closed the connection before it answered`,
        detail,
        next: "Try again. If it stays so, check whether the port expects https, or the server a client certificate.",
        actions: [retry, editUrl],
      };
    case "tls": {
      const [title, next, ...actions] = tlsTexts[failure.tls];
      return { title: title(server), detail, next, actions };
    }
    case "proxy": {
      const [title, next, ...actions] = proxyTexts[failure.problem];
      const proxy = failure.via === "" ? "The proxy" : `The proxy ${failure.via}`;
      return { title: title(proxy, server), detail, next, actions };
    }
    case "connectTimeout":
      return {
        title: `${server} does not answer to connections`,
        detail,
        next: "Check your VPN, firewall and the port.",
        actions: [retry, editUrl],
      };
    case "network":
      return {
        title: `${server} cannot be reached`,
        detail,
        next: "Check your network and the address.",
        actions: [retry, editUrl],
      };
    default:
      return assertNever(failure);
  }
}

type Text<Names extends readonly string[]> = readonly [
  title: (...names: Names) => string,
  next: string,
  ...actions: readonly FailureAction[],
];

const tlsTexts: Readonly<Record<TlsCause, Text<[server: string]>>> = {
  expired: [
    (server) => `The certificate of ${server} has expired`,
    "Whoever runs the server has to renew it. Check this machine's date too.",
    retry,
  ],
  notYetValid: [
    (server) => `The certificate of ${server} is not valid yet`,
    "Check this machine's date. If it is right, the server has a certificate from the future.",
    retry,
  ],
  revoked: [
    (server) => `The certificate of ${server} was revoked`,
    "Ask whoever runs the server for a new one.",
    retry,
  ],
  selfSigned: [
    (server) => `${server} signed its certificate itself`,
    "If it is your server, set tls.caFile of the connection to that certificate.",
    openSettings,
  ],
  unknownIssuer: [
    (server) => `This machine does not know who issued the certificate of ${server}`,
    "Set tls.caFile of the connection to the authority's certificate. If the authority is known elsewhere, the server may not send the certificates in between.",
    openSettings,
  ],
  hostMismatch: [
    (server) => `The certificate of ${server} is for another host`,
    "Use a name in the URL that the certificate has, or set tls.serverName of the connection to it.",
    editUrl,
    openSettings,
  ],
  clientCertificateWanted: [
    (server) => `${server} wants a client certificate that it trusts`,
    "Set tls.certFile and tls.keyFile of the connection to one that the server's authority issued.",
    openSettings,
  ],
  clientCertificateRefused: [
    (server) => `${server} did not accept the client certificate`,
    "Check that it has not expired, and that the server's authority issued it: tls.certFile and tls.keyFile of the connection.",
    openSettings,
  ],
  ownMaterial: [
    (server) => `The certificates set for ${server} cannot be used`,
    "Check tls.certFile, tls.keyFile and tls.caFile of the connection: PEM files, a key that belongs to the certificate, and its passphrase.",
    openSettings,
  ],
  protocol: [
    (server) => `${server} and this machine have no version of TLS in common`,
    "The server or something before it is too old: TLS 1.2 and modern ciphers are needed.",
  ],
  handshakeRefused: [
    (server) => `${server} broke off the TLS handshake`,
    "It may want a client certificate (tls.certFile, tls.keyFile), know another server name, or share no cipher.",
    openSettings,
  ],
  unknownName: [
    (server) => `${server} has no certificate for this host name`,
    "Use the host name in the URL that the server is known by, or set tls.serverName of the connection.",
    editUrl,
    openSettings,
  ],
  closed: [
    (server) => `${server} closed the connection before it was secure`,
    "The port may speak plain http. If not, the server may have refused the client certificate or the host name.",
    editUrl,
    retry,
  ],
  notTls: [
    (server) => `${server} does not speak https on this port`,
    "Check the port. If the server has no https at all, begin the connection's URL with http://.",
    editUrl,
  ],
  tlsPort: [
    (server) => `${server} speaks https on this port`,
    "Begin the connection's URL with https://.",
    { kind: "useHttps" },
  ],
  other: [
    (server) => `No secure connection to ${server}`,
    "Check the server's certificate, and whether this port speaks https at all.",
    retry,
    editUrl,
  ],
};

const proxyTexts: Readonly<Record<ProxyProblem, Text<[proxy: string, server: string]>>> = {
  notFound: [
    (proxy) => `${proxy} cannot be found`,
    "Check its address in the connection's proxy, in VS Code's http.proxy or in the environment, and your VPN.",
    openSettings,
    retry,
  ],
  refused: [
    (proxy) => `${proxy} refuses connections`,
    "Check its address and port. If this server needs no proxy, set the connection's proxy to none.",
    openSettings,
    retry,
  ],
  timedOut: [
    (proxy, server) => `${proxy} did not connect to ${server} in time`,
    "Check your VPN, and whether the proxy may reach the server. Without a proxy: set the connection's proxy to none.",
    retry,
    openSettings,
  ],
  credentials: [
    (proxy) => `${proxy} wants a user name and password (407)`,
    "Enter the user and password for the proxy of this connection again.",
    { kind: "replaceSecret" },
    openSettings,
  ],
  denied: [
    (proxy, server) => `${proxy} does not let requests through to ${server}`,
    "Ask whoever runs the proxy, or set the connection's proxy to none if this server needs none.",
    openSettings,
  ],
  tls: [
    (proxy) => `${proxy} made no secure connection`,
    "Check whether its address begins with http or https, and its certificate.",
    openSettings,
  ],
  other: [
    (proxy, server) => `${proxy} made no connection to ${server}`,
    "Try again. Without a proxy: set the connection's proxy to none.",
    retry,
    openSettings,
  ],
};

/** Who gave up and what to ask for instead. */
export function timedOutMessage(
  { by, afterMs, detail }: Extract<Failure, { kind: "timedOut" }>,
  server: string,
): FailureMessage {
  const actions: readonly FailureAction[] = [{ kind: "widerStep" }, { kind: "shorterRange" }, retry];
  if (by === "server") {
    return {
      title: `${server} gave up on the query: it took too long`,
      detail,
      next: "Ask for a shorter range, a wider step or fewer series.",
      actions,
    };
  }
  return {
    title: `${server} did not answer within ${formatDuration(afterMs)}`,
    detail,
    next: "Ask for less, or raise timeoutMs of the connection. The request was cancelled.",
    actions,
  };
}
