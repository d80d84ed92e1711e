"""Bytes of a page to its source text.

The order is byte order mark, the header's charset, the charset that the page states itself, then the cascade for
plain text (UTF-8, GB18030, Big5). What is stated counts only where the bytes decode by it into sensible Chinese:
servers and templates often state what their pages once were.
"""

from __future__ import annotations

import codecs
import re

from gongbao.errors import UnreadableDocument
from gongbao.ingest.readers.text import DecodedText, decode, everyday_share

# The part of the page in which it may state its charset: the standard asks for the first 1,024 bytes, templates
# put scripts and comments before it.
_HEAD_BYTES = 8_192
_STATED = re.compile(
    rb"""(?:<meta[^<>]{0,300}?charset|<\?xml[^<>]{0,100}?encoding)\s{0,5}=\s{0,5}["']?([\w.:-]{1,40})""", re.I
)
# GB 2312 and GBK are the first two steps of GB18030, and pages that state them use what came later.
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "big5-hkscs": "big5hkscs",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_SENSIBLE_SHARE = 0.5  # of everyday characters: traditional script has more, wrongly decoded bytes have far less
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode_page(data: bytes, name: str, header_charset: str | None = None) -> DecodedText:
    r"""The source text of the page called `name`, `\n` at its line ends.

    Warning code `charset_mismatch`: what is stated is not what the bytes are. Raises `UnreadableDocument` with reason
    undecodable or binary.
    """
    if data.startswith(_MARKS) or data.isascii():
        return decode(data, name)
    stated = [label for label in (header_charset, _own_charset(data)) if label]
    overruled = False
    for label in stated:
        codec = _CODECS.get(label.strip().strip("\"'").lower())
        if codec is not None and (content := _sensible(data, codec)) is not None:
            return DecodedText(_line_ends(content, name), codec, ("charset_mismatch",) if overruled else ())
        overruled = True
    decoded = decode(data, name)
    # Bytes damaged in one place are still what they were stated to be.
    agrees = any(_CODECS.get(label.strip().lower()) == decoded.encoding for label in stated[:1])
    mismatch = ("charset_mismatch",) if overruled and not agrees else ()
    return DecodedText(decoded.content, decoded.encoding, (*decoded.warnings, *mismatch))


def _own_charset(data: bytes) -> str | None:
    found = _STATED.search(data, 0, _HEAD_BYTES)
    if found is None:
        return None
    label = found[1].decode("ascii", errors="replace").lower()
    # A page whose statement can be read byte by byte is not UTF-16.
    return "utf-8" if label.startswith("utf-16") else label


def _sensible(data: bytes, codec: str) -> str | None:
    try:
        content = data.decode(codec)
    except UnicodeDecodeError:
        return None
    return content if everyday_share(content) >= _SENSIBLE_SHARE else None


def _line_ends(content: str, name: str) -> str:
    if "\0" in content:
        raise UnreadableDocument("binary", f"{name} holds NUL bytes", "fetch the page again")
    return content.replace("\r\n", "\n").replace("\r", "\n")
