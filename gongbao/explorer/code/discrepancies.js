// Contradictions: pairs of figures that cannot both be right, both quoted.
"use strict";

async function discrepanciesView() {
  const data = await shard(`province/${provinceOf(state.area)}`);
  const rows = data.discrepancy.filter((row) => isInside(row.ref_area, state.area));
  const from = (title, published) => element("span", { class: "above" }, [title, published].filter(Boolean).join(" "));
  const deviation = (row) => (row.deviation === null ? "" : `${rounded(row.deviation, 4).replace(/\.?0+$/, "")} ${label("deviation_unit", row.deviation_unit)}`);
  return {
    title: word("discrepancies"),
    subtitle: `${fullName(state.area)} · ${rows.length} ${word("rows")}`,
    columns: [
      { key: "place", title: word("place"), value: (row) => nameOf(row.ref_area) },
      { key: "indicator", title: word("indicator"), value: (row) => indicatorName(row.indicator_id), cell: (row) => [indicatorName(row.indicator_id), " ", quiet(coded(row.measure, row.measure_zh))] },
      { key: "period", title: word("period"), value: (row) => row.time_period },
      { key: "finding", title: word("finding"), value: (row) => coded(row.finding, row.finding_zh) },
      { key: "severity", title: word("severity"), value: (row) => coded(row.severity, row.severity_zh), cell: (row) => element("span", { class: `severity ${row.severity}` }, coded(row.severity, row.severity_zh)) },
      { key: "one_side", title: word("one_side"), value: (row) => row.quote, cell: (row) => [opening(row.fact_id, row.ref_area, row.quote), from(row.document_title, row.published_on)] },
      { key: "other_side", title: word("other_side"), value: (row) => row.other_quote, cell: (row) => [opening(row.other_fact_id, row.other_ref_area ?? row.ref_area, row.other_quote), from(row.other_document_title, row.other_published_on)] },
      { key: "deviation", title: word("deviation"), numeric: true, value: (row) => row.deviation, cell: deviation },
    ],
    rows,
    sorted: "place",
    chosen: (row) => [row.fact_id, row.other_fact_id].includes(state.id),
  };
}

function isInside(refArea, area) {
  const place = catalogue.places.get(refArea);
  return [refArea, place?.county, place?.prefecture, place?.province, place?.parent].includes(area);
}
