"""The status of a figure (SDMX): what the sentence says of how final it is.

预计生产总值80亿元;投资增长6% at the head of a sentence speaks of all that it tells. 新增企业6家,预计收入5亿元;
投资增长6% speaks from there to the semicolon. 收入预计完成5亿元,增长4%,投资增长6% is the predicate of one subject
and ends where the next begins. 生产总值80亿元(预计数,下同) stands behind its figure, and reaches to the end of the
sentence alone, though 下同 means the rest of the text. What is 已 done is no longer expected, and a figure that was
revised (修订为) no longer preliminary. obs_status.csv holds the words.
"""

from __future__ import annotations

import re
from functools import cache

from gongbao import reference
from gongbao.normalise.modality import modality

NORMAL, TARGET, ESTIMATE = "A", "F", "E"
_STOPS = "。;；"
_CLAUSE_ENDS = f"{_STOPS},，:："
_CLAUSE = re.compile(f"[^{_CLAUSE_ENDS}]*")
_CLAUSE_END = re.compile(f"[{_CLAUSE_ENDS}]")
_OPENING = re.compile(
    r"(?:\d{4}年|[全今当去上本]年度?|年末|年底|截至|[一二三四]季度|[全我本][国省市县区州盟旗镇乡]|其中|目前|经|据|初步|[\s、(（“])*"
)
"""What may stand before the word at the beginning of its clause: when and where, but nothing that is measured."""
_FIGURE = re.compile(r"\d(?!\d*(?:年|月|日))")
_COMPARED = re.compile(r"(?:[比较超按]|[高低好优快慢多少大小]于|不及)$")
_DONE = re.compile(rf"已[^{_CLAUSE_ENDS}]*$")
_IN_BRACKETS = re.compile(r"[^(（,，、;；。]{0,4}[(（]([^)）]*)")
"""What stands in brackets behind a figure (80亿元左右(预计数))."""
_ALSO_BELOW = re.compile(r"[^;；。)）]{0,4}下同")
_TELLING = 2
"""So many characters end what is measured in such a way that it is known again: 生产总值, and 总值 of it."""


def obs_status(kind: str, word: str | None, phrase: str | None, before: str, after: str) -> str:
    """F for a target, E for an estimate (预计), P for a preliminary figure (初步核算), else A.

    `word` is that of commitment, `phrase` what is measured; `before` and `after` are the sentence around the figure.
    """
    if kind == "target":
        return TARGET
    if modality(word) == "expect":
        return ESTIMATE
    bracketed = _IN_BRACKETS.match(after)
    if bracketed and (marked := _marks().search(bracketed[1])):
        return _statuses()[marked.group()]
    for mark in reversed(list(_marks().finditer(before))):
        if not _COMPARED.search(before[: mark.start()]) and _governs(mark, phrase, before):
            return _statuses()[mark.group()]
    return NORMAL


def _governs(mark: re.Match[str], phrase: str | None, before: str) -> bool:
    """Whether the word still speaks of what stands behind `before`."""
    sentence = before[: mark.start()].rpartition("。")[2]
    between = before[mark.end() :]
    own = _CLAUSE.match(between)
    ends = mark.end() + (own.end() if own else 0)
    if ends < len(before) and _DONE.search(between):
        return False
    if _ALSO_BELOW.match(between):
        return True
    reaches = not any(stop in between for stop in _STOPS)
    if _OPENING.fullmatch(_CLAUSE_END.split(sentence)[-1]):
        return reaches or not _FIGURE.search(sentence)
    if ends == len(before):
        return True
    named = before.rfind(phrase[-_TELLING:]) if phrase else -1
    return reaches and 0 <= named < ends


@cache
def _statuses() -> dict[str, str]:
    return {row["word"]: row["obs_status"] for row in reference.rows("obs_status.csv")}


@cache
def _marks() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _statuses()), key=lambda word: (-len(word), word))))
