// What is missing: by place and theme whether a period has figures, promises alone, refused ones or none; and documents
// that were refused, or whose figures could not all be resolved.
"use strict";

const COVERAGE = { known: "●", promised: "◐", refused: "⊘", absent: "○" };

async function missingView() {
  const [data, nowhere] = await Promise.all([shard(`province/${provinceOf(state.area)}`), shard("province/none")]);
  const inside = data.coverage.filter((row) => isInside(row.ref_area, state.area));
  const { listed, usual } = periodsOf(inside);
  const period = listed.includes(state.period) ? state.period : usual;
  const ofPeriod = inside.filter((row) => row.time_period === period);
  const themes = [...new Set(ofPeriod.map((row) => row.theme))].sort((one, other) => compare(label("theme", one), label("theme", other)));
  const byPlace = new Map();
  for (const row of ofPeriod) byPlace.set(row.ref_area, { ...byPlace.get(row.ref_area), ref_area: row.ref_area, [row.theme]: row });
  for (const { ref_area: code } of within(state.area)) if (!byPlace.has(code)) byPlace.set(code, { ref_area: code, unread: true });
  const kinds = new Map(ofPeriod.map((row) => [row.coverage_status, coded(row.coverage_status, row.coverage_status_zh)]));
  return {
    selects: [select("period", word("period"), listed.map((each) => [each, each]), period, (each) => go({ period: each }))],
    title: `${word("missing")} · ${period ?? ""}`,
    subtitle: [fullName(state.area), ...Object.keys(COVERAGE).filter((each) => kinds.has(each)).map((each) => `${COVERAGE[each]} ${kinds.get(each)}`)].join(" · "),
    columns: [
      { key: "place", title: word("place"), value: (each) => nameOf(each.ref_area), cell: (each) => each.unread ? [nameOf(each.ref_area), " ", quiet(word("no_document"))] : button(nameOf(each.ref_area), () => go({ view: "profile", place: each.ref_area, id: null }), { class: "open", id: `profile-${each.ref_area}` }) },
      { key: "code", title: word("id"), value: (each) => each.ref_area },
      ...themes.map((theme) => ({ key: theme, title: label("theme", theme), value: (each) => coverageText(each[theme]), cell: (each) => (each.unread ? "" : coverageCell(each[theme])) })),
    ],
    rows: [...byPlace.values()],
    sorted: "place",
    after: unread([...data.document.filter((row) => isInside(row.ref_area, state.area)), ...nowhere.document]),
  };
}

function coverageText(row) {
  return row ? `${coded(row.coverage_status, row.coverage_status_zh)} ${row.n_facts + row.n_targets || ""}`.trim() : "";
}

function coverageCell(row) {
  if (!row) return "";
  const said = [coverageText(row), row.n_withheld && `${word("withheld")} ${row.n_withheld}`].filter(Boolean).join(", ");
  return element("span", { class: `coverage ${row.coverage_status}`, title: said }, COVERAGE[row.coverage_status], " ", row.n_facts + row.n_targets || "", element("span", { class: "unseen" }, said));
}

function unread(documents) {
  const rows = documents.filter((row) => row.n_unresolved || row.ingest_status !== "accepted");
  const columns = [
    { key: "document", title: word("document"), value: titleOf, cell: (row) => link(row.uri, titleOf(row)) ?? titleOf(row) },
    { key: "published", title: word("published"), value: (row) => row.published_on },
    { key: "place", title: word("place"), value: (row) => nameOf(row.ref_area) },
    { key: "ingest_status", title: word("ingest_status"), value: (row) => label("ingest_status", row.ingest_status) },
    { key: "warnings", title: word("warnings"), value: (row) => row.warnings },
    { key: "facts", title: word("facts"), numeric: true, value: (row) => row.n_facts },
    { key: "unresolved", title: word("unresolved"), numeric: true, value: (row) => row.n_unresolved },
  ];
  return rows.length ? [element("h3", {}, word("documents_unread")), table(columns, rows, { caption: word("documents_unread") })] : null;
}

function titleOf(document) {
  return document.document_title ?? document.file_name ?? document.document_id;
}
