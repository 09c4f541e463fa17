import type { TimeZone } from "../../src/shared/model/zonedTime.ts";
import type { ResultSummary, RunSnapshot } from "../../src/shared/protocol/results.ts";
import { chartPicture } from "../plot/picture.ts";
import { cautionsOf } from "./banners.ts";
import type { PictureSource } from "./chartView.ts";
import { runFacts } from "./facts.ts";
import type { Host } from "./host.ts";

/** Widest picture that is kept with the window. */
const storedWidth = 900;

/** What a picture is taken of. */
export interface PictureOf {
  readonly host: Host;
  readonly source: PictureSource;
  readonly run: RunSnapshot;
  /** Runs whose answers are in the same chart. */
  readonly others: readonly RunSnapshot[];
  /** The answer that is drawn, which may be to an earlier query than the run's. */
  readonly result: ResultSummary | undefined;
  readonly zone: TimeZone;
}

/** The chart that is drawn now as a PNG with its title, query, server, range, legend, and all that must be said of it. */
async function pngOf({ host, source, run, others, result, zone }: PictureOf): Promise<Blob | undefined> {
  const drawn = source.current?.();
  if (drawn === undefined) return undefined;
  const { name, origin } = run.target;
  const ofOthers = others.map(
    ({ title, query, target }) => `with ${title}: ${query} · ${target.name} · ${target.origin}`,
  );
  const cautionsOfOthers = others.flatMap((other) =>
    cautionsOf(host, other, zone).map((text) => `${other.title}: ${text}`),
  );
  const cautions = [...(drawn.note === "" ? [] : [drawn.note]), ...cautionsOf(host, run, zone), ...cautionsOfOthers];
  const facts = [`${name} · ${origin}`, runFacts(run, zone), ...ofOthers, ...cautions.map((text) => `⚠ ${text}`)];
  const canvas = chartPicture(drawn.chart, {
    title: run.title,
    query: result?.query ?? run.query,
    facts,
    rows: drawn.rows,
    scale: drawn.scale,
  });
  return (await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"))) ?? undefined;
}

const nothingDrawn = "There is no chart to take a picture of.";

export async function savePicture(of: PictureOf): Promise<string> {
  const { host, run } = of;
  const png = await pngOf(of);
  if (png === undefined) return nothingDrawn;
  return (await host.rpc.request("results/savePicture", { key: run.key, bytes: await png.arrayBuffer() })).said;
}

export async function copyPicture(of: PictureOf): Promise<string> {
  const png = await pngOf(of);
  if (png === undefined) return nothingDrawn;
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
    return "Picture copied.";
  } catch {
    return "The clipboard takes no picture here: save it instead.";
  }
}

/** A small picture of the chart alone, to be shown when the window is opened again; empty where nothing is drawn. */
export function storedPicture(source: PictureSource): string {
  const chart = source.current?.()?.chart;
  if (chart === undefined || chart.width === 0) return "";
  const scale = Math.min(1, storedWidth / chart.width);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(chart.width * scale);
  canvas.height = Math.round(chart.height * scale);
  canvas.getContext("2d")?.drawImage(chart, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/webp", 0.8);
}
