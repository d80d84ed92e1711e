// Columns that several views share; each gets {row, target}, a figure and a promise of one place, series and period, of
// which either may be missing.
"use strict";

function unitOf(row) {
  return (row && (language === "zh" ? row.unit_zh : row.unit_measure)) ?? "";
}

function inUnit(row) {
  return unitOf(row) && `(${unitOf(row)})`;
}

// Values with their own units, or without where the heading names the one they share.
function valueColumn(unit) {
  const cell = ({ row }) => row && [amount(row), unit ? "" : ` ${unitOf(row)}`, row.n_rivals ? tag(`+${row.n_rivals} ${word("rival")}`) : null];
  return { key: "value", title: word("value") + unit, numeric: true, value: ({ row }) => row?.obs_value, cell };
}

function growthColumns() {
  const column = (key, cell) => ({ key, title: `${word(key)}(%)`, numeric: true, value: ({ row }) => row?.[key], cell: ({ row }) => row && signed(cell(row[key])) });
  return [column("growth_reported", grouped), column("growth_computed", (growth) => rounded(growth, 2))];
}

function targetColumns(unit) {
  return [
    { key: "target", title: word("target") + unit, numeric: true, value: ({ target }) => target?.obs_value, cell: ({ target }) => target && [amount(target), unit ? "" : ` ${unitOf(target)}`] },
    { key: "ratio", title: word("ratio"), numeric: true, value: ({ target }) => target?.attainment_ratio, cell: ({ target }) => percent(target?.attainment_ratio) },
    { key: "light", title: word("status"), value: ({ target }) => target && [coded(target.status, target.status_zh), coded(target.reason, target.reason_zh)].filter(Boolean).join(" "), cell: ({ target }) => target && [lightOf(target), " ", reasonOf(target)] },
  ];
}

function printedColumn() {
  return { key: "as_printed", title: word("as_printed"), value: ({ row }) => row?.value_text };
}

function amount(row) {
  return bounded(row.obs_value, row.obs_value_high, row.comparator);
}

function tag(text) {
  return element("span", { class: "tag" }, text);
}

function quiet(text) {
  return element("span", { class: "quiet" }, text);
}

function lightOf(target) {
  return element("span", { class: `light ${target.light}` }, coded(target.status, target.status_zh));
}

function reasonOf(target) {
  return target.reason && quiet(coded(target.reason, target.reason_zh));
}

// What opens the source drawer of a figure.
function opening(id, place, text) {
  return button(text, () => go({ id, place }), { class: "open", id: `open-${id}`, "aria-haspopup": "true" });
}
