// Measures HyperFormula: `node bench.mjs CELLS.json META.json` prints a JSON object after each stage, with all that is
// known by then. The protocol is that of `compare`, which starts this.

import { readFileSync } from "node:fs";
import { HyperFormula } from "hyperformula";

const SERIES_MS = 10_000;

const [, , cellsFile, metaFile] = process.argv;
const cells = JSON.parse(readFileSync(cellsFile, "utf8"));
const meta = JSON.parse(readFileSync(metaFile, "utf8"));

function address(place) {
  const [, letters, row] = /^([A-Z]+)([0-9]+)$/.exec(place.cell);
  const col = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return { sheet: engine.getSheetId(place.sheet), row: Number(row) - 1, col };
}

function shown(value) {
  if (value === null || value === undefined) return { value: null };
  if (typeof value === "object") return { error: value.value };
  return { value };
}

function read(after) {
  for (const place of meta.outputs) {
    report.outputs.push({ after, ...place, ...shown(engine.getCellValue(address(place))) });
  }
}

function print() {
  report.peak_rss_mb = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify(report));
}

function series(edit) {
  const at = address(edit);
  const begun = performance.now();
  const times = [];
  edit.values.forEach((value, index) => {
    // A series that takes too long is cut short, but its last value is typed.
    if (performance.now() - begun > SERIES_MS && index + 1 < edit.values.length) return;
    const start = performance.now();
    engine.setCellContents(at, typeof value === "string" ? `'${value}` : value);
    for (const place of meta.outputs) engine.getCellValue(address(place));
    times.push(performance.now() - start);
  });
  times.sort((a, b) => a - b);
  const part = (share) => times[Math.min(Math.floor(times.length * share), times.length - 1)];
  report.edits.push({ id: edit.id, median_ms: part(0.5), p95_ms: part(0.95) });
}

const sheets = Object.fromEntries(cells.sheets.map((sheet) => [sheet.name, sheet.rows]));
const report = { load_ms: null, calc_ms: null, edits: [], outputs: [], peak_rss_mb: null };
const start = performance.now();
const engine = HyperFormula.buildFromSheets(sheets, {
  licenseKey: "gpl-v3",
  maxRows: 1_048_576,
  useColumnIndex: true,
});
// It knows no TRUE and FALSE until someone names them.
engine.addNamedExpression("TRUE", "=TRUE()");
engine.addNamedExpression("FALSE", "=FALSE()");
report.calc_ms = performance.now() - start;
read(null);
print();
for (const edit of meta.edits) {
  series(edit);
  read(edit.id);
  print();
}
