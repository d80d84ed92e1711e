"""The whole story of one figure: its sentence, document, normalisation, rivals, checks, and what a target came to.

Whether it is published is read from the release in `current`, all else from the warehouse as the last night left it: a
night that the gate held leaves staged marts that no reader sees. `explain` gathers, `render` writes it out as lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import yaml
from pyarrow import parquet

from gongbao.errors import UsageError
from gongbao.warehouse import Warehouse

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One slot on its way: what the document says, and what the warehouse made of it."""

    slot: str
    stated: str
    became: str


@dataclass(frozen=True, slots=True)
class Rival:
    """Another published figure of the same key."""

    fact_id: str
    value: str
    quote: str
    document_title: str | None
    published_on: str | None
    is_preferred: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A target and the figure that settles it, if any; either side may be the figure explained.

    The `first_` slots are null unless another figure was published before the one that counts now.
    """

    target_fact_id: str
    target_quote: str
    time_period: str
    status: str
    light: str
    reason: str | None
    attainment_ratio: float | None
    gap: str | None
    actual_fact_id: str | None
    actual_quote: str | None
    actual_document_title: str | None
    first_fact_id: str | None = None
    first_quote: str | None = None
    first_status: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A fact, a target, a project's figure or an unresolved statement, with all that led to it.

    `kind`: fact, target, project, unresolved. `sentence_before`, `quote`, `sentence_after` are the sentence in three
    parts. `locator`: `code points 257 to 263`, or `sheet, cell`. `record` are the first lines of a correction of it, in
    corrections.yml. `publication`: preferred, rival, withheld or not
    published, by the release in `current`. `remarks`: caveats, refusals and findings in words.
    """

    identifier: str
    kind: str
    quote: str
    sentence_before: str
    sentence_after: str
    locator: str
    record: str
    document: tuple[tuple[str, str], ...]
    evidence: tuple[tuple[str, str], ...]
    slots: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    publication: str
    remarks: tuple[str, ...]
    rivals: tuple[Rival, ...]
    outcomes: tuple[Outcome, ...]


def explain(warehouse: Warehouse, identifier: str) -> Explanation:
    """The story of a fact, target or statement by its id or the first characters of it.

    Raises `UsageError` where no id, or more than one, begins so.
    """
    connection = warehouse.connection
    kind, found = _find(connection, identifier)
    statement = _one(connection, "select * from core.statement where statement_id = $id", found["statement_id"])
    document = _one(connection, "select * from raw.document where document_id = $id", found["document_id"])
    observed = found if kind in ("fact", "target") else {}
    before, after = around(statement)
    return Explanation(
        identifier=observed.get("fact_id") or found["statement_id"],
        kind=kind,
        quote=statement["quote"],
        sentence_before=before,
        sentence_after=after,
        locator=locator(statement),
        record=_record(document, statement),
        document=_filled(
            document,
            "title", "file_name", "source_name", "publisher", "published_on", "doc_type", "place_stated",
            "reporting_period", "plan_period", "document_id", "superseded_by", "superseded_at",
        ),
        evidence=_evidence(connection, found["document_id"]),
        slots=_filled(
            statement,
            "kind", "subject_type", "subject", "indicator", "measure", "value", "value_high", "unit", "comparator",
            "time_period", "aspect", "base", "price_base", "scope", "modality_zh", "header_path", "extractor_version",
        ),
        steps=_steps(connection, statement, observed),
        publication=_publication(warehouse, kind, observed["fact_id"]) if observed else "not a figure of the marts",
        remarks=_remarks(connection, kind, found),
        rivals=_rivals(connection, kind, observed) if observed else (),
        outcomes=_outcomes(connection, observed["fact_id"]) if observed else (),
    )  # fmt: skip


