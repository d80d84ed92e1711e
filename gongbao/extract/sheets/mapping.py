"""What the rows and columns of a block are, by a template: its rules first, then what the axis is by role.

A template with rules must account for every label and every unit of the block; what it does not know is a problem, and
a block with a problem is left to a curator as a whole. A moved unit, an inserted column, a renamed header show here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from gongbao.extract.sheets import words
from gongbao.extract.sheets.filled_grid import Grid
from gongbao.extract.sheets.labels import Said, inherit, read_path
from gongbao.extract.sheets.layout import Block, Row
from gongbao.extract.sheets.template import Axis, Rule, Template
from gongbao.extract.sheets.words import TableUnit
from gongbao.grid import cell_address

Standing = Literal["part", "subtotal", "of_which", "sum", "whole"]

UNREADABLE: Final = TableUnit("", words.ZERO, "")
"""A unit cell that holds something else: no unit of the title may stand in for it."""
NOTHING: Final = Said()
"""What a label says that only names a place."""
_FOREIGN: Final = re.compile(r"[^\u4e00-\u9fff]*[a-z][^\u4e00-\u9fff]*")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Area:
    """A place as a label names it, and how it stands to the table's place.

    `part` of it, `subtotal` of some parts, `of_which` a part of a part, `sum` of all parts, or the `whole`. `code`
    where the sheet has a column of codes.
    """

    label: str
    standing: Standing
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What a row or a column says of its figures; `skip` is why it has none."""

    path: str
    said: Said
    area: Area | None = None
    skip: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A block as its template reads it: what the title, each row and each column say, and what is unclear.

    `beside` says why numbers in columns of labels are no figures: serial numbers, codes.
    """

    table: Said
    rows: dict[int, Line]
    columns: dict[int, Line]
    beside: dict[int, str]
    unit_columns: frozenset[int]
    problems: tuple[str, ...]


def joined(path: Sequence[str]) -> str:
    """The labels of a path as rules see them: plain, units taken out, translations left out: `出生/人数`."""
    plain = [words.plain(label) for label in path]
    if any(_CHINESE.search(label) for label in plain):
        plain = [label for label in plain if not _FOREIGN.fullmatch(label) or words.unit(label.strip("()"))]
    bare = [words.split_unit(label)[0] for label in plain]
    return "/".join(dict.fromkeys(label for label in bare if label))


def map_block(grid: Grid, block: Block, template: Template) -> Mapping:
    """What each row and column of the block is by the template."""
    unit_columns = frozenset(_unit_columns(grid, block, template))
    figure_columns = [c for c in sorted(block.headers) if c not in block.label_columns and c not in unit_columns]
    problems: list[str] = []
    columns = _lines(
        {c: block.headers[c] for c in figure_columns}, template.columns, template, problems, block.header_rows.start
    )
    stub = _stub(block, template, problems)
    codes = _code_column(block, template, problems)
    if codes in columns:
        del columns[codes]
    labels = {row.number: _row_path(grid, row, stub, block, template) for row in block.rows}
    rows = _lines(labels, template.rows, template, problems, None)
    for number, line in rows.items():
        unit = _row_unit(grid, number, unit_columns)
        if unit is not None:
            line = replace(line, said=replace(line.said, unit=unit))
        if codes is not None and line.area is not None:
            code = re.sub(r"\.0$", "", words.fold(grid.label(number, codes)))
            line = replace(line, area=replace(line.area, code=code if re.fullmatch(r"\d{6,12}", code) else None))
        rows[number] = line
    beside = {c: _furniture(block.headers.get(c, ()), template) or "table_furniture" for c in block.label_columns}
    if codes is not None:
        beside[codes] = "list_number"
    return Mapping(_of_table(block, template), rows, columns, beside, unit_columns, tuple(dict.fromkeys(problems)))


def _of_table(block: Block, template: Template) -> Said:
    title = words.fold("".join(block.title))
    for rule in template.table:
        match = rule.path.search(title)
        if match:
            return replace(_ruled((), title, rule, match, template).said, period=None)
    return NOTHING


def _row_path(grid: Grid, row: Row, stub: int, block: Block, template: Template) -> tuple[str, ...]:
    if stub != block.stub:
        return (words.plain(grid.label(row.number, stub)),)
    if template.rows.read == "labels":  # 其中:税收收入 set in below its whole is an indicator by itself
        return (*filter(None, [row.section]), row.label)
    return row.path


def _lines(
    labels: dict[int, tuple[str, ...]], axis: Axis, template: Template, problems: list[str], header_row: int | None
) -> dict[int, Line]:
    """The lines of an axis; a label that nothing accounts for is a problem."""
    found: dict[int, Line] = {}
    read: dict[int, tuple[str, ...]] = {}
    by_path: dict[tuple[str, ...], Line | None] = {}
    for number, path in labels.items():
        where = cell_address(header_row, number) if header_row else f"row {number}"
        if path not in by_path:
            by_path[path] = _line(path, axis, template)
        line = by_path[path]
        if line is None and not joined(path):
            # Numbers without a head may have pushed all others aside; a row without a label pushes nothing.
            if header_row or template.is_ruled:
                problems.append(f"{where}: no label")
        elif line is None and axis.read == "labels":
            read[number] = path
        elif line is None:
            problems.append(f"{where}: {joined(path)!r} is not in the template")
        else:
            found[number] = line
    said = inherit([read_path(path, template) for path in read.values()])
    for (number, path), each in zip(read.items(), said, strict=True):
        found[number] = Line(joined(path), each)
    return dict(sorted(found.items()))


def _line(path: tuple[str, ...], axis: Axis, template: Template) -> Line | None:
    """What a label is by the rules, by the furniture, by the axis's role; null where none of them knows it."""
    shown = joined(path)
    for rule in axis.rules:
        match = rule.path.search(shown)
        if match:
            return _ruled(path, shown, rule, match, template)
    reason = _furniture(path, template)
    if reason:
        return Line(shown, Said(), skip=reason)
    if not shown:
        return None
    if axis.role == "area":
        return _of_area(path, shown, axis, template)
    if axis.role == "period":
        period = words.period(words.fold(path[-1]))
        return Line(shown, Said(period=period)) if period else None
    return None


