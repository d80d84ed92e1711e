// Numbers as text. Decimals arrive as whole ten-thousandths (BigInt): exact, however large.
"use strict";

const SCALE = 10000n;

// 55330000n → "5533"; all digits, a point, no trailing zeros: what a program reads.
function plain(scaled) {
  if (scaled === null || scaled === undefined) return "";
  const size = scaled < 0n ? -scaled : scaled;
  const fraction = String(size % SCALE).padStart(4, "0").replace(/0+$/, "");
  return `${scaled < 0n ? "-" : ""}${size / SCALE}${fraction && `.${fraction}`}`;
}

// The same with commas, and a true minus sign.
function grouped(scaled) {
  const [whole, fraction] = plain(scaled).split(".");
  return whole.replace("-", "−").replace(/\B(?=(\d{3})+$)/g, ",") + (fraction ? `.${fraction}` : "");
}

// For places on a chart alone: inexact beyond 15 digits.
function approximate(scaled) {
  return scaled === null ? null : Number(scaled) / 10000;
}

// A computed number with so many decimals at most.
function rounded(number, decimals = 1) {
  return number === null || number === undefined ? "" : number.toFixed(decimals).replace("-", "−");
}

function signed(text) {
  return text && !text.startsWith("−") && /[1-9]/.test(text) ? `+${text}` : text;
}

function percent(ratio) {
  return ratio === null || ratio === undefined ? "" : `${rounded(100 * ratio)}%`;
}

// "5,533 以上", "at least 5,533", "10–12": a value with its bound, the unit left to the heading.
function bounded(value, high, comparator) {
  if (value === null || value === undefined) return "";
  if (comparator === "range" && high !== null) return `${grouped(value)}–${grouped(high)}`;
  const said = label("bound", comparator);
  if (!said) return grouped(value);
  return language === "zh" ? `${grouped(value)}${said}` : `${said} ${grouped(value)}`;
}

// Lines of CSV for a spreadsheet, with a byte order mark. A text that a spreadsheet would take for a formula gets an
// apostrophe before it; numbers, which come as {number}, do not.
function csv(lines) {
  const cell = (given) => {
    const text = String(given?.number ?? given ?? "");
    const harmless = given?.number === undefined && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  return `\ufeff${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

// For order alone: numbers by size, texts by the language, nothing last.
function compare(one, other) {
  const [empty, alsoEmpty] = [one, other].map((each) => each === null || each === undefined || each === "");
  if (empty || alsoEmpty) return empty - alsoEmpty;
  if (typeof one === "string" && typeof other === "string") return one.localeCompare(other, "zh-CN", { numeric: true });
  return one < other ? -1 : one > other ? 1 : 0;
}
