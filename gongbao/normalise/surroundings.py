"""What the sentence before a figure adds to a matched phrase, or takes from it.

批准的市级政府性基金收入预算为50亿元: 市级 makes it a figure of the own level, 预算 one that was planned.
调入资金 needs to know into which of the four budgets. 拉动GDP增长1个百分点 is a contribution and no growth of GDP.
indicator_surroundings.csv holds the words; of the words of one group the last before the figure decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gongbao import reference
from gongbao.normalise.vocabulary import fold

PLANNED = "预算"
"""Scope of a fact that is a budget, not what came in or was spent."""
_PLANNED_BEFORE = re.compile(rf"{PLANNED}(?:数|额)?(?:为|是|共)?\s*$")
_CONTRIBUTION = re.compile(r"(?:拉动|下拉|贡献)[^,，;；。、]{0,12}$")
_ITEM = re.compile(r"[的到达为共约各了,，]*$")
_SUM = re.compile(r"\d[^\d,，;；。]{0,9}[)）]?[,，、]\s*(?:两项|三项)?(?:合计|总计|共计)(?:为|达)?\s*$")
_PER = re.compile(r"(?:每[百千万]|[千万]人(?:均|口)?拥有|[人户日月]均)[^,，;；。、]{0,14}$")
_ANOTHER = "-"
_CHANGES = frozenset({"growth", "change"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`parts` of a breakdown and a scope.

    `complete` is false where a necessary word is missing, `another` is true where a word says that this is something
    else (三次产业投资构成: no shares of GDP).
    """

    parts: tuple[str, ...]
    scope: str | None
    complete: bool = True
    another: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    word: str
    breakdown: str
    scope: str
    required: bool


def names_another_thing(phrase: str, before: str, after: str, measure: str) -> bool:
    """Whether the sentence says that the figure is no figure of the phrase itself.

    A contribution to growth; a sum of the phrase and others (上解支出等12亿元,
    一般债券5亿元,合计12亿元); one purpose among several that the sentence lists (专项债券100亿元,其中30亿元用于…).
    """
    if measure in _CHANGES:
        return _CONTRIBUTION.search(before) is not None
    lead, noun = fold(before), fold(phrase)
    if lead.endswith(f"{noun}等") or _SUM.search(before):
        return True
    return fold(after).startswith("用于") and noun in lead and not _ITEM.sub("", lead).endswith(noun)


def is_ratio(phrase: str, before: str) -> bool:
    """Whether the figure is one per so many people, households or days, which the phrase itself does not say."""
    return _PER.search(before) is not None and _PER.search(phrase) is None


def surroundings(before: str, indicator_id: str, measure: str) -> Surroundings:
    """What the words before the figure add to a match of this indicator."""
    sentence = fold(before)
    parts: list[str] = []
    scopes: list[str] = []
    complete = True
    for words in _groups().get(indicator_id, ()):
        ends = [(sentence.rfind(each.word) + len(each.word), len(each.word), each) for each in words]
        found = [end for end in ends if end[2].word in sentence]
        if found:
            last = max(found, key=lambda end: end[:2])[2]
            if last.breakdown == _ANOTHER:
                return Surroundings((), None, False, True)
            parts += [last.breakdown] if last.breakdown else []
            scopes += [last.scope] if last.scope else []
        else:
            complete = complete and not any(each.required for each in words)
    if measure == "level" and indicator_id in _budgeted() and _PLANNED_BEFORE.search(before):
        scopes.append(PLANNED)
    return Surroundings(tuple(parts), ";".join(scopes) or None, complete)


@cache
def _groups() -> dict[str, tuple[tuple[_Word, ...], ...]]:
    """Indicator → its groups of words."""
    found: dict[str, dict[str, list[_Word]]] = {}
    for row in reference.rows("indicator_surroundings.csv"):
        for indicator_id in row["indicator_ids"].split("|"):
            words = found.setdefault(indicator_id, {}).setdefault(row["group"], [])
            words += [
                _Word(fold(word), row["breakdown"], row["scope"], row["required"] == "yes")
                for word in row["words"].split("|")
            ]
    return {indicator_id: tuple(map(tuple, groups.values())) for indicator_id, groups in found.items()}


@cache
def _budgeted() -> frozenset[str]:
    """The indicators that budgets plan: those that 预算 may stand behind."""
    return frozenset(
        indicator_id
        for row in reference.rows("indicator_qualifiers.csv")
        if row["word"] == PLANNED and row["position"] == "tail"
        for indicator_id in row["indicator_ids"].split("|")
    )
