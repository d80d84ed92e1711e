// Columns that several views share; each gets {row, target}, a figure and a promise of one place, series and period, of
// which either may be missing.
"use strict";

function unitOf(row, magnitude = NONE) {
  const unit = (row && (language === "zh" ? row.unit_zh : row.unit_measure)) ?? "";
  return `${magnitude[language]}${unit}`;
}

function inUnit(row, magnitude) {
  const unit = unitOf(row, magnitude);
  return unit && (language === "zh" ? `（${unit}）` : ` (${unit})`);
}

// What the heading of a column says for all its rows: {unit, magnitude, plain}, `plain` for a file; empty where units differ.
function sharedUnit(rows) {
  const units = new Set(rows.map((row) => inUnit(row)));
  if (units.size !== 1) return {};
  const magnitude = magnitudeOf(rows.map((row) => row.obs_value));
  return { unit: inUnit(rows[0], magnitude), plain: inUnit(rows[0]), magnitude };
}

function valueColumn(shared) {
  const rivals = (row) => row.n_rivals > 0 && tag(`+${row.n_rivals} ${word("rivals")}`, word("rival"));
  return amountColumn("value", word("value"), shared, ({ row }) => row, rivals);
}

// A figure with its bound; its unit stands in the heading, or beside each where they differ.
function amountColumn(key, title, { unit, plain, magnitude }, figure, also = () => null) {
  const cell = (each) => {
    const row = figure(each);
    return row && [unit === undefined ? amount(row) : bounded(row, magnitude), also(row)];
  };
  return { key, title: `${title}${unit ?? ""}`, plainTitle: `${title}${plain ?? ""}`, numeric: true, value: (each) => figure(each)?.obs_value, cell };
}

function growthColumns() {
  const column = (key, cell) => ({ key, title: `${word(key)}(%)`, numeric: true, value: ({ row }) => row?.[key], cell: ({ row }) => row && signed(cell(row[key])) });
  return [column("growth_reported", grouped), column("growth_computed", (growth) => rounded(growth, 2))];
}

function targetColumns(shared) {
  return [
    amountColumn("target", word("target"), shared, ({ target }) => target),
    { key: "ratio", title: word("ratio"), numeric: true, value: ({ target }) => target?.attainment_ratio, cell: ({ target }) => percent(target?.attainment_ratio) },
    { key: "light", title: word("status"), value: ({ target }) => target && [lightWord(target), coded(target.reason, target.reason_zh)].filter(Boolean).join(" "), cell: ({ target }) => target && [lightOf(target), " ", reasonOf(target)] },
  ];
}

function printedColumn() {
  return { key: "as_printed", title: word("as_printed"), value: ({ row }) => row?.value_text };
}

function amount(row) {
  const magnitude = magnitudeOf([row.obs_value]);
  return bounded(row, magnitude, unitOf(row, magnitude));
}

function tag(text, title) {
  return element("span", { class: "tag", title }, text);
}

function quiet(text) {
  return element("span", { class: "quiet" }, text);
}

function lightOf(target) {
  return element("span", { class: `light ${target.light}` }, lightWord(target));
}

// What was nearly reached is no miss like others.
function lightWord(target) {
  return target.light === "yellow" ? word("yellow") : coded(target.status, target.status_zh);
}

function reasonOf(target) {
  return target.reason && quiet(coded(target.reason, target.reason_zh));
}

// What opens the source drawer of a figure.
function opening(id, place, text) {
  return button(text, () => go({ id, place }), { class: "open", id: `open-${id}`, "aria-haspopup": "true" });
}
