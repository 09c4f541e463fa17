import type { TimeZone } from "../../src/shared/model/zonedTime.ts";
import type { RunSnapshot } from "../../src/shared/protocol/results.ts";
import { chartPicture } from "../plot/picture.ts";
import { cautionsOf } from "./banners.ts";
import type { PictureSource } from "./chartView.ts";
import { runFacts } from "./facts.ts";
import type { Host } from "./host.ts";

/** Widest picture that is kept with the window. */
const storedWidth = 900;

/** The chart that is drawn now as a PNG with its title, query, server, range and legend. */
async function pngOf(host: Host, source: PictureSource, run: RunSnapshot, zone: TimeZone): Promise<Blob | undefined> {
  const drawn = source.current?.();
  if (drawn === undefined) return undefined;
  const { name, origin } = run.target;
  const cautions = [...(drawn.note === "" ? [] : [drawn.note]), ...cautionsOf(host, run, zone)];
  const facts = [`${name} · ${origin}`, runFacts(run, zone), ...cautions.map((text) => `⚠ ${text}`)];
  const canvas = chartPicture(drawn.chart, { title: run.title, query: run.query, facts, rows: drawn.rows });
  return (await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"))) ?? undefined;
}

const nothingDrawn = "There is no chart to take a picture of.";

export async function savePicture(
  host: Host,
  source: PictureSource,
  run: RunSnapshot,
  zone: TimeZone,
): Promise<string> {
  const png = await pngOf(host, source, run, zone);
  if (png === undefined) return nothingDrawn;
  return (await host.rpc.request("results/savePicture", { key: run.key, bytes: await png.arrayBuffer() })).said;
}

export async function copyPicture(
  host: Host,
  source: PictureSource,
  run: RunSnapshot,
  zone: TimeZone,
): Promise<string> {
  const png = await pngOf(host, source, run, zone);
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