def _find(connection: duckdb.DuckDBPyConnection, identifier: str) -> tuple[str, Row]:
    """The one row whose id begins with `identifier`: a fact or target by its own id before a statement by its."""
    if not identifier:
        raise UsageError("no id given", "name a fact_id as it stands in fact.parquet or target.parquet")
    matches: list[tuple[str, Row]] = []
    for kind in ("fact", "target"):
        query = f"select * from core.{kind} where starts_with(fact_id, $id) order by fact_id"
        matches += [(kind, row) for row in _rows(connection, query, identifier)]
    ids = {row["fact_id"] for _, row in matches}
    if not matches:
        for kind in ("fact", "target", "project", "unresolved"):
            query = f"select * from core.{kind} where starts_with(statement_id, $id) order by statement_id"
            matches += [(kind, row) for row in _rows(connection, query, identifier)]
        ids = {row["statement_id"] for _, row in matches}
    if len(ids) == 1:
        return matches[0]
    if ids:
        some = ", ".join(sorted(ids)[:5])
        raise UsageError(f"{len(ids)} ids begin with {identifier}: {some}", "give more characters")
    raise UsageError(
        f"no fact, target or statement of this warehouse begins with {identifier}",
        "take an id from the column fact_id of a mart of this warehouse's current release",
    )


def _evidence(connection: duckdb.DuckDBPyConnection, document_id: str) -> tuple[tuple[str, str], ...]:
    """What each slot of the frame was read from: words of the text, an element of its container, settings."""
    rows = _rows(
        connection, "select * from raw.frame_evidence where document_id = $id order by slot, origin", document_id
    )
    named = {"text": "the text", "container": "what its container says", "source": "the settings of source"}
    return tuple(
        (row["slot"], " ".join(filter(None, (row["value"], "from", named[row["origin"]], row["evidence"]))))
        for row in rows
    )


def around(statement: Row) -> tuple[str, str]:
    """The sentence before and after the quote: cut by offsets, by search where none are known or they do not fit."""
    sentence, quote = statement["sentence"] or "", statement["quote"]
    start = sentence.find(quote)
    if statement["sentence_start"] is not None and statement["span_start"] is not None:
        offset = statement["span_start"] - statement["sentence_start"]
        start = offset if offset >= 0 and sentence.startswith(quote, offset) else start
    return (sentence[:start], sentence[start + len(quote) :]) if start >= 0 else ("", "")


def locator(statement: Row) -> str:
    """Where a statement stands: its code points, or its sheet and cell."""
    if statement["sheet"] is not None:
        return f"sheet {statement['sheet']}, cell {statement['cell']}"
    return f"code points {statement['span_start']} to {statement['span_end']}"


def _record(document: Row, statement: Row) -> str:
    """What names the figure in a correction, and guards it, see `gongbao.normalise.correction_file`."""
    is_cell = statement["sheet"] is not None
    value = f"{decimal_text(statement['value'])}{statement['unit'] or ''}"
    record = {
        "document": document["file_name"],
        "at": f"{statement['sheet']}!{statement['cell']}" if is_cell else statement["span_start"],
        "expect": {"quote": statement["quote"], "value": value},
    }
    return yaml.safe_dump([record], allow_unicode=True, sort_keys=False, width=1000)


def _steps(connection: duckdb.DuckDBPyConnection, statement: Row, observed: Row) -> tuple[Step, ...]:
    if not observed:
        return ()
    place = _first(connection, "select name_zh from core.place where ref_area = $id", observed["ref_area"])
    indicator = _first(
        connection, "select name_zh from core.indicator where indicator_id = $id", observed["indicator_id"]
    )
    value = decimal_text(observed["obs_value"])
    if observed["obs_value_high"] is not None:
        value += f" to {decimal_text(observed['obs_value_high'])}"
    stated_value = f"{decimal_text(statement['value'])} {statement['unit'] or ''}".strip()
    unit = observed["unit_measure"] or ""
    span = f"{observed['period_start']} to {observed['period_end']}"
    return (
        Step("value", f"{observed['value_text']}, read as {stated_value}", f"{value} {unit}".strip()),
        Step("place", statement["subject"] or "(the document's own place)", f"{observed['ref_area']} {place}"),
        Step("indicator", statement["indicator"] or "", f"{observed['indicator_id']} {indicator}"),
        Step("breakdown", statement["indicator"] or "", observed["breakdown"]),
        Step("period", statement["time_period"] or "(the section's)", f"{observed['time_period']} ({span})"),
    )


