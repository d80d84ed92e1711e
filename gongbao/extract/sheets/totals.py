"""Parts against totals: a shifted column or a misread digit shows as a total that its parts do not make.

A sum (合计) must equal its parts within rounding. The whole (全县) may exceed them, for what belongs to no part, but
no part sum may exceed the whole. What adds up across places is checked: by the catalogue, or by the template.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gongbao.extract.sheets import words
from gongbao.extract.sheets.figures import Figure, Figures, counts_exactly
from gongbao.extract.sheets.labels import Said
from gongbao.extract.sheets.mapping import Area, Mapping
from gongbao.extract.sheets.template import Template
from gongbao.extract.statement import Identity

Line = tuple[str | None, str | None, str | None, str | None, str, int]


def check_totals(
    template: Template, mapping: Mapping, figures: Figures, place: str | None
) -> tuple[Identity, set[int]]:
    """How many totals of the block agree with their parts, and how many do not; `detail` names the first of those.

    With it the positions of totals that the template knows to be wrong in the source.
    """
    held, failed, failures = 0, 0, []
    broken: set[int] = set()
    by_rows = any(line.area for line in mapping.rows.values())
    parts = _listed_parts(mapping, by_rows)
    has_total = any(area is not None and _stands(area, place) in ("sum", "whole") for area in figures.areas)
    lines = _lines(template, figures, by_rows) if has_total else {}
    for line in lines.values():
        verdict = _failures([figures[at] for at in line], parts, place, template)
        if verdict is None:
            continue
        held += not verdict
        failed += bool(verdict)
        for number, figure, what in verdict:
            if _is_known(figure, template):
                broken.add(line[number])
            else:
                failures.append(what)
    return Identity("parts = total", held, failed, "; ".join(failures[:5]) or None), broken


def _is_known(figure: Figure, template: Template) -> bool:
    label = figure.area.label if figure.area else ""
    period = (figure.said.period or "")[:4]
    known = template.known_failures
    return any(each.key == figure.said.key and each.label == label and each.period == period for each in known)


def _lines(template: Template, figures: Figures, by_rows: bool) -> dict[Line, list[int]]:
    """Figures that add up: of one column where the places stand in rows, of one row where they stand in columns."""
    lines: dict[Line, list[int]] = {}
    for at in figures.where(lambda said: said.measure in (None, "level") and _adds_up(said, template)):
        if figures.areas[figures.area[at]] is None:
            continue
        said = figures.sayings[figures.said[at]]
        position = figures.column(at) if by_rows else figures.row[at]
        unit = said.unit.written if said.unit else None
        key = (said.indicator, said.breakdown, said.period, unit, said.kind or "fact", position)
        lines.setdefault(key, []).append(at)
    return lines


def _adds_up(said: Said, template: Template) -> bool:
    if said.key in template.totals:
        return True
    known = words.by_id()[said.indicator_id] if said.indicator_id else words.catalogue().get(said.indicator or "")
    return known is not None and known.additive


def _failures(
    line: Sequence[Figure], listed: int, place: str | None, template: Template
) -> list[tuple[int, Figure, str]] | None:
    """The totals of a line that are wrong, by their positions in it, and how; null where nothing can be checked."""
    parts = [figure for figure in line if _standing(figure, place) == "part"]
    totals = [(at, figure) for at, figure in enumerate(line) if _standing(figure, place) in ("sum", "whole")]
    if not parts or not totals:
        return None
    total = sum((figure.value for figure in parts), Decimal(0))
    tolerance = _tolerance([figure for figure in line if figure.area and figure.area.standing != "of_which"])
    complete = len(parts) == listed
    wrong = []
    for at, figure in totals:
        label = figure.area.label if figure.area else ""
        exact = _standing(figure, place) == "sum" or figure.said.key in template.totals
        if total > figure.value + tolerance or (
            # A part without a figure counts as nothing only where the dash says so; that is not known here.
            exact and complete and total < figure.value - tolerance
        ):
            what = f"{label} {figure.said.indicator} {figure.said.period}: {figure.printed}, its parts make {total}"
            wrong.append((at, figure, what))
    return wrong


def _standing(figure: Figure, place: str | None) -> str:
    return "none" if figure.area is None else _stands(figure.area, place)


def _stands(area: Area, place: str | None) -> str:
    return "whole" if place and area.label == place else area.standing


def _listed_parts(mapping: Mapping, by_rows: bool) -> int:
    """How many parts the table lists."""
    lines = mapping.rows if by_rows else mapping.columns
    return sum(line.area is not None and line.area.standing == "part" for line in lines.values())


def _tolerance(line: Sequence[Figure]) -> Decimal:
    """Half a unit of the last printed digit for every figure; nothing where whole things are counted."""
    finest = max((figure.number.decimals for figure in line), default=0)
    if line and counts_exactly(line[0].said, finest):
        return Decimal(0)
    return Decimal(len(line)).scaleb(-finest) / 2
