"""The document's frame: title, kind, place, years, date and sections, read from the text itself.

What the text does not say stays null. A place is taken from where a bulletin names its author (title, congress,
government, statistics bureau); a report that only says 市人民政府 is given the place it speaks of most.
"""

from __future__ import annotations

import re
from collections import Counter

from gongbao.extract import document_place, sections
from gongbao.extract.plaintext import fold
from gongbao.extract.statement import DocType, Frame

HEAD = 1600
"""How many code points of the beginning count as title and masthead."""

_TYPES: tuple[tuple[DocType, re.Pattern[str]], ...] = (
    ("press_conference", re.compile(r"新闻发布会|发布会")),
    ("statistical_communique", re.compile(r"统计公报")),
    ("budget_report", re.compile(r"预算(?:执行|草案|编制|情况|安排)|财政决算|决算")),
    ("plan_report", re.compile(r"(?:国民经济和社会发展|发展)计划(?:执行|草案)?")),
    (
        "work_report",
        re.compile(r"政府?[ \x1f]*工[ \x1f]*作[ \x1f]*报[ \x1f]*告|向大会报告(?:政府)?工作|作(?:政府)?工作报告"),
    ),
    ("work_summary", re.compile(r"工作总结|工作情况|工作要点")),
    ("monthly", re.compile(r"\d{1,2}月份?[^。\n]{0,12}(?:经济|运行|主要指标)|(?:1|一|元)[-—至]\d{1,2}月|月报")),
    ("analysis", re.compile(r"经济运行|经济形势|运行情况|形势分析")),
    ("profile", re.compile(r"基本(?:情况|概况)|投资环境|简介|概况")),
)
_PUBLISHED = re.compile(
    r"(?:刊发日期|发布日期|发布时间|发表时间|公开日期|成文日期|日期|时间|编印)[: \x1f]{0,3}(?P<y>20\d\d)[-年./ ]{1,2}(?P<m>\d{1,2})[-月./ ]{1,2}(?P<d>\d{1,2})"
    r"|(?P<y2>20\d\d)-(?P<m2>\d{1,2})-(?P<d2>\d{1,2})[ ]?编印"
)
_SIGNED = re.compile(
    r"\((?P<y>20\d\d)[ \x1f]?年[ \x1f]?(?P<m>\d{1,2})[ \x1f]?月[ \x1f]?(?P<d>\d{1,2})[ \x1f]?日\)|(?:^|\n)[ —-]*(?P<y2>20\d\d)[ \x1f]?年[ \x1f]?(?P<m2>\d{1,2})[ \x1f]?月[ \x1f]?(?P<d2>\d{1,2})[ \x1f]?日[ ]*(?:\n|在)"
)
_MEETING_YEAR = re.compile(
    r"(?P<year>20\d\d)[ \x1f]?年[ \x1f]?\d{1,2}[ \x1f]?月[ \x1f]?\d{1,2}[ \x1f]?日[ \x1f]?(?:\)|在|[^\n。]{0,18}届)"
)
_REVIEWED = re.compile(
    r"(?P<year>20\d\d)[ \x1f]?年?(?:和[^\n，。]{0,8})?(?:的)?(?:政府|主要|财政|重点|全市|全县|全区|全省|预算)?(?:工作)?(?:回顾|成效|总结|预算执行|财政预算执行|执行情况|主要工作)"
)
_PLANNED = re.compile(
    r"(?P<year>20\d\d)[ \x1f]?年?(?:的)?(?:政府|主要|财政|全市|全县|全省|地方|市级|财政)?(?:工作)?(?:安排|计划|总体要求|目标|重点工作|任务|主要任务|预算草案|财政预算|预算\(草案|预算安排|预算编制|经济社会发展)"
)
_TITLE_YEAR = re.compile(
    r"(?P<year>20\d\d)[ \x1f]?年[^\n。]{0,22}?(?:报告|公报|总结|分析|情况)|(?:公报|报告)[^\n]{0,4}(?P<year2>20\d\d)"
)
_PART_OF_YEAR = re.compile(r"(?P<q>[一二三四])季度|(?P<h>上)半年|(?P<t>前三季度)|1[-—至]{1,2}(?P<m>\d{1,2})月")
_ANY_YEAR = re.compile(r"(?P<year>20\d\d)[ \x1f]?(?:年|[和、-])")
_BODY = re.compile(r"各位(?:代表|委员)[:，\n ]")


def read_frame(text: str) -> Frame:
    r"""The frame of a decoded text (`\\n` line ends, no byte order mark)."""
    return of_folded(text, fold(text))


def of_folded(text: str, folded: str) -> Frame:
    """The frame of `text`, whose folded form is at hand."""
    head = folded[:HEAD]
    title = _title(text, head)
    doc_type = _doc_type(title, head)
    place = document_place.read(fold(title) if title else None, head, folded)
    years = _years(doc_type, title, head, folded)
    body = _body(folded, doc_type)
    published = _published(head)
    evidence = [("title", title or ""), ("place", place.quote), ("published_on", published[1])]
    return Frame(
        title=title,
        doc_type=doc_type,
        publisher=None,
        place=place.name,
        parent_places=place.parents,
        reporting_period=years.reporting,
        plan_period=years.plan,
        published_on=published[0],
        sections=sections.find(folded, years, body),
        evidence=tuple((slot, quote) for slot, quote in evidence if quote),
    )


