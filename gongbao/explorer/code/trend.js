// The trend: one place's series through the years, with what was promised, before those of its peers.
"use strict";

async function trendView() {
  const data = await readLeague(state.indicator, state.area);
  const { series, name, selects } = choose([...data.figure, ...data.target]);
  const ofSeries = (rows) => rows.filter((row) => seriesKey(row) === series?.key);
  const [figures, targets] = [ofSeries(data.figure), ofSeries(data.target)];
  const counted = new Map();
  for (const { ref_area: code } of [...figures, ...targets]) counted.set(code, (counted.get(code) ?? 0) + 1);
  const places = [...counted.keys()].sort(compare);
  const fullest = places.reduce((best, each) => (counted.get(each) > (counted.get(best) ?? 0) ? each : best), places[0]);
  const place = places.includes(state.place) ? state.place : fullest;
  const of = (rows, code) => rows.filter((row) => row.ref_area === code);
  const [mine, promised] = [of(figures, place), of(targets, place)];
  const lines = [
    ...places.filter((each) => each !== place).map((each) => ({ kind: "peers", points: of(figures, each).map(point) })),
    { kind: "target", points: promised.map(point) },
    { kind: "actual", points: mine.map(point) },
  ];
  const periods = [...new Set([...mine, ...promised].map((row) => row.time_period))];
  const rows = periods.map((period) => {
    const [row, target] = [mine, promised].map((rows) => rows.find((each) => each.time_period === period));
    return { period, row, target, rank: row?.rank_computed, peers: row?.n_peers };
  });
  const shared = sharedUnit([...mine, ...promised]);
  return {
    selects: [select("place", word("place"), places.map((each) => [each, `${nameOf(each)} (${counted.get(each)})`]), place, (each) => go({ place: each, id: null })), selects[0]],
    title: `${nameOf(place)} · ${indicatorName(state.indicator)}`,
    subtitle: `${fullName(place)} · ${name}`,
    before: chart(`${indicatorName(state.indicator)}${shared.plain ?? ""}`, lines),
    columns: [
      { key: "period", title: word("period"), value: (each) => each.period, cell: (each) => opening((each.row ?? each.target).fact_id, place, each.period) },
      valueColumn(shared),
      ...growthColumns(),
      { key: "rank", title: word("rank"), numeric: true, value: (each) => each.rank, cell: rankCell },
      ...targetColumns(shared),
      printedColumn(),
    ],
    rows,
    sorted: "-period",
    chosen: (each) => state.id && [each.row?.fact_id, each.target?.fact_id].includes(state.id),
  };
}
