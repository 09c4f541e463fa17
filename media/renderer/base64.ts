/** Characters that one call of `fromCharCode` is given. */
const chunk = 0x8000;

/** Bytes as base64. */
export function base64Of(bytes: ArrayBuffer): string {
  const view = new Uint8Array(bytes);
  const parts: string[] = [];
  for (let at = 0; at < view.length; at += chunk) parts.push(String.fromCharCode(...view.subarray(at, at + chunk)));
  return btoa(parts.join(""));
}

/** The bytes of a base64 text. */
export function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}
