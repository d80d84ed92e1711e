"""What makes the reading of a block doubtful though every label is known: a curator looks before anything is read.

A title that says more than the template knows (…增长速度, …占比重), units that stand where no template looks, a column
without figures under its head, two figures of one thing, a count with decimals.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from functools import cache

from gongbao import reference
from gongbao.extract.sheets import words
from gongbao.extract.sheets.figures import Figures
from gongbao.extract.sheets.filled_grid import Grid, is_number
from gongbao.extract.sheets.labels import Said
from gongbao.extract.sheets.layout import Block
from gongbao.extract.sheets.mapping import Area, Mapping
from gongbao.extract.sheets.shapes import shapes
from gongbao.extract.sheets.template import Template
from gongbao.grid import cell_address


def of_layout(grid: Grid, block: Block, template: Template, mapping: Mapping) -> list[str]:
    """What is doubtful before the figures are read."""
    return [*_title(block, template), *_units(grid, block), *_empty_columns(grid, block, template, mapping)]


def of_twins(block: Block, mapping: Mapping) -> list[str]:
    """Columns that are headed alike and say the same: which of their figures counts, the table does not tell."""
    seen: set[Hashable] = set()
    found = []
    for column, line in mapping.columns.items():
        this = line.path, _thing(line.said), _identity(line.area)
        if line.skip is None and this in seen:
            found.append(f"{cell_address(block.header_rows.start, column)}: another column is headed {line.path!r}")
        seen.add(this)
    return found


def of_figures(figures: Figures, template: Template) -> list[str]:
    """What is doubtful of the figures themselves."""
    return [*_twice(figures, template), *_broken_counts(figures)]


def _title(block: Block, template: Template) -> Iterator[str]:
    title = words.fold("".join(words.plain(text) for text in block.title))
    known = [pattern for pattern in (template.match.title, *(rule.path for rule in template.table)) if pattern]
    spans = [match.span() for pattern in known if (match := pattern.search(title))]
    rest = "".join(c if not any(a <= n < b for a, b in spans) else " " for n, c in enumerate(title))
    more = shapes().changes.search(rest)
    if more:
        yield f"the title says more than the template knows: {more.group()}"
    stated = words.split_unit(rest)[1]
    if stated is not None and stated.written not in {unit.written for unit in block.units}:
        yield f"the title states the unit {stated.written} where no template looks"


def _units(grid: Grid, block: Block) -> Iterator[str]:
    for row in block.rows:
        if any(words.unit_line(words.fold(label)) is not None for label in row.path[:-1]):
            yield f"row {row.number}: a line of units stands above it inside the table"
            break
    for row_number in block.notes:
        note = words.fold("".join(grid.texts(row_number, block.left, block.right)))
        if shapes().of_units.search(note):
            yield f"row {row_number}: a note speaks of units"


def _empty_columns(grid: Grid, block: Block, template: Template, mapping: Mapping) -> Iterator[str]:
    """A column without a figure, where all the others have one: figures may have moved over by one.

    The newest of a row of years may well be empty: it is not out yet.
    """
    periods = [line.said.period for line in mapping.columns.values() if line.said.period]
    for column, line in mapping.columns.items():
        newest = template.columns.role == "period" and line.said.period == max(periods, default=None)
        if line.skip or newest or any(is_number(grid.cell(row.number, column)) for row in block.rows):
            continue
        yield f"{cell_address(block.header_rows.start, column)}: no figure stands under {line.path!r}"


def _twice(figures: Figures, template: Template) -> Iterator[str]:
    things = _numbered(_thing(said) for said in figures.sayings)
    # Of each figure one number: that of its place and of what it is, as the digits of one to this base.
    base = len(things) + 1
    places = [base * place for place in _numbered(_identity(area) for area in figures.areas)]
    found = [places[area] + things[said] for area, said in zip(figures.area, figures.said, strict=True)]
    if len(set(found)) == len(found):
        return
    times: dict[int, int] = {}
    for at, each in enumerate(found):
        times[each] = times.get(each, 0) + 1
        area = figures.areas[figures.area[at]]
        # Where codes tell places apart, rows without one are groups, whose names may well come again.
        is_group = template.rows.codes is not None and (area is None or not area.code)
        if times[each] == 2 and not is_group:
            figure = figures[at]
            what = f"{area.label if area else ''} {figure.said.indicator} {figure.said.period}".strip()
            yield f"{cell_address(figure.row, figure.column)}: another figure of {what} stands in the table"


def _identity(area: Area | None) -> Hashable:
    return (area.code or area.label, area.standing) if area else None


def _thing(said: Said) -> Hashable:
    """What a figure is a figure of, its place apart."""
    return said.indicator, said.breakdown, said.measure, said.base, said.kind, said.scope, said.period


def _numbered(each: Iterable[Hashable]) -> list[int]:
    """For each thing a number that equal ones share."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(one, len(numbers)) for one in each]


def _broken_counts(figures: Figures) -> Iterator[str]:
    for at in figures.where(_is_count, lambda number: number.decimals > 0):
        figure = figures[at]
        written = figure.said.unit.written if figure.said.unit else ""
        yield f"{cell_address(figure.row, figure.column)}: {figure.printed} {written} is no whole number"


def _is_count(said: Said) -> bool:
    known = words.by_id().get(said.indicator_id or "")
    counted = said.unit is not None and said.unit.magnitude == 1 and said.unit.name in _counts()
    return counted and known is not None and known.counts and said.measure in (None, "level")


@cache
def _counts() -> frozenset[str]:
    """The units in which whole things are counted."""
    return frozenset(
        row["spelling"] for row in reference.rows("units.csv") if row["dimension"] in ("count", "count_person")
    )
