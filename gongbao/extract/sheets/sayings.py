"""What row, column, title and catalogue say of a figure together, and whether that is all that a template expects."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gongbao.extract.sheets import words
from gongbao.extract.sheets.labels import Said
from gongbao.extract.sheets.layout import Block
from gongbao.extract.sheets.mapping import UNREADABLE, Line
from gongbao.extract.sheets.template import Rule, Template
from gongbao.extract.sheets.words import TableUnit

PERCENT: Final = TableUnit("%", words.ONE, "%")


def complete(said: Said, block: Block, template: Template, default_period: str | None) -> Said | str:
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
    is_of_title = kind != "target" and not said.previous_year and said.period in (None, default_period)
    status = said.obs_status or (template.status(words.fold("".join(block.title))) if is_of_title else None)
    return replace(said, kind=kind, modality=modality, period=period, obs_status=None if kind == "target" else status)


def in_percent(said: Said) -> Said | str:
    """The same of a number that carries a per cent sign; or what is unclear, where a rule expects another unit."""
    if said.unit == PERCENT:
        return said
    if said.rule is not None and said.rule.unit is not None and "%" not in _allowed(said.rule):
        return f"a per cent sign under {said.indicator}"
    return replace(said, unit=PERCENT)


def in_unit_of_cell(said: Said, unit: TableUnit) -> Said | str | None:
    """The same of a number whose cell states its unit; null where the labels state none of that kind.

    What is unclear, where a rule expects another unit. 亿元 under 万元 is the cell's own; 人 under 万元 is no figure.
    """
    if said.unit is None or said.unit.name != unit.name:
        return None
    if said.unit == unit:
        return said
    if said.rule is not None and said.rule.unit is not None and unit.written not in _allowed(said.rule):
        return f"{unit.written} under {said.indicator}"
    return replace(said, unit=unit)


def exclusion(row: Line, column: Line, template: Template) -> str | None:
    """Why figures of a row and a column are none, though either has others; null where they are."""
    return next(
        (each.reason for each in template.exclude if each.row.search(row.path) and each.column.search(column.path)),
        None,
    )


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
