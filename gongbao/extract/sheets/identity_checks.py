"""The identities of a template against the figures of a table, place by place and year by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from gongbao.extract.sheets.figures import Figures, Number, counts_exactly
from gongbao.extract.sheets.identities import Expression, Interval, interval
from gongbao.extract.sheets.labels import Said
from gongbao.extract.sheets.template import Template
from gongbao.extract.statement import Identity
from gongbao.grid import cell_address

_SHOWN = 8


Cited = tuple[Figures, int, Interval]
"""A figure that an identity names: its block, its position in there, and what its digits allow."""
Groups = dict[tuple[str, str], dict[str, Cited]]
"""The figures of each place and year, by their keys."""


def grouped(blocks: Sequence[Figures], identities: Sequence[Expression]) -> Groups:
    """The figures of the blocks that identities name; a key that stands twice for a place and year tells nothing."""
    wanted = frozenset[str]().union(*(each.keys for each in identities))
    groups: Groups = defaultdict(dict)
    twice: set[tuple[tuple[str, str], str]] = set()
    for figures in blocks:
        labels = [(area.code or area.label) if area is not None else "" for area in figures.areas]
        told = [(said.key or "", (said.period or "")[:4]) for said in figures.sayings]
        for at in figures.where(lambda said: said.key in wanted):
            saying = figures.said[at]
            key, year = told[saying]
            allowed = _interval(figures.numbers[figures.number[at]], figures.sayings[saying])
            place = (labels[figures.area[at]], year)
            group = groups[place]
            if key in group:
                twice.add((place, key))
            group[key] = (figures, at, allowed)
    for place, key in twice:
        del groups[place][key]
    return groups


def check_identity(expression: Expression, groups: Groups, template: Template) -> tuple[Identity, list[Cited]]:
    """How often the identity holds, and the figures of failures that the template knows and explains."""
    held, failed, unexplained = 0, 0, []
    explained: list[Cited] = []
    keys = sorted(expression.keys)
    for (label, period), figures in groups.items():
        if not expression.keys <= figures.keys():
            continue
        holds = expression.holds({key: figures[key][2] for key in keys})
        if holds is None:
            continue
        if holds:
            held += 1
            continue
        failed += 1
        involved = [figures[key] for key in keys]
        known = [each for each in template.known_failures if each.key in expression.keys]
        if any(each.label == label and each.period == period for each in known):
            explained += involved
        else:
            cells = ", ".join(map(_shown, involved))
            unexplained.append(f"{label} {period} ({cells})".strip())
    detail = "; ".join(unexplained[:_SHOWN]) or None
    return Identity(expression.text, held, failed, detail), explained


def _interval(number: Number, said: Said) -> Interval:
    if counts_exactly(said, number.decimals):
        return number.value, number.value
    magnitude = said.unit.magnitude if said.unit else Decimal(1)
    low, high = interval(number.value, number.decimals)
    return low * magnitude, high * magnitude


def _shown(cited: Cited) -> str:
    figures, at, _ = cited
    return f"{cell_address(figures.row[at], figures.column(at))} {figures[at].printed}"
