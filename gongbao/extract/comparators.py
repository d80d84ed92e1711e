"""Bounds and approximations around a number: 不低于, 超, 约 before it, 以上, 以内, 左右 after it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao.extract import vocabulary
from gongbao.extract.amount import Amount
from gongbao.extract.statement import Comparator

_COMPARATORS: Final[dict[str, Comparator]] = {"min": "min", "max": "max", "approx": "approx"}


class Bound:
    """How a number is bounded; `end` is where a cue after it ends (the number's own end where there is none)."""

    def __init__(
        self,
        comparator: Comparator,
        end: int,
        cue_after: str,
    ) -> None:
        self.comparator: Final = comparator
        self.end: Final = end
        self.cue_after: Final = cue_after


@cache
def _after() -> re.Pattern[str]:
    cues = vocabulary.alternation(tuple(vocabulary.comparators("after")))
    return re.compile(rf"[ \x1f]?(?:\(不?含\))?[ \x1f]?(?P<cue>{cues})")


@cache
def _after_signs() -> frozenset[str]:
    """The signs that a cue after a number can begin with."""
    return frozenset({cue[0] for cue in vocabulary.comparators("after")} | set(" \x1f("))


@cache
def before_pattern() -> str:
    """The cues before a number, as one alternation."""
    return vocabulary.alternation(tuple(vocabulary.comparators("before")))


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"(?P<cue>{before_pattern()})(?:了|到|在|达到?|为|至)?[ \x1f]?\Z")


@cache
def _before_signs() -> frozenset[str]:
    """The signs that a cue before a number can end with."""
    return frozenset({cue[-1] for cue in vocabulary.comparators("before")} | set("了到在达为至 \x1f"))


_LIMITED: Final = re.compile(r"(?P<cue>最多|至多|最少|至少)[一-鿿]{1,2}[ \x1f]?\Z")
"""A limit whose verb stands between it and the number: 最多跑1次, 至少建成3家."""
_AT_MOST: Final = frozenset(("最多", "至多"))


def is_upward(text: str, amount: Amount) -> bool:
    """`上千人`: 上 before a round Chinese numeral (`amount.chinese`) means that many and more."""
    return text[amount.start - 1 : amount.start] == "上" and text[amount.start] in "十百千万亿"


def read(text: str, amount: Amount) -> Bound:
    """The bound of `amount`. The cue nearest the number itself decides: 控制在5.5%左右 is approximate."""
    after = _after().match(text, amount.end) if text[amount.end : amount.end + 1] in _after_signs() else None
    end = after.end() if after else amount.end
    cue = after["cue"] if after else ""
    named = vocabulary.comparators("after")[cue][0] if cue else ""
    if named in _COMPARATORS:
        return Bound("range" if amount.value_high is not None else _COMPARATORS[named], end, cue)
    if amount.value_high is not None:
        return Bound("range", amount.end, "")
    if amount.chinese and is_upward(text, amount):
        return Bound("min", amount.end, "")
    lead = text[max(0, amount.start - 8) : amount.start]
    before = _before().search(text, max(0, amount.start - 8), amount.start) if lead[-1:] in _before_signs() else None
    if before:
        comparator, not_after = vocabulary.comparators("before")[before["cue"]]
        if before.start() == 0 or text[before.start() - 1] not in not_after:
            return Bound(_COMPARATORS[comparator], amount.end, cue)
    limited = _LIMITED.search(lead, max(0, len(lead) - 5)) if "最" in lead or "至" in lead else None
    if limited:
        return Bound("max" if limited["cue"] in _AT_MOST else "min", amount.end, cue)
    return Bound("min" if amount.vague else "eq", amount.end, cue)
