"""The figures of a block by column: each is a number with its place, and what row and header say of it together.

A block of half a million figures has a few hundred sayings, some thousand places and some ten thousand different
numbers. So a figure is five small integers, what many share is kept once, and a check looks at what is shared first.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, NamedTuple, overload

from gongbao.extract.sheets.labels import Said
from gongbao.extract.sheets.mapping import UNREADABLE, Area
from gongbao.extract.sheets.template import Template

# A number in these is never a count, though it be whole: a workbook stores 85 for 85.0.
_ROUNDED: Final = frozenset({"元", "%", "‰"})


class Number(NamedTuple):
    """A cell's number: `text` as stored, `printed` folded, with so many `decimals`; `is_number` where it is stored."""

    text: str
    printed: str
    is_number: bool
    value: Decimal
    decimals: int


class Figure(NamedTuple):
    """A number in a block with all that is said of it; `label` is that of its row."""

    row: int
    column: int
    number: Number
    area: Area | None
    said: Said
    label: str

    @property
    def value(self) -> Decimal:
        """The number as the cell has it."""
        return self.number.value

    @property
    def printed(self) -> str:
        """The cell as a reader sees it, folded."""
        return self.number.printed


@dataclass(frozen=True, slots=True, eq=False)
class Figures(Sequence[Figure]):
    """The figures of a block in reading order. The arrays have an entry for each of them.

    `number`, `area` and `said` are positions in what figures share. A saying is of one column: that at the same
    position in `columns`. `labels` are those of rows.
    """

    numbers: Sequence[Number]
    areas: Sequence[Area | None]
    sayings: Sequence[Said]
    columns: Sequence[int]
    labels: Mapping[int, str]
    row: array[int]
    number: array[int]
    area: array[int]
    said: array[int]

    def __len__(self) -> int:
        return len(self.row)

    @overload
    def __getitem__(self, at: int) -> Figure: ...
    @overload
    def __getitem__(self, at: slice) -> Figures: ...
    def __getitem__(self, at: int | slice) -> Figure | Figures:
        if isinstance(at, slice):
            return self.take(range(len(self))[at])
        row, said = self.row[at], self.said[at]
        number, area = self.numbers[self.number[at]], self.areas[self.area[at]]
        return Figure(row, self.columns[said], number, area, self.sayings[said], self.labels[row])

    def column(self, at: int) -> int:
        """The column of the figure at a position."""
        return self.columns[self.said[at]]

    def keys(self) -> set[str | None]:
        """The names in identities that figures have."""
        return {self.sayings[said].key for said in set(self.said)}

    def take(self, positions: Iterable[int]) -> Figures:
        """Those at the positions, in their order."""
        chosen = list(positions)
        row, number, area, said = (
            array("i", map(each.__getitem__, chosen)) for each in (self.row, self.number, self.area, self.said)
        )
        return replace(self, row=row, number=number, area=area, said=said)

    def where(
        self, of_saying: Callable[[Said], bool], of_number: Callable[[Number], bool] | None = None
    ) -> Iterator[int]:
        """The positions of the figures of some sayings and numbers; each saying and number is asked once."""
        sayings = {code for code, said in enumerate(self.sayings) if of_saying(said)}
        if not sayings:
            return iter(())
        if of_number is None:
            return (at for at, said in enumerate(self.said) if said in sayings)
        numbers = {code for code, number in enumerate(self.numbers) if of_number(number)}
        both = enumerate(zip(self.said, self.number, strict=True))
        return (at for at, (said, number) in both if number in numbers and said in sayings)


def decimals(printed: str) -> int:
    """How many decimals a printed number has."""
    return len(printed.rstrip("%").partition(".")[2]) if "." in printed else 0


def counts_exactly(said: Said, finest: int) -> bool:
    """Whether figures count whole things: only then do parts add up to the last digit."""
    unit, rule = said.unit, said.rule
    if rule is not None and rule.rounded:
        return False
    return unit is not None and unit.magnitude == 1 and unit.name not in _ROUNDED and finest == 0


def reject_reason(said: Said) -> str | None:
    """Why a figure is no statement: nobody can tell what it measures, or in what."""
    if said.indicator is None:
        return "header_unknown"
    if said.unit in (None, UNREADABLE) and said.measure not in ("rank", "index"):
        return "unit_missing"
    return None


def percent_as_fraction(figures: Figures, template: Template) -> set[int]:
    """Figures under % that are stored as fractions: Excel shows 5.3% for a stored 0.053, and a reader sees the latter.

    A line of at least three is taken for such where all lie between -1 and 1 and most have three decimals or more; of
    a template that names its indicators, all figures of one are a line. Returns positions.
    """
    lines: dict[tuple[str, int | str], list[int]] = {}
    for at in figures.where(_is_percent, lambda number: number.is_number and number.value != 0):
        if template.is_ruled:
            said = figures.sayings[figures.said[at]]
            lines.setdefault(("indicator", f"{said.indicator} {said.measure}"), []).append(at)
        else:
            lines.setdefault(("column", figures.column(at)), []).append(at)
            lines.setdefault(("row", figures.row[at]), []).append(at)
    found: set[int] = set()
    for line in lines.values():
        numbers = [figures.numbers[figures.number[at]] for at in line]
        fine = sum(number.decimals >= 3 for number in numbers)
        if len(line) >= 3 and fine * 2 > len(line) and all(abs(number.value) < 1 for number in numbers):
            found.update(line)
    return found


def _is_percent(said: Said) -> bool:
    return said.unit is not None and said.unit.name == "%"
