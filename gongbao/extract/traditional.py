"""Texts in traditional characters (惠民縣), told by the signs that every bulletin is full of, and made simplified.

One sign becomes one sign, so offsets stay what they were: words that are written otherwise (資訊, 信息) stay as they
are. The table of signs is OpenCC's.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import opencc

_TRADITIONAL: Final = "縣鎮鄉億萬國產業農發經濟總個實現長營員預"
_SIMPLIFIED: Final = "县镇乡亿万国产业农发经济总个实现长营员预"
_FIRST, _LAST = "㐀", "鿿"


def is_traditional(text: str) -> bool:
    """Whether a text is written in traditional characters, however many of a quotation or a name it holds besides."""
    found = sum(map(text.count, _TRADITIONAL))
    return bool(found) and found > sum(map(text.count, _SIMPLIFIED))


def simplified(text: str) -> str:
    """The text in simplified characters, of the same length."""
    return text.translate({ord(sign): _simple(sign) for sign in set(text) if _FIRST <= sign <= _LAST})


@cache
def _simple(sign: str) -> str:
    converted = str(_converter().convert(sign))
    return converted if len(converted) == 1 else sign


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
