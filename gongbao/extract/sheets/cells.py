"""A block's cells to figures: each number with its place and what is said of it; the other cells with what they are.

Most rows of a large table say the same of all columns, and hold little but numbers. So what the columns are is worked
out once for such rows, and the numbers of a row are taken all at once; anything else is read cell by cell.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import repeat
from typing import Final, NamedTuple

from gongbao.extract.sheets import words
from gongbao.extract.sheets.figures import Figures, Number, decimals
from gongbao.extract.sheets.filled_grid import Grid
from gongbao.extract.sheets.labels import Said
from gongbao.extract.sheets.layout import Block
from gongbao.extract.sheets.mapping import Area, Line, Mapping
from gongbao.extract.sheets.sayings import complete, exclusion, in_percent, in_unit_of_cell
from gongbao.extract.sheets.template import Template
from gongbao.extract.statement import Rejection
from gongbao.grid import Cell, cell_address

_OTHER: Final = -1
"""Stands for a cell that is no plain number: it has to be looked at."""


@dataclass(frozen=True, slots=True)
class CellsRead:
    """The figures of a block in reading order, the cells that are none, what is unclear, and marks by their meaning."""

    figures: Figures
    rejections: tuple[Rejection, ...]
    problems: tuple[str, ...]
    marks: tuple[tuple[str, int], ...]


def read_cells(grid: Grid, block: Block, template: Template, mapping: Mapping, period: str | None) -> CellsRead:
    """The block's numbers in reading order, and the cells that are none of the places' figures."""
    if period is None and not template.is_ruled:
        period = _latest(line.said for line in mapping.columns.values())
    return _Reader(grid, block, template, mapping, period).read()


class _Plan(NamedTuple):
    """What the columns of a block are in rows that say the same.

    `columns` have figures, with the sayings and areas at the same positions (no areas where the rows have them);
    `others` have none.
    """

    columns: tuple[int, ...]
    sayings: array[int]
    areas: array[int] | None
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What figures share, each thing once, with its position."""

    numbers: list[Number] = field(default_factory=list)
    areas: dict[Area | None, int] = field(default_factory=dict)
    sayings: list[Said] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)

    def area(self, area: Area | None) -> int:
        return self.areas.setdefault(area, len(self.areas))

    def said(self, said: Said, column: int) -> int:
        self.sayings.append(said)
        self.columns.append(column)
        return len(self.sayings) - 1


