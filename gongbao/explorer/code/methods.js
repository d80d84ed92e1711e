// Methods: the rules by which figures are compared, what indicators mean, how right extraction is, what else lies in the
// release.
"use strict";

async function methodsView() {
  const files = [["../dictionary.html", "dictionary"], ["../quality.html", "quality"], ["../county_comparison.xlsx", "workbook"]];
  return {
    title: word("methods"),
    subtitle: [["release", "release_id"], ["newest", "newest_document"], ["code_version", "code_version"], ["facts", "n_facts"], ["target_word", "n_targets"], ["document", "n_documents"], ["place", "n_places"]].map(([key, slot]) => `${word(key)} ${catalogue.release[slot] ?? ""}`).join(" · "),
    before: [
      element("h3", {}, word("rules")),
      element("ul", {}, RULES.map((rule) => element("li", {}, rule[language === "zh" ? 0 : 1]))),
      element("h3", {}, word("more")),
      element("p", { class: "links" }, files.map(([href, key]) => [element("a", { href }, word(key)), " "])),
      element("h3", {}, word("caveats")),
      element("dl", {}, catalogue.caveat.map((each) => [element("dt", {}, language === "zh" ? each.name_zh : each.name_en), element("dd", { lang: "en" }, each.description)])),
      element("h3", {}, word("how_right")),
      measured(),
      element("h3", {}, word("indicator")),
    ],
    columns: [
      { key: "indicator", title: word("indicator"), value: (row) => indicatorName(row.indicator_id), cell: (row) => button(indicatorName(row.indicator_id), () => go({ view: "league", indicator: row.indicator_id, id: null }), { class: "open", id: `league-${row.indicator_id}` }) },
      { key: "theme", title: word("theme"), value: (row) => label("theme", row.theme) },
      { key: "direction", title: word("direction"), value: (row) => label("direction", row.direction) },
      { key: "definition", title: word("definition"), value: (row) => (language === "zh" ? row.definition_zh ?? row.definition_en : row.definition_en) },
      { key: "places_in_all", title: word("place"), numeric: true, value: (row) => row.n_places_stating },
      { key: "id", title: word("id"), value: (row) => row.indicator_id },
    ],
    rows: catalogue.indicator,
    sorted: "-places_in_all",
  };
}

function measured() {
  const columns = [
    { key: "theme", title: word("theme"), value: (row) => label("theme", row.theme) },
    { key: "slot", title: word("slot"), value: (row) => coded(row.slot, row.slot_zh) },
    { key: "n_gold", title: word("n_gold"), numeric: true, value: (row) => row.n_gold },
    { key: "precision", title: word("precision"), numeric: true, value: (row) => row.precision, cell: (row) => percent(row.precision) },
    { key: "recall", title: word("recall"), numeric: true, value: (row) => row.recall, cell: (row) => percent(row.recall) },
  ];
  const rows = catalogue.quality.filter((row) => ["strict", "located"].includes(row.slot) && row.n_gold);
  return rows.length ? table(columns, rows, { caption: word("how_right_note"), sorted: "theme" }) : element("p", {}, word("nothing"));
}
