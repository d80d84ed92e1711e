"""Small tables in a few words: rows of values to sheets, extractions to what a test compares."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gongbao.extract.sheets import extract_grid
from gongbao.extract.statement import Extraction, Statement
from gongbao.grid import Cell, Sheet, cell_address

TITLE = "青河县各镇（街道）主要经济指标（2023年）"
Value = str | int | float | None


def sheet(rows: Sequence[Sequence[Value]], merged: Sequence[str] = (), name: str = "Sheet1") -> Sheet:
    """A sheet of the rows; numbers are stored as numbers, None is an empty cell, `merged` ranges are `A1:C1`."""
    width = max(len(row) for row in rows)
    cells = tuple(tuple(_cell(row[c]) if c < len(row) else Cell("") for c in range(width)) for row in rows)
    return Sheet(name, cells, tuple(_range(each) for each in merged))


def town_table(
    header: Sequence[Value], *rows: Sequence[Value], title: str = TITLE, unit: str | None = None
) -> Extraction:
    """The extraction of a plain table: a title, perhaps a unit row, one header row, rows of towns."""
    above: list[Sequence[Value]] = [[title]] if unit is None else [[title], [unit]]
    return extract_grid([sheet([*above, header, *rows])], "表.xlsx")


def at(extraction: Extraction, cell: str, sheet: str = "Sheet1") -> Statement:
    """The statement of a cell."""
    (found,) = (s for s in extraction.statements if (s.sheet, s.cell) == (sheet, cell))
    return found


def figures(extraction: Extraction) -> dict[str, Decimal]:
    """The values of all statements by their cells."""
    return {s.cell or "": s.value for s in extraction.statements}


def reasons(extraction: Extraction) -> dict[str, str]:
    """The reasons of all rejections by their cells."""
    return {r.cell or "": r.reason for r in extraction.rejections}


def _cell(value: Value) -> Cell:
    if value is None:
        return Cell("")
    return Cell(value) if isinstance(value, str) else Cell(str(value), is_number=True)


def _range(cells: str) -> tuple[int, int, int, int]:
    first, last = cells.split(":")
    return (*_address(first), *_address(last))


def _address(cell: str) -> tuple[int, int]:
    for row in range(1, 60):
        for column in range(1, 60):
            if cell_address(row, column) == cell:
                return row, column
    raise ValueError(cell)
