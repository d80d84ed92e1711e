// The page: its state lives in the address after #, each change of which draws the page anew.
"use strict";

const VIEWS = { league: leagueView, targets: targetsView, trend: trendView, profile: profileView, discrepancies: discrepanciesView, missing: missingView, methods: methodsView };
const OF_INDICATOR = ["league", "targets", "trend"];
const REMEMBERED = ["view", "indicator", "series", "period", "area", "place", "id", "light", "sort", "lang"];
const FOUND = 12;

let state = {};
let drawing = 0;

// Change some of the state; null removes. What was sorted or filtered belongs to the view that it was chosen in.
function go(changes) {
  const own = changes.view && changes.view !== state.view ? { sort: null, light: null } : {};
  const next = { ...state, ...own, ...changes };
  const said = new URLSearchParams(REMEMBERED.filter((key) => next[key]).map((key) => [key, next[key]]));
  location.hash = said.toString();
}

function readState() {
  const said = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const known = Object.fromEntries(REMEMBERED.filter((key) => said[key]).map((key) => [key, said[key]]));
  const league = catalogue.league;
  const fullest = (rows) => rows.reduce((best, row) => (!best || row.n_places > best.n_places || (row.n_places === best.n_places && row.n_figures > best.n_figures) ? row : best), null);
  const place = catalogue.places.get(known.place);
  const ofPlace = place && (place.area_level === "township" || place.area_level === "zone" ? place.parent : place.area_level === "county" ? place.parent : place.ref_area);
  const first = fullest(league.filter((row) => (!known.indicator || row.indicator_id === known.indicator) && (!place || row.province === place.province))) ?? fullest(league);
  const area = catalogue.places.has(known.area) ? known.area : (ofPlace ?? usualArea(first));
  const here = league.filter((row) => row.province === provinceOf(area) && row.area_level === levelWithin(area));
  state = { view: "league", ...known, area, indicator: catalogue.indicators.has(known.indicator) ? known.indicator : (fullest(here) ?? first)?.indicator_id };
  if (!(state.view in VIEWS)) state.view = "league";
  language = state.lang === "en" ? "en" : "zh";
}

// The unit of a province in which most places have figures.
function usualArea(row) {
  if (!row) return catalogue.place[0]?.ref_area;
  const listed = units(row.province).map(([code]) => code);
  const filled = (code) => within(code).filter(hasFigures).length;
  const fitting = listed.filter((code) => levelWithin(code) === row.area_level);
  return fitting.reduce((best, code) => (filled(code) > filled(best) ? code : best), fitting[0]) ?? listed[0] ?? row.province;
}

async function draw() {
  const number = ++drawing;
  const before = { id: state.id, focus: document.activeElement?.id };
  readState();
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  delete document.body.dataset.ready;
  let view, source;
  try {
    [view, source] = await Promise.all([VIEWS[state.view](), state.id && state.place ? drawer(state.id, state.place) : null]);
  } catch (error) {
    view = { title: word("failed"), subtitle: error.message, rows: [], failed: true };
  }
  if (number !== drawing) return;
  document.title = `${view.title} · ${word("title")}`;
  document.body.replaceChildren(skipLink(), header(), controls(view), await layout(view, source));
  refocus(before);
  document.body.dataset.ready = state.view;
}

// Opening a source moves to it, closing it returns; else what had the focus keeps it.
function refocus({ id, focus }) {
  const wanted = state.id && state.id !== id ? "drawer-title" : !state.id && id ? `open-${id}` : focus;
  if (wanted) document.getElementById(wanted)?.focus({ preventScroll: wanted !== "drawer-title" });
}

function skipLink() {
  return element("a", { class: "skip", href: "#content", onclick: (event) => (event.preventDefault(), document.getElementById("content").focus()) }, word("skip"));
}

function header() {
  const { release_id: release, newest_document: newest } = catalogue.release;
  const isMixed = [...asked.values()].some((each) => each.release && each.release !== release);
  return element(
    "header",
    {},
    element("div", { class: "title" }, element("h1", {}, word("title")), element("p", { class: "quiet" }, `${word("subtitle")} · ${word("release")} ${release} · ${word("newest")} ${newest ?? ""}`)),
    element(
      "nav",
      { "aria-label": word("views") },
      Object.keys(VIEWS).map((view) => element("a", { href: `#${new URLSearchParams(shared(view))}`, id: `view-${view}`, "aria-current": view === state.view ? "page" : null }, word(view))),
    ),
    button(word("language"), () => go({ lang: language === "zh" ? "en" : null }), { id: "language", lang: language === "zh" ? "en" : "zh-CN" }),
    isMixed ? element("p", { class: "caveat", role: "alert" }, word("mixed")) : null,
  );
}

// What another view keeps of the state.
function shared(view) {
  return ["indicator", "series", "area", "place", "lang"].filter((key) => state[key]).reduce((kept, key) => ({ ...kept, [key]: state[key] }), { view });
}

function controls(view) {
  const provinces = [...new Set(catalogue.place.filter(hasFigures).map((place) => provinceOf(place.ref_area)))].sort(compare);
  const province = provinceOf(state.area);
  const chooseProvince = (code) => go({ area: units(code)[0]?.[0] ?? code, place: null, id: null, period: null });
  return element(
    "section",
    { class: "controls", "aria-label": word("search") },
    state.view === "methods" ? null : select("province", word("province"), provinces.map((code) => [code, nameOf(code)]), province, chooseProvince),
    state.view === "methods" ? null : select("area", word("area"), units(province), state.area, (code) => go({ area: code, place: null, id: null })),
    OF_INDICATOR.includes(state.view) ? indicatorSelect(province) : null,
    view.selects,
    search(),
    element(
      "div",
      { class: "field actions" },
      view.rows.length ? button(word("download"), () => download(view), { id: "download" }) : null,
      view.rows.length ? button(word("copy"), () => copy(view), { id: "copy" }) : null,
      button(word("print"), () => window.print(), { id: "print" }),
      element("span", { id: "said", role: "status" }),
    ),
  );
}

