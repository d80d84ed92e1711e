"""The marts' contract: every mart and column, described once in columns.yaml.

    columns:                       each name means one thing, whatever mart it stands in
      NAME: {type, label_zh, label_en, description_zh, description_en, unit}
                                   unit: a unit's code, or the name of the column that holds it; absent where none
    marts:
      NAME:
        title_zh, title_en, description_zh, description_en
        key: [COLUMN]              identifies a row
        order: [COLUMN]            the order of the published rows, ending in the key
        columns: [COLUMN]          in the published order

From it come the check before publishing, the mart `meta_column`, datapackage.json and the dictionary page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from gongbao import yaml_text
from gongbao.errors import GongbaoError

DESCRIPTION = Path(__file__).parent / "columns.yaml"

# What every reader of marts holds exactly: no BIGINT, HUGEINT, time zones, nesting or ENUM.
ALLOWED_TYPES = frozenset({"VARCHAR", "INTEGER", "DOUBLE", "BOOLEAN", "DATE", "DECIMAL(18,4)"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the marts; `unit` is a unit's code, the name of the column that holds it, or null."""

    name: str
    type: str
    label_zh: str
    label_en: str
    description_zh: str
    description_en: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Mart:
    """A mart: its columns in published order, the key of a row, the order of the rows.

    The first column is the release id, which the marts get when they are published: `staged` are the others.
    """

    name: str
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    key: tuple[str, ...]
    order: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def staged(self) -> tuple[Column, ...]:
        """The columns of the mart while it is staged."""
        return self.columns[1:]


class ContractBroken(GongbaoError):
    """A staged mart is not what columns.yaml says: a defect of the program, found before anything is published."""


@cache
def marts(path: Path = DESCRIPTION) -> tuple[Mart, ...]:
    """Every mart, in the order of the names. Raises `ContractBroken` where the description is incomplete."""
    document = yaml_text.read(path.read_text("utf-8"))
    columns = {name: _column(name, slots) for name, slots in document["columns"].items()}
    used = {name for mart in document["marts"].values() for name in mart["columns"]}
    if used != columns.keys():
        raise ContractBroken(
            f"{path.name}: described and unused, or used and not described: {', '.join(sorted(used ^ columns.keys()))}",
            "describe every column once, and no other",
        )
    return tuple(_mart(name, slots, columns) for name, slots in sorted(document["marts"].items()))


def check(connection: duckdb.DuckDBPyConnection) -> None:
    """Compare every staged mart with its description: names, order and types of its columns.

    Raises `ContractBroken` with the mart, the column and both sides.
    """
    staged = {
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
    }
    described = {mart.name for mart in marts()}
    if staged != described:
        raise ContractBroken(
            f"marts staged or described, not both: {', '.join(sorted(staged ^ described))}",
            "add the mart to sql/3_marts and to gongbao/publish/columns.yaml",
        )
    for mart in marts():
        found = [(name, type_) for name, type_, *_ in connection.execute(f"describe marts.{mart.name}").fetchall()]
        expected = [(column.name, column.type) for column in mart.staged]
        for position, (is_, should) in enumerate(zip(found, expected, strict=False), start=1):
            if is_ != should:
                raise ContractBroken(
                    f"mart {mart.name}, column {position}: {' '.join(is_)} where columns.yaml says {' '.join(should)}",
                    f"cast it in sql/3_marts/{mart.name}.sql, or change the description",
                )
        if len(found) != len(expected):
            raise ContractBroken(
                f"mart {mart.name} has {len(found)} columns, columns.yaml describes {len(expected)} and the release id",
                f"make sql/3_marts/{mart.name}.sql and gongbao/publish/columns.yaml agree",
            )


def meta_columns() -> list[dict[str, Any]]:
    """The rows of the mart `meta_column`: one per mart and column."""
    return [
        {
            "mart": mart.name,
            "position": position,
            "column_name": column.name,
            "column_type": column.type,
            "label_zh": column.label_zh,
            "label_en": column.label_en,
            "description_zh": column.description_zh,
            "description_en": column.description_en,
            "unit": column.unit,
            "is_key": column.name in mart.key,
        }
        for mart in marts()
        for position, column in enumerate(mart.columns, start=1)
    ]


def _column(name: str, slots: dict[str, str]) -> Column:
    missing = {"type", "label_zh", "label_en", "description_zh", "description_en"} - slots.keys()
    if missing:
        raise ContractBroken(f"columns.yaml: column {name} has no {', '.join(sorted(missing))}", "describe it in full")
    if slots["type"] not in ALLOWED_TYPES:
        raise ContractBroken(
            f"columns.yaml: column {name} is of type {slots['type']}", f"use one of {', '.join(sorted(ALLOWED_TYPES))}"
        )
    return Column(name=name, **slots)


def _mart(name: str, slots: dict[str, Any], columns: dict[str, Column]) -> Mart:
    unknown = {*slots["key"], *slots["order"]} - set(slots["columns"])
    if unknown:
        raise ContractBroken(f"columns.yaml: mart {name} has no column {', '.join(sorted(unknown))}", "correct its key")
    if slots["columns"][0] != "release_id":
        raise ContractBroken(f"columns.yaml: mart {name} does not begin with release_id", "put it first")
    return Mart(
        name=name,
        title_zh=slots["title_zh"],
        title_en=slots["title_en"],
        description_zh=slots["description_zh"],
        description_en=slots["description_en"],
        key=tuple(slots["key"]),
        order=tuple(slots["order"]),
        columns=tuple(columns[column] for column in slots["columns"]),
    )
