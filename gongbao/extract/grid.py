"""The grid model: what every spreadsheet reader returns and every template reads.

A workbook is a tuple of sheets; a sheet is rows of cells as the file states them. Addresses count from 1, so that
`cell_address(3, 2)` is `B3`, the name a person sees in the workbook.

Equal cells are few: a sheet of 500,000 cells has some 50,000 different ones. So readers use one record for all equal
cells, and a sheet goes from process to process as its different cells and, for each place, the number of its cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple


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

    def __reduce__(self) -> tuple[Callable[..., Sheet], tuple[Any, ...]]:
        return unpack, tuple(pack(self))


class PackedSheet(NamedTuple):
    """A sheet of plain values: the texts of its different cells, the last `numbers` of them stored numbers.

    Each row holds the places of its cells in `texts`.
    """

    name: str
    texts: list[str]
    numbers: int
    rows: list[list[int]]
    merged: list[tuple[int, int, int, int]]


def pack(sheet: Sheet) -> PackedSheet:
    """The sheet as plain values; `unpack` gives it back."""
    # By identity, which costs less than to compare: equal cells that a reader made apart stay apart.
    cells = dict(zip(map(id, chain.from_iterable(sheet.rows)), chain.from_iterable(sheet.rows), strict=True))
    texts = {identity: cell.text for identity, cell in cells.items() if not cell.is_number}
    numbers = {identity: cell.text for identity, cell in cells.items() if cell.is_number}
    places = dict(zip(chain(texts, numbers), range(len(cells)), strict=True))
    rows = [list(map(places.__getitem__, map(id, row))) for row in sheet.rows]
    return PackedSheet(sheet.name, [*texts.values(), *numbers.values()], len(numbers), rows, list(sheet.merged))


def unpack(
    name: str,
    texts: Sequence[str],
    numbers: int,
    rows: Iterable[Iterable[int]],
    merged: Iterable[Iterable[int]],
) -> Sheet:
    """The sheet that `pack` packed; equal cells are one record."""
    cells = [Cell(text, place >= len(texts) - numbers) for place, text in enumerate(texts)]
    whole = tuple(tuple(map(cells.__getitem__, row)) for row in rows)
    return Sheet(name, whole, tuple((top, left, bottom, right) for top, left, bottom, right in merged))


def cell_address(row: int, column: int) -> str:
    """`(3, 28)` → `AB3`; both count from 1."""
    letters = ""
    while column:
        column, remainder = divmod(column - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return f"{letters}{row}"
