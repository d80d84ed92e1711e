"""Fact or target: by the section, by the words of commitment in the clause, by a period that lies ahead."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao.extract import vocabulary
from gongbao.extract.statement import Kind, Section

_HAS: Final = re.compile(r"的[^，。;]{1,10}(?:有|共有)[ \x1f]*\Z")
_COMMITTED: Final = re.compile(r"力争|确保|将")


# Every alternative begins with a sign of its own, what must not stand before it is asked after: a search skips to them.
@cache
def _existing() -> re.Pattern[str]:
    return re.compile(
        rf"(?:已(?!有序){vocabulary.any_of('done')}?|目前(?<!项目前)|现有(?<!实现有)|现已(?<!实现已)|截至目前|去年(?<![比较]去年)|以来)"
        r"[^，。;]{0,40}\Z"
    )


@cache
def _ahead() -> re.Pattern[str]:
    return re.compile(
        rf"(?:力争(?<![全大努]力争)(?!取)|将(?<!即将)(?=[^，。;]{{0,5}}{vocabulary.any_of('to_be_done')})"
        rf"|预期目标(?=[^，。;]{{0,8}}[是为:])|拟(?<![草模虚]拟)(?:[新建投实引]|(?:重点|着力|优先){vocabulary.any_of('to_be_done')})"
        r"|计划(?:到|于|今年|明年|年内|20\d\d年|投入)|计划投资(?<!占计划投资)(?<!年度计划投资)(?<!全年计划投资)(?![一-鿿])|明年"
        r"|完成后，?可(?=[一-鿿]))"
    )


@cache
def _ahead_or_next() -> re.Pattern[str]:
    """The words of `_ahead`, whatever stands around them, and all of `_next`."""
    return re.compile("力争|将|预期目标|拟|计划|明年|完成后|" + _next().pattern)


@cache
def _next() -> re.Pattern[str]:
    built = "|".join(rf"{word}{vocabulary.any_of('running')}?后" for word in vocabulary.word_class("built"))
    return re.compile(built + r"|下一?步|未来[三五几]年|今后[三五几]年")


class Standing:
    """A number's standing towards time: fact or target, and the word of commitment as written."""

    def __init__(
        self,
        kind: Kind,
        modality: str | None,
    ) -> None:
        self.kind: Final = kind
        self.modality: Final = modality

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Standing) and (self.kind, self.modality) == (other.kind, other.modality)

    def __hash__(self) -> int:
        return hash((self.kind, self.modality))


_GOALS: Final = re.compile(r"预期目标[^，。;]{0,8}[是为:]")
"""What opens a list of goals opens it for the whole sentence, however long."""
_FACT: Final = Standing("fact", None)


@cache
def _modality() -> re.Pattern[str]:
    return re.compile(f"(?:{vocabulary.alternation(vocabulary.words('cues'))})")


def may_look_ahead(text: str, start: int, end: int) -> bool:
    """Whether a sentence holds any word that may make a target of a figure outside a plan; most hold none."""
    return _ahead_or_next().search(text, start, end) is not None


def read(section: Section, before: str, is_future: bool, is_past: bool = False) -> Standing:
    """`before`: the sentence up to the number; `is_future`: its period lies after the year under review.

    `is_past`: the text says that the figure stands up to a date (截至), whatever the section.
    """
    if is_past and not is_future:
        return _FACT
    if section.kind == "plan":
        clause = before[max(before.rfind("，"), before.rfind(";")) + 1 :]
        if (_existing().search(clause) or _HAS.search(clause)) and not _COMMITTED.search(clause):
            return _FACT
        return Standing("target", _last_cue(before))
    if is_future or (before and _looks_ahead(before)):
        return Standing("target", _last_cue(before))
    return _FACT


def _looks_ahead(before: str) -> bool:
    is_goal = "预期目标" in before and _GOALS.search(before) is not None
    return is_goal or _ahead().search(before[-60:]) is not None or _next().search(before) is not None


def _last_cue(before: str) -> str | None:
    found = None
    for match in _modality().finditer(before):
        found = match.group()
    return found
