r"""Web pages: the document of a page as text, without the page around it.

A paragraph is a line, a row of a table a line with TAB between its cells. The title is the first line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers import html_furniture as furniture
from gongbao.ingest.readers.html_charset import decode_page
from gongbao.ingest.readers.html_lines import HAN, Line, Page, read_lines
from gongbao.ingest.readers.html_main_part import MainPart, bare, main_part
from gongbao.ingest.readers.html_stated import page_title, read_stated
from gongbao.ingest.readers.result import ReadText
from gongbao.ingest.readers.text import DecodedText, check

NAME = "html"
_MARKUP = re.compile(r"</?(?:script|style|iframe|img|svg|table|tr|td|div|span|font|p|b|br|a)\b[^<>]{0,200}>", re.I)
_NEAR = 5  # lines of the text that may still tell its date and source
_FIRST_LINES = 4  # over which a title may be broken


def read_html(path: Path, name: str, limits: Limits, charset: str | None = None) -> ReadText:
    """Read the page at `path`, called `name`; `charset` is that of the HTTP header, where there was one.

    Raises `UnreadableDocument`: empty, no_chinese_text, garbled, undecodable, binary, oversize.
    """
    source = decode_page(path.read_bytes(), name, charset)
    document, page = read_lines(source.content, name, limits)
    title = page_title(document, page)
    part = main_part(page, title[0] if title else None)
    if not part.lines:
        if not page.lines or any(HAN.search(line.text) for line in page.lines):
            raise _without_text(page, name)
        part = MainPart(lines=page.lines)
    texts = _texts(part.lines, title[0] if title else None)
    checked = check(DecodedText("\n".join(texts) + "\n", source.encoding, source.warnings), name, limits)
    warnings = tuple(_warnings(page, checked))
    stated = read_stated(document, title, (*part.before, *part.lines[:_NEAR]), (*part.lines[-_NEAR:], *part.after))
    return ReadText(checked.content, warnings, source.encoding, stated)


def _warnings(page: Page, checked: DecodedText) -> Iterator[str]:
    yield from checked.warnings
    if page.hides_text:
        yield "hidden_text"
    if _MARKUP.search(checked.content):
        yield "markup_in_text"


def _texts(lines: list[Line], title: str | None) -> list[str]:
    """The document's lines, the title first; lines of labels without their buttons and counters."""
    texts = []
    for line in lines:
        text = line.text
        if not line.is_row and (
            furniture.is_labelled(line.spaced) or furniture.is_dates(line.text) or furniture.is_stamp(line.text)
        ):
            text = furniture.without_scraps(line.spaced)
        if text:
            texts.append(text)
    if title and not _begins_with(texts, title):
        texts.insert(0, title)
    return texts


def _begins_with(texts: list[str], title: str) -> bool:
    opening = "".join(map(bare, texts[:_FIRST_LINES]))
    return opening.startswith(bare(title))


def _without_text(page: Page, name: str) -> UnreadableDocument:
    if page.pictures:
        why = f"{name} has no text of its own: what it shows is in pictures"
        remedy = "ask the office for the document as text, or read the pictures and save what they say"
    elif page.frames:
        why = f"{name} has no text of its own: it shows other pages in frames"
        remedy = "save the page inside the frame"
    else:
        why = f"{name} has no text of its own: a script brings it, or there is none"
        remedy = "open the page in a browser and save it from there"
    return UnreadableDocument("empty", why, remedy)
