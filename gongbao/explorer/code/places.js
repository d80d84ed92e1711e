// The catalogue: places, indicators and which data files there are.
"use strict";

let catalogue;

function readCatalogue(tables) {
  const places = new Map(tables.place.map((place) => [place.ref_area, place]));
  const children = new Map();
  for (const place of tables.place) {
    for (const unit of new Set([place.parent, place.area_level === "county" ? place.province : place.parent])) {
      if (unit) children.set(unit, [...(children.get(unit) ?? []), place]);
    }
  }
  catalogue = {
    ...tables,
    places,
    children,
    release: Object.fromEntries(tables.release.map(({ key, value }) => [key, value])),
    indicators: new Map(tables.indicator.map((each) => [each.indicator_id, each])),
  };
}

function nameOf(refArea) {
  return catalogue.places.get(refArea)?.name_zh ?? refArea ?? "";
}

// 惠民县 · 滨州市: a place below the units above it.
function fullName(refArea, separator = " · ") {
  const place = catalogue.places.get(refArea);
  const above = [place?.county, place?.prefecture, place?.province].filter((code) => code && code !== refArea);
  return [nameOf(refArea), ...new Set(above.map(nameOf))].join(separator);
}

function indicatorName(id) {
  const found = catalogue.indicators.get(id);
  return (language === "zh" ? found?.indicator_zh : found?.indicator_en) ?? id;
}

// What is compared within a unit: towns of a county, counties of anything above.
function levelWithin(refArea) {
  return catalogue.places.get(refArea)?.area_level === "county" ? "township" : "county";
}

function within(refArea) {
  const level = levelWithin(refArea);
  return (catalogue.children.get(refArea) ?? []).filter((place) => place.area_level === level);
}

function provinceOf(refArea) {
  return catalogue.places.get(refArea)?.province ?? (refArea || "none");
}

// Places and indicators whose name or code holds the text; those that begin with it first.
function matches(text, limit) {
  const sought = text.trim().toLowerCase();
  if (!sought) return [];
  const found = [];
  const consider = (kind, id, ...names) => {
    const places = names.filter(Boolean).map((name) => name.toLowerCase().indexOf(sought));
    const best = Math.min(...places.map((at) => (at < 0 ? Infinity : at)));
    if (best < Infinity) found.push({ kind, id, best });
  };
  for (const each of catalogue.indicator) consider("indicator", each.indicator_id, each.indicator_zh, each.indicator_en, each.indicator_id);
  for (const each of catalogue.place) {
    if (each.n_facts + each.n_targets) consider("place", each.ref_area, each.name_zh, each.ref_area);
  }
  return found.sort((one, other) => one.best - other.best || compare(one.id, other.id)).slice(0, limit);
}

// Options of a select: the units of a province within which something is compared.
function units(province) {
  const above = [...catalogue.children.keys()]
    .filter((code) => code !== province && provinceOf(code) === province && within(code).some(hasFigures))
    .map((code) => catalogue.places.get(code))
    .filter(Boolean)
    .sort((one, other) => compare(one.ref_area, other.ref_area));
  const title = (place) => `${place.name_zh} · ${word(levelWithin(place.ref_area) === "township" ? "towns_of" : "counties_of")}`;
  const whole = catalogue.places.get(province);
  const listed = above.map((place) => [place.ref_area, title(place)]);
  return whole && within(province).some(hasFigures) ? [[province, title(whole)], ...listed] : listed;
}

function hasFigures(place) {
  return place.n_facts + place.n_targets > 0;
}

// What distinguishes one series of an indicator from another: all of a figure's key but place and period.
const SERIES = ["measure", "breakdown", "base", "freq", "aspect", "price_base", "scope"];

function seriesKey(row) {
  return JSON.stringify(SERIES.map((slot) => row[slot]));
}

function seriesName(row) {
  const total = row.breakdown && row.breakdown !== "_T" ? row.breakdown : "";
  const words = [
    coded(row.measure, row.measure_zh),
    total,
    row.measure === "level" || row.base === "year" ? "" : label("base", row.base),
    label("aspect", row.aspect),
    label("price_base", row.price_base),
    row.scope,
    label("freq", row.freq),
  ];
  return words.filter(Boolean).join(" · ");
}

// One row of each series, the usual first: levels of the whole, then by how many rows there are.
function seriesOf(rows) {
  const counted = new Map();
  for (const row of rows) {
    const key = seriesKey(row);
    counted.set(key, { row, key, n: (counted.get(key)?.n ?? 0) + 1 });
  }
  const usual = ({ row }) => (row.measure === "level") + (row.breakdown === "_T") + (row.freq === "A") + !row.scope;
  return [...counted.values()].sort((one, other) => usual(other) - usual(one) || other.n - one.n || compare(one.key, other.key));
}

// Periods, latest first, and the one to begin with: the latest that is at least half as full as the fullest.
function periodsOf(rows) {
  const counted = new Map();
  for (const row of rows) counted.set(row.time_period, (counted.get(row.time_period) ?? 0) + 1);
  const listed = [...counted.keys()].sort((one, other) => compare(other, one));
  const fullest = Math.max(0, ...counted.values());
  return { listed, usual: listed.find((period) => 2 * counted.get(period) >= fullest) };
}
