"""The grid model: what every spreadsheet reader returns and every template reads.

A workbook is a tuple of sheets; a sheet is rows of cells as the file states them. Addresses count from 1, so that
`cell_address(3, 2)` is `B3`, the name a person sees in the workbook.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `text` as printed (`""` where empty), `is_number` where the file stores a number."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its rows (ragged rows are padded with empty cells), and merged ranges.

    `merged` holds `(first_row, first_column, last_row, last_column)`, counted from 1, ends inclusive.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()


def cell_address(row: int, column: int) -> str:
    """`(3, 28)` → `AB3`; both count from 1."""
    letters = ""
    while column:
        column, remainder = divmod(column - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return f"{letters}{row}"
