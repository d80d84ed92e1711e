"""A block's cells to figures: each number with its place, and what row and header say of it together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from gongbao.extract.grid import cell_address
from gongbao.extract.sheets import words
from gongbao.extract.sheets.labels import Said, inherit, read_path
from gongbao.extract.sheets.layout import Block, Grid
from gongbao.extract.sheets.template import Template
from gongbao.extract.sheets.words import TableUnit
from gongbao.extract.statement import Rejection, Statement

Standing = Literal["part", "subtotal", "of_which", "sum", "whole"]

_PERCENT = TableUnit("%", Decimal(1), "%")
# A unit cell that holds something else: no unit of the title may stand in for it.
_UNREADABLE = TableUnit("", Decimal(0), "")
# The warehouse keeps ten decimals; a stored binary fraction has more digits than anybody measured.
_FINEST = Decimal(1).scaleb(-10)


@dataclass(frozen=True, slots=True)
class Area:
    """A place as a label names it, and how it stands to the table's place.

    `part` of it, `subtotal` of some parts, `of_which` a part of a part, `sum` of all parts, or the `whole`.
    """

    label: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a block with all that is said of it. `printed` is the folded cell."""

    row: int
    column: int
    text: str
    printed: str
    is_number: bool
    value: Decimal
    area: Area | None
    said: Said
    path: tuple[str, ...]


def read_figures(grid: Grid, block: Block, default_period: str | None) -> tuple[list[Figure], list[Rejection]]:
    """The block's numbers in reading order, and the cells that are none of the places' figures."""
    furniture, unit_columns = _furniture(block)
    columns = [c for c in sorted(block.headers) if c not in furniture and c not in unit_columns]
    by_column, by_row = _said(grid, block, columns, unit_columns)
    default_period = default_period or _latest(by_column.values())
    figures, rejections = [], []
    for row in block.rows:
        for column in range(1, grid.width + 1):
            cell = grid.cell(row.number, column)
            folded = words.fold(cell.text)
            if column == block.stub or not any(c.isdigit() for c in folded) or block.template.missing.search(folded):
                continue
            if column in unit_columns:
                continue
            number = words.number(folded)
            if column in furniture or column not in block.headers or number is None:
                reason = furniture.get(column, "unreadable" if number is None else "unknown_block")
                rejections.append(_reject(grid, row.number, column, reason))
                continue
            said = by_column[column].over(by_row[row.number])
            if number[1]:
                said = replace(said, unit=_PERCENT)
            area = _area(block, row.label, block.headers[column])
            path = (*block.title, *block.headers[column], row.label)
            said = _complete(said, block, default_period)
            figures.append(Figure(row.number, column, cell.text, folded, cell.is_number, number[0], area, said, path))
    return figures, rejections


def reject_reason(figure: Figure) -> str | None:
    """Why a figure is no statement: nobody can tell what it measures, or in what."""
    if figure.said.indicator is None:
        return "header_unknown"
    if figure.said.unit in (None, _UNREADABLE) and figure.said.measure not in ("rank", "index"):
        return "unit_missing"
    return None


def statement(figure: Figure, sheet: str, place: str | None) -> Statement:
    """The figure as a statement about its place; sum and whole are statements about the table's place."""
    said, area = figure.said, figure.area
    standing = area.standing if area else "whole"
    unit = said.unit if said.measure != "rank" else None
    value = -figure.value if said.negative else figure.value
    value *= unit.magnitude if unit else 1
    if value != value.quantize(_FINEST, ROUND_HALF_EVEN):
        value = value.quantize(_FINEST, ROUND_HALF_EVEN)
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    return Statement(
        kind=said.kind or "fact",
        subject_type="area",
        subject=place if standing in ("sum", "whole") or area is None else area.label,
        indicator=said.indicator,
        measure=said.measure or "level",
        value=value,
        value_high=None,
        unit=unit.name if unit else None,
        comparator="eq",
        period=said.period,
        text=figure.text,
        scope=said.scope or (area.label if area and standing == "sum" else None),
        modality=said.modality,
        base=said.base,
        sheet=sheet,
        cell=cell_address(figure.row, figure.column),
        header_path=figure.path,
    )


def percent_as_fraction(figures: Sequence[Figure]) -> list[Figure]:
    """Figures under % that are stored as fractions: Excel shows 5.3% for a stored 0.053, and a reader sees the latter.

    A line of at least three is taken for such where all lie between -1 and 1 and most have three decimals or more.
    """
    found = []
    lines: dict[tuple[str, int], list[Figure]] = {}
    for figure in figures:
        unit = figure.said.unit
        if figure.is_number and figure.value and unit is not None and unit.name == "%":
            lines.setdefault(("column", figure.column), []).append(figure)
            lines.setdefault(("row", figure.row), []).append(figure)
    for line in lines.values():
        fine = sum(decimals(figure.printed) >= 3 for figure in line)
        if len(line) >= 3 and fine * 2 > len(line) and all(abs(figure.value) < 1 for figure in line):
            found.extend(line)
    return found


