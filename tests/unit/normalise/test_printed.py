"""Printed precision: 53亿 is known to half a 亿, 53.0亿 ten times better."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from gongbao.normalise.printed import printed


@pytest.mark.parametrize(
    ("quote", "value", "places", "digit"),
    [
        ("31亿元", "3100000000", 0, Fraction(10**8)),
        ("104.5亿元", "10450000000", 1, Fraction(10**7)),
        ("104.5\n亿元", "10450000000", 1, Fraction(10**7)),
        ("132, 746万元", "1327460000", 0, Fraction(10**4)),
        ("5.00%", "5", 2, Fraction(1, 100)),
        ("-3.1%", "-3.1", 1, Fraction(1, 10)),
        ("2.3倍", "230", 1, Fraction(10)),
        ("5%—6%", "5", 0, Fraction(1)),
        ("0.0%", "0", 1, Fraction(1, 10)),
        ("十余项", "10", 0, Fraction(1)),
        ("0.53万人", "5300", 2, Fraction(100)),
        ("300", "100", 0, Fraction(1, 3)),
    ],
)
def test_a_numeral_has_decimals_and_a_last_digit(quote: str, value: str, places: int, digit: Fraction) -> None:
    assert printed(quote, Decimal(value)) == (places, digit)
