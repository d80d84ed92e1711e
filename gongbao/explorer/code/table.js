// One table for all views. A column is {key, title, plainTitle, value, cell, numeric}: `value(row)` orders rows and goes into the
// CSV file (BigInt of ten-thousandths, number or text) under `plainTitle`, `cell(row)` is what is shown, else the value itself.
"use strict";

function table(columns, rows, { caption, sorted, sort, chosen }) {
  const [key, falling] = sorted?.startsWith("-") ? [sorted.slice(1), true] : [sorted, false];
  const by = columns.find((column) => column.key === key);
  const ordered = by ? [...rows].sort((one, other) => order(by, falling, one, other)) : rows;
  const heading = (column) =>
    element(
      "th",
      {
        scope: "col",
        class: column.numeric ? "number" : null,
        "aria-sort": column === by ? (falling ? "descending" : "ascending") : null,
      },
      sort ? button(column.title, () => sort(column === by && !falling ? `-${column.key}` : column.key)) : column.title,
    );
  const line = (row) =>
    element(
      "tr",
      { class: row.absent ? "absent" : null, "aria-current": chosen?.(row) ? "true" : null },
      columns.map((column, position) =>
        element(
          position ? "td" : "th",
          { scope: position ? null : "row", class: column.numeric ? "number" : null, "data-title": column.title },
          shown(column, row),
        ),
      ),
    );
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, columns.map(heading))),
      element("tbody", {}, ordered.map(line)),
    ),
  );
}

function order(column, falling, one, other) {
  const [first, second] = [column.value(one), column.value(other)];
  const empty = (value) => value === null || value === undefined || value === "";
  return falling && !empty(first) && !empty(second) ? compare(second, first) : compare(first, second);
}

function shown(column, row) {
  if (column.cell) return column.cell(row);
  const value = column.value(row);
  return typeof value === "bigint" ? grouped(value) : value;
}

// The same rows as lines of text and numbers.
function tabular(columns, rows) {
  const cell = (value) =>
    typeof value === "bigint" ? { number: plain(value) } : typeof value === "number" ? { number: value } : value;
  return [columns.map((column) => column.plainTitle ?? column.title), ...rows.map((row) => columns.map((column) => cell(column.value(row))))];
}
