"""Glyphs to lines: runs as they were drawn, runs of one line side by side, and the blanks of a line judged.

A blank in a PDF is a distance. Between a digit or letter and a Chinese character it is typesetting, inside a number
it is kerning, and only between Latin words is it certain to be a blank.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from gongbao.ingest.readers.pdf_glyphs import Glyph

# In font sizes. A gap of a whole character ends a segment: two columns of print are never nearer.
SEGMENT_GAP = 1.0
_RUN_DRIFT = 0.3
_RUN_BACK = 1.2
_OVERLAP = 0.5
_WORD_GAP = 0.2
_WORDS_APART = 0.45
_DIGIT_GAP = 0.3
_POINT_GAP = 0.8
_CHINESE_GAP = 0.6
_EVEN = 0.25
_TYPESETTING_GAP = 1.6
_RAISED_SIZE = 0.75
_RAISED_BASE = 0.2

HEADING = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十百]{1,4}[章节部分条编篇]"
)
_HAN = re.compile(r"[\u2e80-\u2fdf\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_WIDE = re.compile(r"[\u2010-\u205f\u2460-\u24ff\u2e80-\u9fff\uf900-\ufaff\uff00-\uffee\U00020000-\U0003134f]")
_NUMBER_PART = re.compile(r"[0-9.,０-９．，%％]")
_CLOSING = frozenset("，。、；：！？）》」』”’％%,.;:!?)]】〉…")
_ASCENT, _DESCENT = 0.8, 0.2  # of the size; what fonts declare is not to be trusted


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line without a gap as wide as a character."""

    glyphs: tuple[Glyph, ...]
    left: float
    right: float
    base: float
    size: float

    @property
    def top(self) -> float:
        """The upper edge of the characters."""
        return self.base - _ASCENT * self.size

    @property
    def bottom(self) -> float:
        """The lower edge of the characters."""
        return self.base + _DESCENT * self.size


