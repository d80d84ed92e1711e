// Target against actual: what places of one unit promised of an indicator, and what became of it.
"use strict";

const LIGHTS = ["green", "yellow", "red", "grey"];

async function targetsView() {
  const data = await readLeague(state.indicator, state.area);
  const { series, period, name, selects } = choose(data.target, { judged: (row) => row.status !== "pending" });
  const promised = data.target.filter((row) => seriesKey(row) === series?.key && (period === "all" || row.time_period === period));
  const of = (code) => promised.filter((row) => !LIGHTS.includes(code) || row.light === code);
  const filter = (code) =>
    button(`${word(code)} ${of(code).length}`, () => go({ light: code }), { class: `filter ${code}`, id: `light-${code}`, "aria-pressed": String((state.light ?? "all") === code) });
  const [target, ratio, status] = targetColumns({});
  return {
    selects,
    title: `${indicatorName(state.indicator)} · ${word("targets")} · ${period === "all" ? word("all_periods") : period ?? ""}`,
    subtitle: `${nameOf(state.area)} · ${name}`,
    before: element("div", { class: "filters", role: "group", "aria-label": word("status") }, ["all", ...LIGHTS].map(filter)),
    columns: [
      { key: "place", title: word("place"), value: (each) => nameOf(each.target.ref_area), cell: ({ target: row }) => opening(row.fact_id, row.ref_area, nameOf(row.ref_area)) },
      { key: "period", title: word("period"), value: (each) => each.target.time_period },
      target,
      { key: "promised", title: word("promised"), value: ({ target: row }) => [row.modality_zh, row.value_text, label("nature", row.nature)].filter(Boolean).join(" ") },
      { key: "value", title: word("value"), numeric: true, value: (each) => each.target.actual_value, cell: actualCell },
      ratio,
      { key: "gap", title: word("gap"), numeric: true, value: (each) => each.target.gap, cell: (each) => gapOf(each.target) },
      status,
      { key: "code", title: word("id"), value: (each) => each.target.ref_area },
    ],
    rows: of(state.light).map((row) => ({ target: row })),
    sorted: "place",
    chosen: (each) => each.target.fact_id === state.id,
  };
}

function actualCell({ target }) {
  if (target.actual_value === null) return "";
  const magnitude = magnitudeOf([target.actual_value]);
  const unit = target.actual_unit_measure === target.unit_measure ? unitOf(target, magnitude) : `${magnitude[language]}${target.actual_unit_measure ?? ""}`;
  return [grouped(target.actual_value, magnitude), withSpace(unit), bullet(target.attainment_ratio)];
}

function gapOf(target) {
  if (target.gap === null) return "";
  const magnitude = magnitudeOf([target.gap]);
  return signed(grouped(target.gap, magnitude)) + withSpace(unitOf(target, magnitude));
}

// A bar of the actual with a tick where the target stands, both from nought; nothing where they cannot be compared.
function bullet(ratio) {
  if (ratio === null || ratio < 0) return null;
  const widest = 1.05 * Math.max(1, ratio);
  const made = element("span", { class: "bullet", "aria-hidden": "true" }, element("span", { class: "bar" }), element("span", { class: "tick" }));
  made.firstChild.style.width = `${((100 * ratio) / widest).toFixed(1)}%`;
  made.lastChild.style.left = `${(100 / widest).toFixed(1)}%`;
  return made;
}
