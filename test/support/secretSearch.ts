import { Buffer } from "node:buffer";

/** A secret that a test plants. Its `marks` are letters and digits that occur nowhere else: no escaping hides them. */
export interface PlantedSecret {
  readonly name: string;
  readonly value: string;
  readonly marks: readonly string[];
}

/** Where a planted secret was found, and in which form. */
export interface SecretFound {
  readonly where: string;
  readonly name: string;
  readonly form: string;
}

/** Everything that a redactor has to know how to escape, as far as a header may hold it. */
export const awkward = `<&">'+/=%\\é`;

/** The same for a bearer token, which has no blanks and letters of ASCII only. */
export const awkwardToken = "+/=~&<";

/**
 * A secret that has a mark on both sides of `middle`, so that one which was taken out only in part is found as well. `run`
 * tells one test run from the next.
 */
export function plantSecret(name: string, run: string, middle = awkward): PlantedSecret {
  const letters = name.replace(/[^A-Za-z0-9]/g, "");
  const marks = [`m4rkA${run}${letters}Z`, `m4rkB${run}${letters}Z`];
  return { name, value: marks.join(middle), marks };
}

/**
 * Every planted secret that a text or a file holds: plain or with its signs percent-encoded or escaped in any way (the marks
 * need no escaping), in base64 at any offset (`user:pass` is one), base64 for URLs included, in hex, and in UTF-16.
 */
export function secretsIn(
  content: string | Uint8Array,
  where: string,
  planted: readonly PlantedSecret[],
): readonly SecretFound[] {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  // One character a byte: what is looked for is ASCII, in any file.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const lower = text.toLowerCase();
  return planted.flatMap(({ name, marks }) =>
    marks.flatMap((mark) =>
      formsOf(mark)
        .filter(({ needle, anyCase }) => (anyCase ? lower : text).includes(needle))
        .map(({ form }) => ({ where, name, form })),
    ),
  );
}

interface Form {
  readonly form: string;
  readonly needle: string;
  readonly anyCase: boolean;
}

const known = new Map<string, readonly Form[]>();

function formsOf(mark: string): readonly Form[] {
  const forms = known.get(mark) ?? newFormsOf(mark);
  known.set(mark, forms);
  return forms;
}

function newFormsOf(mark: string): readonly Form[] {
  const wide = Buffer.from(mark.toLowerCase(), "utf16le").toString("latin1");
  return [
    { form: "plain", needle: mark.toLowerCase(), anyCase: true },
    { form: "hex", needle: Buffer.from(mark).toString("hex"), anyCase: true },
    { form: "UTF-16", needle: wide, anyCase: true },
    ...[0, 1, 2].map((before) => ({ form: "base64", needle: base64Inside(mark, before), anyCase: false })),
    // Twice, as a header that was encoded as a whole.
    ...[0, 1, 2].flatMap((before) =>
      [0, 1, 2].map((outer) => ({
        form: "base64 twice",
        needle: base64Inside(base64Inside(mark, before), outer),
        anyCase: false,
      })),
    ),
  ];
}

/** What of the base64 of a longer text is sure to be there where the mark begins `before` (mod 3) bytes behind its start. */
function base64Inside(mark: string, before: number): string {
  const encoded = Buffer.from("x".repeat(before) + mark).toString("base64url");
  return encoded.slice(before === 0 ? 0 : before + 1, -2);
}
