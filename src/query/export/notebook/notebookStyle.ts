import { dashes, seriesColors } from "../../../shared/model/strokes.ts";

/** The one style sheet of an exported page: light and dark as the reader's machine is, and light on paper. */
export function notebookStyle(): string {
  const colors = (theme: keyof typeof seriesColors) =>
    seriesColors[theme].map((color, i) => `.s${i} { stroke: ${color}; }`).join("\n");
  const dashed = dashes.map((lengths, i) =>
    lengths.length === 0 ? "" : `.d${i} { stroke-dasharray: ${lengths.join(" ")}; }\n`,
  );
  return `${sheet}${colors("light")}
${dashed.join("")}@media screen and (prefers-color-scheme: dark) {
${darkVariables}${colors("dark")}
}
`;
}

const darkVariables = `:root {
  --text: #dfe3e8; --muted: #a3adb8; --page: #14181d; --card: #1b2127; --code: #242b33; --border: #37414c;
  --link: #7ab8ff; --warning: #e6b450; --warning-back: #2b2619; --failure: #ff8b80; --failure-back: #321d1d; --grid: #323b45;
}
`;

const sheet = `
:root {
  color-scheme: light dark;
  --text: #1c2430; --muted: #586474; --page: #f6f7f9; --card: #ffffff; --code: #f1f3f6; --border: #d7dce2;
  --link: #0b5cad; --warning: #8a5a00; --warning-back: #fdf6e3; --failure: #b3261e; --failure-back: #fdeeed; --grid: #e3e7ec;
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 2.5rem 1.25rem 4rem; background: var(--page); color: var(--text);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; overflow-wrap: anywhere;
}
header, main, footer { max-width: 60rem; margin: 0 auto; }
header { padding-bottom: 1rem; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.4em 0 .5em; }
h1 { font-size: 1.9rem; margin: 0 0 .3rem; }
h2 { font-size: 1.3rem; }
h3 { font-size: 1.05rem; }
h4, h5, h6 { font-size: 1rem; }
p, ul, ol, pre, blockquote, table { margin: .6em 0; }
a { color: var(--link); }
hr { border: 0; border-top: 1px solid var(--border); }
code, pre { font-family: ui-monospace, "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
pre { background: var(--code); border-radius: 6px; padding: .75rem .9rem; white-space: pre-wrap; line-height: 1.45; }
.prose code, .about code { background: var(--code); border-radius: 4px; padding: .1em .3em; }
pre code { font-size: 1em; }
.prose pre code { background: none; padding: 0; }
blockquote { border-left: 4px solid var(--border); margin-left: 0; padding-left: 1rem; color: var(--muted); }
.about, figcaption { color: var(--muted); font-size: .87rem; }
.prose { padding: 0 1.25rem; }
.query {
  background: var(--card); border: 1px solid var(--border); border-radius: 10px; padding: 1.1rem 1.25rem; margin: 1.25rem 0;
}
.query > h2 { margin: 0 0 .6rem; }
.query > pre:only-child { margin: 0; }
.query > .about { margin: .4rem 0; }
.part { border-top: 1px solid var(--border); margin-top: 1rem; padding-top: .9rem; }
.part > h3 { margin: 0 0 .35rem; }
.facts { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: 0 0 .6rem; color: var(--muted); font-size: .87rem; }
.facts div { display: flex; gap: .4rem; }
.facts dt::after { content: ":"; }
.facts dd { margin: 0; color: var(--text); font-variant-numeric: tabular-nums; }
.remark, .failure {
  margin: .5rem 0; padding: .5rem .8rem; border-left: 4px solid var(--warning); border-radius: 4px;
  background: var(--warning-back); font-size: .93rem;
}
.remark b { color: var(--warning); }
.failure { border-color: var(--failure); background: var(--failure-back); }
.failure strong { color: var(--failure); }
.failure p { margin: .25rem 0 0; white-space: pre-wrap; }
.single { font-size: 1.9rem; font-variant-numeric: tabular-nums; margin: .2rem 0 0; white-space: pre-wrap; }
.single + .about { margin-top: 0; }
figure { margin: .4rem 0 .8rem; }
.chart { display: block; width: 100%; min-width: 560px; height: auto; }
.grid { stroke: var(--grid); stroke-width: 1; fill: none; }
.tick { fill: var(--muted); font-size: 10px; }
.value { text-anchor: end; }
.time { text-anchor: middle; }
.line { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
.dots { fill: none; stroke-width: 5; stroke-linecap: round; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--border); padding: .3rem .6rem; text-align: left; vertical-align: top; }
thead th { font-size: .87rem; color: var(--muted); font-weight: 600; }
tbody th { font-weight: normal; }
.left { text-align: left; }
.center { text-align: center; }
.right { text-align: right; }
.series { width: 100%; font-size: .9rem; }
.series td, .series th + th { text-align: right; font-variant-numeric: tabular-nums; }
.series td, .series thead th { white-space: nowrap; }
.series tbody tr:last-child > * { border-bottom: 0; }
.series tbody th { min-width: 14rem; }
.name { display: flex; gap: .6rem; }
.swatch { flex: none; width: 28px; height: 10px; margin-top: .45rem; }
.swatch .line { stroke-width: 2.5; }
@media print {
  :root { color-scheme: light; }
  .chart { min-width: 0; }
  body { background: none; padding: 0; font-size: 10.5pt; }
  header, main, footer { max-width: none; }
  .query { border-color: #bbb; border-radius: 0; }
  .scroll { overflow: visible; }
  figure, tr, .remark, .failure { break-inside: avoid; }
  h1, h2, h3 { break-after: avoid; }
  thead { display: table-header-group; }
}
`;