// Those with a figure or target in the province, by theme.
function indicatorSelect(province) {
  const here = new Map(catalogue.league.filter((each) => each.province === province && each.area_level === levelWithin(state.area)).map((each) => [each.indicator_id, each.n_places]));
  if (!here.has(state.indicator)) here.set(state.indicator, 0);
  const groups = new Map();
  for (const each of catalogue.indicator.filter((row) => here.has(row.indicator_id))) groups.set(each.theme, [...(groups.get(each.theme) ?? []), each]);
  const options = [...groups].map(([theme, rows]) => ({ group: label("theme", theme), options: rows.map((row) => [row.indicator_id, `${indicatorName(row.indicator_id)} (${here.get(row.indicator_id)})`]) }));
  return select("indicator", word("indicator"), options, state.indicator, (id) => go({ indicator: id, series: null, period: null, id: null }));
}

// A combobox: what is typed lists places and indicators; arrows choose, Enter goes there.
function search() {
  const listed = element("ul", { id: "found", role: "listbox", hidden: true, "aria-label": word("search") });
  let found = [], at = -1;
  const leave = () => ((listed.hidden = true), input.setAttribute("aria-expanded", "false"), input.removeAttribute("aria-activedescendant"));
  const take = ({ kind, id }) => {
    if (kind === "indicator") return go({ view: OF_INDICATOR.includes(state.view) ? state.view : "league", indicator: id, series: null, period: null, id: null });
    const place = catalogue.places.get(id);
    const area = ["county", "township", "zone"].includes(place.area_level) ? place.parent : id;
    return go({ view: "profile", place: id, area, period: null, id: null });
  };
  const mark = (next) => {
    at = next;
    [...listed.children].forEach((option, position) => option.setAttribute("aria-selected", String(position === at)));
    if (found[at]) input.setAttribute("aria-activedescendant", `found-${at}`);
  };
  const list = () => {
    found = matches(input.value, FOUND);
    const text = ({ kind, id }) => (kind === "place" ? `${fullName(id)} ${id}` : `${word("indicator")}: ${indicatorName(id)}`);
    const options = found.map((each, position) => element("li", { id: `found-${position}`, role: "option", onmousedown: (event) => (event.preventDefault(), take(each)) }, text(each)));
    listed.replaceChildren(...(found.length || !input.value.trim() ? options : [element("li", { role: "option", "aria-disabled": "true" }, word("no_match"))]));
    listed.hidden = !input.value.trim();
    input.setAttribute("aria-expanded", String(!listed.hidden));
    mark(found.length ? 0 : -1);
  };
  const keys = {
    ArrowDown: () => mark(Math.min(at + 1, found.length - 1)),
    ArrowUp: () => mark(Math.max(at - 1, 0)),
    Enter: () => found[at] && take(found[at]),
    Escape: leave,
  };
  const input = element("input", {
    id: "search", type: "search", role: "combobox", autocomplete: "off", placeholder: word("search_hint"), "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list",
    oninput: list,
    onblur: leave,
    onkeydown: (event) => {
      if (!(event.key in keys)) return;
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    },
  });
  return element("div", { class: "field search" }, element("label", { for: "search" }, word("search")), input, listed);
}

async function layout(view, source) {
  const rows = view.rows.length
    ? table(view.columns, view.rows, { caption: word("table_caption"), sorted: state.sort ?? view.sorted, sort: (key) => go({ sort: key }), chosen: view.chosen })
    : element("p", { class: "empty" }, view.failed ? "" : `${word("nothing")}。${word("nothing_remedy")}`);
  const close = button(word("close"), () => go({ id: null }), { class: "close", id: "close" });
  return element(
    "div",
    { class: source ? "layout with-source" : "layout" },
    element("main", { id: "content", tabindex: "-1" }, element("h2", {}, view.title), element("p", { class: "quiet", role: view.failed ? "alert" : null }, view.subtitle), view.before, rows, view.after),
    source ? element("aside", { id: "drawer", "aria-labelledby": "drawer-title", onkeydown: (event) => event.key === "Escape" && go({ id: null }) }, close, source) : null,
  );
}

function download(view) {
  const address = URL.createObjectURL(new Blob([csv(tabular(view.columns, view.rows))], { type: "text/csv;charset=utf-8" }));
  element("a", { href: address, download: `${view.title.replace(/[\\/:*?"<>|\s]+/g, "_")}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

async function copy(view) {
  const said = document.getElementById("said");
  try {
    await navigator.clipboard.writeText(csv(tabular(view.columns, view.rows)));
    said.textContent = word("copied");
  } catch {
    said.textContent = word("not_copied");
  }
}

async function begin() {
  try {
    readCatalogue(await shard("catalogue"));
  } catch (error) {
    document.body.replaceChildren(element("main", {}, element("h1", {}, word("failed")), element("p", { role: "alert" }, error.message)));
    return;
  }
  addEventListener("hashchange", draw);
  await draw();
}

addEventListener("DOMContentLoaded", begin);
