"""Which year a bulletin reviews and which it plans.

The words that say so are weighed in this order: a title or heading that names the year reviewed (2023年工作回顾) or
planned (2024年工作安排); the years that open lines and sentences, where a second year follows the first; the day of
publication or of the meeting (what appears by August speaks of the year before); a work report's title year, which is
the year of its meeting.
"""

from __future__ import annotations

import re
from collections import Counter

from gongbao.extract.sections import Years
from gongbao.extract.statement import DocType

_B = r"[ \x1f]?"
_Y = r"(?P<year>20\d\d)"
_BODY_OF = r"(?:政府|主要|财政|重点|全市|全县|全区|全镇|全省|地方|市级|县级|预算)?"
_REVIEWED = re.compile(
    rf"{_Y}{_B}年?(?:和[^\n，。]{{0,8}})?的?{_BODY_OF}(?:工作)?(?:回顾|成效|成绩|总结|预算执行|财政预算执行|执行情况|主要工作|"
    r"工作情况|经济社会发展情况|发展情况|亮点|年?末)"
)
_PLANNED = re.compile(
    rf"{_Y}{_B}年?的?{_BODY_OF}(?:工作)?(?:安排|计划|打算|展望|思路|部署|总体要求|目标|重点工作|任务|主要任务|预算草案|财政预算|"
    r"预算\(草案|预算安排|预算编制|经济社会发展(?!情况))"
)
_TITLE_YEAR = re.compile(rf"{_Y}{_B}年?")
_PART = re.compile(
    rf"(?P<quarter>[一二三四1-4]){_B}季度|(?P<quarters>前三{_B}季度)|(?P<half>上{_B}半年)|1{_B}[-—~至]{{1,2}}{_B}(?P<month>\d{{1,2}}){_B}月"
)
_OPENING = re.compile(
    rf"(?:^|[\n。!?])[ \x1f●—·-]*(?:[一二三四五六七八九十]{{1,3}}[、.])?(?:刚刚过去的|即将过去的|过去的|回顾|回望|展望|进入|面向|面对|走过|总结)?"
    rf"{_Y}(?:{_B}年(?:度)?(?!{_B}\d{{1,2}}{_B}月{_B}\d)|(?=[，,]))"
)
_MEETING = re.compile(
    rf"{_Y}{_B}年{_B}(?P<month>\d{{1,2}}){_B}月{_B}\d{{1,2}}{_B}日{_B}(?:\)|在|[^\n。]{{0,18}}届)"
)
_ANY = re.compile(rf"{_Y}{_B}(?:年|[和、-])")

ONE_PERIOD: frozenset[DocType] = frozenset({"statistical_communique", "monthly", "analysis"})
"""Documents that report one period and promise nothing."""
LAST_MONTH_OF_REVIEW = 8


def read(doc_type: DocType, title: str | None, published_on: str | None, head: str, folded: str) -> Years:
    """The years of a text; `title`, `head` and `folded` are folded, `published_on` is an ISO date."""
    title = re.sub(rf"(?<=[一-鿿\d])[ \x1f]+(?=[一-鿿\d])", "", title or "")
    if doc_type == "profile":
        stated = _REVIEWED.search(title) or _TITLE_YEAR.search(title)
        return Years(stated["year"] if stated else None, None)
    openings = [int(match["year"]) for match in _OPENING.finditer(folded)]
    part = _PART.search(title)
    if doc_type in ONE_PERIOD or part:
        year = _TITLE_YEAR.search(title)
        reported = year["year"] if year else str(openings[0]) if openings else _most_named(folded)
        part = part or (_PART.search(head) if doc_type in ("monthly", "analysis") else None)
        return Years(_part(reported, part) if reported else None, None)
    review = _review(doc_type, title, _released(published_on, head), openings, folded)
    if review is None:
        return Years(None, None)
    planned = _PLANNED.search(title) or _heading(_PLANNED, folded)
    plan = int(planned["year"]) if planned and int(planned["year"]) > review else review + 1
    return Years(str(review), str(plan))


def _review(
    doc_type: DocType, title: str, released: tuple[int, int] | None, openings: list[int], folded: str
) -> int | None:
    last = _last_possible(released)
    for where in (_REVIEWED.search(title), _heading(_REVIEWED, folded)):
        if where and (last is None or last - 1 <= int(where["year"]) <= last):
            return int(where["year"])
    planned = _PLANNED.search(title) or _heading(_PLANNED, folded)
    if planned:
        return int(planned["year"]) - 1
    titled = _TITLE_YEAR.search(title)
    opened = [year for year in openings if last is None or last - 1 <= year <= last + 1]
    for year in opened[:3]:
        if year + 1 in opened or year == last:
            return year
    if doc_type == "work_report" and titled:
        return int(titled["year"]) - 1
    if last is not None:
        return last
    if opened or titled:
        return opened[0] if opened else int(titled["year"]) if titled else None
    named = _most_named(folded)
    return int(named) if named else None


def _last_possible(released: tuple[int, int] | None) -> int | None:
    """The year that a text of this (year, month) reviews: the year itself only towards its end."""
    if released is None:
        return None
    year, month = released
    return year if month > LAST_MONTH_OF_REVIEW else year - 1


def _released(published_on: str | None, head: str) -> tuple[int, int] | None:
    if published_on:
        return int(published_on[:4]), int(published_on[5:7])
    meeting = _MEETING.search(head)
    return (int(meeting["year"]), int(meeting["month"])) if meeting else None


def _heading(pattern: re.Pattern[str], folded: str) -> re.Match[str] | None:
    """The first match that stands at the beginning of a line or in a short line."""
    for match in pattern.finditer(folded):
        start = folded.rfind("\n", 0, match.start()) + 1
        end = folded.find("\n", match.end())
        line = folded[start : end if end >= 0 else len(folded)]
        if (match.start() - start <= 14 or len(line) <= 60) and not re.search(r"[，。]", line[: match.start() - start]):
            return match
    return None


def _most_named(folded: str) -> str | None:
    years = Counter(match["year"] for match in _ANY.finditer(folded[:6000]))
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
