"""The document's frame: title, kind, place, years, date and sections, read from the text itself.

What the text does not say stays null. The place is found by `document_place`, the years by `document_years`, the
sections by `sections`.
"""

from __future__ import annotations

import re

from gongbao.extract import document_place, document_years, sections
from gongbao.extract.plaintext import fold, with_year_digits
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
    published = _published(head)
    dated = with_year_digits(folded)
    named = with_year_digits(fold(title)) if title else None
    years = document_years.read(doc_type, named, published[0], dated[:HEAD], dated)
    body = _body(folded, doc_type)
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
        sections=sections.find(dated, years, body),
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


def _body(folded: str, doc_type: DocType) -> int:
    """Where the masthead ends: after 各位代表, else where the first sentence's line begins.

    A short report greets its readers again at its end; a page may print an abstract with a greeting before the text.
    """
    salutation = [match.end() for match in _BODY.finditer(folded, 0, min(HEAD * 2, len(folded) // 3))]
    if salutation:
        return salutation[-1]
    position = 0
    for line in folded[: HEAD * 2].split("\n"):
        if len(line.strip()) > 40 and re.search(r"[，。]", line):
            return position
        position += len(line) + 1
    return 0


def _published(head: str) -> tuple[str | None, str]:
    """The earlier of the masthead's date and the meeting's or signature's: a page may repost a report years later."""
    found = []
    for pattern in (_PUBLISHED, _SIGNED):
        match = pattern.search(head)
        if match:
            year, month, day = (int(match[key] or match[f"{key}2"]) for key in ("y", "m", "d"))
            if 1 <= month <= 12 and 1 <= day <= 31:
                found.append((f"{year:04d}-{month:02d}-{day:02d}", match.group().strip()))
    return min(found, default=(None, ""))
