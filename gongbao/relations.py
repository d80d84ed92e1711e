"""The SQL of sql/: one relation per file, built in the order that its own reads demand.

    sql/1_raw/NAME.sql     view raw.NAME, or a table where a comment line says `-- materialised`
    sql/2_core/NAME.sql    view core.NAME, or a table likewise
    sql/3_marts/NAME.sql   table marts.NAME

A file is one query (`select` or `with`), its first comment the grain in a sentence. There are no templates and no
parameters, with one exception: a table whose comment line says `-- in parts of RELATION by COLUMN` is filled by running
its query once for every range of the column's values that holds so many rows of that relation (`ROWS_AT_ONCE`), in the
values' order; each run selects its rows by `COLUMN between getvariable('first') and getvariable('last')`. It is for a
query that sorts or joins millions of wide rows, which would go through the disk at once. What such a table holds lies
in the order of the column, so that a part of what reads it finds its rows beside one another.

Relations are named with their schema, and joined with `on`: what a query reads is derived by DuckDB from its text,
before any relation exists, which `using` and `natural` do not allow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from gongbao import project
from gongbao.confined import confine

SCHEMAS = {"1_raw": "raw", "2_core": "core", "3_marts": "marts"}
MATERIALISED = re.compile(r"^-- materialised$", re.MULTILINE)
IN_PARTS = re.compile(r"^-- in parts of (\S+) by (\S+)$", re.MULTILINE)
ROWS_AT_ONCE = 4_000_000
SORTED_AT_ONCE = 2_000_000
"""Of a table that is put in order: whole rows of a mart wait in memory until all of a part are sorted."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The relation whose rows are counted, and the column by whose values they are parted."""

    relation: str
    column: str


@dataclass(frozen=True, slots=True)
class Relation:
    """One file of sql/: its qualified `name`, what it `reads` (likewise), in which parts it is built."""

    name: str
    query: str
    is_table: bool
    reads: frozenset[str]
    parts: Parts | None = None

    @property
    def schema(self) -> str:
        """The part of the name before the dot."""
        return self.name.split(".")[0]


def read_relations(root: Path | None = None) -> tuple[Relation, ...]:
    """The relations of sql/, each after everything that it reads; ties in the order of their names."""
    root = root or project.folder("sql")
    with duckdb.connect() as connection:
        confine(connection)  # it is asked what queries name, and runs none
        found = [
            _relation(connection, schema, path)
            for folder, schema in SCHEMAS.items()
            for path in sorted((root / folder).glob("*.sql"))
        ]
    return in_order(found)


def in_order(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """Sort relations so that each follows what it reads. Raises `graphlib.CycleError` where they read in a circle."""
    by_name = {relation.name: relation for relation in sorted(relations, key=lambda relation: relation.name)}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, relation in by_name.items():
        sorter.add(name, *sorted(relation.reads & by_name.keys()))
    return tuple(by_name[name] for name in sorter.static_order())


def upstream(relations: Iterable[Relation], names: Iterable[str]) -> tuple[Relation, ...]:
    """Of relations in order, those named and everything that they read, still in order."""
    needed = set(names)
    found = []
    for relation in reversed(tuple(relations)):
        if relation.name in needed:
            needed |= relation.reads
            found.append(relation)
    return tuple(reversed(found))


def reads(connection: duckdb.DuckDBPyConnection, query: str) -> frozenset[str]:
    """The tables and views that a query names, as `schema.name`, whether they exist or not."""
    # DuckDB answers with quotes and the alias: raw."document" AS document.
    names = connection.get_table_names(query, qualified=True)
    return frozenset(name.split(" AS ")[0].replace('"', "") for name in names)


def build(connection: duckdb.DuckDBPyConnection, relations: Iterable[Relation]) -> None:
    """Create the relations, replacing what stands under their names."""
    for relation in relations:
        _drop_of_other_kind(connection, relation)
        create(connection, relation, relation.name)


def create(connection: duckdb.DuckDBPyConnection, relation: Relation, name: str, order: Sequence[str] = ()) -> None:
    """Create a relation under this name, replacing what stands there; outside a transaction, if many rows are read.

    A table's rows are put in the `order` of these columns, each part by itself: a table in parts lies in an order that
    begins with the column of its parts. What a transaction has written itself has no statistics yet, by which DuckDB
    would choose the smaller side of a join: such joins of millions of rows are written to the disk again and again.
    """
    kind = "table" if relation.is_table else "view"
    query = f"from (\n{relation.query}\n) order by {', '.join(order)}" if order else relation.query
    rows = SORTED_AT_ONCE if order else ROWS_AT_ONCE
    for number, part in enumerate(_ranges(connection, relation.parts, rows) if relation.parts else [None]):
        if part is not None:
            connection.execute("set variable first = $1", [part[0]])
            connection.execute("set variable last = $1", [part[1]])
        into = f"insert into {name}" if number else f"create or replace {kind} {name} as"
        connection.execute(f"{into}\n{query}")


def _ranges(connection: duckdb.DuckDBPyConnection, parts: Parts, rows_at_once: int) -> list[tuple[Any, Any]]:
    """The first and the last value of each part, in order: as many values as have so many rows, or one alone.

    Of an empty relation there is one part without values, in which no row lies.
    """
    query = f"select {parts.column}, count(*) from {parts.relation} group by all order by all"
    ranges: list[tuple[Any, Any]] = []
    room = 0
    for value, rows in connection.execute(query).fetchall():
        if ranges and rows <= room:
            ranges[-1] = (ranges[-1][0], value)
            room -= rows
        else:
            ranges.append((value, value))
            room = rows_at_once - rows
    return ranges or [(None, None)]


def _relation(connection: duckdb.DuckDBPyConnection, schema: str, path: Path) -> Relation:
    query = path.read_text("utf-8")
    in_parts = IN_PARTS.search(query)
    return Relation(
        name=f"{schema}.{path.stem}",
        query=query,
        is_table=schema == "marts" or in_parts is not None or MATERIALISED.search(query) is not None,
        reads=reads(connection, query),
        parts=Parts(in_parts[1], in_parts[2]) if in_parts else None,
    )


def _drop_of_other_kind(connection: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    """A relation that an earlier version kept as a view may be a table now, or the other way round."""
    schema, name = relation.name.split(".")
    standing = connection.execute(
        "select table_type from information_schema.tables where table_schema = ? and table_name = ?", [schema, name]
    ).fetchone()
    if standing and (standing[0] == "VIEW") == relation.is_table:
        connection.execute(f"drop {'view' if relation.is_table else 'table'} {relation.name}")
