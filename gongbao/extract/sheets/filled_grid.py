"""A sheet as a reader sees it: merged cells filled, labels in one line, numbers told from years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from gongbao.extract.sheets import words
from gongbao.grid import Cell, Sheet, packed_rows

_YEAR: Final = re.compile(r"(?:19|20)\d{2}(?:\.0)?年?")


class Grid:
    """A sheet with its merged cells filled; rows and columns count from 1."""

    def __init__(self, sheet: Sheet) -> None:
        self.name = sheet.name
        rows = packed_rows(sheet)
        self.height = len(rows)
        self.ragged = frozenset(sheet.ragged)
        self.width = max(map(len, rows.codes), default=0)
        # Short rows are filled up with an empty cell of their own, behind the texts: no other cell's code changes.
        texts = len(rows.texts)
        self.cells = (*rows.cells[:texts], Cell(""), *rows.cells[texts:])
        self._codes = [
            codes if len(codes) == self.width else [*codes, *[texts] * (self.width - len(codes))]
            for codes in rows.codes
        ]
        self._covered: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in sheet.merged:
            for row in range(top, min(bottom, self.height) + 1):
                for column in range(left, min(right, self.width) + 1):
                    self._covered[row, column] = (top, left)

    def codes(self, row: int) -> Sequence[int]:
        """The cells of a row as positions in `cells`: equal ones have the same."""
        return self._codes[row - 1]

    def cell(self, row: int, column: int) -> Cell:
        """The cell as stored: a merged range has its text in its first cell only."""
        return self.cells[self._codes[row - 1][column - 1]]

    def label(self, row: int, column: int) -> str:
        """The text that a reader sees at this place, in one line: that of the merged range, if it lies in one."""
        return words.one_line(self.cell(*self._covered.get((row, column), (row, column))).text)

    def plain(self, row: int, column: int) -> str:
        """The label folded, its foreign half gone: `地 区Region` → `地区`."""
        return words.plain(self.cell(*self._covered.get((row, column), (row, column))).text)

    def spread(self, row: int, column: int) -> bool:
        """Whether the place lies in a merged range that spans columns."""
        origin = self._covered.get((row, column))
        return origin is not None and any(
            self._covered.get((row, other)) == origin for other in (column - 1, column + 1)
        )

    def texts(self, row: int, left: int, right: int) -> list[str]:
        """The different texts of a row between two columns, left to right, without spaces around."""
        found = (self.label(row, column) for column in range(left, right + 1))
        return list(dict.fromkeys(text for text in found if text))

    def has_number(self, row: int, left: int, right: int) -> bool:
        """Whether any cell of the row between two columns is a number, and no year."""
        return any(is_figure(self.cell(row, column)) for column in range(left, right + 1))

    def count_numbers(self, rows: Iterable[int], columns: Sequence[int]) -> int:
        """How many cells where these rows and columns cross are numbers; equal cells are looked at once."""
        of_code = [is_number(cell) for cell in self.cells]
        return sum(of_code[codes[column - 1]] for codes in map(self.codes, rows) for column in columns)

    def is_blank(self, row: int, left: int, right: int) -> bool:
        """Whether nothing stands in the row between two columns."""
        return not any(self.label(row, column) for column in range(left, right + 1))


def is_number(cell: Cell) -> bool:
    """Whether a cell holds a number, stored or printed."""
    return cell.is_number or (any(c.isdigit() for c in cell.text) and words.number(words.fold(cell.text)) is not None)


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a number that is no year: years head columns."""
    return is_number(cell) and _YEAR.fullmatch(cell.text.strip()) is None
