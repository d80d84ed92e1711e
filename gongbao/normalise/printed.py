"""How a figure was printed: its decimals, and what one unit of its last digit is worth."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from fractions import Fraction
from typing import NamedTuple

_NUMBER = re.compile(r"(\d[\d,，\s]*)(?:[.．]\s*(\d+))?")
_BETWEEN_DIGITS = re.compile(r"[,，\s]")
_SHORT, _EXACT = Context(prec=40), Context(prec=400)


class Printed(NamedTuple):
    """A printed numeral: digits after the point, and one unit of its last digit in the unit of the value, exactly."""

    decimals: int
    last_digit: Decimal | Fraction


_WHOLE = Printed(0, Decimal(1))


def printed(quote: str, value: Decimal) -> Printed:
    """How `quote` prints `value`: `104.5亿元` (10450000000) has 1 decimal, and its last digit is worth 10000000.

    `value` is the whole value, so what it is worth against the printed numeral is the magnitude. A numeral in Chinese
    characters (`十余项`) has no decimals and counts as exact to one; a printed zero has no magnitude.
    """
    if quote.isdecimal() and Decimal(quote) == value:  # nearly all of a sheet
        return _WHOLE
    whole, point, fraction = quote.partition(".")
    if not (whole.isdecimal() and (fraction.isdecimal() or not point)):  # nearly all of a sheet are digits alone
        found = _NUMBER.search(quote)
        if found is None:
            return Printed(0, Decimal(1))
        whole, fraction = found.groups("")
        whole = _BETWEEN_DIGITS.sub("", whole)
    decimals, digits = len(fraction), Decimal(f"{whole}{fraction}")
    as_printed = Decimal(1).scaleb(-decimals, _EXACT)
    if not digits or _EXACT.multiply(digits, as_printed) == value:
        return Printed(decimals, as_printed)
    worth = _SHORT.divide(abs(value), digits)
    if _EXACT.multiply(worth, digits) == abs(value):  # a power of ten, nearly always
        return Printed(decimals, worth)
    return Printed(decimals, abs(Fraction(value)) / Fraction(digits))