def _publication(warehouse: Warehouse, kind: str, fact_id: str) -> str:
    """What the release in `current` makes of the figure."""
    mart = warehouse.current / f"{kind}.parquet"
    if not mart.exists():
        standing = "not published: there is no release yet"
    else:
        columns = ["is_preferred", "n_rivals"]
        rows = parquet.read_table(mart, columns=columns, filters=[("fact_id", "=", fact_id)]).to_pylist()
        release = f"release {warehouse.current.resolve().name}"
        if not rows:
            standing = f"not published: {release} does not hold it"
        elif not rows[0]["is_preferred"]:
            standing = f"a rival in {release}: another figure counts"
        else:
            standing = f"preferred in {release}" + ("" if rows[0]["n_rivals"] else ", the only figure of its key")
    is_withheld = _rows(warehouse.connection, "select rule from core.withheld where fact_id = $id", fact_id)
    return f"withheld by the gate; {standing}" if is_withheld else standing


def _revisions(connection: duckdb.DuckDBPyConnection, kind: str, found: Row) -> list[str]:
    """What a revised document states instead of this figure, and what the document that this one revises stated."""
    same = f"""
        select other.fact_id, other.value_text, document.document_id, document.file_name
        from core.{kind} as this
        inner join core.{kind} as other
            on
                other.ref_area = this.ref_area
                and other.indicator_id = this.indicator_id
                and other.breakdown = this.breakdown
                and other.measure = this.measure
                and other.base is not distinct from this.base
                and other.time_period = this.time_period
                and other.scope is not distinct from this.scope
        inner join raw.document as document on document.document_id = other.document_id
        inner join raw.document as own on own.document_id = this.document_id
        where this.fact_id = $id and {{}}
        order by document.document_id, other.fact_id
    """
    remarks = []
    if found["known_to"] is not None:
        remarks.append(f"believed until {found['known_to']:%Y-%m-%d %H:%M} UTC: a revision of its document came then")
    after = _rows(connection, same.format("own.superseded_by = document.document_id"), found["fact_id"])
    before = _rows(connection, same.format("document.superseded_by = own.document_id"), found["fact_id"])
    return [
        *remarks,
        *(f"revised to 【{row['value_text']}】 {row['fact_id']} by {row['file_name']}" for row in after),
        *(f"revises 【{row['value_text']}】 {row['fact_id']} of {row['file_name']}" for row in before),
    ]


def _remarks(connection: duckdb.DuckDBPyConnection, kind: str, found: Row) -> tuple[str, ...]:
    return (*_corrections(connection, found["statement_id"]), *_findings(connection, kind, found))


def _corrections(connection: duckdb.DuckDBPyConnection, statement_id: str) -> Iterator[str]:
    """What a curator's correction made of the figure, why, and where the right one stands."""
    for row in _rows(connection, "select * from ops.correction where statement_id = $id order by all", statement_id):
        what = f"corrected: {row['was']} → {row['became']}" if row["became"] else f"withdrawn: {row['was']}"
        yield f"{what}; reason: {row['reason']}; source: {row['source']}"


