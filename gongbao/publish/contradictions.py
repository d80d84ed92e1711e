"""Figures that contradict each other, as questions for a curator: which of them is wrong.

They are found when the marts are staged, which show both with their quotes whatever is decided. The answer is a
correction of the wrong one, or a rejection that says why both stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongbao.normalise.facts import content_id
from gongbao.normalise.review import CONTRADICTION, Decision, decisions, status_of
from gongbao.reference.gazetteer import gazetteer
from gongbao.warehouse import Warehouse, insert


def write_contradictions(warehouse: Warehouse) -> int:
    """Rewrite the items of this kind, with what was decided on them. Returns how many there are."""
    decided = decisions(warehouse)
    found = warehouse.connection.execute(
        """
        with side as (
            select distinct fact_id as preferred, fact_id, 0 as rank from core.finding where finding in $kinds
            union all
            select fact_id as preferred, other_fact_id as fact_id, 1 as rank from core.finding where finding in $kinds
        ),

        told as (
            select
                side.*,
                document.file_name,
                figure.value_text,
                coalesce(statement.sentence, statement.header_path || ': ' || statement.quote) as sentence,
            from side
            inner join core.fact as figure on figure.fact_id = side.fact_id
            inner join core.statement as statement on statement.statement_id = figure.statement_id
            inner join raw.document as document on document.document_id = figure.document_id
        )

        select
            fact.ref_area,
            indicator.name_zh,
            nullif(fact.breakdown, '_T') as breakdown,
            fact.measure,
            fact.time_period,
            list(told.value_text order by rank, file_name, told.fact_id) as values,
            list(told.file_name order by rank, file_name, told.fact_id) as files,
            list(told.fact_id order by rank, file_name, told.fact_id) as fact_ids,
            first(told.sentence order by rank, file_name, told.fact_id) as example,
        from told
        inner join core.fact as fact on fact.fact_id = told.preferred
        inner join core.indicator as indicator on indicator.indicator_id = fact.indicator_id
        group by told.preferred, fact.ref_area, indicator.name_zh, fact.breakdown, fact.measure, fact.time_period
        order by all
        """,
        {"kinds": [CONTRADICTION, "magnitude_slip"]},
    ).fetchall()
    rows = [_item(row, decided) for row in found]
    warehouse.connection.execute("delete from ops.review_item where kind = ?", [CONTRADICTION])
    insert(warehouse.connection, "ops.review_item", rows)
    return len(rows)


def _item(row: tuple[Any, ...], decided: dict[str, Decision]) -> dict[str, Any]:
    ref_area, name, breakdown, measure, period, values, files, fact_ids, example = row
    places = gazetteer()
    place = places.path(ref_area) if ref_area in places.places else ref_area
    what = " ".join(filter(None, (place, name, breakdown, None if measure == "level" else measure, period)))
    subject = f"{what}: {_said(values, files)}"
    review_id = content_id(CONTRADICTION, subject)
    return {
        "review_id": review_id,
        "kind": CONTRADICTION,
        "subject": subject,
        "waiting": len(fact_ids),
        "example": example,
        "candidates": "; ".join(fact_ids),
        "status": status_of(decided.get(review_id)),
    }


def _said(values: Sequence[str], files: Sequence[str]) -> str:
    """`6120万元 (a.txt) or 5120万元 (b.txt)`; `6120万元 or 5120万元 (a.txt)` where one file says it all."""
    if len(set(files)) == 1:
        return f"{' or '.join(dict.fromkeys(values))} ({files[0]})"
    return " or ".join(dict.fromkeys(f"{value} ({file})" for value, file in zip(values, files, strict=True)))
