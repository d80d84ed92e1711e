"""A block's cells to figures: each number with its place, and what row and header say of it together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from gongbao.extract.grid import cell_address
from gongbao.extract.sheets import words
from gongbao.extract.sheets.filled_grid import Grid
from gongbao.extract.sheets.labels import Said
from gongbao.extract.sheets.layout import Block
from gongbao.extract.sheets.mapping import UNREADABLE, Area, Line, Mapping
from gongbao.extract.sheets.template import Rule, Template
from gongbao.extract.sheets.words import TableUnit
from gongbao.extract.statement import Rejection, Statement

# A number in these is never a count, though it be whole: a workbook stores 85 for 85.0.
_ROUNDED: Final = frozenset({"元", "%", "‰"})
_PERCENT: Final = TableUnit("%", Decimal(1), "%")
# The warehouse keeps ten decimals; a stored binary fraction has more digits than anybody measured.
_FINEST: Final = Decimal(1).scaleb(-10)
_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a block with all that is said of it. `printed` is the folded cell, `label` that of its row."""

    row: int
    column: int
    text: str
    printed: str
    is_number: bool
    value: Decimal
    area: Area | None
    said: Said
    label: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a block in reading order, the cells that are none, what is unclear, and marks by their meaning."""

    figures: tuple[Figure, ...]
    rejections: tuple[Rejection, ...]
    problems: tuple[str, ...]
    marks: tuple[tuple[str, int], ...]


def read_figures(grid: Grid, block: Block, template: Template, mapping: Mapping, period: str | None) -> Figures:
    """The block's numbers in reading order, and the cells that are none of the places' figures."""
    if period is None and not template.is_ruled:
        period = _latest(line.said for line in mapping.columns.values())
    figures: list[Figure] = []
    rejections: list[Rejection] = []
    problems: list[str] = []
    marks: dict[str, int] = {}
    slots: dict[tuple[int, int], Said | str] = {}
    for row in block.rows:
        line = mapping.rows.get(row.number)
        for column in range(block.left, block.right + 1):
            cell = grid.cell(row.number, column)
            if column in mapping.unit_columns or column == block.stub:
                continue
            of_column = mapping.columns.get(column)
            folded = cell.text if cell.is_number else words.fold(cell.text)
            if not cell.is_number and not any(c.isdigit() for c in folded):
                if of_column is not None and (meaning := template.mark(folded)):
                    marks[meaning] = marks.get(meaning, 0) + 1
                elif of_column is not None and not of_column.skip:
                    rejections.append(_reject(grid, row.number, column, "unreadable"))
                continue
            if line is None or of_column is None:
                rejections.append(_reject(grid, row.number, column, mapping.beside.get(column, "unknown_block")))
                continue
            number = words.number(folded)
            skip = line.skip or of_column.skip or _excluded(line, of_column, template)
            if skip or number is None:
                rejections.append(_reject(grid, row.number, column, skip or "unreadable"))
                continue
            # Rows that say the same of all columns share what is worked out: most tables have a thousand such rows.
            key = (id(line.said), column)
            said = slots.get(key)
            if said is None:
                said = slots[key] = _complete(
                    of_column.said.over(line.said).over(mapping.table), block, template, period
                )
            if isinstance(said, str):
                problems.append(f"{cell_address(row.number, column)}: {said}")
                continue
            if number[1] and said.unit != _PERCENT:
                if said.rule is not None and said.rule.unit is not None and "%" not in _allowed(said.rule):
                    problems.append(f"{cell_address(row.number, column)}: a per cent sign under {said.indicator}")
                    continue
                said = replace(said, unit=_PERCENT)
            area = line.area or of_column.area
            figures.append(
                Figure(row.number, column, cell.text, folded, cell.is_number, number[0], area, said, row.label)
            )
    return Figures(tuple(figures), tuple(rejections), tuple(dict.fromkeys(problems)), tuple(sorted(marks.items())))


def reject_reason(figure: Figure) -> str | None:
    """Why a figure is no statement: nobody can tell what it measures, or in what."""
    if figure.said.indicator is None:
        return "header_unknown"
    if figure.said.unit in (None, UNREADABLE) and figure.said.measure not in ("rank", "index"):
        return "unit_missing"
    return None


def statement(
    figure: Figure, block: Block, place: str | None, template: Template, marks: tuple[str | None, str | None]
) -> Statement:
    """The figure as a statement about its place; sum and whole are statements about the table's place.

    `marks` are what a note says of it: an obs_status and a caveat.
    """
    said, area = figure.said, figure.area
    standing = area.standing if area else "whole"
    unit = said.unit if said.measure != "rank" else None
    value = -figure.value if said.negative else figure.value
    if unit is not None and unit.magnitude != _ONE:
        value *= unit.magnitude
    if "." in figure.printed or (unit is not None and unit.magnitude != _ONE):
        value = _tidy(value)
    code = area.code if area else None
    return Statement(
        kind=said.kind or "fact",
        subject_type="area",
        subject=place if not code and (area is None or standing in ("sum", "whole")) else area.label if area else None,
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
        sheet=block.sheet,
        cell=cell_address(figure.row, figure.column),
        header_path=(*block.title, *block.headers[figure.column], figure.label),
        indicator_id=said.indicator_id,
        breakdown=said.breakdown,
        ref_area=code,
        parent_area=template.place,
        obs_status=marks[0],
        caveats=(marks[1],) if marks[1] else (),
        template=template.name,
    )


def _tidy(value: Decimal) -> Decimal:
    """At most as fine as the warehouse keeps, without zeros behind the point."""
    if value != value.quantize(_FINEST, ROUND_HALF_EVEN):
        value = value.quantize(_FINEST, ROUND_HALF_EVEN)
    return value.quantize(_ONE) if value == value.to_integral_value() else value.normalize()


def percent_as_fraction(figures: Sequence[Figure], template: Template) -> list[Figure]:
    """Figures under % that are stored as fractions: Excel shows 5.3% for a stored 0.053, and a reader sees the latter.

    A line of at least three is taken for such where all lie between -1 and 1 and most have three decimals or more; of
    a template that names its indicators, all figures of one are a line.
    """
    found = []
    lines: dict[tuple[str, int | str], list[Figure]] = {}
    for figure in figures:
        unit = figure.said.unit
        if not (figure.is_number and figure.value and unit is not None and unit.name == "%"):
            continue
        if template.is_ruled:
            lines.setdefault(("indicator", f"{figure.said.indicator} {figure.said.measure}"), []).append(figure)
        else:
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


def counts_exactly(figure: Figure, finest: int) -> bool:
    """Whether a figure counts whole things: only then do parts add up to the last digit."""
    unit, rule = figure.said.unit, figure.said.rule
    if rule is not None and rule.rounded:
        return False
    return unit is not None and unit.magnitude == 1 and unit.name not in _ROUNDED and finest == 0


def _excluded(row: Line, column: Line, template: Template) -> str | None:
    return next(
        (each.reason for each in template.exclude if each.row.search(row.path) and each.column.search(column.path)),
        None,
    )


def _complete(said: Said, block: Block, template: Template, default_period: str | None) -> Said | str:
    """The slots that title, unit row and catalogue fill in; or what is unclear, where a rule expects it to be clear."""
    known = words.by_id()[said.indicator_id] if said.indicator_id else words.catalogue().get(said.indicator or "")
    said = _with_unit(said, block, known)
    if template.is_ruled and said.indicator is None:
        return "neither its row nor its column names an indicator"
    wrong = _unit_problem(said) if said.rule else None
    if wrong:
        return wrong
    kind, modality = said.kind, said.modality
    planned = template.plan_title.search(words.fold("".join(block.title)))
    if kind is None and planned and said.measure != "completion":
        kind, modality = "target", modality or planned.group(1)
    period = said.period or default_period
    if period and said.previous_year and not said.period:
        period = f"{int(period[:4]) - 1}{period[4:]}".replace(f"/{period[:4]}", f"/{int(period[:4]) - 1}")
    if period and kind == "target" and not said.period:
        period = period[:4]
    if period and known and known.is_stock and said.measure in (None, "level"):
        period = words.stock_period(period)
    if template.is_ruled and period is None:
        return "neither title, sheet, file nor labels say when"
    return replace(said, kind=kind, modality=modality, period=period)


def _with_unit(said: Said, block: Block, known: words.Indicator | None) -> Said:
    """The unit that the labels state, else the one of the title's units that fits, else the one assumed."""
    rule = said.rule
    unit = said.unit
    if unit is None and said.measure not in ("rank", "index"):
        candidates = [u for u in block.units if known is None or words.fits(u, known)]
        if rule is not None and rule.unit is not None:
            candidates = [u for u in block.units if u.written in _allowed(rule)]
        elif known is None and len(block.units) > 1:
            candidates = []
        unit = candidates[0] if len(candidates) == 1 else None
    if unit is None and rule is not None and rule.assume and not block.units:
        unit = words.unit(words.fold(rule.assume))
    if unit is not None and rule is not None and isinstance(rule.unit, dict):
        meant = {words.fold(printed): meant for printed, meant in rule.unit.items()}.get(unit.written)
        unit = words.unit(words.fold(meant)) if meant else unit
    return replace(said, unit=unit)


