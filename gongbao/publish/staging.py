"""Staging: the marts built inside the database, in the schema `marts`, where no reader sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

import duckdb

from gongbao import progress, reference, relations
from gongbao.publish import contract
from gongbao.publish.contradictions import write_contradictions
from gongbao.warehouse import Warehouse, insert

# Values beyond DECIMAL(18,4) are published in hundreds of millions of their unit: see 2_core/published_observation.
LARGE_UNIT_CODE, LARGE_UNIT_ZH = "100m ", "亿"
MAGNITUDES = "十百千万亿"
PARTIAL = ".partial"
"""Ends a mart's name until it is among the staged ones."""


def stage_marts(warehouse: Warehouse) -> None:
    """Build schema `marts` from sql/2_core and sql/3_marts: all marts take the place of the former at once, or none.

    The staged marts are the published ones without the release id, which is a hash over them. Leaves the relations of
    sql/2_core in schema `core` beside what normalise wrote, and the contradictions among the open questions.
    """
    connection = warehouse.connection
    connection.execute("create schema if not exists marts")
    _drop(connection, _partial(connection))  # of a staging that failed
    _label_units(connection)
    found = relations.read_relations()
    orders = {f"marts.{mart.name}": mart.order for mart in contract.marts()}
    for number, relation in enumerate(found, 1):
        if relation.schema == "marts":
            name = f'marts."{relation.name.removeprefix("marts.")}{PARTIAL}"'
            relations.create(connection, relation, name, orders.get(relation.name, ()))
        else:
            relations.build(connection, [relation])
        progress.advance("marts", number, len(found))
    _describe_columns(connection)
    with warehouse.transaction():
        partial = _partial(connection)
        _drop(connection, _tables(connection) - partial)
        for name in sorted(partial):
            connection.execute(f'alter table marts."{name}" rename to {name.removesuffix(PARTIAL)}')
        write_contradictions(warehouse)


def unit_labels() -> dict[str, str]:
    """Each canonical unit, and its hundreds of millions, with the Chinese name that people use for it.

    That is the vocabulary's first spelling that needs no conversion, else the first without its magnitude (亿件 → 件).
    """
    labels: dict[str, str] = {}
    without_magnitude: dict[str, str] = {}
    for row in reference.rows("units.csv"):
        unit, spelling = row["canonical_unit"], re.sub(r"[(（].*", "", row["spelling"])
        if Fraction(row["multiplier_to_canonical"]) == 1:
            labels.setdefault(unit, spelling)
        without_magnitude.setdefault(unit, spelling.lstrip(MAGNITUDES))
    labels = without_magnitude | labels
    return labels | {LARGE_UNIT_CODE + unit: LARGE_UNIT_ZH + label for unit, label in labels.items()}


def _label_units(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create or replace table core.unit_label (unit_measure varchar not null, unit_zh varchar)")
    insert(
        connection,
        "core.unit_label",
        [{"unit_measure": unit, "unit_zh": label} for unit, label in unit_labels().items()],
    )


def _describe_columns(connection: duckdb.DuckDBPyConnection) -> None:
    mart = next(mart for mart in contract.marts() if mart.name == "meta_column")
    definition = ", ".join(f"{column.name} {column.type}" for column in mart.staged)
    relation = f'marts."{mart.name}{PARTIAL}"'
    connection.execute(f"create table {relation} ({definition})")
    insert(connection, relation, contract.meta_columns())


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    query = "select table_name from information_schema.tables where table_schema = 'marts'"
    return {name for (name,) in connection.execute(query).fetchall()}


def _partial(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The marts that are not among the staged ones yet."""
    return {name for name in _tables(connection) if name.endswith(PARTIAL)}


def _drop(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    for name in sorted(tables):
        connection.execute(f'drop table marts."{name}"')
