import type { Series } from "../../shared/model/answer.ts";
import { formatLabels } from "../../shared/model/labels.ts";
import { valueText } from "../../shared/model/numberText.ts";
import { csvExport } from "./csvExport.ts";
import { csvHead, rowEnd } from "./csvHead.ts";
import { histogramCells, histogramTitles, noHistogram } from "./csvHistogram.ts";
import { textCell } from "./csvText.ts";
import { type ExportPiece, type ExportSubject, PieceBuffer } from "./exportSubject.ts";
import { TimeCells, timeTitles } from "./timeCells.ts";

/** The samples of a series that go into one column, or the native histograms that go into four; `at`: the next one. */
interface Track {
  readonly series: Series;
  readonly isHistogram: boolean;
  at: number;
}

/**
 * One row for each moment and one column for each series, named by its selector; a cell is empty where the series has no
 * sample. Native histograms take four columns: count, sum, average and the whole as text.
 */
export function* csvWideExport(subject: ExportSubject): Generator<ExportPiece, void> {
  const { data } = subject.answer;
  if (data.type === "scalar" || data.type === "string") {
    yield* csvExport(subject);
    return;
  }
  const buffer = new PieceBuffer();
  buffer.add(csvHead(subject) + timeTitles);
  const tracks: Track[] = [];
  for (const series of data.series) {
    const selector = formatLabels(series.labels);
    if (series.times.length > 0 || series.histograms.length === 0) {
      tracks.push({ series, isHistogram: false, at: 0 });
      buffer.add(`,${textCell(selector)}`);
    }
    if (series.histograms.length > 0) {
      tracks.push({ series, isHistogram: true, at: 0 });
      for (const title of histogramTitles) buffer.add(`,${textCell(`${selector} ${title}`)}`);
    }
    if (buffer.isFull) yield buffer.take();
  }
  buffer.add(rowEnd);
  const moments = new TimeCells(subject.zone);
  // The next row is found among the columns themselves: all moments of all series would be a large list to sort.
  for (let time = nextTime(tracks); time !== Number.POSITIVE_INFINITY; time = nextTime(tracks)) {
    buffer.add(moments.of(time));
    for (const track of tracks) {
      if (timeOf(track) === time) {
        buffer.add(`,${cellsOf(track)}`, 1);
        track.at++;
      } else buffer.add(track.isHistogram ? `,${noHistogram}` : ",");
      if (buffer.isFull) yield buffer.take();
    }
    buffer.add(rowEnd);
  }
  yield buffer.take();
}

function timeOf({ series, isHistogram, at }: Track): number | undefined {
  return isHistogram ? series.histograms[at]?.time : series.times[at];
}

function cellsOf({ series, isHistogram, at }: Track): string {
  const native = isHistogram ? series.histograms[at] : undefined;
  return native === undefined ? valueText(series.values[at] ?? Number.NaN) : histogramCells(native);
}

/** The first moment of which a sample is not written yet; infinite at the end. */
function nextTime(tracks: readonly Track[]): number {
  let next = Number.POSITIVE_INFINITY;
  for (const track of tracks) {
    const time = timeOf(track);
    if (time !== undefined && time < next) next = time;
  }
  return next;
}
