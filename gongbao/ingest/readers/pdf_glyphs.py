"""A page's characters with their places, as pdfium finds them in the text layer: upright, each once, none invisible.

Coordinates are points from the page's upper left corner in the direction the text is read, whatever way the page or
its text is turned. Only a character's origin and its font size are trusted in the vertical: fonts of office programs
declare ascents up to three times their size. Blanks that pdfium itself supplies are left out: it measures them with
the same boxes.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongbao.reference import rows

INVISIBLE_MODES = frozenset((3, 7))  # neither filled nor stroked; 7 only clips
_TURN_TOLERANCE = 8.0  # degrees; scans are read slightly askew, watermarks lie at 30 to 60
# A second drawing of the same character this near (in font sizes) makes it bold; the narrowest letters that follow
# one another, ll or ii, are 0.2 apart.
_SAME_PLACE = 0.14
# Digits of Chinese fonts are declared as wide as a Chinese character and placed at half of it.
_WIDEST_ASCII_DIGIT = 0.62
DEEPEST_FORM = 4
_MOSTLY = 10
_NO_WIDTH = 0.02  # points; pdfium itself leaves out what is narrower than 0.01
_SPACES = frozenset(" \t\r\n\u00a0\u2002\u2003\u2009\u3000\u200b\ufeff")
_HYPHENS = {2: "-", 0xFFFE: "-", 0xAD: "-"}  # pdfium's marks for a hyphen at a line's end


class Glyph(NamedTuple):
    """A visible character: `left` to `right` along its line, `base` downwards; `blank` if a blank stands before it."""

    char: str
    left: float
    right: float
    base: float
    size: float
    blank: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """The glyphs of a page that are read in one direction, in the order they are drawn.

    `quarter` is how many quarter turns, against the clock, they are turned on the page; `left`, `top` is the upper
    left corner of the page in their direction, in the coordinates that rulings have before they are laid beside.
    `faint` are the glyphs in a pale grey or half transparent: watermarks are among them.
    """

    quarter: int
    left: float
    top: float
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    faint: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """The leaves of a page, the fullest first; counts of its characters, and of those whose font names no character."""

    leaves: tuple[Leaf, ...]
    characters: int
    unmapped: int
    recognised: bool  # nearly all text is the invisible one that character recognition lays over a picture


class _Style(NamedTuple):
    """What all characters of a text object share; `size` 0 where it is not to be read at all."""

    size: float
    quarter: int
    invisible: bool
    faint: bool


_DROPPED = _Style(0.0, 0, False, False)


def read_glyphs(page: pdfium.PdfPage, most: int) -> PageGlyphs:
    """The glyphs of a page; of one with more than `most` characters their number alone.

    Raises `PdfiumError` where its content cannot be parsed.
    """
    modes = _widen(page)
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        return _read(page, textpage, modes) if count <= most else PageGlyphs((), count, 0, False)
    finally:
        textpage.close()


def text_objects(page: pdfium.PdfPage) -> Iterator[Any]:
    """The text objects of a page and of the forms on it."""
    handle = page.raw
    waiting = [(raw.FPDFPage_GetObject(handle, at), 0) for at in range(raw.FPDFPage_CountObjects(handle))]
    for thing, depth in waiting:
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            yield thing
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
            count = raw.FPDFFormObj_CountObjects(thing)
            waiting.extend((raw.FPDFFormObj_GetObject(thing, at), depth + 1) for at in range(count))


def _widen(page: pdfium.PdfPage) -> dict[int, int]:
    """Give an outline to text objects without width or height; their modes before that.

    Characters of a font that is neither in the file nor on this machine have no known shape. pdfium's text layer leaves
    out a lone one, the 年 between two numbers in another font, and takes one text for a repetition of the one before.
    """
    modes: dict[int, int] = {}
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    matrix = raw.FS_MATRIX()
    for thing in text_objects(page):
        raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
        if min(right.value - left.value, top.value - bottom.value) > _NO_WIDTH:
            continue
        if raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(thing)) == 1:
            continue
        modes[_address(thing)] = raw.FPDFTextObj_GetTextRenderMode(thing)
        raw.FPDFPageObj_SetStrokeWidth(thing, 1.0)
        raw.FPDFTextObj_SetTextRenderMode(thing, raw.FPDF_TEXTRENDERMODE_FILL_STROKE)
        raw.FPDFPageObj_GetMatrix(thing, matrix)
        raw.FPDFPageObj_SetMatrix(thing, matrix)  # only this makes pdfium measure anew
    return modes


def _address(thing: Any) -> int:
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def turn(quarter: int, x: float, y: float) -> tuple[float, float]:
    """A point of the page in the direction of text turned by `quarter`, the second coordinate downwards."""
    match quarter % 4:
        case 0:
            return x, -y
        case 1:
            return y, x
        case 2:
            return -x, y
    return -y, -x


def _read(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, modes: dict[int, int]) -> PageGlyphs:
    box = page.get_bbox()
    styles: dict[int, _Style] = {}
    found: dict[tuple[int, bool, bool], list[Glyph]] = defaultdict(list)
    rectangle, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    handle = textpage.raw
    characters = unmapped = high = 0
    blank = False
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, index)
        if raw.FPDFText_IsGenerated(handle, index) == 1:
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0
            high = 0
        char = _HYPHENS.get(code) or (chr(code) if code else "\ufffd")
        if char in _SPACES:
            blank = True
            continue
        style = _style(handle, index, styles, modes)
        raw.FPDFText_GetLooseCharBox(handle, index, rectangle)
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        if style.size <= 0 or not _inside(box, rectangle):
            continue
        characters += 1
        if 0xE000 <= code <= 0xF8FF:
            unmapped += 1
            # Symbol fonts have their bullets here.
            if 0xF000 <= code <= 0xF0FF:
                blank = True
                continue
        elif not code or code < 32 or raw.FPDFText_HasUnicodeMapError(handle, index) == 1:
            unmapped += 1
            char = "\ufffd"
        glyph = _place(_plain(char), rectangle, x.value, y.value, style, blank)
        found[style.quarter, style.invisible, style.faint].append(glyph)
        blank = False
    unseen = sum(len(glyphs) for (_, invisible, _), glyphs in found.items() if invisible)
    recognised = unseen > _MOSTLY * (characters - unseen)
    if recognised:
        for quarter, _, faint in [key for key in found if key[1]]:
            found[quarter, False, faint] += found[quarter, True, faint]
    quarters = {quarter for quarter, invisible, _ in found if not invisible}
    leaves = [_leaf(quarter, box, found[quarter, False, False], found[quarter, False, True]) for quarter in quarters]
    leaves.sort(key=lambda leaf: (-len(leaf.glyphs), leaf.quarter))
    return PageGlyphs(tuple(leaves), characters, unmapped, recognised)


def _place(char: str, rectangle: Any, x: float, y: float, style: _Style, blank: bool) -> Glyph:
    left, base = turn(style.quarter, x, y)
    one, two = (
        turn(style.quarter, rectangle.left, rectangle.bottom),
        turn(style.quarter, rectangle.right, rectangle.top),
    )
    edges = sorted((one[0], two[0]))
    # The loose box of a glyph in a font without widths is empty: its origin and half a size stand in.
    right = edges[1] if edges[1] > edges[0] else left + style.size / 2
    left = edges[0] if edges[1] > edges[0] else left
    if char.isascii() and (char.isdigit() or char in ".,"):
        right = min(right, left + _WIDEST_ASCII_DIGIT * style.size)
    return Glyph(char, left, right, base, style.size, blank)


def _inside(box: tuple[float, float, float, float], rectangle: Any) -> bool:
    middle, centre = (rectangle.left + rectangle.right) / 2, (rectangle.bottom + rectangle.top) / 2
    return bool(box[0] <= middle <= box[2]) and bool(box[1] <= centre <= box[3])


def _style(handle: Any, index: int, known: dict[int, _Style], modes: dict[int, int]) -> _Style:
    pointer = raw.FPDFText_GetTextObject(handle, index)
    address = _address(pointer)
    if address not in known or not address:
        known[address] = _examine(handle, index, pointer if address else None, modes.get(address))
    return known[address]


def _examine(handle: Any, index: int, text_object: Any, mode: int | None) -> _Style:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, index, matrix)
    size = raw.FPDFText_GetFontSize(handle, index) * math.hypot(matrix.c, matrix.d)
    angle = math.degrees(math.atan2(matrix.b, matrix.a))
    if math.isnan(angle) or not 0.5 < abs(size) < 2000:  # a damaged matrix turns by no number
        return _DROPPED
    quarter = round(angle / 90)
    if abs(angle - quarter * 90) > _TURN_TOLERANCE:
        return _DROPPED
    invisible = faint = False
    if text_object is not None:
        if _is_watermark(text_object):
            return _DROPPED
        mode = raw.FPDFTextObj_GetTextRenderMode(text_object) if mode is None else mode
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        if raw.FPDFPageObj_GetFillColor(text_object, red, green, blue, alpha):
            invisible = alpha.value == 0
            paleness = min(red.value, green.value, blue.value)
            # White is no watermark: it is the writing on a dark ground.
            faint = 0 < alpha.value < 200 or 160 <= paleness < 250
        invisible = invisible or mode in INVISIBLE_MODES
    return _Style(abs(size), quarter % 4, invisible, faint)


def _is_watermark(text_object: Any) -> bool:
    """Whether the object is marked as the artifact that it is, as word processors do."""
    for index in range(raw.FPDFPageObj_CountMarks(text_object)):
        mark = raw.FPDFPageObj_GetMark(text_object, index)
        if _utf16(lambda *out, mark=mark: raw.FPDFPageObjMark_GetName(mark, *out)) != "Artifact":
            continue
        value = _utf16(lambda *out, mark=mark: raw.FPDFPageObjMark_GetParamStringValue(mark, b"Subtype", *out))
        if value == "Watermark":
            return True
    return False


def _utf16(ask: Any) -> str:
    buffer, length = (ctypes.c_ushort * 64)(), ctypes.c_ulong()
    if not ask(buffer, ctypes.sizeof(buffer), length):
        return ""
    return bytes(buffer)[: max(0, length.value - 2)].decode("utf-16-le", errors="replace")


@cache
def _plain(char: str) -> str:
    """Radicals and compatibility forms, which fonts' character tables name by mistake, as the characters they are."""
    if "\u2e80" <= char <= "\u2fdf" or "\uf900" <= char <= "\ufaff":
        folded = _radicals().get(char) or unicodedata.normalize("NFKC", char)
        return folded if len(folded) == 1 else char
    return char


