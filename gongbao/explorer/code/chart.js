// A line chart of periods: actual figures as a line, targets as a dashed one, others in grey.
"use strict";

const WIDTH = 560, HEIGHT = 240, LEFT = 64, RIGHT = 16, TOP = 14, BOTTOM = 30;

// `lines` are {kind, points: [{period, value, text}]}; kinds are actual, target and peers, values are numbers, texts what
// a point says. Null where there is no point.
function chart(title, given) {
  const lines = given.filter((line) => line.points.length);
  const periods = [...new Set(lines.flatMap((line) => line.points.map((point) => point.period)))].sort(compare);
  const values = lines.flatMap((line) => line.points.map((point) => point.value));
  if (!values.length) return null;
  const marks = scale(Math.min(...values), Math.max(...values));
  const [low, high] = [marks[0], marks.at(-1)];
  const x = (period) => LEFT + ((WIDTH - LEFT - RIGHT) * (periods.indexOf(period) + 0.5)) / periods.length;
  const y = (value) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (value - low)) / (high - low);
  const step = Math.ceil(periods.length / 8);
  return element(
    "figure",
    { class: "chart" },
    element("figcaption", {}, title, " ", legend(lines)),
    drawn(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title}: ${spoken(lines)}` },
      marks.map((mark) => [
        drawn("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(mark), y2: y(mark) }),
        drawn("text", { class: "mark", x: LEFT - 6, y: y(mark) + 4, "text-anchor": "end" }, compact(mark)),
      ]),
      periods.map((period, position) =>
        position % step ? null : drawn("text", { class: "mark", x: x(period), y: HEIGHT - 8, "text-anchor": "middle" }, period),
      ),
      lines.map((line) => drawnLine(line, x, y)),
    ),
  );
}

function drawnLine(line, x, y) {
  const points = [...line.points].sort((one, other) => compare(one.period, other.period));
  const path = points.map(({ period, value }, at) => `${at ? "L" : "M"}${x(period).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const dots = points.map((point) =>
    drawn("circle", { cx: x(point.period), cy: y(point.value), r: 3.5 }, drawn("title", {}, `${point.period} ${point.text}`)),
  );
  return drawn("g", { class: `line ${line.kind}` }, drawn("path", { d: path }), line.kind === "peers" ? [] : dots);
}

function legend(lines) {
  return ["actual", "target", "peers"]
    .filter((kind) => lines.some((line) => line.kind === kind))
    .map((kind) => element("span", { class: `key ${kind}` }, lineName(kind)));
}

function spoken(lines) {
  return lines
    .filter((line) => line.kind !== "peers")
    .map((line) => [lineName(line.kind), ...line.points.map((point) => `${point.period} ${point.text}`)].join(", "))
    .join("; ");
}

function lineName(kind) {
  return word(`${kind}_line`);
}

// Round numbers from below the least to above the largest.
function scale(low, high) {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((times) => power * times >= rough);
  const first = Math.floor(low / step), last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

function compact(number) {
  const locale = language === "zh" ? "zh-CN" : "en";
  return new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 4 }).format(number);
}
