import { AppError } from "../../shared/errors.ts";
import type { Series } from "../../shared/model/answer.ts";
import { formatLabels } from "../../shared/model/labels.ts";
import { valueText } from "../../shared/model/numberText.ts";
import { seriesOf } from "../answerFacts.ts";
import { csvExport } from "./csvExport.ts";
import { csvHead, rowEnd } from "./csvHead.ts";
import { histogramCells, histogramTitles, noHistogram } from "./csvHistogram.ts";
import { textCell } from "./csvText.ts";
import { counted } from "./exportFacts.ts";
import { type ExportPiece, type ExportSubject, nothingYet, PieceBuffer, sampleTotal } from "./exportSubject.ts";
import { TimeCells, timeTitles } from "./timeCells.ts";

/** So many cells for each sample, and so many more, may a table have: series with moments of their own fill few of theirs. */
const mostCellsPerSample = 4;
const mostCellsMore = 1_000_000;

/** The samples of a series that go into one column, or the native histograms that go into four; `at`: the next one. */
interface Track {
  readonly series: Series;
  readonly isHistogram: boolean;
  at: number;
}

/**
 * One row for each moment and one column for each series, named by its selector; a cell is empty where the series has no
 * sample. Native histograms take four columns: count, sum, average and the whole as text. Throws `misconfigured` where
 * almost all cells would be empty.
 */
export function* csvWideExport(subject: ExportSubject): Generator<ExportPiece, void> {
  const { data } = subject.answer;
  if (data.type === "scalar" || data.type === "string") {
    yield* csvExport(subject);
    return;
  }
  yield* refuseTooWide(subject);
  const buffer = new PieceBuffer();
  buffer.add(csvHead(subject) + timeTitles);
  const tracks = tracksOf(data.series);
  for (const { series, isHistogram } of tracks) {
    const selector = formatLabels(series.labels);
    if (isHistogram) for (const title of histogramTitles) buffer.add(`,${textCell(`${selector} ${title}`)}`);
    else buffer.add(`,${textCell(selector)}`);
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

function tracksOf(all: readonly Series[]): readonly Track[] {
  return all.flatMap((series) => [
    ...(series.times.length > 0 || series.histograms.length === 0 ? [{ series, isHistogram: false, at: 0 }] : []),
    ...(series.histograms.length > 0 ? [{ series, isHistogram: true, at: 0 }] : []),
  ]);
}

/** Raw samples have other moments in each series: their table would grow with the square, all but empty. */
function* refuseTooWide({ answer: { data } }: ExportSubject): Generator<ExportPiece, void> {
  const tracks = tracksOf(seriesOf(data));
  const columns = tracks.reduce((sum, { isHistogram }) => sum + (isHistogram ? histogramTitles.length : 1), 0);
  const samples = sampleTotal(data);
  const mostRows = Math.floor((mostCellsPerSample * samples + mostCellsMore) / columns);
  // There are no more rows than samples. Counting stops at the bound, so it takes no longer than writing does.
  if (samples <= mostRows) return;
  let rows = 0;
  for (let time = nextTime(tracks); time !== Number.POSITIVE_INFINITY; time = nextTime(tracks)) {
    rows++;
    if (rows > mostRows) {
      const table = `${counted(columns, "column", "columns")} and more than ${counted(mostRows, "row", "rows")}`;
      const detail = `It would have ${table} for ${counted(samples, "sample", "samples")}.`;
      throw new AppError({ kind: "misconfigured", what: "exportTooWide", detail });
    }
    for (const track of tracks) if (timeOf(track) === time) track.at++;
    if ((rows * tracks.length) % 10_000 < tracks.length) yield nothingYet;
  }
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
