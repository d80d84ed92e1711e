"""The status of a figure (SDMX): what its sentence says of how final it is.

预计生产总值80亿元;投资增长6% at the head of a sentence speaks of all that it tells. 新增企业6家,预计收入5亿元;
投资增长6% speaks from there to the semicolon. 收入预计完成5亿元,增长4%,投资增长6% is the predicate of one subject
(with what it has 其中) and ends where the next begins. 生产总值80亿元(预计数,下同) stands behind its figure.

A word that is compared with (比预计多) says nothing of the figure, and what has 已 come in is no longer expected. A
figure is revised (修订为) by itself alone. obs_status.csv holds the words; `gongbao.normalise.status_notes` reads what
a text says of all its figures.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from gongbao import reference

NORMAL, TARGET, ESTIMATE = "A", "F", "E"
_FULL_STOPS = "。!?"
_STOPS = f"{_FULL_STOPS};"
_ENDS = f"{_STOPS},:—"
_OPEN, _CLOSE = r"(\[〔【", r")\]〕】"
_BRACKETS = re.compile(f"[{_OPEN}][^{_OPEN}{_CLOSE}]*[{_CLOSE}]")
_IN_BRACKETS = re.compile(f"[{_OPEN}][^{_CLOSE}]*$")
_ALSO_BELOW = re.compile(f"[^{_STOPS}{_CLOSE}]{{0,6}}(?:下同|以下)")
_QUOTED = re.compile("“[^”]*”")
_STOP_BEFORE_PART = re.compile("[;。](?=其中)")
_CLAUSE = re.compile(f"[,:]?[^{_ENDS}]*(?:,其中有?[,:]?[^{_ENDS}]*)*")
_LIST_NUMBER = re.compile(r"^\W*\d{1,2}[.、)\]]")
_FIGURE = re.compile(r"(?<![\d.+])\d[\d.]*(?![\d.年月日号届大+—-])")
_MEASURED = re.compile(
    r"(?:[值额量率]|数|收入|支出|投[资入]|占比|比重|强度|面积|规模|人次|人口|税收|营收|利润|[存贷]款|消费|[进出]口"
    r"|结余|GDP|总计|合计)(?:分别|全[年市县区镇]|年末|今年|[均也还则都]|\d{4}年)*$"
)
"""What is measured ends so: the word behind it is its predicate. Behind all else it opens what follows."""
_COMPARED = re.compile(r"(?:[比较与超]|高出|[高低好优快慢多少大小]于|不及|年初|原来?|此前|当初)$")
_COMPARING = re.compile(f"(?:[比较与超为占于]|高出|完成)[^{_ENDS}]{{0,12}}$")
_NOUN = re.compile(f"(?:完成|执行)?(?:数|值|目标|水平|的|(?=[{_ENDS}]))")
_COME_IN = re.compile(
    r"(?:已|实际)(?:经|累计|全部|提前)*(?:完成|实现|达|突破|超|建成|竣工|投产|到位|签约|拨付|下达|收到|入库)"
    f"[^{_ENDS}]*$"
)
_BUILT = re.compile("竣工|投产|建成|开工|完工|交付|通车|投用|投入使用|启用|开业")
_TELLING = 4
"""So many characters end what is measured in such a way that it is known again."""
_FAR = 2000
"""So many characters on each side are looked at: beyond is no sentence, but a text without signs."""


def obs_status(kind: str, phrase: str | None, before: str, after: str) -> str | None:
    """F for a target, E for an estimate (预计), P for a preliminary figure (初步核算), A for a revised one.

    Null where the sentence says nothing of it.

    `phrase` is what is measured; `before` and `after` are the sentence around the figure.
    """
    if kind == "target":
        return TARGET
    before, after = _plain(before[-_FAR:]), _plain(after[:_FAR])
    behind = _behind().match(after)
    if behind:
        return _statuses()[behind["mark"] or behind["of_all"]]
    before = _BRACKETS.sub(_blank, _STOP_BEFORE_PART.sub(",", before))
    for mark in reversed(list(_marks().finditer(before))):
        status = _statuses()[mark.group()]
        if not _is_compared(mark, before) and _governs(mark, status, phrase, before):
            return status
    return None


def _governs(mark: re.Match[str], status: str, phrase: str | None, before: str) -> bool:
    """Whether the word speaks of the figure at the end of `before`."""
    sentence, between = _last(before[: mark.start()], _STOPS), before[mark.end() :]
    if _IN_BRACKETS.search(sentence) and _ALSO_BELOW.match(between):
        return True
    own = _CLAUSE.match(between)
    end = mark.end() + (own.end() if own else 0)
    if end == len(before):
        return True
    clause, rest = before[mark.end() : end], before[end:]
    if status == ESTIMATE and (_COME_IN.search(rest) or (_BUILT.search(clause) and not _FIGURE.search(clause))):
        return False
    reaches = not any(stop in between for stop in _STOPS)
    if status == NORMAL or _is_predicate(sentence, between):
        tail = _plain(phrase or "")[-_TELLING:]
        return bool(tail) and reaches and tail in before[:end] and tail not in _last(before, _ENDS)
    told_before = _LIST_NUMBER.sub("", _QUOTED.sub("", _last(before[: mark.start()], _FULL_STOPS)))
    return reaches or not _FIGURE.search(told_before)


def _is_predicate(sentence: str, between: str) -> bool:
    """Whether what stands before the word is its subject: 收入预计, not 据统计部门预计 and not 预计,收入."""
    if _IN_BRACKETS.search(sentence):
        return True
    return not between.startswith((",", ":")) and _MEASURED.search(_last(sentence, _ENDS)) is not None


def _is_compared(mark: re.Match[str], before: str) -> bool:
    """Whether the word is only what the figure is held against: 比年初预计, 为预计数的."""
    lead = _last(before[: mark.start()], _ENDS)
    if _COMPARED.search(lead):
        return True
    return _COMPARING.search(lead) is not None and _NOUN.match(before, mark.end()) is not None


def _plain(text: str) -> str:
    """Half-width and without blanks and line ends, which a wrapped line may have within a word."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _last(text: str, ends: str) -> str:
    """What stands behind the last of these signs."""
    return text[max(map(text.rfind, ends)) + 1 :]