def decimals(printed: str) -> int:
    """How many decimals a printed number has."""
    return len(printed.rstrip("%").partition(".")[2])


def _furniture(block: Block) -> tuple[dict[int, str], set[int]]:
    """Columns that hold no figures with the reason, and columns of units."""
    furniture, unit_columns = {}, set()
    for column, path in block.headers.items():
        leaf = words.fold(path[-1])
        reason = next((reason for label, reason in block.template.furniture if label.search(leaf)), None)
        if reason:
            furniture[column] = reason
        elif block.template.unit_column.search(leaf):
            unit_columns.add(column)
    return furniture, unit_columns


def _said(
    grid: Grid, block: Block, columns: Sequence[int], unit_columns: Iterable[int]
) -> tuple[dict[int, Said], dict[int, Said]]:
    """What each column's header and each row's label say."""
    template = block.template
    row_units = {row.number: _row_unit(grid, row.number, unit_columns, template) for row in block.rows}
    if block.layout.areas == "rows":
        headers = inherit([read_path(block.headers[column], template) for column in columns])
        return dict(zip(columns, headers, strict=True)), {n: Said(unit=unit) for n, unit in row_units.items()}
    labels = inherit([read_path((*filter(None, [row.section]), row.label), template) for row in block.rows])
    by_row = {
        row.number: replace(said, unit=row_units[row.number] or said.unit)
        for row, said in zip(block.rows, labels, strict=True)
    }
    # In a header of places the only words that count are those of time, growth and plans.
    headers = [replace(read_path(block.headers[column], template), indicator=None) for column in columns]
    headers = [said if said.measure else replace(said, unit=None) for said in headers]
    return dict(zip(columns, headers, strict=True)), by_row


def _row_unit(grid: Grid, row: int, unit_columns: Iterable[int], template: Template) -> TableUnit | None:
    """The unit in a row's unit cell; `_UNREADABLE` where something stands there that is none."""
    for column in unit_columns:
        folded = words.fold(grid.label(row, column))
        if not template.missing.search(folded):
            return words.unit(folded.strip("()")) or _UNREADABLE
    return None


def _area(block: Block, row_label: str, path: Sequence[str]) -> Area | None:
    """The place of a figure: the row's label, or the header's last label unless that only says when."""
    written = row_label if block.layout.areas == "rows" else path[-1]
    folded = words.fold(written)
    template = block.template
    bare = template.of_which.sub("", folded)
    if template.sum_labels.search(bare):
        return Area(bare, "sum")
    if template.whole_labels.search(bare):
        return Area(bare, "whole")
    if template.subtotals.search(bare):
        return Area(bare, "subtotal")
    if block.layout.areas == "columns":
        said = read_path(path[-1:], template)
        if said.indicator is None or said.period or said.measure or said.kind or said.previous_year:
            return None
    return Area(bare, "of_which" if bare != folded else "part")


def _complete(said: Said, block: Block, default_period: str | None) -> Said:
    """The slots that title, unit row and catalogue fill in."""
    known = words.catalogue().get(said.indicator or "")
    unit = said.unit
    if unit is None and said.measure not in ("rank", "index"):
        candidates = [u for u in block.units if known is None or words.fits(u, known)]
        if known is None and len(block.units) > 1:
            candidates = []
        unit = candidates[0] if len(candidates) == 1 else None
    kind, modality = said.kind, said.modality
    title = words.fold("".join(block.title))
    planned = block.template.plan_title.search(title)
    if kind is None and planned and said.measure != "completion":
        kind, modality = "target", modality or planned.group(1)
    period = said.period or default_period
    if period and said.previous_year and not said.period:
        period = f"{int(period[:4]) - 1}{period[4:]}".replace(f"/{period[:4]}", f"/{int(period[:4]) - 1}")
    if period and kind == "target" and not said.period:
        period = period[:4]
    if period and known and known.is_stock and said.measure in (None, "level"):
        period = words.stock_period(period)
    return replace(said, unit=unit, kind=kind, modality=modality, period=period)


def _latest(said: Iterable[Said]) -> str | None:
    periods = sorted(each.period for each in said if each.period)
    return periods[-1] if periods else None


def _reject(grid: Grid, row: int, column: int, reason: str) -> Rejection:
    return Rejection(grid.cell(row, column).text, reason, sheet=grid.name, cell=cell_address(row, column))
