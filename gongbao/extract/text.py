"""A text to its statements: every numeral ends as a statement or as a rejection with a reason."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from gongbao.extract import amounts, frame, kinds, periods, reading, refusals
from gongbao.extract.amounts import Amount
from gongbao.extract.plaintext import fold
from gongbao.extract.statement import Extraction, Frame, Rejection, Section, Statement

_SENTENCE_END = re.compile(r"[。!?\n]+")
_LONGEST_SENTENCE = 4000
_PREAMBLE = Section(0, 0, "review", None)


@dataclass(frozen=True, slots=True)
class _Document:
    text: str
    folded: str
    frame: Frame
    own_names: tuple[str, ...]
    starts: tuple[int, ...]


def extract_text(text: str) -> Extraction:
    r"""All statements and rejections of a decoded text (`\\n` line ends, no byte order mark), in reading order."""
    folded = fold(text)
    described = frame.of_folded(text, folded)
    document = _Document(
        text, folded, described, _own_names(described.place), tuple(section.start for section in described.sections)
    )
    statements: list[Statement] = []
    rejections: list[Rejection] = []
    carried = _Carried()
    for start, end, numbers in _sentences(folded, amounts.find(folded)):
        _read_sentence(document, start, end, numbers, carried, statements, rejections)
    statements.sort(key=lambda statement: statement.start or 0)
    rejections.sort(key=lambda rejection: rejection.start or 0)
    return Extraction(described, tuple(statements), tuple(rejections))


def _own_names(place: str | None) -> tuple[str, ...]:
    if not place:
        return ()
    bare = re.sub(r"(?:自治区|自治州|自治县|省|市|县|区|州|盟|旗|镇|乡|街道)$", "", place)
    return (place, bare) if len(bare) >= 2 else (place,)


def _sentences(folded: str, found: list[Amount]) -> Iterator[tuple[int, int, list[Amount]]]:
    """The sentences that hold numbers, each with its numbers."""
    index = 0
    while index < len(found):
        first = found[index]
        start = _sentence_start(folded, first.start)
        ended = _SENTENCE_END.search(folded, first.end, min(len(folded), start + _LONGEST_SENTENCE))
        end = ended.start() if ended else min(len(folded), max(first.end, start + _LONGEST_SENTENCE))
        numbers = []
        while index < len(found) and found[index].start < end:
            end = max(end, found[index].end)
            numbers.append(found[index])
            index += 1
        yield start, end, numbers


def _sentence_start(folded: str, position: int) -> int:
    floor = max(0, position - _LONGEST_SENTENCE // 4)
    return max((folded.rfind(sign, floor, position) for sign in "。!?\n"), default=-1) + 1 or floor


def _section(document: _Document, position: int) -> Section:
    index = bisect_right(document.starts, position) - 1
    return document.frame.sections[index] if index >= 0 else _PREAMBLE


def _read_sentence(
    document: _Document, start: int, end: int, numbers: list[Amount], carried: _Carried,
    statements: list[Statement], rejections: list[Rejection],
) -> None:  # fmt: skip
    section = _section(document, numbers[0].start)
    standing_reason = {"appendix": "glossary", "furniture": "furniture"}.get(section.kind)
    kept: list[Amount] = []
    for number in numbers:
        reason = refusals.of(document.folded, number)
        if reason is None and standing_reason:
            reason = standing_reason
        if reason is None:
            kept.append(number)
        else:
            rejections.append(_rejection(document, number.start, number.end, reason))
    if not kept:
        return
    sentence = reading.Sentence(
        document.folded, reading.mask(document.folded, start, end), start, end, document.own_names
    )
    state = reading.read(sentence, kept, document.frame.place)
    by_start = {number.start: number for number in kept}
    for position, reason in state.refused.items():
        rejections.append(_rejection(document, position, by_start[position].end, reason))
    timed = _Times(document, section, start, end, carried)
    for found in state.readings:
        statements.append(_statement(document, section, timed, found, start, end))


def _rejection(document: _Document, start: int, end: int, reason: str) -> Rejection:
    return Rejection(document.text[start:end], reason, start, end)


@dataclass(slots=True)
class _Carried:
    """The period that a paragraph of a document without a year of its own named last."""

    period: str | None = None
    until: int = 0


class _Times:
    """The periods of a sentence, and which of them a number in it belongs to."""

    def __init__(self, document: _Document, section: Section, start: int, end: int, carried: _Carried) -> None:
        own = section.period or document.frame.reporting_period
        year = int(own[-4:] if "/" in own and "-" not in own else own[:4]) if own else None
        self.default = section.period if section.kind != "preamble" else document.frame.reporting_period
        self.found = periods.find(document.folded, start, end, year)
        if self.default is None:
            line_end = document.folded.find("\n", start)
            self.default = carried.period if start < carried.until else None
            if self.found:
                carried.period = self.found[-1].code
                carried.until = line_end if line_end >= 0 else len(document.folded)

    def at(self, position: int) -> periods.Period | None:
        before = [period for period in self.found if period.end <= position]
        return before[-1] if before else None


def _statement(
    document: _Document, section: Section, times: _Times, found: reading.Reading, start: int, end: int
) -> Statement:
    period = times.at(found.amount.start)
    code = period.code if period else times.default
    reporting = document.frame.reporting_period
    is_future = bool(period and period.is_future and reporting and period.code[:4] > reporting[-4:])
    standing = kinds.read(section, document.folded[start : found.amount.start], is_future)
    if standing.kind == "fact" and section.kind == "plan" and period is None:
        code = reporting
    last = found.end
    return Statement(
        kind=standing.kind,
        subject_type=found.subject_type,
        subject=found.subject or document.frame.place,
        indicator=found.indicator,
        measure=found.measure,
        value=found.value,
        value_high=found.value_high,
        unit=found.unit,
        comparator=found.comparator,
        period=code,
        text=document.text[found.amount.start : last],
        start=found.amount.start,
        end=last,
        sentence_start=start,
        sentence_end=end,
        scope=found.scope,
        modality=standing.modality,
        aspect=found.aspect,
        base=found.base,
        price_base=found.price_base,
    )
