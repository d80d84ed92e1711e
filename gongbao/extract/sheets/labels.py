"""What a row label or a column's header path says: indicator, unit, measure, period, fact or target.

Labels are read by the rules of the template: their words are taken out, and what remains is the indicator.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gongbao.extract.sheets import words
from gongbao.extract.sheets.template import LabelRule, ObsStatus, Rule, Template
from gongbao.extract.sheets.words import TableUnit
from gongbao.extract.statement import Kind, Measure

_COMMITMENT = re.compile(r"预期|计划|目标|任务")
_YEARS = re.compile(r"((?:19|20)\d{2})年?")
_PUNCTUATION = "、，,:;·-—"


@dataclass(frozen=True, slots=True)
class Said:
    """What a label says; null where it is silent. `indicator` is null for a column that only says 比上年增长.

    Only a template's rule says `indicator_id` and `breakdown`; the rule stands with it, as it also says what units are
    expected. `key` is the figure's name in identities.
    """

    indicator: str | None = None
    indicator_id: str | None = None
    breakdown: str | None = None
    unit: TableUnit | None = None
    measure: Measure | None = None
    base: str | None = None
    kind: Kind | None = None
    modality: str | None = None
    period: str | None = None
    previous_year: bool = False
    negative: bool = False
    scope: str | None = None
    obs_status: ObsStatus | None = None
    key: str | None = None
    rule: Rule | None = None

    def over(self, other: Said) -> Said:
        """The slots of this label, and the other's where it is silent."""
        return Said(
            indicator=self.indicator or other.indicator,
            indicator_id=self.indicator_id or other.indicator_id,
            breakdown=";".join(sorted(filter(None, (self.breakdown, other.breakdown)))) or None,
            unit=self.unit or other.unit,
            measure=self.measure or other.measure,
            base=self.base or other.base,
            kind=self.kind or other.kind,
            modality=self.modality or other.modality,
            period=self.period or other.period,
            previous_year=self.previous_year or other.previous_year,
            negative=self.negative or other.negative,
            scope=self.scope or other.scope,
            obs_status=self.obs_status or other.obs_status,
            key=self.key or other.key,
            rule=self.rule if self.rule and self.rule.indicator else other.rule or self.rule,
        )


def read_path(path: Sequence[str], template: Template) -> Said:
    """What a header path says, outermost label first, as written."""
    said, names = Said(), []
    for label in path:
        one, name = _read_label(words.fold(label), template)
        said = one.over(said)
        if name:
            names.append(name)
    return replace(said, indicator=_indicator(names, template))


def inherit(said: Sequence[Said]) -> list[Said]:
    """Labels in reading order, each without an indicator of its own taking the one before it.

    Only a label that says what is done with the indicator (its growth, rank, plan, estimate, another year) inherits. A
    plan, an estimate or another year is measured as the indicator itself is, and takes its unit too; the growth or rank
    behind a figure is as final as that figure.
    """
    found: list[Said] = []
    named: Said | None = None
    status: ObsStatus | None = None
    for each in said:
        says_something = each.measure or each.kind or each.period or each.previous_year or each.obs_status
        if each.indicator is not None or not says_something or named is None:
            named = each if each.indicator is not None else named
            status = each.obs_status
            found.append(each)
            continue
        same_measure = each.measure is None and named.measure is None
        unit = each.unit or (named.unit if same_measure else None)
        if each.measure is None and each.kind is None:
            status = each.obs_status
        own = each.obs_status or (status if each.measure else None)
        found.append(replace(each, indicator=named.indicator, unit=unit, obs_status=own))
    return found


def _read_label(folded: str, template: Template) -> tuple[Said, str]:
    """What one label says, and the words that remain."""
    rest, unit = template.of_which.sub("", folded), None
    if not any(rule.label.fullmatch(rest) for rule in template.labels):  # 位次 is a rank before it is a unit
        rest, unit = words.split_unit(rest)
    if rest in words.catalogue():
        return Said(unit=unit), rest
    bare = _bare(rest)
    if bare in words.catalogue():
        return Said(unit=unit, period=words.period(rest)), bare
    said = Said(unit=unit)
    for status, pattern in template.statuses.items():
        if match := pattern.search(rest):
            said = replace(said, obs_status=status)
            rest = rest[: match.start()] + rest[match.end() :]
            break
    for rule in template.labels:
        match = rule.label.search(rest)
        if match:
            said = _apply(rule, match, said)
            rest = rest[: match.start()] + rest[match.end() :]
            break
    said = replace(said, period=said.period or words.period(rest))
    rest = _bare(rest)
    if said.measure == "rank" and template.whole_labels.search(rest):
        return replace(said, scope=rest), ""
    if template.generic.search(rest):
        rest = ""
    return said, rest


def _bare(label: str) -> str:
    """The label without periods, empty brackets and stray punctuation."""
    return words.without_period(label).replace("()", "").strip(_PUNCTUATION)


def _apply(rule: LabelRule, match: re.Match[str], said: Said) -> Said:
    """The rule's slots; a year in its words is the period (`2018年比2017年增长`), unless it is the base."""
    base, period = rule.base, None
    if rule.measure == "growth":
        before_base = re.split("比|较", match.group(), maxsplit=1)[0]
        own, all_years = _YEARS.findall(before_base), _YEARS.findall(match.group())
        period = own[0] if own else None
        base_year = all_years[-1] if len(all_years) > len(own) else None
        if base_year and not (period and int(base_year) == int(period) - 1):
            base = base_year
    commitment = _COMMITMENT.search(match.group())
    return Said(
        unit=said.unit or (words.unit(rule.unit) if rule.unit else None),
        measure=rule.measure,
        base=base,
        kind=rule.kind,
        modality=commitment.group() if commitment and rule.kind == "target" else None,
        period=period,
        previous_year=rule.period == "previous_year",
        negative=rule.negative,
        obs_status=said.obs_status,
    )


def _indicator(names: Sequence[str], template: Template) -> str | None:
    """The indicator that the names along a path make, as the catalogue spells it where it can.

    A group that changes the meaning of its columns (民营企业 over 税收收入) stays in the name, set off by `/`, so that
    the part is never taken for the whole.
    """
    if not names:
        return None
    *groups, leaf = names
    # A group that the leaf repeats (自然增长 over 自然增长人数) adds nothing.
    groups = [group for group in groups if not template.groups.search(group) and group not in leaf]
    if not groups:
        return leaf
    known = words.catalogue()
    for joined in (groups[-1] + leaf, leaf + groups[-1]):
        if joined in known:
            return joined
    return "/".join((*groups, leaf))
