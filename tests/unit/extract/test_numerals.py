"""Numerals to exact decimals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao.extract import numerals


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三千八百四十五", "3845"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("两千二百", "2200"),
        ("百", "100"),
        ("一百零五", "105"),
        ("一百五", "150"),
        ("三万五", "35000"),
        ("一百二十万三", "1203000"),
        ("一万亿", "1000000000000"),
        ("一千五百亿", "150000000000"),
        ("叁佰贰拾万", "3200000"),
        ("二〇三五", "2035"),
        ("二点一", "2.1"),
        ("零点六", "0.6"),
    ],
)
def test_chinese_numerals_are_read(written: str, value: str) -> None:
    assert numerals.chinese(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", "五五百百", "点五", "五点", "统一", "一" * 40])
def test_what_is_no_chinese_numeral_is_null(written: str) -> None:
    assert numerals.chinese(written) is None


@pytest.mark.parametrize(("written", "value"), [("132, 746", "132746"), ("12 345", "12345"), ("3.\x1f2", "3.2")])
def test_separators_and_line_ends_inside_a_number_are_dropped(written: str, value: str) -> None:
    assert numerals.arabic(written) == Decimal(value)


def test_a_run_of_digits_longer_than_any_quantity_is_no_number() -> None:
    assert numerals.arabic("1" * (numerals.LONGEST + 1)) is None


def test_magnitudes_multiply() -> None:
    assert numerals.magnitude("万亿") == Decimal(10) ** 12


def rendered(number: int) -> str:
    """A whole number below 10^8 as an official text spells it in Chinese numerals."""
    signs = "零一二三四五六七八九"

    def below_ten_thousand(rest: int) -> str:
        text, is_gap = "", False
        for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = rest // size % 10
            if digit:
                text += ("零" if is_gap and text else "") + signs[digit] + name
            is_gap = not digit
        return text

    high, low = divmod(number, 10000)
    if not high:
        return below_ten_thousand(low)
    gap = "零" if low and low < 1000 else ""
    return below_ten_thousand(high) + "万" + gap + below_ten_thousand(low)


@given(st.integers(min_value=1, max_value=10**8 - 1))
def test_a_rendered_numeral_reads_back_as_itself(number: int) -> None:
    assert numerals.chinese(rendered(number)) == number
