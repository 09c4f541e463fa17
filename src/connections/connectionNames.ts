import { parseServerUrl } from "./serverUrl.ts";

/** A name for a server, from its host: `prometheus.example.com`, with the port if it is on this machine. */
export function suggestedName(url: string): string {
  const parsed = parseServerUrl(url);
  if (!parsed.ok) return "";
  const { hostname, host } = new URL(parsed.url.baseUrl);
  return /^(?:localhost|[\d.]+|\[.*\])$/.test(hostname) ? host : hostname;
}

/** An id that stands well in a file, made of a name: `Production EU` gives `production-eu`, or `production-eu-2` if taken. */
export function idFromName(name: string, taken: ReadonlySet<string>): string {
  const base =
    name
      .normalize("NFKD")
      .replace(/\p{M}+/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9._]+/g, "-")
      .replace(/^[^a-z0-9]+|-+$/g, "")
      .slice(0, 56) || "connection";
  let id = base;
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`;
  return id;
}