def _findings(connection: duckdb.DuckDBPyConnection, kind: str, found: Row) -> tuple[str, ...]:
    if kind == "unresolved":
        candidates = f"; candidates: {found['candidates']}" if found["candidates"] else ""
        return (f"unresolved ({found['reason']}): {found['detail']}{candidates}",)
    if kind == "project":
        return ("a project's or enterprise's own figure: kept in core.project, never mixed with a place's",)
    fact_id = found["fact_id"]
    remarks = [f"caveat {code}" for code in (found["caveat_codes"] or "").split(";") if code.strip()]
    for row in _rows(connection, "select * from core.caveat where fact_id = $id order by all", fact_id):
        other = f", other side {row['other_id']}" if row["other_id"] else ""
        remarks.append(f"caveat {row['caveat_code']} by rule {row['rule']}: {row['detail']}{other}")
    remarks += _revisions(connection, kind, found)
    withheld = _rows(connection, "select * from core.withheld where fact_id = $id order by all", fact_id)
    remarks += [f"withheld by rule {row['rule']}: {row['detail']}" for row in withheld]
    if _is_staged(connection):
        query = "select * from core.finding where fact_id = $id or other_fact_id = $id order by all"
        for row in _rows(connection, query, fact_id):
            other = row["other_fact_id"] if row["fact_id"] == fact_id else row["fact_id"]
            remarks.append(f"finding {row['finding']}: {row['value']:g} against {row['other_value']:g} of {other}")
    return tuple(remarks)


def _rivals(connection: duckdb.DuckDBPyConnection, kind: str, observed: Row) -> tuple[Rival, ...]:
    if not _is_staged(connection):
        return ()
    query = """
        select other.*
        from core.published_observation as mine
        inner join core.published_observation as other
            on other.figure_key = mine.figure_key and other.fact_id <> mine.fact_id
        where mine.fact_id = $id and mine.kind = $kind
        order by other.preference
    """
    return tuple(
        Rival(
            fact_id=row["fact_id"],
            value=f"{decimal_text(row['obs_value'])} {row['unit_measure'] or ''}".strip(),
            quote=row["quote"],
            document_title=row["document_title"],
            published_on=str(row["published_on"]) if row["published_on"] else None,
            is_preferred=row["is_preferred"],
        )
        for row in _rows(connection, query, observed["fact_id"], kind=kind)
    )


def _outcomes(connection: duckdb.DuckDBPyConnection, fact_id: str) -> tuple[Outcome, ...]:
    if not _is_staged(connection):
        return ()
    query = """
        select * replace (nullif(first_fact_id, actual_fact_id) as first_fact_id)
        from marts.target_attainment
        where fact_id = $id or actual_fact_id = $id or first_fact_id = $id
        order by time_period, fact_id
    """
    return tuple(
        Outcome(
            target_fact_id=row["fact_id"],
            target_quote=row["quote"],
            time_period=row["time_period"],
            status=row["status"],
            light=row["light"],
            reason=row["reason"],
            attainment_ratio=row["attainment_ratio"],
            gap=decimal_text(row["gap"]) if row["gap"] is not None else None,
            actual_fact_id=row["actual_fact_id"],
            actual_quote=row["actual_quote"],
            actual_document_title=row["actual_document_title"],
            first_fact_id=row["first_fact_id"],
            first_quote=row["first_value_text"] if row["first_fact_id"] else None,
            first_status=row["first_status"] if row["first_fact_id"] else None,
        )
        for row in _rows(connection, query, fact_id)
    )


def _is_staged(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(
        connection.execute(
            "select 1 from information_schema.tables where table_schema = 'marts' and table_name = 'target_attainment'"
        ).fetchone()
    )


def _filled(row: Row, *names: str) -> tuple[tuple[str, str], ...]:
    """The named slots that are not null, as text; decimals without trailing zeros."""
    return tuple(
        (name, decimal_text(row[name]) if name in ("value", "value_high") else str(row[name]))
        for name in names
        if row[name] is not None
    )


def _rows(connection: duckdb.DuckDBPyConnection, query: str, identifier: str, **parameters: str) -> list[Row]:
    cursor = connection.execute(query, {"id": identifier, **parameters})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _one(connection: duckdb.DuckDBPyConnection, query: str, identifier: str) -> Row:
    return _rows(connection, query, identifier)[0]


def _first(connection: duckdb.DuckDBPyConnection, query: str, identifier: str) -> str:
    rows = _rows(connection, query, identifier)
    return next(iter(rows[0].values())) if rows else "(not in the catalogue)"


def decimal_text(value: Decimal) -> str:
    """`Decimal('55330000.0000000000')` → `55330000`: all digits, no exponent, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
