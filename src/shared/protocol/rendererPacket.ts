import type { Envelope } from "./rpc.ts";

/**
 * What crosses between the host and the outputs of a notebook. VS Code writes it as JSON on the way, where a binary value
 * would be lost without a word (unlike with a webview's messages), so those go beside it as base64.
 */
export interface RendererPacket {
  /** The page that sent it or that it is for: two editors of one notebook are two pages. */
  readonly page: string;
  readonly message: Envelope;
  readonly binary?: Binary | undefined;
}

/** The fields of params and results that are binary. */
export const binaryFields = ["buffer", "bytes"] as const;

interface Binary {
  readonly field: (typeof binaryFields)[number];
  readonly base64: string;
}

/** A message on its way out, with its binary field as text. */
export function packed(page: string, message: Envelope, encode: (bytes: ArrayBuffer) => string): RendererPacket {
  const body = bodyOf(message);
  for (const field of binaryFields) {
    const bytes = body?.[field];
    if (!(bytes instanceof ArrayBuffer)) continue;
    return { page, message: withField(message, field, undefined), binary: { field, base64: encode(bytes) } };
  }
  return { page, message };
}

/** The message as it was before. */
export function unpacked({ message, binary }: RendererPacket, decode: (base64: string) => ArrayBuffer): Envelope {
  return binary === undefined ? message : withField(message, binary.field, decode(binary.base64));
}

function bodyOf(message: Envelope): Readonly<Record<string, unknown>> | undefined {
  const body = message.kind === "request" ? message.params : message.kind === "reply" ? message.result : undefined;
  return typeof body === "object" && body !== null ? (body as Readonly<Record<string, unknown>>) : undefined;
}

function withField(message: Envelope, field: string, value: unknown): Envelope {
  const body = bodyOf(message);
  if (body === undefined) return message;
  const changed = { ...body, [field]: value };
  return message.kind === "request" ? { ...message, params: changed } : ({ ...message, result: changed } as Envelope);
}
