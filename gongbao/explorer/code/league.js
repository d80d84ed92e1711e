// The league: places of one unit by one series of an indicator in one period.
"use strict";

async function readLeague(indicator, area) {
  const province = provinceOf(area);
  const exists = catalogue.league.some((each) => each.province === province && each.indicator_id === indicator);
  const data = exists ? await shard(`league/${province}-${indicator}`) : { figure: [], target: [] };
  const places = within(area);
  const known = new Set(places.map((place) => place.ref_area));
  const inside = (row) => known.has(row.ref_area);
  return { places, figure: data.figure.filter(inside), target: data.target.filter((row) => inside(row)) };
}

// The chosen series and period of some rows, or the usual ones, and the selects to choose others. Where rows are
// `judged`, all periods may be chosen together, and the usual one is of those that are.
function choose(rows, { judged } = {}) {
  const known = seriesOf(rows);
  const series = known.find((each) => each.key === state.series) ?? known[0];
  const ofSeries = rows.filter((row) => seriesKey(row) === series?.key);
  const periods = periodsOf(ofSeries);
  const isKnown = periods.listed.includes(state.period) || (judged && state.period === "all");
  const period = isKnown ? state.period : ((judged && periodsOf(ofSeries.filter(judged)).usual) ?? periods.usual);
  const listed = periods.listed.map((each) => [each, each]);
  return {
    series,
    period,
    name: series ? seriesName(series.row) : "",
    selects: [
      select("series", word("series"), known.map((each) => [each.key, `${seriesName(each.row)} (${each.n})`]), series?.key, (key) => go({ series: key, period: null })),
      select("period", word("period"), judged ? [["all", word("all_periods")], ...listed] : listed, period, (each) => go({ period: each })),
    ],
  };
}

function leagueRows(data, series, period, area) {
  const of = (rows, when) => new Map(rows.filter((row) => seriesKey(row) === series?.key && row.time_period === when).map((row) => [row.ref_area, row]));
  const [figures, before, targets] = [of(data.figure, period), of(data.figure, yearBefore(period)), of(data.target, period)];
  return data.places.map((place) => {
    const row = figures.get(place.ref_area);
    const { rank, peers, reported } = ranked(row, area);
    const was = ranked(before.get(place.ref_area), area).rank;
    return { place, row, target: targets.get(place.ref_area), rank, peers, reported, change: rank && was ? was - rank : null, absent: !row };
  });
}

// Where a figure stands among those of the unit: its county or prefecture, or its province as a whole.
function ranked(row, area) {
  if (!row) return {};
  const isProvince = row.area_level === "county" && catalogue.places.get(area)?.area_level === "province";
  return isProvince
    ? { rank: row.rank_in_province, peers: row.n_peers_in_province, reported: row.rank_reported_in_province }
    : { rank: row.rank_computed, peers: row.n_peers, reported: row.rank_reported };
}

// 2023-Q1 → 2022-Q1, 2023-01/2023-10 → 2022-01/2022-10
function yearBefore(period) {
  return (period ?? "").replace(/\d{4}/g, (year) => String(year - 1));
}

async function leagueView() {
  const data = await readLeague(state.indicator, state.area);
  const { series, period, name, selects } = choose(data.figure);
  const rows = leagueRows(data, series, period, state.area);
  const stated = rows.filter((each) => each.row);
  const shared = sharedUnit(stated.map((each) => each.row));
  const largest = Math.max(0, ...stated.map(({ row }) => Math.abs(approximate(row.obs_value))));
  const value = valueColumn(shared);
  const columns = [
    { key: "rank", title: word("rank"), numeric: true, value: (each) => each.rank, cell: rankCell },
    { key: "change", title: word("change"), numeric: true, value: (each) => each.change, cell: movement },
    { key: "place", title: word("place"), value: (each) => each.place.name_zh, cell: placeCell },
    { ...value, cell: (each) => (each.row ? [value.cell(each), bar(each.row, largest)] : quiet(word("absent"))) },
    ...growthColumns(),
    ...(stated.some((each) => each.reported) ? [{ key: "rank_reported", title: word("rank_reported"), numeric: true, value: (each) => each.reported }] : []),
    ...(stated.some((each) => each.target) ? targetColumns(shared) : []),
    printedColumn(),
    { key: "code", title: word("id"), value: (each) => each.place.ref_area },
  ];
  const bounds = stated.filter((each) => ["min", "max"].includes(each.row.comparator)).length;
  const median = stated.find(({ row }) => row.peer_median !== null && row.area_level === levelWithin(state.area) && catalogue.places.get(row.ref_area)?.parent === state.area)?.row.peer_median;
  const summary = [
    nameOf(state.area),
    name,
    `${stated.find((each) => each.peers)?.peers ?? 0} ${word("peers")}`,
    `${rows.length} ${word("places_in_all")}`,
    bounds ? `${bounds} ${word("bounded")}` : "",
    `${rows.length - stated.length} ${word("absent")}`,
    median === undefined ? "" : `${word("median")} ${grouped(BigInt(Math.round(median * 10000)), shared.magnitude)}`,
  ];
  return {
    selects,
    title: `${indicatorName(state.indicator)} · ${period ?? ""}`,
    subtitle: summary.filter(Boolean).join(" · "),
    columns,
    rows: stated.length ? rows : [],
    sorted: "rank",
    chosen: (each) => each.place.ref_area === state.place,
  };
}

function rankCell({ rank, peers, row }) {
  if (rank) return [element("b", {}, rank), quiet(`/${peers}`)];
  return row && quiet(word("unranked"));
}

function movement({ change, rank }) {
  if (change === null) return rank && quiet("–");
  const [sign, said] = change > 0 ? ["▲", "up"] : change < 0 ? ["▼", "down"] : ["＝", "same"];
  return element("span", { class: `move ${said}`, title: word(said) }, sign, change && Math.abs(change), element("span", { class: "unseen" }, word(said)));
}

function placeCell({ place, row }) {
  const above = place.parent !== state.area && element("span", { class: "above" }, nameOf(place.parent));
  return [row ? opening(row.fact_id, place.ref_area, place.name_zh) : place.name_zh, above];
}

function bar(row, largest) {
  const made = element("span", { class: "bar", "aria-hidden": "true" });
  made.style.width = `${((100 * Math.abs(approximate(row.obs_value))) / (largest || 1)).toFixed(1)}%`;
  return made;
}
