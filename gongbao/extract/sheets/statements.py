"""The statements of a workbook by column: what many of them share is kept once, a statement is made when asked for.

A statement of a sheet is a wording (all that its labels and its template say), a place, the label of its row, and its
own cell. Half a million of them have some hundred wordings, some thousand places and some ten thousand numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import chain
from typing import Final, Generic, NamedTuple, TypeVar, overload

from gongbao.extract.sheets import words
from gongbao.extract.sheets.figures import Figures, Number
from gongbao.extract.sheets.labels import Said
from gongbao.extract.sheets.layout import Block
from gongbao.extract.sheets.mapping import Area
from gongbao.extract.sheets.template import Pattern, Template
from gongbao.extract.statement import Statement
from gongbao.grid import cell_address

# The warehouse keeps ten decimals; a stored binary fraction has more digits than anybody measured.
_FINEST: Final = Decimal(1).scaleb(-10)
_EXACT: Final = Context(prec=100)

T = TypeVar("T")
Key = TypeVar("Key", bound=Hashable)
Place = tuple[str | None, str | None]
"""The subject and the code of a place."""


@dataclass(frozen=True, slots=True)
class NoteMark:
    """What a note says of the figures whose labels `label` is found in, or of all."""

    label: Pattern | None
    obs_status: str | None
    caveat: str | None

    def marks(self, label: str) -> bool:
        """Whether it speaks of a label."""
        return self.label is None or self.label.search(words.plain(label)) is not None


@dataclass(frozen=True, slots=True)
class Shared(Generic[T]):
    """What statements share: the one at position i has `values[codes[i]]`."""

    values: tuple[T, ...]
    codes: array[int]

    def __getitem__(self, at: int) -> T:
        return self.values[self.codes[at]]

    def take(self, positions: Sequence[int]) -> Shared[T]:
        """The rows at the positions."""
        return Shared(self.values, array("i", map(self.codes.__getitem__, positions)))

    def pruned(self) -> Shared[T]:
        """The same without values that nothing has."""
        values, codes = _encoded(self.codes)
        return Shared(tuple(self.values[code] for code in values), codes)

    def part(self, rows: slice) -> Shared[T]:
        """Some rows, one after another."""
        return Shared(self.values, self.codes[rows])

    @staticmethod
    def joined(columns: Sequence[Shared[T]]) -> Shared[T]:
        """The rows of all columns, one column after another."""
        codes = array("i")
        offset = 0
        for column in columns:
            codes.extend(column.codes if not offset else array("i", [code + offset for code in column.codes]))
            offset += len(column.values)
        return Shared(tuple(chain.from_iterable(column.values for column in columns)), codes)


class Wording(NamedTuple):
    """What statements of a column share: a statement without what is each one's own; its header path ends there."""

    statement: Statement
    column: int


@dataclass(frozen=True, slots=True, eq=False)
class SheetStatements(Sequence[Statement]):
    """Statements cut from sheets, in reading order: each is a wording, and its own place, label, number and row.

    `labels` are those of the rows, `numbers` the texts of the cells with the values that they state.
    """

    wordings: Shared[Wording]
    places: Shared[Place]
    labels: Shared[str]
    numbers: Shared[tuple[str, Decimal]]
    row: array[int]

    def __len__(self) -> int:
        return len(self.row)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SheetStatements) and list(self) == list(other)

    @overload
    def __getitem__(self, at: int) -> Statement: ...
    @overload
    def __getitem__(self, at: slice) -> SheetStatements: ...
    def __getitem__(self, at: int | slice) -> Statement | SheetStatements:
        if isinstance(at, slice):
            return SheetStatements(
                self.wordings.part(at), self.places.part(at), self.labels.part(at), self.numbers.part(at), self.row[at]
            )
        (wording, column), (subject, code), (text, value) = self.wordings[at], self.places[at], self.numbers[at]
        return wording._replace(
            subject=subject,
            ref_area=code,
            text=text,
            value=value,
            header_path=(*wording.header_path, self.labels[at]),
            cell=cell_address(self.row[at], column),
        )

    def take(self, positions: Iterable[int]) -> SheetStatements:
        """Those at the positions, in their order."""
        chosen = list(positions)
        return SheetStatements(
            self.wordings.take(chosen),
            self.places.take(chosen),
            self.labels.take(chosen),
            self.numbers.take(chosen),
            array("i", map(self.row.__getitem__, chosen)),
        )

    def addresses(self) -> list[tuple[int, int]]:
        """Row and column of each."""
        columns = [wording.column for wording in self.wordings.values]
        return list(zip(self.row, map(columns.__getitem__, self.wordings.codes), strict=True))

    def in_order(self) -> SheetStatements:
        """Those of one sheet by row, then by column."""
        return self.take(sorted(range(len(self)), key=self.addresses().__getitem__))


