// The source drawer: the sentence or cell that states a figure, the span highlighted, and what stands beside it.
"use strict";

const RELATED = 12;

// What a figure's drawer shows: `id` a fact's or target's, `place` whose it is.
async function drawer(id, place) {
  const data = await shard(`place/${catalogue.places.get(place)?.shard ?? place}`);
  const of = (table, key) => data[table].find((row) => row.fact_id === key);
  const figure = of("fact", id) ?? of("target", id);
  if (!figure) return element("p", {}, word("nothing"));
  const isTarget = "status" in figure;
  const same = (row) => row.ref_area === figure.ref_area && row.indicator_id === figure.indicator_id;
  const cards = [card(data, figure, word(isTarget ? "target_word" : "fact"))];
  if (isTarget) {
    cards.push(outcome(figure));
    const actual = of("fact", figure.actual_fact_id);
    if (actual) cards.push(card(data, actual, word("fact")));
  } else {
    for (const target of data.target.filter((row) => row.actual_fact_id === id)) {
      cards.push(card(data, target, word("target_word")), outcome(target));
    }
  }
  const shown = new Set([id, figure.actual_fact_id, ...data.target.filter((row) => row.actual_fact_id === id).map((row) => row.fact_id)]);
  const related = [...data.fact, ...data.target].filter(
    (row) => same(row) && row.time_period === figure.time_period && !shown.has(row.fact_id),
  );
  return [
    element("h2", { id: "drawer-title", tabindex: "-1" }, `${nameOf(figure.ref_area)} · ${indicatorName(figure.indicator_id)}`),
    element("p", { class: "quiet" }, [fullName(figure.ref_area), seriesName(figure), figure.time_period].filter(Boolean).join(" · ")),
    history(data, figure),
    element("h3", {}, word("source")),
    cards,
    related.length
      ? element(
          "details",
          {},
          element("summary", {}, `${word("related")} (${related.length})`),
          related.slice(0, RELATED).map((row) => card(data, row, word("status" in row ? "target_word" : "fact"))),
        )
      : null,
    element("p", { class: "links" }, views(figure)),
  ];
}

function views(figure) {
  const to = (view, changes) => button(word(`see_${view}`), () => go({ view, id: null, ...changes }), { class: "quiet-button" });
  const named = { indicator: figure.indicator_id, place: figure.ref_area, series: seriesKey(figure) };
  return [to("trend", named), to("profile", { place: figure.ref_area, period: figure.time_period })];
}

// Figures of the same series, year by year, with what was promised.
function history(data, figure) {
  const key = seriesKey(figure);
  const of = (rows) => rows.filter((row) => row.ref_area === figure.ref_area && row.indicator_id === figure.indicator_id && row.is_preferred && seriesKey(row) === key);
  const lines = [
    { kind: "actual", points: of(data.fact).map(point) },
    { kind: "target", points: of(data.target).map(point) },
  ];
  const periods = new Set(lines.flatMap((line) => line.points.map((each) => each.period)));
  return periods.size > 1 ? chart(`${word("trend")}${inUnit(figure)}`, lines) : null;
}

function point(row) {
  return { period: row.time_period, value: approximate(row.obs_value), text: row.value_text };
}

function card(data, row, title) {
  const document = data.document.find((each) => each.document_id === row.document_id) ?? {};
  const caveats = (row.caveat_codes ?? "").split(";").map((code) => code.trim()).filter(Boolean);
  return element(
    "article",
    { class: `card ${"status" in row ? "target" : "fact"}`, "data-fact": row.fact_id },
    element("h4", {}, `${title} ${row.time_period}: ${row.value_text}`, row.is_preferred ? null : tag(word("rival"))),
    element("blockquote", {}, sentence(row)),
    element(
      "p",
      { class: "quiet" },
      `${word("document")}: ${titleOf({ document_id: row.document_id, ...document })}`,
      document.publisher ? ` · ${document.publisher}` : "",
      ` · ${document.published_on ?? word("undated")}`,
    ),
    element("p", { class: "quiet" }, located(row), " · ", link(document.uri, word("open_document")) ?? `${word("file")} ${document.file_name ?? ""}`),
    caveats.length ? element("p", { class: "caveat" }, `${word("caveats")}: ${caveats.map(caveat).join("; ")}`) : null,
    element("p", { class: "quiet" }, `${word("explain")}: `, element("code", {}, `gongbao explain ${row.fact_id}`)),
  );
}

// The sentence with its quote marked, cut by code points; searched where offsets are not known.
function sentence(row) {
  if (row.sheet !== null) {
    return [row.header_path ? `${row.header_path}: ` : "", element("mark", {}, row.quote)];
  }
  const signs = Array.from(row.sentence ?? "");
  const quote = Array.from(row.quote);
  let start = row.span_start - row.sentence_start;
  if (signs.slice(start, start + quote.length).join("") !== row.quote) {
    const found = (row.sentence ?? "").indexOf(row.quote);
    if (found < 0) return [row.sentence ?? "", element("p", { class: "caveat" }, `${word("no_quote")}: `, element("mark", {}, row.quote))];
    start = Array.from(row.sentence.slice(0, found)).length;
  }
  return [
    signs.slice(0, start).join(""),
    element("mark", {}, row.quote),
    signs.slice(start + quote.length).join(""),
  ];
}

function located(row) {
  return row.sheet !== null ? `${row.sheet} · ${word("cell")} ${row.cell}` : `${word("position")} ${row.span_start}–${row.span_end}`;
}

function caveat(code) {
  const known = catalogue.caveat.find((each) => each.code === code);
  return known ? (language === "zh" ? known.name_zh : known.name_en) : code;
}

function outcome(target) {
  const reason = target.reason ? ` (${coded(target.reason, target.reason_zh)})` : "";
  const facts = [
    target.attainment_ratio === null ? "" : `${word("ratio")} ${percent(target.attainment_ratio)}`,
    target.gap === null ? "" : `${word("gap")} ${gapOf(target)}`,
    target.first_value_text && target.first_status !== target.status ? `${word("first_stated")} ${target.first_value_text}` : "",
    target.progress_ratio === null ? "" : `${word("progress")} ${percent(target.progress_ratio)} (${target.progress_time_period}; ${word("elapsed")} ${percent(target.progress_elapsed)})`,
  ];
  return element(
    "p",
    { class: "outcome" },
    `${word("outcome")}: `,
    lightOf(target),
    reason,
    facts.filter(Boolean).map((each) => ` · ${each}`),
  );
}
