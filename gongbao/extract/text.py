"""A text to its statements: every numeral ends as a statement or as a rejection with a reason."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Final

from gongbao import reference
from gongbao.extract import (
    amounts,
    clauses,
    frame,
    heading_subjects,
    kinds,
    periods,
    reading,
    refusals,
    subjects,
    vocabulary,
)
from gongbao.extract.amount import Amount
from gongbao.extract.plaintext import fold
from gongbao.extract.state import Reading, State
from gongbao.extract.statement import Extraction, Frame, Rejection, Section, Statement

_SENTENCE_END: Final = re.compile(r"[。!?\n]")
_LONGEST_SENTENCE: Final = 4000
_NO_SECTION: Final = Section(0, 0, "review", None)
_SAYS_SOMETHING: Final = re.compile(r"[一-鿿]{2}")
_TERM: Final = re.compile(
    r"[ \x1f]*(?:\[\d{1,3}\]|\d{1,2}[.、．]|[①-⑳])?[ \x1f]*[“\"]?(?P<term>[^\n。，;:：”\"]{2,30})[”\"]?[:：]"
)


class _Document:
    """A text in work: its folded form, its frame, and what has been found so far."""

    def __init__(self, text: str, folded: str, described: Frame) -> None:
        self.text: Final = text
        self.folded: Final = folded
        self.frame: Final = described
        self.own_names: Final = subjects.own_names(described.place, described.parent_places)
        self.heading: Final = heading_subjects.find(folded, self.own_names)
        self.starts: Final = tuple(section.start for section in described.sections)
        self.statements: Final[list[Statement]] = []
        self.rejections: Final[list[Rejection]] = []
        self.carried: str | None = None
        self.carried_until = 0
        self.known_line_start = 0
        self.searched_until = 0
        self.known_line_end = -1
        self.index = ""
        self.index_until = 0
        self.names: tuple[str, ...] = ()
        self.names_until = 0
        self.part: str | None = None
        self.part_until = 0
        self.whole_start = 0
        self.whole_until = 0
        self.subject: str | None = None

    def section(self, position: int) -> Section:
        index = bisect_right(self.starts, position) - 1
        return self.frame.sections[index] if index >= 0 else _NO_SECTION

    def line_start(self, position: int) -> int:
        """Where the line of a place begins. Sentences ask in reading order: no stretch is searched twice."""
        found = self.folded.rfind("\n", self.searched_until, position)
        if found >= 0:
            self.known_line_start = found + 1
        self.searched_until = position
        return self.known_line_start

    def line_end(self, position: int) -> int:
        """Where the line of a place ends. Places are asked in reading order: a long line is searched once."""
        if position > self.known_line_end:
            found = self.folded.find("\n", position)
            self.known_line_end = found if found >= 0 else len(self.folded)
        return self.known_line_end

    def refuse(self, start: int, end: int, reason: str) -> None:
        self.rejections.append(Rejection(self.text[start:end], reason, start, end))


def extract_text(text: str) -> Extraction:
    """All statements and rejections of a decoded text (LF line ends, no byte order mark), in reading order."""
    folded = fold(text)
    document = _Document(text, folded, frame.of_folded(text, folded))
    for start, end, numbers in _sentences(folded, amounts.find(folded)):
        _read_sentence(document, start, end, numbers)
    document.statements.sort(key=lambda statement: statement.start or 0)
    document.rejections.sort(key=lambda rejection: rejection.start or 0)
    return Extraction(document.frame, tuple(document.statements), tuple(document.rejections))


def _sentences(folded: str, found: list[Amount]) -> Iterator[tuple[int, int, list[Amount]]]:
    """The sentences that hold numbers, each with its numbers."""
    signs = [match.start() for match in _SENTENCE_END.finditer(folded)]
    index = 0
    while index < len(found):
        first = found[index]
        floor = max(0, first.start - _LONGEST_SENTENCE // 4)
        before, after = bisect_left(signs, first.start), bisect_left(signs, first.end)
        start = max(signs[before - 1] + 1, floor) if before else floor
        limit = min(len(folded), start + _LONGEST_SENTENCE)
        end = signs[after] if after < len(signs) and signs[after] < limit else max(first.end, limit)
        numbers = []
        while index < len(found) and found[index].start < end:
            end = max(end, found[index].end)
            numbers.append(found[index])
            index += 1
        yield start, end, numbers


def _read_sentence(document: _Document, start: int, end: int, numbers: list[Amount]) -> None:
    section = document.section(numbers[0].start)
    kept: list[Amount] = []
    for number in numbers:
        reason = refusals.of(document.folded, number) or _by_section(section, number)
        if reason is None:
            kept.append(number)
        else:
            document.refuse(number.start, number.end, reason)
    if not kept:
        return
    if not _SAYS_SOMETHING.search(document.folded, start, end):
        for number in kept:
            document.refuse(number.start, number.end, "table_furniture")
        return
    sentence = clauses.sentence(document.folded, start, end, document.own_names)
    # 其中 goes on with what the sentence before in the paragraph named.
    goes_on = start < document.names_until and _OF_WHICH.match(document.folded, start, end) is not None
    part = document.part if start < document.part_until else document.heading(start)
    subject = document.subject if goes_on else part
    state = reading.read(sentence, kept, subject or document.frame.place, _carried_state(document, start, goes_on))
    _carry(document, state, end)
    _carry_part(document, state, start, end)
    said_from = _said_from(document, start, end)
    for number in kept:
        if number.start in state.refused:
            document.refuse(number.start, number.end, state.refused[number.start])
    times = _Times(document, section, start, end)
    term = _term(document, section, start)
    previous: Statement | None = None
    for found in state.readings:
        previous = _statement(document, section, times, found, previous, term, start, end)
        document.statements.append(previous if said_from == start else previous._replace(sentence_start=said_from))


_OF_WHICH: Final = re.compile(r"[ \x1f]*其中")
_OF_PARTS: Final = re.compile(r"[ \x1f]*(?:其中|分[^，。;\d]{1,10}[看，]|按[^，。;\d]{1,14}[分看]|从[^，。;\d]{1,8}看)")
"""How a sentence opens that tells the parts of what the one before has told: 分产业看, 按消费类型分."""
_LONGEST_WHOLE: Final = 800
_OF_BUDGETS: Final = re.compile(r"[^。;\n]{0,40}(?:预算|收支|财政|债务|基金)")


def _said_from(document: _Document, start: int, end: int) -> int:
    """Where what a sentence says begins: parts of a whole are understood with the sentence that tells the whole."""
    goes_on = _OF_PARTS.match(document.folded, start, end) is not None and start < document.whole_until
    if not goes_on or end - document.whole_start > _LONGEST_WHOLE:
        document.whole_start = start
    document.whole_until = document.line_end(end)
    return document.whole_start


def _carry_part(document: _Document, state: State, start: int, end: int) -> None:
    """A paragraph of a budget that opens with 市本级 or a zone is about it, until a sentence says 全市."""
    at_line = start == 0 or "\n" in document.folded[start - 1 : start + 1]
    is_opening = at_line or start < document.part_until
    if is_opening and _OF_BUDGETS.match(document.folded, start, end):
        is_part = state.subject is not None and state.subject.endswith("本级")
        document.part = state.subject if is_part else None
        document.part_until = document.line_end(end) if is_part else 0


def _carried_state(document: _Document, start: int, goes_on: bool) -> State:
    """What the sentences before in the paragraph hand on: a price index to its classes, all names to 其中."""
    state = State(index=document.index if start < document.index_until else "")
    if goes_on:
        state.names, state.joint = document.names, document.names[-1]
    return state


def _carry(document: _Document, state: State, end: int) -> None:
    until = document.line_end(end)
    if state.index:
        document.index, document.index_until = state.index, until
    if state.names:
        document.names, document.names_until, document.subject = state.names, until, state.subject


def _by_section(section: Section, number: Amount) -> str | None:
    """Furniture states nothing; in a glossary only figures in Arabic numerals describe something."""
    if section.kind == "furniture":
        return "furniture"
    is_figure = not number.chinese and (number.unit is not None or number.magnitude)
    return "glossary" if section.kind == "appendix" and not is_figure else None


def _term(document: _Document, section: Section, start: int) -> str | None:
    """The term that a glossary line explains: the subject of its figures."""
    if section.kind != "appendix":
        return None
    match = _TERM.match(document.folded, document.line_start(start))
    return document.text[match.start("term") : match.end("term")].strip() if match else "名词解释"


_BRACKETS: Final = re.compile(r"\([^()\n]{0,200}\)")
_DIGIT: Final = re.compile(r"\d")
_CLAUSE_SIGN: Final = re.compile(r"[，。;:]")
_CLAUSE_REST: Final = re.compile(r"[^，。;:\n]{0,60}")


class _Times:
    """The periods of a sentence, and which of them a number in it belongs to."""

    def __init__(self, document: _Document, section: Section, start: int, end: int) -> None:
        own = section.period or document.frame.reporting_period
        # 今年 is the last of the years under review, the first of the years to come.
        is_last = own is not None and "-" not in own and section.kind != "plan"
        year = int(own[-4:] if is_last else own[:4]) if own else None
        self.folded = document.folded
        self.default = section.period if section.kind != "preamble" else document.frame.reporting_period
        plan = document.frame.plan_period
        self.found = periods.find(document.folded, start, end, year, int(plan[:4]) if plan else None)
        if own and "/" in own and section.kind == "plan":
            # 五年累计 counts the years that a plan is for, not those before it.
            self.found = [period.of(own) if period.is_own else period for period in self.found]
        # Brackets only tell which of the periods found a number may take: most sentences name none.
        self.brackets = (
            [match.span() for match in _BRACKETS.finditer(document.folded, start, end)] if self.found else []
        )
        self.start = start
        self.may_look_ahead = section.kind == "plan" or kinds.may_look_ahead(document.folded, start, end)
        if self.default is None and section.kind != "appendix":
            self.default = document.carried if start < document.carried_until else None
            if self.found:
                document.carried, document.carried_until = self.found[-1].code, document.line_end(start)

    def _bracket(self, position: int) -> tuple[int, int] | None:
        return next((pair for pair in self.brackets if pair[0] <= position < pair[1]), None)

    def origin(self, position: int) -> str | None:
        """The year of an old value: `由2020年的9亿元增加到`, `较2020年末的9亿元增加`."""
        match = _ORIGIN.search(self.folded, max(self.start, position - 18), position)
        return match["year"] if match else None

    def at(self, start: int, end: int) -> periods.Period | None:
        """The nearest period before a number, else one directly after it in its clause; brackets keep theirs inside."""
        if not self.found:
            return None
        own = self._bracket(start)
        visible = [period for period in self.found if self._bracket(period.start) in (None, own)]
        before = [period for period in visible if period.end <= start]
        while before and before[-1].is_own and ";" in self.folded[before[-1].end : start]:
            before.pop()
        if before:
            return before[-1]
        for period in visible:
            if period.start >= end:
                between = self.folded[end : period.start]
                rest = _CLAUSE_REST.match(self.folded, period.end)
                is_its_own = rest is None or not _DIGIT.search(rest.group())
                return period if len(between) <= 24 and not _CLAUSE_SIGN.search(between) and is_its_own else None
        return None


def _statement(
    document: _Document, section: Section, times: _Times, found: Reading, previous: Statement | None,
    term: str | None, start: int, end: int,
) -> Statement:  # fmt: skip
    period = times.at(found.amount.start, found.end)
    reporting = document.frame.reporting_period
    is_future = bool(period and period.is_future and reporting and period.code[:4] > reporting[-4:])
    is_past = period is not None and (
        period.is_past
        or (
            _is_over(period.code, section, reporting)
            and "基础上" not in document.folded[period.end : found.amount.start]
        )
    )
    before = document.folded[start : found.amount.start] if times.may_look_ahead or is_future else ""
    standing = kinds.read(section, before, is_future, is_past)
    if found.is_inherited and previous is not None and previous.kind != standing.kind and period is None:
        standing = kinds.Standing(previous.kind, previous.modality)
    # Without the names of its fields it is made in half the time, and it is made for every number.
    return Statement(
        standing.kind,
        "entity" if term else found.subject_type,
        term or found.subject or document.frame.place,
        _as_written(document, found.indicator, start, end),
        found.measure,
        found.value,
        found.value_high,
        found.unit,
        found.comparator,
        _period(found, period, times, section, standing.kind, reporting, previous),
        document.text[found.amount.start : found.end],
        found.amount.start,
        found.end,
        start,
        end,
        found.scope,
        standing.modality,
        found.aspect,
        found.base,
        found.price_base,
    )


_FULL_WIDTH: Final = str.maketrans("()", "（）")


def _as_written(document: _Document, indicator: str | None, start: int, end: int) -> str | None:
    """The indicator with the brackets of its sentence: folding made half-width ones of 执业（助理）医师."""
    if indicator is None or "(" not in indicator or "(" in document.text[start:end]:
        return indicator
    return indicator.translate(_FULL_WIDTH)


def _is_over(code: str, section: Section, reporting: str | None) -> bool:
    """Whether what a plan dates lies behind it: `2024年核定限额…` tells what the plan starts from."""
    return section.kind == "plan" and reporting is not None and code.split("/")[-1][:4] <= reporting[-4:]


def _ends_in(interval: str, period: periods.Period) -> bool:
    """Whether years under review end in the year of a period: `2011年…比2006年增长…，年均递增` covers all of them."""
    return "/" in interval and "-" not in interval and period.code == interval[-4:]


_ORIGIN: Final = re.compile(r"[由从自较比](?P<year>(?:19|20)\d\d)\s?年[末底]?(?:同期)?的?[^，。;\d]{0,6}\Z")


@cache
def _end_value() -> re.Pattern[str]:
    return re.compile(
        rf"(?:预计(?:完成|实现)?|[增升降减]至|{vocabulary.any_of('moved')}[到至]|{vocabulary.any_of('end_value')})"
        r"[^，。;]{0,4}\Z"
    )


def _period(
    found: Reading, period: periods.Period | None, times: _Times, section: Section, kind: str,
    reporting: str | None, previous: Statement | None,
) -> str | None:  # fmt: skip
    code = times.default
    if found.is_old and (origin := times.origin(found.amount.start)):
        return origin
    if found.is_old:
        # What several years began with is of the year before them, also where the last of them is named.
        current = period.code if period and not (code and _ends_in(code, period)) else code
        return str(int(current[:4]) - 1) if current and "-" not in current else None
    if code is not None and period is not None and _ends_in(code, period):
        is_sum = found.aspect == "cumulative" and ";" in times.folded[period.end : found.amount.start]
        if is_sum or found.base == "average":
            return code
    if period is not None and not (period.code == code and _goes_on(period, found, times)):
        return period.code
    if found.year:
        return found.year + (code[4:] if code and "/" not in code else "")
    if code is None:
        return None
    if (
        section.kind == "plan"
        and kind == "fact"
        and not found.is_inherited
        and "有" not in times.folded[found.amount.start - 2 : found.amount.start]
    ):
        return reporting
    if section.kind == "review" and "/" in code and "-" not in code and found.base != "average":
        return code[-4:] if _is_of_last_year(found, times, previous, code[-4:]) else code
    return code


def _goes_on(period: periods.Period, found: Reading, times: _Times) -> bool:
    """Whether the years that a sentence names are those it goes on with, not those of the amount beside them."""
    is_beside = found.amount.unit_kind == "money" and ";" not in times.folded[period.end : found.amount.start]
    return period.is_own or ("/" in period.code and not is_beside)


def _is_of_last_year(found: Reading, times: _Times, previous: Statement | None, last: str) -> bool:
    """Whether a figure in a review of several years is the value that they ended with, not what they add up to."""
    start = found.amount.start
    before = times.folded[max(times.start, start - 14) : start]
    if found.measure in ("growth", "change"):
        return _ON_YEAR.search(before) is not None
    if _THROUGHOUT.search(before):
        return False
    if found.measure == "index" and previous is not None and previous.indicator == found.indicator:
        return previous.period == last
    if found.measure != "level":
        return found.measure in ("share", "index", "rank")
    noun = _noun_of_span(found.indicator)
    if noun is not None or found.unit in ("%", "‰"):
        return noun != "years"
    if (found.amount.unit_kind == "money" and _SUM.search(before)) or _ON_YEARS.match(times.folded, found.end):
        return False
    is_joined = (
        previous is not None
        and previous.measure == "level"
        and previous.period == last
        and times.folded[previous.end : start] in ("、", "和")
    )
    stretch = times.folded[max(times.start, times.folded.rfind(";", times.start, start) + 1) : start]
    return bool(
        is_joined
        or (_YEARLY.match(times.folded, found.end) and not _SUM_OF_YEARS.search(stretch))
        or _end_value().search(before)
        or _ARRIVED.search(times.folded, max(times.start, start - 48), start)
        or _SINCE.match(times.folded, found.end)
    )


_THROUGHOUT: Final = re.compile(r"(?:始终|一直|连续|年均|每年)[^，。;\d]{0,8}\Z")
_ON_YEARS: Final = re.compile(r"[，、]?[^，。;\d]{0,4}[比较是][^，。;\d]{0,3}(?:“?十.五”?[时期](?!末)|前五年)")
"""`收入500亿元，比“十二五”时期增加90亿元`: what years before are compared with is a sum of years."""
_SUM: Final = re.compile(r"累计|总计|共计")
_SUM_OF_YEARS: Final = re.compile(r"累计|总计|(?<!公)共(?!同)|五年(?!来)|5年(?!来)")
_YEARLY: Final = re.compile(r"[，、]?年均")
"""`人均可支配收入2万元，年均增长6%`: what grew year by year is given for the last, unless it is a sum of all."""
_ON_YEAR: Final = re.compile(r"(?:同比|[比较]上年|[比较]去年)[^，。;]{0,6}\Z")
_ARRIVED: Final = re.compile(r"[由从][^，。;]*\d[^，。;]{0,12}[到至为][^，。;\d]{0,3}\Z")
"""`由9家增加到16家`: what it came to."""
_SINCE: Final = re.compile(
    r"(?:[、和][\d.]+[^，。;、和\d]{1,4})?[，、]?"
    r"(?:同比|(?:分别)?(?:[比较是为]|相当于)[^，。;\d]{0,3}(?:(?:19|20)\d\d[ \x1f]?年|“?十.五”?期?末|上年|去年))"
)
"""`各项存款112亿元，比2010年增长87%`: what a year before the others is compared with is one year's."""


@cache
def _nouns_of_span() -> dict[str, str]:
    return {row["noun"]: row["of"] for row in reference.rows("texts/span_nouns.csv")}


def _noun_of_span(indicator: str | None) -> str | None:
    """What a noun says of years by itself: `end` a stock at their end, `years` a rate of what was done in them."""
    return next((of for noun, of in _nouns_of_span().items() if indicator and indicator.endswith(noun)), None)
