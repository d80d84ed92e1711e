"""What a page says of its document: meta elements, the line with date and source, the fields of its head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser

from gongbao.ingest.readers import html_furniture as furniture
from gongbao.ingest.readers.html_lines import HAN, Line, Page
from gongbao.ingest.readers.html_main_part import bare
from gongbao.ingest.readers.result import Stated
from gongbao.reference import rows

_ISO = re.compile(r"(\d{4})\s{0,2}[-—/.年]\s{0,2}(\d{1,2})\s{0,2}[-—/.月]\s{0,2}(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\d{6})?$")
_DATED = re.compile(rf"(?:{furniture.spread('date_label')})\s{{0,3}}[\]】]?\s{{0,3}}[:：]?\s{{0,5}}(?={_ISO.pattern})")
_SOURCED = re.compile(
    rf"(?:{furniture.spread('source_label')})\s{{0,3}}[\]】]?\s{{0,3}}[:：]\s{{0,5}}([^\s|｜:：\[\]【】()（）<>]{{2,40}})"
)
_NEXT_LABEL = re.compile(
    "|".join(furniture.spread(kind) for kind in ("date_label", "source_label", "field_label", "tail_opener"))
)
_SUFFIX = re.compile(r"\s{0,3}(?:(?<!\d)[-_|–—]{1,3}|[-_|–—]{1,3}(?!\d))\s{0,3}")  # not that of 2026-2030年
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,40}>")  # written into a title, where it is text
_LINES_OF_HEAD = 400
_QUOTED = 60


def page_title(document: LexborHTMLParser, page: Page) -> tuple[str, str] | None:
    """A page's title and the element that states it; None where nothing does."""
    for name, value in _meta(document, "meta_title"):
        return value, f"meta {name}"
    element = document.css_first("head > title") or document.css_first("title")
    whole = _TAG.sub("", " ".join((element.text() if element else "").split()))
    headings, lesser = _texts(document, "h1"), _texts(document, "h2, h3")
    if whole:
        wanted = bare(whole)
        shown = [line.text for line in page.lines[:_LINES_OF_HEAD] if len(bare(line.text)) >= 5 and not line.is_row]
        agreeing = [
            text
            for text in (*headings, *lesser, *shown)
            if len(bare(text)) >= 5 and bare(text) in wanted and not furniture.is_site(text)
        ]
        if agreeing and 3 * len(bare(best := max(agreeing, key=lambda text: len(bare(text))))) > len(wanted):
            return best, "h1" if best in headings else "title"
    if len(headings) == 1 and len(bare(headings[0])) >= 4 and not furniture.is_site(headings[0]):
        return headings[0], "h1"
    whole = _without_site(whole)
    if not whole and len(lesser) == 1 and len(bare(lesser[0])) >= 4:
        return lesser[0], "heading"
    return (whole, "title") if whole else None


def _texts(document: LexborHTMLParser, selector: str) -> list[str]:
    return [text for each in document.css(selector) if (text := " ".join(each.text().split()))]


def _without_site(title: str) -> str:
    """The part of a title that names the document; empty where it names a site only."""
    return max((part for part in _SUFFIX.split(title) if not furniture.is_site(part)), key=len, default="")


def read_stated(
    document: LexborHTMLParser, title: tuple[str, str] | None, near: Iterable[Line], rest: Iterable[Line]
) -> Stated:
    """What the page states; `near` are the lines before the text and its first ones, `rest` those after it."""
    evidence = []
    near, rest = list(near), list(rest)
    if title:
        evidence.append(("title", title[1]))
    found = _publisher(document, near, rest)
    if found:
        evidence.append(("publisher", found[1]))
    dated = _published_on(document, near)
    if dated:
        evidence.append(("published_on", dated[1]))
    return Stated(
        title=title[0] if title else None,
        publisher=found[0] if found else None,
        published_on=dated[0] if dated else None,
        evidence=tuple(evidence),
    )


def _meta(document: LexborHTMLParser, kind: str) -> Iterator[tuple[str, str]]:
    """(name, content) of the page's meta elements of a kind, in the vocabulary's order."""
    stated: dict[str, tuple[str, str]] = {}
    for element in document.css("meta"):
        attributes = element.attributes
        name = attributes.get("name") or attributes.get("property") or ""
        content = " ".join((attributes.get("content") or "").split())
        if name and content:
            stated.setdefault(name.lower(), (name, content))
    for row in rows("readers/page_furniture.csv"):
        if row["class"] == kind and row["word"].lower() in stated:
            yield stated[row["word"].lower()]


def iso_date(text: str) -> str | None:
    """The first date of a text as an ISO date, None where there is none that the calendar has."""
    found = _ISO.search(text) or _COMPACT.match(text.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def _published_on(document: LexborHTMLParser, near: list[Line]) -> tuple[str, str] | None:
    for name, value in _meta(document, "meta_date"):
        if day := iso_date(value):
            return day, f"meta {name}"
    for line in near:
        text = line.spaced.replace("\t", " ")
        found = _DATED.search(text)
        if found and (day := iso_date(text[found.end() : found.end() + 20])):
            return day, text[found.start() : found.start() + _QUOTED].strip()
    for line in reversed(near):
        head = furniture.without_scraps(line.spaced)
        rest = _ISO.sub("", head, count=1)
        stamped = furniture.is_dates(head) or furniture.is_stamp(head) or _SOURCED.search(head)
        if rest != head and stamped and (day := iso_date(head)):
            return day, head[:_QUOTED]
    return None


def _publisher(document: LexborHTMLParser, near: list[Line], rest: list[Line]) -> tuple[str, str] | None:
    for name, value in _meta(document, "meta_source"):
        if _is_name(value):
            return value, f"meta {name}"
    for line in (*near, *rest):
        if line.is_row:
            cells = line.text.split("\t")
            for label, value in pairwise(cells):
                if _SOURCED.match(f"{label.strip(' :：')}:xx") and _is_name(value):
                    return value.strip(), f"{label.strip(' :：')}：{value.strip()}"[:_QUOTED]
        found = _SOURCED.search(line.spaced)
        if found and _is_name(value := _cut(found[1])):
            return value, f"{found[0][: found.start(1) - found.start()].strip()}{value}"[:_QUOTED]
    for name, value in _meta(document, "meta_site"):
        if _is_name(value):
            return value, f"meta {name}"
    return None


def _cut(value: str) -> str:
    """A source without what follows it on its line: a further label, a date."""
    value = _NEXT_LABEL.split(value, maxsplit=1)[0] if not _NEXT_LABEL.match(value) else ""
    return _ISO.split(value, maxsplit=1)[0].strip(' ,，。;；"“”-—_')


def _is_name(value: str) -> bool:
    return 2 <= len(value.strip()) <= 40 and HAN.search(value) is not None
