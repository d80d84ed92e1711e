"""Lines to paragraphs: a line that could not hold the next word goes on in the next one, across columns and pages.

A new paragraph begins where a line is indented, where the line before ended short of its margin, where the size of
the type changes, and where more space than usual lies between two lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from gongbao.ingest.readers.pdf_layout import Line
from gongbao.ingest.readers.pdf_lines import HEADING

_INDENT = 0.8
_SLACK = 0.7
_SIZES = 0.12
_LEADING = 1.6
_FEW_LINES = 5
_TITLE = 1.15
_TITLE_LEADING = 2.6
_NEARLY = 0.15
_DASHES = frozenset("—－-")
_STOPS = frozenset("。！？；：!?;:")
_INDENTED_SHARE = 0.04
_FOOTNOTE = 0.85
# What a note's first line begins with, over whose following lines it hangs.
_LABEL = re.compile(r"[附备]?注\d?[:：]|说明[:：]|\[\d{1,2}\]|[①-⑳]|\d{1,2}[.、]")
_LATIN = re.compile(r"[A-Za-z]")


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The paragraphs, headings and table rows of a document, each a line of text."""
    pages = _steadied(pages)
    body = _body_size(pages)
    indents = _indents(pages)
    found: list[str] = []
    waiting: list[str] = []  # footnotes of a page whose last paragraph goes on overleaf
    last: Line | None = None
    for lines in pages:
        main, notes = _parted_notes(lines, body)
        leading = _leading(main)
        for index, line in enumerate(main):
            if last is not None and found and _goes_on(last, line, body, leading if index else None, indents):
                found[-1] = join(found[-1], line.text)
            else:
                found += waiting
                waiting = []
                found.append(line.text)
            last = line
        for note in _notes(notes):
            waiting.append(note)
    return [text for text in (part.strip(" ") for part in (*found, *waiting)) if text]


def _steadied(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Pages with few lines, which may all be indented or short, take their margins from the pages bound like them."""
    kept: list[list[Line]] = []
    for number, lines in enumerate(pages):
        if not 0 < len([line for line in lines if not line.is_row]) < _FEW_LINES:
            kept.append(list(lines))
            continue
        like = [
            (other[0].column_left, other[0].column_right)
            for other in pages[number % 2 :: 2]
            if len(other) >= _FEW_LINES and len({line.column_left for line in other}) == 1
        ]
        if not like:
            kept.append(list(lines))
            continue
        left, right = median(pair[0] for pair in like), median(pair[1] for pair in like)
        kept.append(
            [
                replace(line, column_left=min(left, line.column_left), column_right=max(right, line.column_right))
                for line in lines
            ]
        )
    return kept


def join(text: str, following: str) -> str:
    """Two lines of a paragraph as one; a blank only between Latin words."""
    if _LATIN.match(text[-1:]) and _LATIN.match(following[:1]):
        return f"{text} {following}"
    return text + following


def _goes_on(last: Line, line: Line, body: float, leading: float | None, indents: bool) -> bool:
    if last.is_row or line.is_row or abs(last.size - line.size) > _SIZES * last.size:
        return False
    step = line.base - last.base
    same_column = leading is not None and step > 0 and abs(line.column_left - last.column_left) < line.size
    slack = last.column_right - last.right
    is_title = min(last.size, line.size) > _TITLE * body
    if same_column and (is_title or _is_open(last.text, line.text)) and _same_axis(last, line):
        return step < _TITLE_LEADING * line.size and last.text[-1:] not in _STOPS
    if same_column and step > max(_LEADING * (leading or 0), 1.2 * line.size):
        return False
    indent, indent_before = line.left - line.column_left, last.left - last.column_left
    if indent > _INDENT * line.size:
        # A list whose lines all stand in from the margin, or a note whose label hangs out.
        together = abs(indent - indent_before) < 0.4 * line.size
        is_broken = slack < _SLACK * last.size and last.text[-1:] not in _STOPS
        hangs = _LABEL.match(last.text) is not None and abs(indent_before) < 0.5 * last.size and indent < 3 * line.size
        return (together or hangs) and is_broken and not HEADING.match(line.text)
    if slack < line.first_word + _SLACK * last.size:
        return not (last.text[-1:] in _STOPS and (not indents or HEADING.match(line.text)))
    # Margins found on a page with few lines may lie too far out: an unfinished line that began indented goes on.
    began = _INDENT * last.size < indent_before < 3 * last.size
    is_long = slack < _NEARLY * (last.column_right - last.column_left)
    return began and is_long and same_column and last.text[-1:] not in _STOPS and not HEADING.match(line.text)


def _same_axis(one: Line, other: Line) -> bool:
    return abs(one.left + one.right - other.left - other.right) < 2 * one.size


def _is_open(text: str, following: str) -> bool:
    """Whether a subtitle goes on: it began with a dash, or its bracket is still open."""
    begun = text[:1] in _DASHES or (text[:1] in "（(" and text[-1:] not in "）)")
    return begun and following[:1] not in _DASHES and not HEADING.match(following)


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size that most characters of running text have."""
    weights: dict[float, int] = {}
    for lines in pages:
        for line in lines:
            if not line.is_row:
                weights[round(line.size, 1)] = weights.get(round(line.size, 1), 0) + len(line.text)
    return max(weights, key=lambda size: weights[size], default=10.0)


def _indents(pages: Sequence[Sequence[Line]]) -> bool:
    """Whether the document begins its paragraphs with an indent."""
    running = [line for lines in pages for line in lines if not line.is_row and len(line.text) > 8]
    indented = sum(1.2 * line.size < line.left - line.column_left < 2.8 * line.size for line in running)
    return indented > _INDENTED_SHARE * len(running)


def _leading(lines: Sequence[Line]) -> float:
    """The usual distance between two lines of a page, from the ones that follow one another in running text."""
    steps = [
        second.base - first.base
        for first, second in pairwise(lines)
        if not first.is_row and not second.is_row and 0.8 * first.size < second.base - first.base < 4 * first.size
    ]
    return median(steps) if steps else 2.0 * max((line.size for line in lines), default=10.0)


def _parted_notes(lines: Sequence[Line], body: float) -> tuple[list[Line], list[Line]]:
    """A page's lines and, apart, the small ones at its foot."""
    count = len(lines)
    while count and not lines[count - 1].is_row and lines[count - 1].size < _FOOTNOTE * body:
        count -= 1
    if count == 0 or (count < len(lines) and lines[count - 1].is_row):
        return list(lines), []
    return list(lines[:count]), list(lines[count:])


def _notes(lines: Sequence[Line]) -> list[str]:
    found: list[str] = []
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else None
        if before is not None and _goes_on(before, line, line.size, None, False):
            found[-1] = join(found[-1], line.text)
        else:
            found.append(line.text)
    return found
