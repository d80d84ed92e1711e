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

// The same with commas, and a true minus sign; in units of a magnitude, the point moved and no digit lost.
function grouped(scaled, magnitude = NONE) {
  const [whole, fraction] = moved(plain(scaled), magnitude.digits).split(".");
  return whole.replace("-", "−").replace(/\B(?=(\d{3})+$)/g, ",") + (fraction ? `.${fraction}` : "");
}

function moved(text, digits) {
  if (!digits || !text) return text;
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)\.?(\d*)$/.exec(text);
  const padded = whole.padStart(digits + 1, "0");
  const rest = (padded.slice(-digits) + fraction).replace(/0+$/, "");
  return `${sign}${padded.slice(0, -digits)}${rest && `.${rest}`}`;
}

// What people count in: 万 and 亿, or millions.
const NONE = { digits: 0, zh: "", en: "" };
const MAGNITUDES = { zh: [{ digits: 8, zh: "亿" }, { digits: 4, zh: "万" }], en: [{ digits: 6, en: "million " }] };

// The largest magnitude in which none of the values (null apart) falls below one.
function magnitudeOf(values) {
  const sizes = values.filter((value) => value).map((value) => (value < 0n ? -value : value));
  const least = sizes.reduce((least, size) => (size < least ? size : least), sizes[0] ?? 0n);
  return MAGNITUDES[language].find(({ digits }) => least >= SCALE * 10n ** BigInt(digits)) ?? NONE;
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

function withSpace(unit) {
  return unit && unit !== "%" ? ` ${unit}` : unit;
}

function percent(ratio) {
  return ratio === null || ratio === undefined ? "" : `${rounded(100 * ratio)}%`;
}

// "5,533以上", "5,533 万元左右", "at least 5,533", "10–12": a value with its bound, and its unit unless the heading has it.
function bounded({ obs_value: value, obs_value_high: high, comparator }, magnitude, unit = "") {
  const upper = comparator === "range" && high !== null ? `–${grouped(high, magnitude)}` : "";
  const number = grouped(value, magnitude) + upper + withSpace(unit);
  const said = label("bound", comparator);
  return language === "zh" || !said ? `${number}${said}` : `${said} ${number}`;
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
