"""What the gate reads and writes in the database: bad rows, withheld rows, caveats, results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import duckdb

from gongbao.validate.verdict import CheckResult, Sample
from gongbao.warehouse import Warehouse, insert

# So many bad rows of a check are shown; all are in core.withheld or core.caveat.
SAMPLES = 20

# So many characters of a sentence are shown on either side of the quote.
AROUND = 60

# Null where the span does not cut the quote: that is another check's to tell.
_AT = "statement.span_start - statement.sentence_start"
_EXCERPT = f"""
    case when substr(statement.sentence, {_AT} + 1, length(statement.quote)) = statement.quote then
        if({_AT} > {AROUND}, '…', '')
        || substr(statement.sentence, greatest({_AT} - {AROUND}, 0) + 1, least({_AT}, {AROUND}))
        || '【' || statement.quote || '】'
        || substr(statement.sentence, {_AT} + length(statement.quote) + 1, {AROUND})
        || if(length(statement.sentence) > {_AT} + length(statement.quote) + {AROUND}, '…', '')
    end
"""

# The ids by which a judged relation of core may name facts and targets.
FIGURE_IDS = ("fact_id", "statement_id", "document_id", "ref_area", "indicator_id")


def clear_core(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget what earlier runs withheld and cautioned: both are judged anew."""
    connection.execute("delete from core.withheld")
    connection.execute("delete from core.caveat")


def stage_bad_rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any]) -> int:
    """Keep the rows of a query (`key`, `detail`, `other_id`) as the present bad rows; their number."""
    connection.execute(f"create or replace temp table bad_row as {query}", parameters)
    return count(connection, "bad_row")


def withhold(connection: duckdb.DuckDBPyConnection, rule: str, row_id: str) -> None:
    """Withhold the facts and targets that the present bad rows name by `row_id`."""
    _check_row_id(row_id)
    statement = f"""
        insert into core.withheld
        select figure.fact_id, figure.relation, ?, min(bad_row.detail)
        from bad_row inner join core.figure as figure on figure.{row_id} = bad_row.key
        group by all order by figure.relation, figure.fact_id
    """
    connection.execute(statement, [rule])


def put_caveat(connection: duckdb.DuckDBPyConnection, rule: str, caveat: str, row_id: str) -> None:
    """Put a caveat on the facts and targets that the present bad rows name, but not on withheld ones."""
    _check_row_id(row_id)
    statement = f"""
        insert into core.caveat
        select figure.fact_id, ?, ?, min(bad_row.detail), bad_row.other_id
        from bad_row inner join core.figure as figure on figure.{row_id} = bad_row.key
        where figure.fact_id not in (select fact_id from core.withheld)
        group by figure.fact_id, bad_row.other_id order by figure.fact_id, bad_row.other_id nulls first
    """
    connection.execute(statement, [caveat, rule])


def drop_caveats_of_withheld(connection: duckdb.DuckDBPyConnection) -> None:
    """A row that a later check withheld needs no caveat."""
    connection.execute("delete from core.caveat where fact_id in (select fact_id from core.withheld)")


def samples(connection: duckdb.DuckDBPyConnection, row_id: str) -> tuple[Sample, ...]:
    """The first of the present bad rows by their ids, with document, quote and sentence where they have one."""
    source = "select null::varchar as key, null::varchar as document, null::varchar as quote, null::varchar as sentence"
    if row_id in ("fact_id", "statement_id"):
        # A statement may have become no figure: its document is found by the text.
        figure, document = {
            "fact_id": ("core.figure", "document.document_id = figure.document_id"),
            "statement_id": ("core.statement", "document.text_id = figure.text_id"),
        }[row_id]
        source = f"""
            select
                figure.{row_id} as key, min(document.file_name) as document, min(statement.quote) as quote,
                min({_EXCERPT}) as sentence
            from {figure} as figure
            inner join raw.document as document on {document}
            inner join core.statement as statement on statement.statement_id = figure.statement_id
            where figure.{row_id} in (select key from shown)
            group by all
        """
    statement = f"""
        with
        shown as (
            select distinct key, detail, other_id from bad_row
            order by key nulls first, detail, other_id nulls first limit {SAMPLES}
        ),
        source as ({source})
        select shown.key, shown.detail, shown.other_id, source.document, source.quote, source.sentence
        from shown left join source on source.key = shown.key
        order by shown.key nulls first, shown.detail, shown.other_id nulls first
    """
    rows = connection.execute(statement).fetchall()
    return tuple(Sample(key or "null", detail or "", other, *source) for key, detail, other, *source in rows)


def write_results(warehouse: Warehouse, run_id: str, schema: str, results: Sequence[CheckResult]) -> None:
    """Write a run's results on one schema to `ops.check_result`, replacing those of an earlier attempt."""
    with warehouse.transaction() as connection:
        connection.execute(
            "delete from ops.check_result where run_id = ? and split_part(suite, '.', 1) = ?", [run_id, schema]
        )
        insert(connection, "ops.check_result", [_row(run_id, result) for result in results])


def counts(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Distinct rows withheld, and distinct rows with a caveat."""
    found = connection.execute(
        "select (select count(distinct (relation, fact_id)) from core.withheld), "
        "(select count(distinct fact_id) from core.caveat)"
    ).fetchone()
    return (int(found[0]), int(found[1])) if found else (0, 0)


def count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Rows of a relation."""
    found = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(found[0]) if found else 0


def count_withheld(connection: duckdb.DuckDBPyConnection, relation: str, row_id: str) -> int:
    """Rows of a relation of facts and targets that are withheld."""
    statement = f"""
        select count(*) from {relation} as judged
        semi join core.withheld as withheld on withheld.fact_id = judged.{row_id}
    """
    found = connection.execute(statement).fetchone()
    return int(found[0]) if found else 0


def relations(connection: duckdb.DuckDBPyConnection, schema: str) -> frozenset[str]:
    """Tables and views of a schema of the current database, as `schema.name`."""
    rows = connection.execute(
        "select distinct schema_name || '.' || table_name from duckdb_columns() "
        "where database_name = current_database() and schema_name = ?",
        [schema],
    ).fetchall()
    return frozenset(name for (name,) in rows)


def _row(run_id: str, result: CheckResult) -> dict[str, Any]:
    shown = [{key: value for key, value in asdict(sample).items() if value is not None} for sample in result.samples]
    return {
        "run_id": run_id,
        "suite": result.suite,
        "expectation": result.expectation,
        "target": result.target,
        "severity": result.severity,
        "success": result.success,
        "outcome": result.outcome,
        "observed": result.observed,
        "row_limit": result.limit,
        "rows_checked": result.rows_checked,
        "rows_failed": result.rows_failed,
        "note_zh": result.note_zh,
        "note_en": result.note_en,
        "samples": json.dumps(shown, ensure_ascii=False) if shown else None,
    }


def _check_row_id(row_id: str) -> None:
    if row_id not in FIGURE_IDS:
        raise ValueError(
            f"{row_id} names no facts or targets; a suite of core must be by one of {', '.join(FIGURE_IDS)}"
        )