def segment_of(glyphs: Iterable[Glyph]) -> Segment:
    """The glyphs of one line as a segment; its size is the largest that a third of them have, its base theirs."""
    ordered = tuple(sorted(glyphs, key=lambda glyph: glyph.left))
    size = sorted((glyph.size for glyph in ordered), reverse=True)[len(ordered) // 3]
    base = median(glyph.base for glyph in ordered if glyph.size >= 0.9 * size)
    return Segment(ordered, ordered[0].left, max(glyph.right for glyph in ordered), base, size)


def segments(glyphs: Sequence[Glyph]) -> list[Segment]:
    """The segments of a page or a cell, from the top down, from left to right."""
    found: list[Segment] = []
    for row in rows_of([segment_of(run) for run in _runs(glyphs)]):
        glyphs_of_row = sorted((glyph for run in row for glyph in run.glyphs), key=lambda glyph: glyph.left)
        size = max(run.size for run in row)
        piece = [glyphs_of_row[0]]
        right = glyphs_of_row[0].right
        for glyph in glyphs_of_row[1:]:
            if glyph.left - right > SEGMENT_GAP * min(size, max(glyph.size, piece[-1].size)):
                found.append(segment_of(piece))
                piece = []
            piece.append(glyph)
            right = max(right, glyph.right)
        found.append(segment_of(piece))
    return found


def rows_of(pieces: Sequence[Segment]) -> list[list[Segment]]:
    """Segments grouped by the line they stand on, from the top down; in a row from left to right."""
    rows: list[list[Segment]] = []
    bases: list[tuple[float, int]] = []
    # Tall ones first: a raised or small piece joins the line that it belongs to, never the other way round.
    for piece in sorted(pieces, key=lambda piece: (-round(piece.size), piece.base, piece.left)):
        best, best_share = -1, _OVERLAP
        at = bisect_left(bases, (piece.base - 4 * piece.size, -1))
        while at < len(bases) and bases[at][0] <= piece.base + 4 * piece.size:
            anchor = rows[bases[at][1]][0]
            shared = min(anchor.bottom, piece.bottom) - max(anchor.top, piece.top)
            share = shared / min(anchor.size, piece.size)
            if share > best_share:
                best, best_share = bases[at][1], share
            at += 1
        if best < 0:
            insort(bases, (piece.base, len(rows)))
            rows.append([piece])
        else:
            rows[best].append(piece)
    return [sorted(rows[index], key=lambda piece: piece.left) for _, index in bases]


def _runs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs:
            last = runs[-1][-1]
            gap = glyph.left - last.right
            if (
                abs(glyph.base - last.base) <= _RUN_DRIFT * min(glyph.size, last.size)
                and abs(glyph.size - last.size) <= _RUN_DRIFT * last.size
                and -_RUN_BACK * last.size < gap <= SEGMENT_GAP * last.size
                and glyph.left > last.left
            ):
                runs[-1].append(glyph)
                continue
        runs.append([glyph])
    return runs


def words(line: Sequence[Segment]) -> list[tuple[float, float]]:
    """Where the pieces of a line stand, from left to right, that lie half a character or more apart."""
    found: list[tuple[float, float]] = []
    for piece in line:
        for glyph in piece.glyphs:
            if found and glyph.left - found[-1][1] <= _WORDS_APART * piece.size:
                found[-1] = (found[-1][0], max(found[-1][1], glyph.right))
            else:
                found.append((glyph.left, glyph.right))
    return found


def compose(pieces: Sequence[Segment]) -> str:
    """The text of a line's segments, its blanks judged; footnote marks set as raised digits stand in brackets."""
    glyphs = [glyph for piece in pieces for glyph in piece.glyphs]
    size = max(piece.size for piece in pieces)
    base = max(pieces, key=lambda piece: len(piece.glyphs)).base
    tracking = _tracking(glyphs)
    written: list[str] = []
    raised: list[str] = []
    for index, glyph in enumerate(glyphs):
        before = glyphs[index - 1] if index else None
        is_raised = glyph.size < _RAISED_SIZE * size and base - glyph.base > _RAISED_BASE * size
        if is_raised and glyph.char.isdigit() and (raised or (before and _takes_mark(before.char))):
            raised.append(glyph.char)
            continue
        if raised:
            written.append(f"[{''.join(raised)}]")
            raised = []
        if before and _blank(before.char, glyph.char, (glyph.left - before.right) / size - tracking, glyph.blank):
            written.append(" ")
        written.append(glyph.char)
    if raised:
        written.append(f"[{''.join(raised)}]")
    return _close_letterspaced("".join(written))


def _takes_mark(char: str) -> bool:
    """Whether a raised digit after it is a footnote's mark, and no power: 总值² but km², 10⁴."""
    return not char.isascii() or char == "%"


def _tracking(glyphs: Sequence[Glyph]) -> float:
    """The space that lies between all characters of the line, in font sizes: justified, or letterspaced throughout."""
    pairs = [(first, second) for first, second in pairwise(glyphs) if second.size > 0]
    everywhere = sorted((second.left - first.right) / second.size for first, second in pairs)
    if len(everywhere) >= 4 and everywhere[-1] - everywhere[0] < _EVEN:
        return max(0.0, everywhere[0])
    gaps = [
        (second.left - first.right) / second.size
        for first, second in pairs
        if _HAN.match(first.char) and _HAN.match(second.char)
    ]
    return max(0.0, min(median(gaps), 0.5)) if len(gaps) >= 4 else 0.0


def _blank(before: str, after: str, gap: float, drawn: bool) -> bool:
    wide_before, wide_after = bool(_WIDE.match(before)), bool(_WIDE.match(after))
    if wide_before and wide_after:
        return gap > _CHINESE_GAP and bool(_HAN.match(before)) and bool(_HAN.match(after))
    if wide_before or wide_after:
        return gap > _TYPESETTING_GAP
    if _NUMBER_PART.match(before) and _NUMBER_PART.match(after):
        if drawn:
            return gap > 0.05
        return gap > (_POINT_GAP if before in ".," or after in ".," else _DIGIT_GAP)
    return drawn or (gap > _WORD_GAP and before not in "([" and after not in "()[],")


def _close_letterspaced(text: str) -> str:
    """`一、综 合` → `一、综合`: Chinese characters that each stand alone between blanks are one word."""
    parts = text.split(" ")
    if len(parts) < 2:
        return text
    joined = parts[0]
    for before, part in pairwise(parts):
        alone = _HAN.match(part) and not _HAN.match(part[1:2])
        lone = alone and _HAN.match(before[-1:]) and not _HAN.match(before[-2:-1])
        joined += part if lone else f" {part}"
    return joined


def first_word(glyphs: Sequence[Glyph]) -> float:
    """The width of what a line begins with and cannot be broken: a number, a Latin word, a character and its stop."""
    left, count = glyphs[0].left, 1
    if not _WIDE.match(glyphs[0].char):
        while count < len(glyphs) and not _WIDE.match(glyphs[count].char) and not glyphs[count].blank:
            count += 1
    while count < len(glyphs) and count < 40 and glyphs[count].char in _CLOSING:
        count += 1
    return glyphs[count - 1].right - left
