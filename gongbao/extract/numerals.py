"""Numerals to exact decimals: Arabic with separators, Chinese everyday and banker's numerals, mixed magnitudes."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final

DIGITS: Final = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9, "俩": 2, "仨": 3,
}  # fmt: skip
SMALL: Final = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
LARGE: Final = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8}
MAGNITUDES: Final = {**SMALL, **LARGE}

_SEPARATORS: Final = re.compile(r"[,，\s\x1f]")
LONGEST: Final = 24
"""No quantity in a bulletin has more digits; a longer run is damage and is refused, not parsed."""


def arabic(written: str) -> Decimal | None:
    """`132, 746.5` → 132746.5; null where it is no number or longer than `LONGEST` characters."""
    # Most numbers have no separator, and need not be written anew.
    bare = written if written.replace(".", "", 1).isdecimal() else _SEPARATORS.sub("", written)
    if not 0 < len(bare) <= LONGEST:
        return None
    try:
        return Decimal(bare)
    except ArithmeticError:
        return None


@cache
def magnitude(written: str) -> Decimal:
    """The product of magnitude signs: `万` → 10000, `万亿` → 10^12, `` → 1."""
    product = Decimal(1)
    for sign in written:
        product *= MAGNITUDES.get(sign, 1)
    return product


def chinese(written: str) -> Decimal | None:
    """`三千八百四十五` → 3845, `二〇三五` → 2035, `一百二十万三` → 1203000, `二点一` → 2.1; null where it is none."""
    if not 0 < len(written) <= LONGEST:
        return None
    whole, point, fraction = written.partition("点")
    if point and not (fraction and all(sign in DIGITS for sign in fraction)):
        return None
    value = _whole(whole)
    if value is None or not point:
        return value
    return value + Decimal("0." + "".join(str(DIGITS[sign]) for sign in fraction))


def _whole(written: str) -> Decimal | None:
    if not written:
        return None
    if all(sign in DIGITS for sign in written):
        return Decimal("".join(str(DIGITS[sign]) for sign in written))
    total, section, digit, last = 0, 0, None, 1
    for sign in written:
        if sign in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[sign]
        elif sign in SMALL:
            last = SMALL[sign]
            section += (1 if digit is None else digit or 1) * last
            digit = None
        elif sign in LARGE:
            last = LARGE[sign]
            section += digit or 0
            section = section or (0 if total else 1)
            total = (total + section) * last if 0 < total < last else total + section * last
            section, digit = 0, None
        else:
            return None
    if digit:
        spoken = last // 10 if last >= 100 and written[-2] not in "零〇" else 1
        section += digit * spoken
    return Decimal(total + section)
