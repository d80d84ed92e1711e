"""The grid model: what every spreadsheet reader returns and every template reads.

A workbook is a tuple of sheets; a sheet is rows of cells as the file states them. Addresses count from 1, so that
`cell_address(3, 2)` is `B3`, the name a person sees in the workbook.

Equal cells are few: a sheet of 500,000 cells has some 100,000 different ones. So readers give `PackedRows`, and so a
sheet goes from process to process and into the warehouse; rows of cells are made of them where they are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, overload


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `text` as printed (`""` where empty), `is_number` where the file stores a number."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its rows (short rows are padded with empty cells), merged ranges, and ragged rows.

    `merged` holds `(first_row, first_column, last_row, last_column)`, counted from 1, ends inclusive. `ragged` are the
    numbers of rows with a field too few or too many for their table: nobody can tell which column a field is of.
    """

    name: str
    rows: Sequence[tuple[Cell, ...]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    ragged: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """How many cells it has, empty ones too."""
        packed = self.rows.codes if isinstance(self.rows, PackedRows) else self.rows
        return sum(map(len, packed))

    @property
    def is_filled(self) -> bool:
        """Whether any cell holds something."""
        packed = pack(self)
        return any(packed.texts) or bool(packed.numbers)

    def __reduce__(self) -> tuple[Callable[..., Sheet], tuple[Any, ...]]:
        return unpack, tuple(pack(self))


class PackedRows(Sequence[tuple[Cell, ...]]):
    """Rows kept as their different cells and, for each place, the code of its cell.

    Code 0 is the first of the `texts`, code -1 the first of the stored `numbers`. Equal cells are one record.
    """

    __slots__ = ("_cells", "codes", "numbers", "texts")

    def __init__(self, texts: Sequence[str], numbers: Sequence[str], codes: Sequence[Sequence[int]]) -> None:
        self.texts, self.numbers, self.codes = texts, numbers, codes
        self._cells: list[Cell] = []

    @property
    def cells(self) -> Sequence[Cell]:
        """The different cells: `cells[code]` has that code."""
        if not self._cells:
            numbers = [Cell(text, is_number=True) for text in self.numbers]
            self._cells = [*map(Cell, self.texts), *reversed(numbers)]
        return self._cells

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        cell = self.cells.__getitem__
        return (tuple(map(cell, row)) for row in self.codes)

    @overload
    def __getitem__(self, at: int) -> tuple[Cell, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[Cell, ...], ...]: ...
    def __getitem__(self, at: int | slice) -> tuple[Any, ...]:
        if isinstance(at, slice):
            return tuple(self[row] for row in range(len(self))[at])
        cell = self._cells.__getitem__ if self._cells else self._cell
        return tuple(map(cell, self.codes[at]))

    def _cell(self, code: int) -> Cell:
        return Cell(self.texts[code]) if code >= 0 else Cell(self.numbers[~code], is_number=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


class PackedSheet(NamedTuple):
    """A sheet of plain values, its rows as in `PackedRows`."""

    name: str
    texts: Sequence[str]
    numbers: Sequence[str]
    rows: Sequence[Sequence[int]]
    merged: Sequence[Sequence[int]]
    ragged: Sequence[int]


def pack(sheet: Sheet) -> PackedSheet:
    """The sheet as plain values; `unpack` gives it back."""
    rows = packed_rows(sheet)
    return PackedSheet(sheet.name, rows.texts, rows.numbers, rows.codes, sheet.merged, sheet.ragged)


def packed_rows(sheet: Sheet) -> PackedRows:
    """The rows of a sheet, packed where they are not."""
    if isinstance(sheet.rows, PackedRows):
        return sheet.rows
    texts: dict[str, int] = {}
    numbers: dict[str, int] = {}
    codes = [
        [
            ~numbers.setdefault(cell.text, len(numbers)) if cell.is_number else texts.setdefault(cell.text, len(texts))
            for cell in row
        ]
        for row in sheet.rows
    ]
    return PackedRows(list(texts), list(numbers), codes)


def unpack(
    name: str,
    texts: Sequence[str],
    numbers: Sequence[str],
    rows: Sequence[Sequence[int]],
    merged: Iterable[Iterable[int]],
    ragged: Iterable[int],
) -> Sheet:
    """The sheet that `pack` packed."""
    ranges = tuple((top, left, bottom, right) for top, left, bottom, right in merged)
    return Sheet(name, PackedRows(texts, numbers, rows), ranges, tuple(ragged))


def cell_address(row: int, column: int) -> str:
    """`(3, 28)` → `AB3`; both count from 1."""
    letters = ""
    while column:
        column, remainder = divmod(column - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return f"{letters}{row}"