@cache
def _radicals() -> dict[str, str]:
    return {row["radical"]: row["character"] for row in rows("readers/pdf_radicals.csv")}


def _leaf(quarter: int, box: tuple[float, float, float, float], glyphs: list[Glyph], faint: list[Glyph]) -> Leaf:
    corners = [turn(quarter, box[0], box[1]), turn(quarter, box[2], box[3])]
    left, right = sorted(corner[0] for corner in corners)
    top, bottom = sorted(corner[1] for corner in corners)

    def lay(found: list[Glyph]) -> tuple[Glyph, ...]:
        return tuple(
            glyph._replace(left=glyph.left - left, right=glyph.right - left, base=glyph.base - top)
            for glyph in _once(found)
        )

    return Leaf(quarter, left, top, right - left, bottom - top, lay(glyphs), lay(faint))


def _once(glyphs: list[Glyph]) -> list[Glyph]:
    """Glyphs drawn twice at almost the same place, which is how programs make bold, once."""
    seen: dict[tuple[str, int, int], list[Glyph]] = defaultdict(list)
    kept = []
    for glyph in glyphs:
        near = _SAME_PLACE * glyph.size
        column, line = int(glyph.left // near), int(glyph.base // near)
        if any(
            abs(other.left - glyph.left) < near and abs(other.base - glyph.base) < near
            for across in (column - 1, column, column + 1)
            for down in (line - 1, line, line + 1)
            for other in seen.get((glyph.char, across, down), ())
        ):
            continue
        seen[glyph.char, column, line].append(glyph)
        kept.append(glyph)
    return kept
