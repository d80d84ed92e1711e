"""Fields and symbols of Word: what stands in a document as code, and the text that it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PAGE_FIELDS = frozenset({"PAGE", "PAGEREF", "NUMPAGES", "SECTIONPAGES"})
_CONTENTS_FIELD = "TOC"
_ENCLOSED = re.compile(
    r"\s{0,20}EQ\s{1,20}\\o(?:\\a[cdlr])?\s{0,20}\(\s{0,20}[○〇Oo]\s{0,20}[,，]\s{0,20}(\d{1,2})", re.I
)
_NAME = re.compile(r"\s{0,100}([A-Za-z]{1,30})")

_SYMBOL_FONT = {
    0x25: "%", 0x2B: "+", 0x2D: "−", 0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷",
    0xB9: "≠", 0xBB: "≈", 0x7E: "~",
}  # fmt: skip
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x75: "◆", 0x77: "◆", 0x9F: "•", 0xA7: "■", 0xA8: "□", 0xD8: "➢", 0xFC: "✓",
    0xFE: "☑", 0x52: "☑", **{0x81 + at: chr(ord("①") + at) for at in range(10)},
    **{0x8C + at: chr(ord("①") + at) for at in range(10)},
}  # fmt: skip
_UNKNOWN = "\ufffd"


def symbol(font: str, code: str) -> str:
    """The character of a w:sym; U+FFFD for a picture that no table here knows: glued digits would be another number."""
    try:
        number = int(code, 16)
    except ValueError:
        return _UNKNOWN
    if 0xF000 <= number <= 0xF0FF:
        number -= 0xF000
        if font.lower().startswith("wingdings"):
            return _WINGDINGS.get(number, _UNKNOWN)
        if font.lower().startswith("symbol"):
            shown = chr(number) if chr(number).isdigit() else _UNKNOWN
            return _SYMBOL_FONT.get(number, shown)
    if number < 0x20 or 0xD800 <= number <= 0xF8FF or number > 0x10FFFF:
        return _UNKNOWN
    return chr(number)


@dataclass(slots=True)
class _Field:
    code: str = ""
    shows_result: bool = False

    @property
    def name(self) -> str:
        match = _NAME.match(self.code)
        return match[1].upper() if match else ""


@dataclass(slots=True)
class Fields:
    """The fields that are open at a place of one story, innermost last."""

    _open: list[_Field] = field(default_factory=list)

    def begin(self) -> None:
        """A field begins with its code."""
        self._open.append(_Field())

    def code(self, text: str) -> None:
        """A piece of the innermost field's code."""
        if self._open:
            self._open[-1].code += text[:1000]

    def separate(self) -> None:
        """The code ends, the result begins."""
        if self._open:
            self._open[-1].shows_result = True

    def end(self) -> str:
        r"""The innermost field ends; the text of one that has a code for it and no result: `EQ \o\ac(○,3)` is ③."""
        ended = self._open.pop() if self._open else _Field()
        match = _ENCLOSED.match(ended.code)
        if match and not ended.shows_result and 1 <= int(match[1]) <= 20:
            return chr(ord("①") + int(match[1]) - 1)
        return ""

    def end_paragraph(self) -> None:
        """Only results go on in the next paragraph: a code that nothing ends would take the rest of the text along."""
        self._open = [each for each in self._open if each.shows_result and each.name not in _PAGE_FIELDS]

    @property
    def hide_text(self) -> bool:
        """Whether text here is a code, or a page's number."""
        return any(not each.shows_result or each.name in _PAGE_FIELDS for each in self._open)

    @property
    def is_contents(self) -> bool:
        """Whether the place is inside a table of contents."""
        return any(each.name == _CONTENTS_FIELD for each in self._open)


def is_page_field(code: str) -> bool:
    """Whether the result of a field of this code is a page's number."""
    match = _NAME.match(code)
    return match is not None and match[1].upper() in _PAGE_FIELDS
