"""What holds for every amount and every report: a number comes back as it went in, a quote stands where it was cut,
and a place and a year decide nothing but subjects and periods.
"""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from gongbao.extract import extract_text
from gongbao.extract.statement import Extraction, Statement
from tests.generated import bulletin
from tests.golden.test_accounting import unaccounted

WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
DIGITS = "零一二三四五六七八九"
SEEDS = st.integers(0, 10_000)
PLACES = st.sampled_from(("平原县", "惠民县", "阳信县", "博兴县", "镇赉县", "米易县"))
YEARS = st.integers(2008, 2030)
amounts = settings(max_examples=150, deadline=None)
reports = settings(max_examples=25, deadline=None)


def read(written: str) -> Statement:
    """The one statement of a sentence that says so much."""
    (statement,) = extract_text(f"固定资产投资完成{written}。").statements
    assert statement.text == written
    return statement


def decimals(places: int, most: int = 10**9) -> st.SearchStrategy[Decimal]:
    """Positive decimals with up to so many places, none of them written with an exponent."""
    return st.builds(lambda whole, part: Decimal(f"{whole}.{part}"), st.integers(0, most), fractions(places))


def fractions(places: int) -> st.SearchStrategy[str]:
    return st.integers(1, 10**places - 1).map(lambda part: f"{part:0{places}d}")


def chinese(number: int) -> str:
    """A whole number below 10^12 as it is said: 10203 → 一万零二百零三."""
    for scale, sign in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, scale)
        if high:
            gap = "零" if 0 < low < scale // 10 else ""
            return f"{chinese(high)}{sign}{gap}{chinese(low) if low else ''}"
    return _below_ten_thousand(number)


def _below_ten_thousand(number: int) -> str:
    said = ""
    for scale, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            said += f"{DIGITS[digit]}{sign}"
        elif said and number and not said.endswith("零"):
            said += "零"
    return said


@amounts
@given(st.integers(1, 10**13))
def test_whole_numbers_come_back(number: int) -> None:
    assert read(f"{number}元").value == number


@amounts
@given(decimals(4))
def test_decimals_come_back(number: Decimal) -> None:
    assert read(f"{number}元").value == number


@amounts
@given(st.integers(1000, 10**15), st.sampled_from((",", "，", ", ")))
def test_thousands_may_be_set_apart(number: int, separator: str) -> None:
    assert read(f"{number:,}元".replace(",", separator)).value == number


@amounts
@given(decimals(2, 10**5), st.sampled_from((("百", 2), ("千", 3), ("万", 4), ("亿", 8), ("万亿", 12))))
def test_magnitudes_multiply_exactly(number: Decimal, magnitude: tuple[str, int]) -> None:
    sign, places = magnitude
    assert read(f"{number}{sign}元").value == number.scaleb(places)


@amounts
@given(decimals(3, 10**6))
def test_full_width_is_read_as_plain(number: Decimal) -> None:
    assert read(f"{number:,}元".translate(WIDE)).value == number


@amounts
@given(st.integers(11, 10**12 - 1))
def test_chinese_numerals_come_back(number: int) -> None:
    assert read(f"{chinese(number)}元").value == number


@amounts
@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from("-—~至"))
def test_a_range_has_both_its_ends(low: int, more: int, join: str) -> None:
    statement = read(f"{low}{join}{low + more}万元")
    assert (statement.value, statement.value_high, statement.comparator) == (low * 10**4, (low + more) * 10**4, "range")


@reports
@given(SEEDS, PLACES, YEARS)
def test_spans_cut_their_quotes_and_no_number_is_lost(seed: int, place: str, year: int) -> None:
    text = bulletin(seed, place, year)
    extraction = extract_text(text)
    assert len(extraction.statements) > 20
    assert unaccounted(text, extraction) == []


def _but_for_place_and_year(extraction: Extraction) -> list[Statement]:
    return [statement._replace(subject=None, period=None) for statement in extraction.statements]


@reports
@given(SEEDS, st.tuples(PLACES, PLACES), st.tuples(YEARS, YEARS))
def test_place_and_year_decide_subjects_and_periods_alone(
    seed: int, places: tuple[str, str], years: tuple[int, int]
) -> None:
    one, other = (extract_text(bulletin(seed, *described)) for described in zip(places, years, strict=True))
    assert _but_for_place_and_year(one) == _but_for_place_and_year(other)
    for extraction, place, year in zip((one, other), places, years, strict=True):
        assert {statement.subject for statement in extraction.statements} == {place}
        due = {"fact": str(year), "target": str(year + 1)}
        assert all(statement.period == due[statement.kind] for statement in extraction.statements)
    assert [(found.reason, found.start) for found in one.rejections] == [
        (found.reason, found.start) for found in other.rejections
    ]
