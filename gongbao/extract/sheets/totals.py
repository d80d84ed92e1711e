"""Parts against totals: a shifted column or a misread digit shows as a total that its parts do not make.

A sum (合计) must equal its parts within rounding. The whole (全县) may exceed them, for what belongs to no part, but
no part sum may exceed the whole. Only what adds up across places by the catalogue is checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gongbao.extract.sheets import words
from gongbao.extract.sheets.figures import Figure, decimals
from gongbao.extract.sheets.layout import Block

Line = tuple[str | None, str | None, str | None, str, int]


def totals_hold(block: Block, figures: Sequence[Figure], place: str | None) -> bool:
    """Whether every total of the block agrees with its parts."""
    return all(_line_holds(line, _expected_parts(block), place) for line in _lines(block, figures).values())


def _lines(block: Block, figures: Sequence[Figure]) -> dict[Line, list[Figure]]:
    """Figures that add up: of one column where the places stand in rows, of one row where they stand in columns."""
    lines: dict[Line, list[Figure]] = {}
    for figure in figures:
        said = figure.said
        known = words.catalogue().get(said.indicator or "")
        if figure.area is None or known is None or not known.additive or said.measure not in (None, "level"):
            continue
        position = figure.column if block.layout.areas == "rows" else figure.row
        unit = said.unit.written if said.unit else None
        lines.setdefault((said.indicator, said.period, unit, said.kind or "fact", position), []).append(figure)
    return lines


def _line_holds(line: Sequence[Figure], expected_parts: int, place: str | None) -> bool:
    parts = [figure for figure in line if figure.area and _standing(figure, place) == "part"]
    total = sum((figure.value for figure in parts), Decimal(0))
    tolerance = _tolerance([figure for figure in line if figure.area and figure.area.standing != "of_which"])
    complete = len(parts) == expected_parts
    for figure in line:
        standing = _standing(figure, place)
        if standing not in ("sum", "whole") or not parts:
            continue
        if total > figure.value + tolerance:
            return False
        # A part without a figure counts as nothing only where the dash says so; that is not known here.
        if standing == "sum" and complete and total < figure.value - tolerance:
            return False
    return True


def _standing(figure: Figure, place: str | None) -> str:
    if figure.area is None:
        return "none"
    return "whole" if place and figure.area.label == place else figure.area.standing


def _expected_parts(block: Block) -> int:
    """How many parts the table lists."""
    template = block.template
    if block.layout.areas == "rows":
        labels = [words.fold(row.label) for row in block.rows]
    else:
        labels = [words.fold(path[-1]) for path in block.headers.values()]
    outside = (
        template.sum_labels,
        template.whole_labels,
        template.subtotals,
        template.of_which,
        template.unit_column,
    )
    return sum(not any(pattern.search(label) for pattern in outside) for label in labels)


def _tolerance(line: Sequence[Figure]) -> Decimal:
    """Half a unit of the last printed digit for every figure; nothing where whole things are counted."""
    finest = max((decimals(figure.printed) for figure in line), default=0)
    unit = line[0].said.unit if line else None
    counted = unit is not None and unit.magnitude == 1 and unit.name != "元" and finest == 0
    return Decimal(0) if counted else Decimal(len(line)).scaleb(-finest) / 2
