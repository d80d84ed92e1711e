"""Which year a bulletin reviews and which it plans.

The words that say so are weighed in this order: a title or heading that names the year reviewed (2023年工作回顾) or
planned (2024年工作安排); the years that open lines and sentences, where a second year follows the first; the day of
publication or of the meeting (what appears by August speaks of the year before); a work report's title year, which is
the year of its meeting.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Final, NamedTuple

from gongbao.extract import vocabulary
from gongbao.extract.sections import Years
from gongbao.extract.statement import DocType

_B: Final = r"[ \x1f]?"
_Y: Final = r"(?P<year>20\d\d)"
_TITLE_YEAR: Final = re.compile(rf"{_Y}{_B}年?")
_PART: Final = re.compile(
    rf"(?P<quarter>[一二三四1-4]){_B}季度|(?P<quarters>前三{_B}季度)|(?P<half>上{_B}半年)|1{_B}[-—~至]{{1,2}}{_B}(?P<month>\d{{1,2}}){_B}月"
)
_MEETING: Final = re.compile(
    rf"{_Y}{_B}年{_B}(?P<month>\d{{1,2}}){_B}月{_B}\d{{1,2}}{_B}日{_B}(?:\)|在|[^\n。]{{0,18}}届)"
)
_DATELINE: Final = re.compile(rf"{_Y}(?:{_B}年{_B}|[-./])(?P<month>\d{{1,2}})(?:{_B}月{_B}|[-./])\d{{1,2}}(?:{_B}日)?")
_DATELINE_WITHIN: Final = 400
_ANY: Final = re.compile(rf"{_Y}{_B}(?:年|[和、-])")

_SHORT_LINE: Final = 60
_CLAUSE_SIGN: Final = re.compile(r"[，。]")

ONE_PERIOD: Final[frozenset[DocType]] = frozenset({"statistical_communique", "monthly", "analysis"})
"""Documents that report one period and promise nothing."""
LAST_MONTH_OF_REVIEW: Final = 8


@cache
def _reviewed() -> re.Pattern[str]:
    return re.compile(
        rf"{_Y}{_B}年?(?:和[^\n，。]{{0,8}})?的?{vocabulary.any_of('year_of')}?(?:工作)?{vocabulary.any_of('year_reviewed')}"
    )


@cache
def _planned() -> re.Pattern[str]:
    return re.compile(
        rf"{_Y}{_B}年?的?{vocabulary.any_of('year_of')}?(?:工作)?(?:{vocabulary.any_of('year_planned')}|"
        r"(?:国民)?经济(?:和)?社会发展的?(?:主要|预期|总体|目标|任务|计划))"
    )


@cache
def _opening() -> re.Pattern[str]:
    """The year that opens a line or a sentence, found by the sign before it; a title or a year alone opens nothing."""
    return re.compile(
        rf"[\n。!?][ \x1f●—·-]*(?:[一二三四五六七八九十]{{1,3}}[、.])?{vocabulary.any_of('year_opener')}?"
        rf"{_Y}(?:{_B}年(?:度)?(?!{_B}\d{{1,2}}{_B}月{_B}\d|(?:[^\n，。]{{0,24}}(?:报告|公报))?[ ]*\n)|(?=[，,]))"
    )


class ReadYears(NamedTuple):
    """The years, and the words that they were read from: those of the year reviewed, of which the next is planned."""

    years: Years
    words: str = ""


def read(doc_type: DocType, title: str | None, published_on: str | None, head: str, folded: str) -> ReadYears:
    """The years of a text; `title`, `head` and `folded` are folded, `published_on` is an ISO date."""
    title = re.sub(r"(?<=[一-鿿\d])[ \x1f]+(?=[一-鿿\d])", "", title or "")
    if doc_type == "profile" and not (published_on or _TITLE_YEAR.search(title)):
        # An undated portrait of a place is of no year; what it dates, its sentences date.
        return ReadYears(Years(None, None))
    openings = [int(match["year"]) for match in _opening().finditer("\n" + folded)]
    part = _PART.search(title)
    if doc_type in ONE_PERIOD or part:
        year = _TITLE_YEAR.search(title)
        reported = int(year["year"]) if year else openings[0] if openings else _most_named(folded)
        part = part or (_PART.search(head) if doc_type in ("monthly", "analysis") else None)
        if reported is None:
            return ReadYears(Years(None, None))
        words = " ".join(filter(None, (f"{reported}年", part and part[0])))
        return ReadYears(Years(_part(str(reported), part), None), words)
    review = _review(doc_type, title, _released(published_on, head), openings, folded)
    if review is None:
        return ReadYears(Years(None, None))
    reviewed, words = review
    return ReadYears(Years(str(reviewed), str(reviewed + 1)), words)


def _review(
    doc_type: DocType, title: str, released: tuple[int, int] | None, openings: list[int], folded: str
) -> tuple[int, str] | None:
    """The year reviewed, and the words that tell it."""
    last = _last_possible(released)
    titled = _TITLE_YEAR.search(title)
    title_year = int(titled["year"]) if titled else None
    # What a heading names is believed near the years that the text is about: 2035年远景目标 plans no next year.
    about = last if last is not None else title_year
    named = set(openings)
    for pattern, shift in ((_reviewed(), 0), (_planned(), -1)):
        for where in (pattern.search(title), _heading(pattern, folded)):
            year = int(where["year"]) + shift if where else None
            is_near = year in named if about is None and shift else about is None or year in (about - 1, about)
            if where is not None and year is not None and is_near:
                return year, where[0]
    opened = [year for year in openings if about is None or about - 1 <= year <= about + 1]
    for year in opened[:3]:
        if year + 1 in opened or year == last:
            return year, f"{year}年"
    if titled is not None and title_year is not None and title_year + 1 in opened:
        return title_year, titled[0]
    if doc_type == "work_report" and titled is not None and title_year is not None:
        return title_year - 1, titled[0]
    if last is not None and released is not None:
        return last, f"{released[0]}年{released[1]}月"
    year_left = opened[0] if opened else about if about is not None else _most_named(folded)
    return None if year_left is None else (year_left, f"{year_left}年")


def _last_possible(released: tuple[int, int] | None) -> int | None:
    """The year that a text of this (year, month) reviews: the year itself only towards its end."""
    if released is None:
        return None
    year, month = released
    return year if month > LAST_MONTH_OF_REVIEW else year - 1


def _released(published_on: str | None, head: str) -> tuple[int, int] | None:
    """Year and month of the meeting, else of publication: a page may repost a report years later."""
    meeting = _MEETING.search(head)
    if meeting:
        return int(meeting["year"]), int(meeting["month"])
    if published_on:
        return int(published_on[:4]), int(published_on[5:7])
    dateline = _DATELINE.search(head, 0, _DATELINE_WITHIN)
    return (int(dateline["year"]), int(dateline["month"])) if dateline else None


def _heading(pattern: re.Pattern[str], folded: str) -> re.Match[str] | None:
    """The first match that stands at the beginning of a line or in a short line."""
    for match in pattern.finditer(folded):
        # Looked for no further than a short line reaches: a text without line ends would be searched once a match.
        nearest = max(0, match.start() - _SHORT_LINE)
        start = folded.rfind("\n", max(0, nearest - 1), match.start()) + 1 or nearest
        if start == nearest > 0 and folded[start - 1] != "\n":
            continue
        rest = folded[match.end() : start + _SHORT_LINE + 1]
        is_short = "\n" in rest or len(folded) - start <= _SHORT_LINE
        if (match.start() - start <= 14 or is_short) and not _CLAUSE_SIGN.search(folded, start, match.start()):
            return match
    return None


def _most_named(folded: str) -> int | None:
    """The latest of the years that the beginning names about as often as any."""
    years = Counter(int(match["year"]) for match in _ANY.finditer(folded[:6000]))
    if not years:
        return None
    return max(year for year, times in years.items() if times * 3 >= max(years.values()))


def _part(year: str, part: re.Match[str] | None) -> str:
    if part is None:
        return year
    if part["quarter"]:
        return f"{year}-Q{'一二三四'.find(part['quarter']) + 1 or int(part['quarter'])}"
    if part["quarters"]:
        return f"{year}-01/{year}-09"
    return f"{year}-S1" if part["half"] else f"{year}-01/{year}-{int(part['month']):02d}"
