/** Where a file is after it, or a folder above it, was moved, all as URIs; `undefined`: it was not. */
export function movedTo(uri: string, { from, to }: { readonly from: string; readonly to: string }): string | undefined {
  if (uri === from) return to;
  return uri.startsWith(`${from}/`) ? to + uri.slice(from.length) : undefined;
}
