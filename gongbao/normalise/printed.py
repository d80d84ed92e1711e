"""How a figure was printed: its decimals, and what one unit of its last digit is worth."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

_NUMBER = re.compile(r"\d[\d,，\s]*(?:[.．]\s*(?P<decimals>\d+))?")


def decimals(quote: str) -> int:
    """Digits after the point in the numeral: `104.5亿元` → 1, `31亿元` and `十余项` → 0."""
    found = _NUMBER.search(quote)
    return len(found["decimals"] or "") if found else 0


def last_digit(quote: str, value: Decimal) -> Fraction:
    """One unit of the last printed digit, in the unit of `value`: `31亿元` (3100000000) → 100000000.

    `value` is the whole value, so what it is worth against the printed numeral is the magnitude. A numeral in Chinese
    characters, or a printed zero, counts as exact to one.
    """
    found = _NUMBER.search(quote)
    if found is None:
        return Fraction(1)
    places = len(found["decimals"] or "")
    numeral = Fraction(re.sub(r"[,，\s]", "", found[0]).replace("．", "."))
    if numeral == 0:
        return Fraction(1, 10**places)
    return abs(Fraction(value)) / numeral / Fraction(10**places)