def _furniture(path: Sequence[str], template: Template) -> str | None:
    leaf = words.fold(path[-1]) if path else ""
    return next((each.reason for each in template.furniture if each.label.search(leaf)), None)


def _ruled(path: Sequence[str], shown: str, rule: Rule, match: re.Match[str], template: Template) -> Line:
    groups = match.groupdict()
    unit = words.unit(groups["unit"]) if groups.get("unit") else _stated_unit(path)
    period = rule.period if rule.period != "previous_year" else None
    if groups.get("period"):
        period = words.period(groups["period"])
    elif period is None and rule.period is None:
        period = next((p for label in path if (p := words.period(words.fold(label)))), None)
    if rule.measure in ("growth", "completion", "share") and unit is None and rule.unit is None:
        unit = words.unit("%")
    named = words.by_id()[rule.indicator].name if rule.indicator else None
    if rule.unmapped:
        named = f"{shown} · {template.what}"  # with the table's name: by itself the label might be another's alias
    said = Said(
        indicator=named,
        indicator_id=rule.indicator,
        breakdown=rule.breakdown,
        unit=unit,
        measure=rule.measure,
        base=rule.base or ("year" if rule.measure == "growth" else None),
        kind=rule.kind,
        period=period,
        previous_year=rule.period == "previous_year",
        negative=rule.negative,
        scope=rule.scope,
        key=rule.key or (rule.indicator if not rule.breakdown and rule.measure in (None, "level") else None),
        rule=rule,
    )
    return Line(shown, said, skip=rule.skip)


def _of_area(path: Sequence[str], shown: str, axis: Axis, template: Template) -> Line:
    """A label that names a place, under labels that may say when; with `read`, what else it says by the words."""
    if axis.read == "labels":
        said = read_path(path[-1:], template)
        says_else = said.indicator is None or said.period or said.measure or said.kind or said.previous_year
        area = None if says_else and axis is template.columns else area_of(words.plain(path[-1]), template)
        said = replace(read_path(path, template), indicator=None) if axis is template.columns else NOTHING
        return Line(shown, said if said.measure else replace(said, unit=None), area)
    period = next((p for label in path[:-1] if (p := words.period(words.fold(label)))), None)
    # Rows that say nothing but their place share one record: what columns say of them is then worked out once.
    return Line(shown, Said(period=period) if period else NOTHING, area_of(words.plain(path[-1]), template))


def area_of(label: str, template: Template) -> Area:
    """The place that a plain label names, and how it stands to the table's."""
    bare = template.of_which.sub("", label)
    if template.sum_labels.search(bare):
        return Area(bare, "sum")
    if template.whole_labels.search(bare):
        return Area(bare, "whole")
    if template.subtotals.search(bare):
        return Area(bare, "subtotal")
    return Area(bare, "of_which" if bare != label else "part")


def _stated_unit(path: Sequence[str]) -> TableUnit | None:
    found = [unit for label in path if (unit := words.split_unit(words.plain(label))[1]) is not None]
    return found[-1] if found else None


def _unit_columns(grid: Grid, block: Block, template: Template) -> list[int]:
    """Columns of words that are headed as units, or hold hardly anything else."""
    found = []
    for column in block.label_columns:
        if column == block.stub:
            continue
        head = block.headers.get(column, ())
        cells = [words.fold(grid.label(row.number, column)).strip("()") for row in block.rows]
        filled = [cell for cell in cells if cell]
        of_units = sum(words.unit(cell) is not None for cell in filled)
        if (head and template.unit_column.search(words.fold(head[-1]))) or (filled and of_units * 2 > len(filled)):
            found.append(column)
    return found


def _row_unit(grid: Grid, row: int, unit_columns: frozenset[int]) -> TableUnit | None:
    """The unit in a row's unit cell; `UNREADABLE` where something stands there that is none."""
    for column in sorted(unit_columns):
        folded = words.fold(grid.label(row, column)).strip("()")
        if folded and folded not in ("-", "—"):
            return words.unit(folded) or UNREADABLE
    return None


def _stub(block: Block, template: Template, problems: list[str]) -> int:
    if template.rows.stub is None:
        return block.stub
    for column in block.label_columns:
        if template.rows.stub.search(joined(block.headers.get(column, ()))):
            return column
    problems.append(f"no column of labels is headed {template.rows.stub.pattern}")
    return block.stub


def _code_column(block: Block, template: Template, problems: list[str]) -> int | None:
    if template.rows.codes is None:
        return None
    for column, path in block.headers.items():
        if template.rows.codes.search(joined(path)):
            return column
    problems.append(f"no column is headed {template.rows.codes.pattern}")
    return None
