"""Figures of which one text gives more values than a text gives of one thing: none of them is told from the others.

A list whose lines all name the same thing was read as statements of one figure. Each would rival each: a short file of
some thousands of such lines would take the memory of a whole night. They wait as `too_many_values`.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from gongbao.normalise.fact_columns import FACT, TARGET, UNRESOLVED
from gongbao.normalise.facts import KEY

REASON = "too_many_values"
MOST = 20
"""Values that a text may give of one figure; no bulletin in sight gives more than four."""

_THING = ", ".join(("document_id", "ref_area", "subject_type", *KEY))


def set_aside(connection: duckdb.DuckDBPyConnection, document_ids: Sequence[str]) -> dict[str, int]:
    """Move such figures of these documents to core.unresolved; returns how many, by the relation they were in."""
    moved = {}
    for relation in (FACT, TARGET):
        # Whether a thing is said so often is cheaply told, how many values it has only of the few that are.
        crowd = f"""
            select
                *,
                count(distinct (obs_value, unit_measure)) over (partition by {_THING}) as n_values,
            from (
                select *
                from {relation}
                where document_id in (select unnest($documents))
                qualify count(*) over (partition by {_THING}) > $most
            )
            qualify n_values > $most
        """
        rows = connection.execute(
            f"""
            insert into {UNRESOLVED} by name
            select
                statement_id,
                document_id,
                $reason as reason,
                n_values || ' values of ' || indicator_id || ' in ' || time_period as detail,
            from ({crowd})
            returning statement_id
            """,
            {"documents": list(document_ids), "most": MOST, "reason": REASON},
        ).fetchall()
        if rows:
            connection.execute(
                f"delete from {relation} where statement_id in (select unnest($gone))",
                {"gone": [statement_id for (statement_id,) in rows]},
            )
        moved[relation] = len(rows)
    return moved