def _unit_problem(said: Said) -> str | None:
    rule, unit = said.rule, said.unit
    if rule is None or said.measure in ("rank", "index"):
        return None
    if unit is None:
        return f"no unit is stated for {said.indicator}"
    if unit == UNREADABLE:
        return "its unit cell holds no unit"
    if isinstance(rule.unit, dict):
        expected = frozenset(words.fold(each) for each in rule.unit.values())
    elif said.measure in ("growth", "completion", "share") and rule.measure != said.measure:
        expected = frozenset({"%"})  # the column says how much more: the row's unit is that of the level
    else:
        expected = _allowed(rule)
    if rule.unit is not None and unit.written not in expected:
        return f"the unit {unit.written}, where {'、'.join(sorted(expected))} is expected"
    return None


def _allowed(rule: Rule) -> frozenset[str]:
    """The units that the sheet may state for the rule's figures; of a known misprint both."""
    if isinstance(rule.unit, dict):
        return frozenset(words.fold(each) for each in (*rule.unit, *rule.unit.values()))
    units = (rule.unit,) if isinstance(rule.unit, str) else rule.unit or ()
    return frozenset(words.fold(each) for each in units)


def _latest(said: Iterable[Said]) -> str | None:
    periods = sorted(each.period for each in said if each.period)
    return periods[-1] if periods else None


def _reject(grid: Grid, row: int, column: int, reason: str) -> Rejection:
    return Rejection(grid.cell(row, column).text, reason, sheet=grid.name, cell=cell_address(row, column))
