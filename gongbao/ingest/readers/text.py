r"""Plain text: bytes to the code points that spans cut.

The cascade is byte order mark, strict UTF-8, GB18030 (Big5 where that reads as better Chinese); line ends become
`\n`, the mark is dropped, and every other code point stays as it is. Text that is nearly UTF-8 (cut in its last
character, a flipped byte) is UTF-8 with U+FFFD in place of the damage: as GB18030 it would decode without an error,
into nonsense.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits

NAME = "text"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A character in two hundred: real documents with a damaged passage stay, noise goes.
_TOLERATED_DAMAGE = 0.005
# The share of everyday characters (GB 2312 level 1) among the Chinese ones: 212 real texts of mainland offices have
# 0.98 and more, the same texts as UTF-8 mistaken for GB18030 some 0.15, traditional script in between.
_EVERYDAY_SHARE = 0.5
_CERTAIN_SHARE = 0.9
_GARBLED_SHARE = 0.25
_ENOUGH_TO_JUDGE = 50

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile(r"\r\n?")


def _level_one() -> Iterator[str]:
    for row in range(0xB0, 0xD8):
        for column in range(0xA1, 0xFF):
            character = bytes((row, column)).decode("gb2312", errors="ignore")
            if character:
                yield character


_EVERYDAY = frozenset(_level_one())


@dataclass(frozen=True, slots=True)
class DecodedText:
    r"""Text with `\n` line ends and no byte order mark, the encoding it came in, and warning codes."""

    content: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, name: str) -> DecodedText:
    """Decode the bytes of the file called `name`. Raises `UnreadableDocument` with reason undecodable or binary."""
    content, encoding, warnings = _decode(data, name)
    if "\0" in content:
        raise UnreadableDocument("binary", f"{name} holds NUL bytes", "save it as plain text in UTF-8")
    return DecodedText(_LINE_ENDS.sub("\n", content), encoding, tuple(warnings))


def check(decoded: DecodedText, name: str, limits: Limits) -> DecodedText:
    """Look at what a text holds; the codes of its warnings go to the document.

    Raises `UnreadableDocument`: empty, no_chinese_text, garbled, oversize.
    """
    content = decoded.content
    if not content.strip():
        raise UnreadableDocument("empty", f"{name} holds no text", "ask the office for the document itself")
    if len(max(content.split("\n"), key=len)) > limits.line_characters:
        raise UnreadableDocument(
            "oversize", f"{name} has a line of more than {limits.line_characters:,} characters", "break it into lines"
        )
    if not _HAN.search(content):
        raise UnreadableDocument(
            "no_chinese_text", f"{name} holds no Chinese character", "if it should, save it again in UTF-8"
        )
    if everyday_share(content) < _GARBLED_SHARE and len(_HAN.findall(content)) >= _ENOUGH_TO_JUDGE:
        raise UnreadableDocument(
            "garbled", f"{name} is Chinese only by its code points: it was decoded wrongly", "fetch the original again"
        )
    return DecodedText(content, decoded.encoding, (*decoded.warnings, *_content_warnings(content, decoded.warnings)))


def everyday_share(content: str) -> float:
    """The share of GB 2312 level 1 characters among the Chinese characters; 1 where there are none."""
    han = _HAN.findall(content)
    return sum(character in _EVERYDAY for character in han) / len(han) if han else 1.0


def _decode(data: bytes, name: str) -> tuple[str, str, list[str]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            body = data[len(mark) :]
            content = body.decode(encoding, errors="replace")
            return content, encoding, _damage(content, content.count("\ufffd"), name, _strict_fails(body, encoding))
    if not _strict_fails(data, "utf-8"):
        return data.decode("utf-8"), "utf-8", []
    if b"\0" in data:
        return _utf16_without_mark(data, name)
    nearly = data.decode("utf-8", errors="replace")
    if nearly.count("\ufffd") <= max(1, _TOLERATED_DAMAGE * len(nearly)):
        return nearly, "utf-8", ["damaged_characters"]
    content = data.decode("gb18030", errors="replace")
    if everyday_share(content) < _CERTAIN_SHARE and not _strict_fails(data, "big5"):
        traditional = data.decode("big5")
        if everyday_share(traditional) > everyday_share(content):
            return traditional, "big5", ["traditional_encoding"]
    if everyday_share(content) < _EVERYDAY_SHARE or _HAN.search(content) is None:
        raise UnreadableDocument(
            "undecodable", f"{name} is neither UTF-8 nor GB18030 text", "save it as plain text in UTF-8"
        )
    return content, "gb18030", _damage(content, content.count("\ufffd"), name, _strict_fails(data, "gb18030"))


def _strict_fails(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return True
    return False


def _damage(content: str, replaced: int, name: str, damaged: bool) -> list[str]:
    """The warning for damaged bytes, if any; too many of them are refused."""
    if not damaged:
        return []
    if replaced > max(1, _TOLERATED_DAMAGE * len(content)):
        raise UnreadableDocument(
            "undecodable", f"{name} has {replaced:,} damaged characters of {len(content):,}", "fetch the original again"
        )
    return ["damaged_characters"]


def _utf16_without_mark(data: bytes, name: str) -> tuple[str, str, list[str]]:
    """Chinese UTF-16 has a NUL byte in every line end and digit, so only data with NUL bytes is tried."""
    for encoding in ("utf-16-le", "utf-16-be"):
        if not _strict_fails(data, encoding):
            content = data.decode(encoding)
            if _HAN.search(content) and everyday_share(content) >= _EVERYDAY_SHARE and "\0" not in content:
                return content, encoding, ["no_byte_order_mark"]
    raise UnreadableDocument(
        "binary", f"{name} holds NUL bytes: it is no text", "send the document as text or workbook"
    )


def _content_warnings(content: str, already: tuple[str, ...]) -> Iterator[str]:
    if "????" in content:
        yield "question_marks"
    if "\ufffd" in content and "damaged_characters" not in already:
        yield "replacement_characters"
    if _CONTROL.search(content):
        yield "control_characters"
