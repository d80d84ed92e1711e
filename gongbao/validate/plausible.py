"""The bounds of levels: expectations/plausible_ranges.csv into `core.plausible_range`.

One row for an indicator or several alike, their unit and a level of administration:

- `indicator_id`: of the catalogue, several separated by `;`, or `*` for every indicator in that unit without a row of
  its own; no indicator has two rows for one unit and level;
- `unit_measure`: the canonical unit that `lowest` and `highest` are in;
- `area_level`: province, prefecture, county, township, zone, or `*` for every level without a row of its own;
- `lowest`, `highest`: decimals, either may be empty; a negative `lowest` says that the indicator may fall below zero;
- `reason`: where the bound comes from: the largest or smallest place known, with room to spare.

Bounds are there to catch a factor of ten thousand, not a good year: a true figure must never lie outside.
"""

from __future__ import annotations

import csv
from decimal import Decimal, InvalidOperation
from typing import Any

import duckdb

from gongbao import project
from gongbao.errors import UsageError
from gongbao.warehouse import insert

FILE = "plausible_ranges.csv"
COLUMNS = ("indicator_id", "unit_measure", "area_level", "lowest", "highest", "reason")
AREA_LEVELS = frozenset({"province", "prefecture", "county", "township", "zone", "*"})


def load_ranges(connection: duckdb.DuckDBPyConnection) -> int:
    """Replace `core.plausible_range` by the file; the number of rows. Raises `UsageError` with the line at fault."""
    rows = read_ranges()
    connection.execute("delete from core.plausible_range")
    insert(connection, "core.plausible_range", rows)
    return len(rows)


def read_ranges() -> list[dict[str, Any]]:
    """The file's rows, one an indicator, bounds as decimals or null. Raises `UsageError` with the line at fault."""
    path = project.folder("expectations") / FILE
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise UsageError(f"expectations/{FILE}: the header is not {','.join(COLUMNS)}", "restore the header")
        found: dict[tuple[str, str, str], dict[str, Any]] = {}
        for cells in reader:
            where = f"expectations/{FILE} line {reader.line_num}"
            for row in _rows(cells, where):
                key = (row["indicator_id"], row["unit_measure"], row["area_level"])
                if key in found:
                    raise UsageError(f"{where}: {', '.join(key)} has a row above", "keep one of the two")
                found[key] = row
        return list(found.values())


def _rows(row: dict[str, str], where: str) -> list[dict[str, Any]]:
    if None in row or None in row.values():
        raise UsageError(f"{where}: not as many cells as the header has", "quote cells with commas")
    if row["area_level"] not in AREA_LEVELS:
        raise UsageError(
            f"{where}: area_level is {row['area_level']!r}", f"use one of {', '.join(sorted(AREA_LEVELS))}"
        )
    bounds = {name: _bound(row[name], f"{where}: {name}") for name in ("lowest", "highest")}
    if bounds["lowest"] is not None and bounds["highest"] is not None and bounds["lowest"] > bounds["highest"]:
        raise UsageError(f"{where}: lowest is above highest", "exchange them")
    return [{**row, **bounds, "indicator_id": indicator_id} for indicator_id in row["indicator_id"].split(";")]


def _bound(text: str, where: str) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise UsageError(f"{where} is {text!r}", "it must be a decimal, or empty") from None
