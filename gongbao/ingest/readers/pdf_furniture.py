"""What pages carry beside the document: page numbers, running heads and feet, watermarks, tables of contents.

A head or foot is known by coming back: the same words, figures aside, at the same height of page after page. A number
alone at the edge is a page number if it is set as one (— 3 —, 第3页) or grows with the pages.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from gongbao.ingest.readers.pdf_layout import Line

_EDGE = 0.14  # of the page's height, where heads and feet stand
_EDGE_LINES = 3
_SHARE = 0.4  # of the pages: heads of left and right pages differ
_FEWEST = 3
_TITLE = 1.3
_NEAR = 0.012  # of the page's height
_NUMBER = r"[0-9０-９]{1,4}"
_DASH = r"[-—–－―‐·•~～\s]"
_PAGE_NUMBER = re.compile(
    rf"{_DASH}{{1,4}}{_NUMBER}{_DASH}{{1,4}}"
    rf"|第\s?{_NUMBER}\s?页\s?[,，/／]?\s?(?:[（(]?\s?共\s?{_NUMBER}\s?页\s?[）)]?)?"
    rf"|{_NUMBER}\s?[/／]\s?{_NUMBER}"
    rf"|[Pp]age\s{_NUMBER}(?:\sof\s{_NUMBER})?"
)
_BARE = re.compile(rf"{_NUMBER}|[ivxIVX]{{1,6}}")
_DIGITS = re.compile(r"[0-9０-９]+")
_LEADERS = re.compile(
    r"(?:[.．·…⋯‥]\s?){4,60}\t?\s?[（(]?[-—–\s]{0,3}(?:[0-9０-９]{1,4}|[ivxIVX]{1,6})?[-—–\s]{0,3}[）)]?$"
)
_CONTENTS = re.compile(r"目\s*录|目\s*次")
# A table's unit is said anew over each page of it, and must stay.
_UNIT = re.compile(r"单\s*位\s*[:：]")


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page, and apart from them those in a pale grey, watermarks among them."""

    lines: tuple[Line, ...]
    faint: tuple[Line, ...] = ()


def without_furniture(pages: Sequence[Page]) -> list[list[Line]]:
    """The lines of each page that belong to the document."""
    shown = [_with_pale_text(page, marks) for page, marks in zip(pages, _watermarks(pages), strict=True)]
    shown = [_without_contents(lines) for lines in shown]
    repeated = _repeated(shown)
    offsets = _offsets(shown)
    first = next((number for number, lines in enumerate(shown) if lines), 0)
    return [
        [
            line
            for at, line in enumerate(lines)
            if at not in edge
            or not (
                _is_page_number(line.text, number, offsets)
                or (_is_repeated(line, repeated) and not (number == first and _is_title(line, lines)))
            )
        ]
        for number, lines, edge in ((number, lines, _edge(lines)) for number, lines in enumerate(shown))
    ]


def _is_title(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line is set larger than its page: a first page's title may come back as the head of the others."""
    return line.size > _TITLE * median(other.size for other in lines)


def _edge(lines: Sequence[Line]) -> set[int]:
    """Indices of the lines at the head and foot of a page."""
    # The rows of a ruled table have no size of type: their heading comes back with each page, and belongs there.
    loose = [index for index, line in enumerate(lines) if line.size]
    by_depth = sorted(loose, key=lambda index: lines[index].depth)
    head = [index for index in by_depth[:_EDGE_LINES] if lines[index].depth < _EDGE]
    foot = [index for index in by_depth[-_EDGE_LINES:] if lines[index].depth > 1 - _EDGE]
    return {*head, *foot}


def _is_page_number(text: str, number: int, offsets: set[int]) -> bool:
    stripped = text.strip()
    if _PAGE_NUMBER.fullmatch(stripped):
        return True
    return _BARE.fullmatch(stripped) is not None and (
        not stripped.isdecimal() or int(stripped) - number in offsets or int(stripped) == number + 1
    )


def _offsets(pages: Sequence[Sequence[Line]]) -> set[int]:
    """By how much the bare numbers at the pages' edges run ahead of the pages, where two pages or more agree."""
    found: Counter[int] = Counter()
    for number, lines in enumerate(pages):
        bare = {lines[index].text.strip() for index in _edge(lines)}
        found.update({int(text) - number for text in bare if text.isdecimal() and len(text) <= 4})
    return {offset for offset, count in found.items() if count >= 2}


_Places = dict[str, list[float]]


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text.replace(" ", "").replace("\t", ""))


def _repeated(pages: Sequence[Sequence[Line]]) -> _Places:
    """Words at the edges of most pages, with the depths at which they come back."""
    places: dict[str, list[float]] = defaultdict(list)
    for lines in pages:
        for key, depth in {_key(lines[index]): lines[index].depth for index in _edge(lines)}.items():
            places[key].append(depth)
    least = max(2, min(_FEWEST, len(pages)), _SHARE * len(pages))
    return {key: depths for key, depths in places.items() if len(depths) >= least}


def _is_repeated(line: Line, repeated: _Places) -> bool:
    depths = repeated.get(_key(line), ())
    if _UNIT.search(line.text) or _key(line).strip("#.,%") == "":
        return False
    near = sum(abs(depth - line.depth) < _NEAR for depth in depths)
    return near >= max(2, min(_FEWEST, len(depths)), len(depths) // 2)


def _watermarks(pages: Sequence[Page]) -> list[set[int]]:
    """For each page the indices of the pale lines that come back on other pages at the same place."""
    places: Counter[tuple[str, int, int]] = Counter()
    for page in pages:
        places.update({_place(line) for line in page.faint})
    least = max(2, _SHARE * len(pages))
    return [{index for index, line in enumerate(page.faint) if places[_place(line)] >= least} for page in pages]


def _place(line: Line) -> tuple[str, int, int]:
    return line.text, round(line.left / 6), round(line.depth * 100)


def _with_pale_text(page: Page, watermarks: set[int]) -> list[Line]:
    """The lines with the pale ones that are no watermark, each where its height puts it."""
    lines = list(page.lines)
    for index, line in enumerate(page.faint):
        if index not in watermarks:
            at = next((at for at, other in enumerate(lines) if other.depth > line.depth), len(lines))
            lines.insert(at, line)
    return lines


def _without_contents(lines: list[Line]) -> list[Line]:
    """Lines that lead with dots to a page number go, and the heading over them."""
    kept = [line for line in lines if not _LEADERS.search(line.text)]
    if len(lines) - len(kept) < 2:
        return lines if len(lines) == len(kept) else kept
    return [line for line in kept if not _CONTENTS.fullmatch(line.text.strip())]
