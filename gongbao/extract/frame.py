"""The document's frame: title, kind, place, years, date and sections, read from the text itself.

What the text does not say stays null. The place is found by `document_place`, the years by `document_years`, the
sections by `sections`.
"""

from __future__ import annotations

import calendar
import re
from functools import cache
from typing import Final, cast

from gongbao import reference
from gongbao.extract import document_place, document_publisher, document_years, sections, vocabulary
from gongbao.extract.plaintext import fold, with_year_digits
from gongbao.extract.statement import DocType, Frame

HEAD: Final = 1600
"""How many code points of the beginning count as title and masthead."""

_B: Final = r"[ \x1f]?"
_DATE: Final = rf"(?P<y>20\d\d){_B}[-年./]{_B}(?P<m>\d{{1,2}}){_B}[-月./]{_B}(?P<d>\d{{1,2}})"
_DATES: Final = (
    re.compile(rf"(?:日{_B}期|时{_B}间|编印)[: \x1f]{{0,3}}{_DATE}|{_DATE.replace('<', '<of_')}[ ]?编印"),
    re.compile(rf"\({_DATE}{_B}日\)|(?:^|\n)[ —-]*{_DATE.replace('<', '<of_')}{_B}日[ ]*(?:\n|\Z|在)"),
)
_DATELINE: Final = re.compile(_DATE)
_DATELINE_WITHIN: Final = 200
_BODY: Final = re.compile(r"各位(?:代表|委员)[:，\n ]")


def read_frame(text: str) -> Frame:
    r"""The frame of a decoded text (`\\n` line ends, no byte order mark)."""
    return of_folded(text, fold(text))


def of_folded(text: str, folded: str) -> Frame:
    """The frame of `text`, whose folded form is at hand."""
    head = folded[:HEAD]
    title = _title(text, head)
    doc_type, type_words = _doc_type(title, head)
    place = document_place.read(fold(title) if title else None, head, folded)
    dated = with_year_digits(folded)
    published = _published(dated[:HEAD])
    named = with_year_digits(fold(title)) if title else None
    years, year_words = document_years.read(doc_type, named, published[0], dated[:HEAD], dated)
    publisher = document_publisher.read(head)
    body = _body(folded, doc_type)
    evidence = [
        ("title", title or ""),
        ("place", place.quote),
        ("published_on", published[1]),
        ("publisher", publisher[1]),
        ("doc_type", type_words),
        ("reporting_period", year_words),
        ("plan_period", year_words if years.plan else ""),
    ]
    return Frame(
        title=title,
        doc_type=doc_type,
        publisher=publisher[0],
        place=place.name,
        parent_places=place.parents,
        reporting_period=years.reporting,
        plan_period=years.plan,
        published_on=published[0],
        sections=sections.find(dated, years, body),
        evidence=tuple((slot, quote) for slot, quote in evidence if quote),
    )


_SENTENCE: Final = re.compile(r"[。？?!！]|[:：]$")


@cache
def _no_title() -> re.Pattern[str]:
    """What begins a line that is no title: the numeral of a section among others."""
    return re.compile(
        rf"{vocabulary.any_of('no_title')}|[-—(【]|[一二三四五六七八九十]{{1,3}}、|20\d\d[-年./]\d{{1,2}}[-月./]\d{{1,2}}日?$"
    )


@cache
def _types() -> tuple[tuple[DocType, re.Pattern[str]], ...]:
    return tuple(
        (cast(DocType, row["doc_type"]), re.compile(row["pattern"])) for row in reference.rows("texts/doc_types.csv")
    )


@cache
def _any_type() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _types()))


def _title(text: str, head: str) -> str | None:
    """The first line that says what kind of bulletin this is, else a short first line; a subtitle counts last."""
    lines: list[tuple[int, str]] = []
    position = 0
    for line in head.split("\n"):
        lines.append((position, line))
        position += len(line) + 1
    titles, subtitles, first = [], [], []
    for number, (start, line) in enumerate(lines[:60]):
        squeezed = "".join(line.split())
        written = text[start : start + len(line)].replace("\n", "").strip(" \u3000\t?")
        is_sentence = _SENTENCE.search(squeezed) is not None
        if 4 <= len(squeezed.strip("—-")) <= 70 and _kind(squeezed) and not is_sentence:
            if not _no_title().match(squeezed):
                titles.append(written)
            elif squeezed.startswith(("—", "-")):
                subtitles.append(written.strip("—-"))
        if 2 <= len(squeezed) <= 30 and number < 3 and not is_sentence:
            first.extend([written] if not _no_title().match(squeezed) and "，" not in squeezed else [])
    return next(iter((*titles, *subtitles, *first)), None)


def _kind(line: str) -> tuple[DocType, str] | None:
    if not _any_type().search(line):
        return None
    return next((kind, match[0]) for kind, pattern in _types() if (match := pattern.search(line)))


def _doc_type(title: str | None, head: str) -> tuple[DocType, str]:
    """The kind, and the words that tell it."""
    return _kind("".join((title or "").split())) or _kind(head[:700].replace("\x1f", "")) or ("other", "")


_GREETED_TWICE_WITHIN: Final = 600
"""An abstract's greeting and the text's own stand this near; a later one is addressed in the midst of the text."""


@cache
def _first_heading() -> re.Pattern[str]:
    return re.compile(rf"(?:\A|\n)\s*(?P<words>一、[^\n。，]{{0,24}}{vocabulary.any_of('first_heading')})")


def _body(folded: str, doc_type: DocType) -> int:
    """Where the masthead ends: after 各位代表, else where the first sentence's line begins.

    A short report greets its readers again at its end; a page may print an abstract with a greeting before the text.
    """
    salutation = [match.end() for match in _BODY.finditer(folded, 0, min(HEAD * 2, len(folded) // 3))]
    heading = _first_heading().search(folded, 0, HEAD * 2)
    if salutation and heading and heading.start() < salutation[0]:
        return heading.start("words")
    if salutation:
        return max(end for end in salutation if end <= salutation[0] + _GREETED_TWICE_WITHIN)
    position = 0
    for line in folded[: HEAD * 2].split("\n"):
        if len(line.strip()) > 40 and re.search(r"[，。]", line):
            return min(position, heading.start("words")) if heading else position
        position += len(line) + 1
    return 0


def _published(head: str) -> tuple[str | None, str]:
    """The earlier of the masthead's date and the meeting's or signature's: a page may repost a report years later.

    A date that stands in the first lines without a label is one where nothing else is.
    """
    found = [date for pattern in _DATES for date in _dated(pattern.search(head))]
    return min(found or _dated(_DATELINE.search(head, 0, _DATELINE_WITHIN)), default=(None, ""))


def _dated(match: re.Match[str] | None) -> list[tuple[str, str]]:
    if match is None:
        return []
    groups = match.groupdict()
    year, month, day = (int(groups[key] or groups[f"of_{key}"]) for key in ("y", "m", "d"))
    is_date = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    return [(f"{year:04d}-{month:02d}-{day:02d}", match.group().strip())] if is_date else []