_TITLE_WORDS = re.compile(
    r"政府工作报告|统计公报|预算(?:执行|草案|编制|情况)|发布会|工作总结|经济运行|的报告|投资环境|开局良好|情况分析|简介"
)
_NO_TITLE = re.compile(r"^(?:各位|现在|时间|来源|作者|内容摘要|——|—|-|当前位置|首页|下载)")


def _title(text: str, head: str) -> str | None:
    """The first line that reads as a bulletin's title; a short first line where none does."""
    lines = []
    position = 0
    for line in head.split("\n"):
        lines.append((position, line))
        position += len(line) + 1
    for start, line in lines[:60]:
        bare = line.replace("\x1f", " ").strip()
        squeezed = re.sub(r"\s", "", bare)
        if (
            4 <= len(squeezed) <= 70
            and _TITLE_WORDS.search(squeezed)
            and not _NO_TITLE.match(squeezed)
            and not re.search(r"[。？?]|[:：]$", bare)
            and not bare.startswith(("(", "（"))
        ):
            return text[start : start + len(line)].replace("\n", "").strip(" \u3000\t?")
    for start, line in lines[:3]:
        squeezed = re.sub(r"\s", "", line)
        if 2 <= len(squeezed) <= 30 and not _NO_TITLE.match(squeezed) and not re.search(r"[，。:]", squeezed):
            return text[start : start + len(line)].strip(" \u3000\t?")
    return None


def _doc_type(title: str | None, head: str) -> DocType:
    for where in (title or "", head[:700]):
        for kind, pattern in _TYPES:
            if pattern.search(re.sub(r"\s", "", where) if where == title else where):
                return kind
    return "other"


def _years(doc_type: DocType, title: str | None, head: str, folded: str) -> sections.Years:
    named = fold(title or "")
    reviewed = _REVIEWED.search(named) or _first_heading(_REVIEWED, folded)
    planned = _PLANNED.search(named) or _first_heading(_PLANNED, folded)
    meeting = _MEETING_YEAR.search(head)
    stated = _TITLE_YEAR.search(named)
    title_year = (stated["year"] or stated["year2"]) if stated else None
    if doc_type == "work_report":
        year = meeting["year"] if meeting else title_year
        if reviewed and (not year or int(reviewed["year"]) >= int(year) - 2):
            review: str | None = reviewed["year"]
        else:
            review = str(int(year) - 1) if year else None
        plan = planned["year"] if planned and (not review or int(planned["year"]) > int(review)) else None
        plan = plan or (str(int(review) + 1) if review else None)
        if review is None and plan:
            review = str(int(plan) - 1)
        return sections.Years(review, plan)
    if doc_type in ("budget_report", "plan_report", "press_conference", "work_summary"):
        review = reviewed["year"] if reviewed else title_year
        if review is None:
            review = str(int(meeting["year"]) - 1) if meeting else _body_year(folded)
        plan = planned["year"] if planned and review and int(planned["year"]) > int(review) else None
        return sections.Years(review, plan or (str(int(review) + 1) if review else None))
    if doc_type == "profile":
        return sections.Years(None, None)
    year = title_year or _body_year(folded)
    part = _PART_OF_YEAR.search(named) or (_PART_OF_YEAR.search(head) if doc_type in ("monthly", "analysis") else None)
    return sections.Years(_part(year, part) if year else None, None)


def _first_heading(pattern: re.Pattern[str], folded: str) -> re.Match[str] | None:
    for match in pattern.finditer(folded):
        line_start = folded.rfind("\n", 0, match.start()) + 1
        line_end = folded.find("\n", match.end())
        line = folded[line_start : line_end if line_end >= 0 else len(folded)]
        if match.start() - line_start <= 14 or len(line) <= 60:
            return match
    return None


def _body_year(folded: str) -> str | None:
    opening = re.search(r"(?:^|\n)[ ]*(20\d\d)[ \x1f]?年", folded[:3000])
    if opening:
        return opening[1]
    years = Counter(match["year"] for match in _ANY_YEAR.finditer(folded[:6000]))
    if not years:
        return None
    return max(year for year, times in years.items() if times * 3 >= max(years.values()))


def _part(year: str, part: re.Match[str] | None) -> str:
    if part is None:
        return year
    if part["q"]:
        return f"{year}-Q{'一二三四'.index(part['q']) + 1}"
    if part["t"]:
        return f"{year}-01/{year}-09"
    return f"{year}-S1" if part["h"] else f"{year}-01/{year}-{int(part['m']):02d}"


def _body(folded: str, doc_type: DocType) -> int:
    """Where the masthead ends: after 各位代表, else where the first sentence's line begins."""
    salutation = [match.end() for match in _BODY.finditer(folded[: HEAD * 2])]
    if salutation:
        return salutation[-1]
    position = 0
    for line in folded[: HEAD * 2].split("\n"):
        if len(line.strip()) > 40 and re.search(r"[，。]", line):
            return position
        position += len(line) + 1
    return 0


def _published(head: str) -> tuple[str | None, str]:
    for pattern in (_PUBLISHED, _SIGNED):
        match = pattern.search(head)
        if match:
            year, month, day = (int(match[key] or match[f"{key}2"]) for key in ("y", "m", "d"))
            if 1 <= month <= 12 and 1 <= day <= 31:
                return f"{year:04d}-{month:02d}-{day:02d}", match.group().strip()
    return None, ""