class _Reader:
    """One block while its cells are read."""

    def __init__(self, grid: Grid, block: Block, template: Template, mapping: Mapping, period: str | None) -> None:
        self._grid, self._block, self._template, self._mapping, self._period = grid, block, template, mapping, period
        self._columns = [
            c for c in range(block.left, block.right + 1) if c not in mapping.unit_columns and c != block.stub
        ]
        self._shared = _Shared()
        self._row, self._number, self._area, self._said = (array("i") for _ in range(4))
        self._rejections: list[Rejection] = []
        self._problems: list[tuple[int, int, str]] = []
        self._marks: dict[str, int] = {}
        self._numbers: dict[int, int] = {}  # by the codes of cells
        self._plans: dict[tuple[int, bool, str | None], _Plan] = {}
        self._said_of: dict[tuple[int, int], int | str] = {}
        self._in_percent: dict[int, int | str] = {}
        self._in_unit: dict[tuple[int, words.TableUnit], int | str | None] = {}

    def read(self) -> CellsRead:
        """All rows, top to bottom."""
        for row in self._block.rows:
            line = self._mapping.rows.get(row.number)
            if line is not None and not line.skip:
                self._read_row(row.number, line)
                continue
            for column in self._columns:
                self._read_cell(row.number, column, line)
        figures = Figures(
            self._shared.numbers,
            list(self._shared.areas),
            self._shared.sayings,
            self._shared.columns,
            {row.number: row.label for row in self._block.rows},
            self._row,
            self._number,
            self._area,
            self._said,
        )
        marks = tuple(sorted(self._marks.items()))
        problems = tuple(problem for _, _, problem in sorted(self._problems))
        return CellsRead(figures, tuple(self._rejections), problems, marks)

    # ── a row of numbers ───────────────────────────────────────────────────────────────────────────────────────

    def _read_row(self, row: int, line: Line) -> None:
        """A row with a label: all its plain numbers at once, the other cells one by one."""
        plan = self._plan(line)
        codes = self._grid.codes(row)
        known = self._numbers
        try:
            numbers = [known[codes[column - 1]] for column in plan.columns]
        except KeyError:
            numbers = [self._known(codes[column - 1]) for column in plan.columns]
        first = 0
        others = [at for at, number in enumerate(numbers) if number == _OTHER] if _OTHER in numbers else ()
        for at in others:
            self._extend(row, line, plan, numbers, first, at)
            self._read_cell(row, plan.columns[at], line)
            first = at + 1
        self._extend(row, line, plan, numbers, first, len(numbers))
        for column in plan.others:
            self._read_cell(row, column, line)

    def _extend(self, row: int, line: Line, plan: _Plan, numbers: list[int], first: int, last: int) -> None:
        """Figures of a row that stand one after another in the plan."""
        count = last - first
        self._row.extend(repeat(row, count))
        self._number.extend(numbers[first:last])
        self._said.extend(plan.sayings[first:last])
        if plan.areas is None:
            self._area.extend(repeat(self._shared.area(line.area), count))
        else:
            self._area.extend(plan.areas[first:last])

    def _plan(self, line: Line) -> _Plan:
        key = (id(line.said), line.area is None, line.path if self._template.exclude else None)
        if key not in self._plans:
            told = {column: self._said_in(line, column) for column in self._columns}
            sayings = {column: said for column, said in told.items() if isinstance(said, int)}
            areas = [self._mapping.columns[column].area for column in sayings]
            self._plans[key] = _Plan(
                columns=tuple(sayings),
                sayings=array("i", sayings.values()),
                areas=array("i", map(self._shared.area, areas)) if line.area is None else None,
                others=tuple(column for column in told if column not in sayings),
            )
        return self._plans[key]

    def _said_in(self, line: Line, column: int) -> int | str | None:
        """What is said of the figures of a row in a column; a text or null where they are none, or it is unclear."""
        of_column = self._mapping.columns.get(column)
        if of_column is None or of_column.skip or exclusion(line, of_column, self._template):
            return None
        return self._complete(line, column, of_column)

    def _complete(self, line: Line, column: int, of_column: Line) -> int | str:
        key = (id(line.said), column)
        if key not in self._said_of:
            said = of_column.said.over(line.said).over(self._mapping.table)
            whole = complete(said, self._block, self._template, self._period)
            self._said_of[key] = whole if isinstance(whole, str) else self._shared.said(whole, column)
        return self._said_of[key]

    def _known(self, code: int) -> int:
        """The position of a cell's number; `_OTHER` where it has none, or a per cent sign behind it."""
        if code not in self._numbers:
            cell = self._grid.cells[code]
            printed = cell.text if cell.is_number else words.fold(cell.text)
            number = words.number(printed)
            self._numbers[code] = _OTHER if number is None or number[1] else self._add(cell, printed, number[0])
        return self._numbers[code]

    def _add(self, cell: Cell, printed: str, value: Decimal) -> int:
        self._shared.numbers.append(Number(cell.text, printed, cell.is_number, value, decimals(printed)))
        return len(self._shared.numbers) - 1

    # ── cell by cell ───────────────────────────────────────────────────────────────────────────────────────────

    def _read_cell(self, row: int, column: int, line: Line | None) -> None:
        """A figure, a rejection, a mark or a problem."""
        cell = self._grid.cell(row, column)
        of_column = self._mapping.columns.get(column)
        folded = cell.text if cell.is_number else words.fold(cell.text)
        if not cell.is_number and not any(c.isdigit() for c in folded):
            self._read_words(row, column, folded, of_column)
            return
        if line is None or of_column is None:
            self._reject(row, column, self._mapping.beside.get(column, "unknown_block"))
            return
        stated = words.number_in_unit(folded)
        printed, unit = stated or (folded, None)
        number = words.number(printed)
        reason = line.skip or of_column.skip or exclusion(line, of_column, self._template)
        if reason or number is None:
            self._reject(row, column, reason or "unreadable")
            return
        said: int | str | None = self._complete(line, column, of_column)
        if isinstance(said, int) and number[1]:
            said = self._percent(said)
        elif isinstance(said, int) and unit:
            said = self._of_cell(said, unit)
        if said is None:
            self._reject(row, column, "unreadable")
            return
        if isinstance(said, str):
            self._problems.append((row, column, f"{cell_address(row, column)}: {said}"))
            return
        self._row.append(row)
        self._number.append(self._add(cell, printed, number[0]))
        self._said.append(said)
        self._area.append(self._shared.area(line.area or of_column.area))

    def _read_words(self, row: int, column: int, folded: str, of_column: Line | None) -> None:
        if of_column is None:
            return
        meaning = self._template.mark(folded)
        if meaning:
            self._marks[meaning] = self._marks.get(meaning, 0) + 1
        elif not of_column.skip:
            self._reject(row, column, "unreadable")

    def _percent(self, said: int) -> int | str:
        if said not in self._in_percent:
            whole = in_percent(self._shared.sayings[said])
            self._in_percent[said] = (
                whole if isinstance(whole, str) else self._shared.said(whole, self._shared.columns[said])
            )
        return self._in_percent[said]

    def _of_cell(self, said: int, unit: words.TableUnit) -> int | str | None:
        key = (said, unit)
        if key not in self._in_unit:
            whole = in_unit_of_cell(self._shared.sayings[said], unit)
            self._in_unit[key] = (
                self._shared.said(whole, self._shared.columns[said]) if isinstance(whole, Said) else whole
            )
        return self._in_unit[key]

    def _reject(self, row: int, column: int, reason: str) -> None:
        text = self._grid.cell(row, column).text
        self._rejections.append(Rejection(text, reason, sheet=self._grid.name, cell=cell_address(row, column)))


def _latest(said: Iterable[Said]) -> str | None:
    periods = sorted(each.period for each in said if each.period)
    return periods[-1] if periods else None
