"""Where a section turns from the years it speaks of to one of them, or from that year to all of them.

A report at the end of a term or of a five-year plan reviews the years and the last of them, plans the next ones and
the first of them, often under one heading. The lines say which: 五年来 and 过去五年 open what is said of the years,
刚刚过去的2020年 what is said of the last one, 今年是 what is said of the first to come (texts/turns.csv). What a line
opens with holds up to the next turn; what a sentence inside a line opens with holds up to the end of the line, and so
do the years under a heading that names one year only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Final, NamedTuple

from gongbao import reference
from gongbao.extract import periods
from gongbao.extract.statement import Section, SectionKind

SPAN: Final = 5
"""The years of a plan and of a term."""
_LEAD: Final = (
    r"(?:《?报告》?[^，。\n]{0,2}[说出]，)?"
    r"(?:各位(?:代表|委员)[，:! \x1f]*)?"
    r"(?:[●■◆—-]+|\d{1,2}[.、]|[一二三四五六七八九十]+[、是]|\([一二三四五六七八九十]+\))?"
    r"(?:回顾|回首|回望|展望)?"
)
_START: Final = rf"[ \x1f]*{_LEAD}"
_YEAR: Final = re.compile(r"\d{4}")
_YEARS: Final = re.compile(r"十[一二三四五六]五|五年")
_HEADING: Final = re.compile(r"\s*+[^\n\x1f。，]*+(?=[\n\x1f])")
_SENTENCE_SIGN: Final = re.compile(r"[。，;!]")
_ONE_YEAR: Final = re.compile(r"(?:20\d\d[ \x1f]?|今|一)年")


class _Told(NamedTuple):
    """What an opening turns to."""

    kind: SectionKind
    period: str


def split(text: str, section: Section, reporting: str | None, plan: str | None) -> Iterator[Section]:
    """The parts of a section, each of one time; `reporting` and `plan` are the years of the frame."""
    are_years = reporting and plan and _YEAR.fullmatch(reporting) and _YEAR.fullmatch(plan)
    if section.kind not in ("review", "plan") or not (reporting and plan and are_years):
        yield section
        return
    current = section
    for position, told in _turns(text, section, reporting, plan):
        if (told.kind, told.period) == (current.kind, current.period):
            continue
        if text[current.start : position].strip():
            yield replace(current, end=position)
            current = Section(position, section.end, told.kind, told.period)
        else:
            current = Section(current.start, section.end, told.kind, told.period)
    yield current


def _turns(text: str, section: Section, reporting: str, plan: str) -> Iterator[tuple[int, _Told]]:
    """The places where the section turns, each with what it turns to; what a sentence turns to ends with its line."""
    held = _Told(section.kind, section.period or (plan if section.kind == "plan" else reporting))
    is_of_span = _is_span(held.period) or _is_unbound(text, section)
    line_end: int | None = None
    heading, looked = "", section.start
    for match in _found(text, section, reporting, plan):
        if line_end is not None and match.start("words") >= line_end:
            yield line_end, held
            line_end = None
        at_line = match["sign"] in ("", "\n")
        heading, looked = _last_heading(text, looked, match.start("words"), heading), match.start("words")
        is_dated = match.lastgroup == "dated" and _is_span(held.period)
        if is_dated and not (at_line and f"{reporting}年" in heading):
            continue  # 2020年，全县生产总值…，是2015年的1.5倍 dates its sentence, unless its heading names 2020 too
        told = _told(match, text, reporting, plan)
        if told is None or not _may_turn(section.kind, told, at_line):
            continue
        if at_line and (is_of_span or told.kind != section.kind or not _is_span(told.period)):
            held, line_end = told, None
        elif line_end is None or match.end() >= line_end:  # a line that turns often is searched once
            found = text.find("\n", match.end(), section.end)
            line_end = found + 1 if found >= 0 else section.end
        yield match.end("sign"), told
    if line_end is not None and line_end < section.end:
        yield line_end, held


def _found(text: str, section: Section, reporting: str, plan: str) -> Iterator[re.Match[str]]:
    """The openings of a section: at the beginning of the text, and behind the sign that ends a line or sentence."""
    openings = _openings(reporting, plan)
    start = section.start
    first = openings.at_start.match(text, start, section.end) if start == 0 else None
    if first is not None:
        yield first
        start = first.end()
    yield from openings.behind_sign.finditer(text, start, section.end)


def _may_turn(kind: SectionKind, told: _Told, at_line: bool) -> bool:
    """A plan never turns to a review, and a review only with a line that opens with the years to come."""
    if kind == "plan":
        return told.kind == "plan" and (at_line or not _is_span(told.period))
    return told.kind == "review" or (at_line and _is_span(told.period))


def _told(match: re.Match[str], text: str, reporting: str, plan: str) -> _Told | None:
    first, last = int(plan), int(reporting)
    match match.lastgroup:
        case "back":
            return _Told("review", f"{last - SPAN + 1}/{last}")
        case "ahead":
            return _Told("plan", f"{first}/{first + SPAN - 1}")
        case "reviewed" | "dated":
            return _Told("review", reporting)
        case "planned":
            return _Told("plan", plan)
    named = [period.code for period in periods.find(text, match.start("words"), match.end(), last)]
    if named and named[0].endswith(f"/{last}"):
        return _Told("review", named[0])
    return _Told("plan", named[0]) if named and named[0].startswith(f"{first}/") else None


def _is_span(period: str) -> bool:
    return "/" in period


def _is_unbound(text: str, section: Section) -> bool:
    """Whether no heading bounds it to a year: 2025年和“十四五”时期工作回顾 names more, a sentence is no heading."""
    heading = _HEADING.match(text, section.start, section.end)
    return heading is None or _YEARS.search(heading.group()) is not None or _ONE_YEAR.search(heading.group()) is None


def _last_heading(text: str, start: int, end: int, known: str) -> str:
    """The last line of `text[start:end]` that is no sentence, else the one `known` from before."""
    for line in reversed(text[start:end].splitlines()):
        if line.strip() and not _SENTENCE_SIGN.search(line):
            return line.replace(" ", "")
    return known


class _Openings(NamedTuple):
    """What a line or a sentence may turn with; the second begins with a class of signs, which the search skips to."""

    at_start: re.Pattern[str]
    behind_sign: re.Pattern[str]


@cache
def _openings(reporting: str, plan: str) -> _Openings:
    """Those of a text with these years."""
    kinds: dict[str, list[str]] = {}
    for row in reference.rows("texts/turns.csv"):
        kinds.setdefault(row["to"], []).append(row["pattern"].replace("REVIEWED", reporting).replace("PLANNED", plan))
    told = "|".join(f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in kinds.items())
    opening = f"{_START}(?P<words>)(?:{told})"
    return _Openings(re.compile(f"(?P<sign>){opening}"), re.compile(rf"(?P<sign>[\n。!?;]){opening}"))
