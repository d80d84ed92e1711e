// A place: all that is known and promised of it in one period.
"use strict";

async function profileView() {
  const places = [catalogue.places.get(state.area), ...within(state.area)].filter((place) => place && hasFigures(place));
  const chosen = catalogue.places.get(state.place);
  const place = chosen && hasFigures(chosen) ? chosen : places[0];
  if (!place) return { title: word("profile"), subtitle: nameOf(state.area), rows: [] };
  const data = await shard(`place/${place.shard}`);
  const of = (rows) => rows.filter((row) => row.ref_area === place.ref_area && row.is_preferred);
  const [facts, targets] = [of(data.fact), of(data.target)];
  const { listed, usual } = periodsOf([...facts, ...targets]);
  const period = listed.includes(state.period) ? state.period : usual;
  const joined = new Map();
  const join = (rows, slot) => {
    for (const row of rows.filter((each) => each.time_period === period)) {
      const key = `${row.indicator_id} ${seriesKey(row)}`;
      joined.set(key, { known: row, ...joined.get(key), [slot]: row });
    }
  };
  join(facts, "row");
  join(targets, "target");
  const offered = places.includes(place) ? places : [place, ...places];
  return {
    selects: [
      select("place", word("place"), offered.map((each) => [each.ref_area, `${each.name_zh} (${each.n_facts + each.n_targets})`]), place.ref_area, (each) => go({ place: each, id: null, period: null })),
      select("period", word("period"), listed.map((each) => [each, each]), period, (each) => go({ period: each, id: null })),
    ],
    title: `${place.name_zh} · ${period ?? ""}`,
    subtitle: `${fullName(place.ref_area)} · ${label("area_level", place.area_level)} ${place.ref_area} · ${word("facts")} ${place.n_facts} · ${word("target_word")} ${place.n_targets}`,
    columns: [
      { key: "indicator", title: word("indicator"), value: ({ known }) => indicatorName(known.indicator_id), cell: ({ known }) => opening(known.fact_id, place.ref_area, indicatorName(known.indicator_id)) },
      { key: "theme", title: word("theme"), value: ({ known }) => label("theme", catalogue.indicators.get(known.indicator_id)?.theme) },
      { key: "series", title: word("series"), value: ({ known }) => seriesName(known) },
      valueColumn({}),
      printedColumn(),
      ...targetColumns({}),
    ],
    rows: [...joined.values()],
    sorted: "theme",
    chosen: ({ known }) => known.fact_id === state.id,
  };
}
