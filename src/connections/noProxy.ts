import { BlockList, isIP } from "node:net";

/**
 * True if a list as in `NO_PROXY` names the server of `origin`. Entries are separated by commas or blanks: `*`, a name (it
 * stands for everything below it too, with or without a dot or `*.` before it), an address, a network such as `10.0.0.0/8`;
 * a port behind it narrows it. Names are not looked up: a network never matches a name.
 */
export function isExemptFromProxy(origin: string, list: string): boolean {
  const { hostname, port, protocol } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const ownPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== "" && matches(entry, host, ownPort));
}

function matches(entry: string, host: string, ownPort: string): boolean {
  if (entry === "*") return true;
  const network = /^(.+)\/(\d{1,3})$/.exec(entry);
  if (network?.[1] !== undefined) return contains(network[1].replace(/^\[|\]$/g, ""), Number(network[2]), host);
  const { name, port } = splitPort(entry);
  if (port !== undefined && port !== ownPort) return false;
  const kind = isIP(name);
  if (kind !== 0) return contains(name, kind === 4 ? 32 : 128, host);
  const domain = name.replace(/^\*?\.+/, "").replace(/\.$/, "");
  return domain !== "" && (host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`)));
}

function splitPort(entry: string): { readonly name: string; readonly port: string | undefined } {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(entry);
  if (bracketed?.[1] !== undefined) return { name: bracketed[1], port: bracketed[2] };
  // Several colons are an IPv6 address without brackets.
  const plain = /^([^:]*):(\d+)$/.exec(entry);
  return plain?.[1] === undefined ? { name: entry, port: undefined } : { name: plain[1], port: plain[2] };
}

/** Also in another spelling of the same address. */
function contains(address: string, bits: number, host: string): boolean {
  const kind = isIP(address);
  if (kind === 0 || kind !== isIP(host) || bits > (kind === 4 ? 32 : 128)) return false;
  const family = kind === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  return list.check(host, family);
}