def _blank(brackets: re.Match[str]) -> str:
    """What stands in brackets speaks of itself alone, unless it says how final the figure before them is."""
    return brackets.group() if _saying().fullmatch(brackets.group()) else " " * len(brackets.group())


@cache
def _statuses() -> dict[str, str]:
    return {row["word"]: row["obs_status"] for row in reference.rows("obs_status.csv")}


@cache
def _words() -> str:
    return "|".join(sorted(map(re.escape, _statuses()), key=lambda word: (-len(word), word)))


@cache
def _marks() -> re.Pattern[str]:
    return re.compile(_words())


@cache
def _saying() -> re.Pattern[str]:
    """Brackets that say how final the figure before them is: (预计数,下同)."""
    return re.compile(
        rf"[{_OPEN}](?:下同,)?均?[为是]?(?P<mark>{_words()})(?:完成|执行)?[数值]?(?:,?(?:下同|以下)[^{_CLOSE}]*)?[{_CLOSE}]"
    )


@cache
def _behind() -> re.Pattern[str]:
    """Such brackets behind the figure or its growth; or what a sentence ends with, of all its figures (均为预计数)."""
    return re.compile(
        rf"[^{_OPEN}{_ENDS}、]{{0,4}}(?:、[^{_OPEN}{_ENDS}、]{{0,3}}(?:增长|下降)[\d.]+%)?{_saying().pattern}"
        rf"|[^。]*,(?:以上)?[^{_ENDS}\d]{{0,6}}[均皆都][为是](?P<of_all>{_words()})"
    )