def joined(parts: Sequence[SheetStatements]) -> SheetStatements:
    """The statements of all parts, one part after another."""
    return SheetStatements(
        Shared.joined([part.wordings for part in parts]),
        Shared.joined([part.places for part in parts]),
        Shared.joined([part.labels for part in parts]),
        Shared.joined([part.numbers for part in parts]),
        array("i", chain.from_iterable(part.row for part in parts)),
    )


def state(
    figures: Figures, block: Block, place: str | None, template: Template, marks: Sequence[NoteMark]
) -> SheetStatements:
    """The figures as statements about their places; sum and whole are statements about the table's `place`."""
    scopes = [area.label if area is not None and area.standing == "sum" else None for area in figures.areas]
    marked = {row: tuple(mark.marks(label) for mark in marks) for row, label in figures.labels.items()}
    if any(scopes) or any(map(any, marked.values())):
        own = zip(map(scopes.__getitem__, figures.area), map(marked.__getitem__, figures.row), strict=True)
        worded, wording = _encoded(zip(figures.said, own, strict=True))
    else:  # nearly all tables: what is said makes the wording
        worded, wording = [(said, (None, (False,) * len(marks))) for said in range(len(figures.sayings))], figures.said
    conversions = [_conversion(said) for said in figures.sayings]
    if len(set(conversions)) == 1:
        stated, value = [(number, conversions[0]) for number in range(len(figures.numbers))], figures.number
    else:
        stated, value = _encoded(zip(figures.number, map(conversions.__getitem__, figures.said), strict=True))
    labels, label = _encoded(map(figures.labels.__getitem__, figures.row))
    numbers = [(figures.numbers[number], conversion) for number, conversion in stated]
    return SheetStatements(
        Shared(tuple(_wording(figures, block, template, marks, said, *own) for said, own in worded), wording),
        Shared(tuple(_place(area, place) for area in figures.areas), figures.area),
        Shared(tuple(labels), label),
        Shared(tuple((number.text, _value(number, *conversion)) for number, conversion in numbers), value),
        figures.row,
    )


class _Codes(dict[Key, int]):
    """Each different key with a number of its own, from nothing upwards."""

    def __missing__(self, key: Key) -> int:
        code = self[key] = len(self)
        return code


def _encoded(keys: Iterable[Key]) -> tuple[list[Key], array[int]]:
    """The different keys in the order in which they come, and for each key its position among them."""
    codes: _Codes[Key] = _Codes()
    encoded = array("i", map(codes.__getitem__, keys))
    return list(codes), encoded


def _wording(
    figures: Figures,
    block: Block,
    template: Template,
    marks: Sequence[NoteMark],
    saying: int,
    scope: str | None,
    row_is_marked: Sequence[bool],
) -> Wording:
    said, column = figures.sayings[saying], figures.columns[saying]
    header = block.headers[column]
    told = zip(marks, row_is_marked, strict=True)
    mark = next((mark for mark, of_row in told if of_row or any(map(mark.marks, header))), None)
    unit = said.unit if said.measure != "rank" else None
    statement = Statement(
        kind=said.kind or "fact",
        subject_type="area",
        subject=None,
        indicator=said.indicator,
        measure=said.measure or "level",
        value=words.ZERO,
        value_high=None,
        unit=unit.name if unit else None,
        comparator="eq",
        period=said.period,
        text="",
        scope=said.scope or scope,
        modality=said.modality,
        base=said.base,
        sheet=block.sheet,
        header_path=(*block.title, *header),
        indicator_id=said.indicator_id,
        breakdown=said.breakdown,
        parent_area=template.place,
        obs_status=(mark.obs_status if mark else None) or said.obs_status,
        caveats=(mark.caveat,) if mark and mark.caveat else (),
        template=template.name,
    )
    return Wording(statement, column)


def _place(area: Area | None, place: str | None) -> Place:
    if area is None:
        return place, None
    return place if not area.code and area.standing in ("sum", "whole") else area.label, area.code


def _conversion(said: Said) -> tuple[Decimal, bool]:
    """What a printed number is multiplied by, and whether it counts downwards."""
    unit = said.unit if said.measure != "rank" else None
    return unit.magnitude if unit is not None else words.ONE, said.negative


def _value(number: Number, magnitude: Decimal, is_negative: bool) -> Decimal:
    value = _EXACT.minus(number.value) if is_negative else number.value
    if magnitude != words.ONE:
        value = _EXACT.multiply(value, magnitude)
    return _tidy(value) if "." in number.printed or magnitude != words.ONE else value


def _tidy(value: Decimal) -> Decimal:
    """At most as fine as the warehouse keeps, without zeros behind the point."""
    value = value.quantize(_FINEST, ROUND_HALF_EVEN, _EXACT)
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize(_EXACT)
