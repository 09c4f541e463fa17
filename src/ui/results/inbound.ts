import * as z from "zod/mini";
import { refreshIntervals } from "../../query/autoRefresh.ts";
import { AppError } from "../../shared/errors.ts";
import { failureActionKinds } from "../../shared/failureAction.ts";
import { type ResultsContract, resultActions } from "../../shared/protocol/results.ts";

type Requests = ResultsContract["requests"];

const key = z.string().check(z.maxLength(100_000));
const part = z.enum(["range", "instant", "before"]);
const ofResult = { key, part, id: z.number() };
const count = z.number().check(z.int(), z.minimum(0), z.maximum(10_000_000));
const width = z.number().check(z.minimum(1), z.maximum(20_000));
const time = z.nullable(z.number());
const shortText = z.string().check(z.maxLength(1000));
const looking = { key, part, id: z.nullable(z.number()), zone: shortText };

/** More bytes than any screen's picture has. */
const mostPictureBytes = 64 * 1024 * 1024;

/** A file that ends in .png is one. */
const isPng = z.refine<ArrayBuffer>((bytes) => {
  const start = new Uint8Array(bytes, 0, Math.min(8, bytes.byteLength));
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  return bytes.byteLength <= mostPictureBytes && signature.every((byte, i) => start[i] === byte);
});

/** What the page may send, method by method. The page shows texts of servers, so nothing of it is taken on trust. */
const schemas = {
  "results/ready": z.object({}),
  "results/changes": z.object({ isWhole: z.boolean() }),
  "results/legend": z.object(ofResult),
  "results/frame": z.object({
    width,
    from: time,
    to: time,
    reduce: z.enum(["extremes", "last"]),
    layers: z
      .array(z.object({ ...ofResult, shiftMs: z.number(), lines: z.array(count).check(z.maxLength(100_000)) }))
      .check(z.minLength(1), z.maxLength(50)),
  }),
  "results/exemplars": z.object({
    ...ofResult,
    width,
    from: time,
    to: time,
  }),
  "results/exemplarsOff": z.object(ofResult),
  "results/whyEmpty": z.object(ofResult),
  "results/whyEmptyOff": z.object(ofResult),
  "results/heatmap": z.object({ ...ofResult, group: count, width, from: time, to: time }),
  "results/page": z.object({
    ...ofResult,
    from: count,
    to: count,
    sort: z.enum(["sent", "series", "value", "last", "min", "max", "mean", "count"]),
    descending: z.boolean(),
    search: shortText,
  }),
  "results/detail": z.object({ ...ofResult, index: count, name: z.string().check(z.maxLength(1_000_000)) }),
  "results/json": z.object(ofResult),
  "results/rerun": z.object({
    key,
    text: z.string().check(z.maxLength(1_000_000)),
    choices: z.object({
      mode: z.enum(["both", "range", "instant"]),
      start: shortText,
      end: shortText,
      time: shortText,
      step: shortText,
      maxSeries: count,
      compare: shortText,
    }),
  }),
  "results/showAll": z.object({ key }),
  "results/refresh": z.object({
    key,
    everyMs: z.union([z.literal(0), ...refreshIntervals.map((ms) => z.literal(ms))]),
  }),
  "results/remedy": z.object({ key, kind: z.enum(failureActionKinds) }),
  "results/cancel": z.object({ key }),
  "results/reveal": z.object({
    key,
    position: z.nullable(z.object({ line: count, column: count })),
  }),
  "results/looking": z.object(looking),
  "results/act": z.object({ ...looking, action: z.enum(resultActions) }),
  "results/timeZone": z.object({ zone: z.enum(["local", "utc", "choose"]) }),
  "results/savePicture": z.object({ key, bytes: z.instanceof(ArrayBuffer).check(isPng) }),
  "results/copy": z.object({ text: z.string().check(z.maxLength(10_000_000)) }),
} as const satisfies { readonly [M in keyof Requests]: z.ZodMiniType<Requests[M]["params"]> };

/** The params of a request, checked; throws `bug` for anything else. */
export function parseParams<M extends keyof Requests>(method: M, params: unknown): Requests[M]["params"] {
  const parsed = z.safeParse(schemas[method], params);
  if (parsed.success) return parsed.data as Requests[M]["params"];
  throw new AppError({ kind: "bug", detail: `malformed ${method}` }, { cause: parsed.error });
}
