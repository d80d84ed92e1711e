"""Units convert exactly, or are marked as rounded, or do not convert at all."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao.normalise.units import conversion, convert, units

SPELLINGS = sorted(units())


@pytest.mark.parametrize(
    ("value", "spelling", "canonical", "indicator", "result"),
    [
        ("3100000000", "元", "CNY", "gdp", "3100000000"),
        ("55.33", "万元", "CNY", "gdp", "553300"),
        ("2", "公顷", "mu", "arable_area", "30"),
        ("1", "平方米", "mu", "arable_area", "0.0015"),
        ("142.79", "平方公里", "km2", "land_area", "142.79"),
        ("30", "公顷", "km2", "land_area", "0.3"),
        ("4500000000", "斤", "t", "grain_output", "2250000"),
        ("35480", "元", "CNY/person", "income_all", "35480"),
        ("450", "公斤", "kg/mu", "grain_yield", "450"),
        ("6", "千克/公顷", "kg/mu", "grain_yield", "0.4"),
        ("12", "个", "project", "key_projects", "12"),
        ("7.5", "‰", "%", "birth_rate", "0.75"),
    ],
)
def test_exact_conversions(value: str, spelling: str, canonical: str, indicator: str, result: str) -> None:
    found = conversion(spelling, canonical, indicator)
    assert found is not None
    assert convert(Decimal(value), found.factor) == (Decimal(result), True)


def test_mu_to_square_metres_is_rounded_and_says_so() -> None:
    found = conversion("亩", "m2", "heating_area")
    assert found is not None
    assert convert(Decimal(1), found.factor) == (Decimal("666.6666666667"), False)
    assert convert(Decimal(3), found.factor) == (Decimal(2000), True)


@pytest.mark.parametrize(
    ("spelling", "canonical", "indicator"),
    [
        ("元", "person", "resident_population"),
        ("人", "CNY", "gdp"),
        ("%", "CNY", "gdp"),
        ("百分点", "%", "forest_coverage"),
        ("元", "CNY/person-month", "minimum_living_standard"),  # a month or a year? the text has to say
        ("美元", "CNY", "trade_total"),
        ("户", "person", "poverty_out_persons"),
        ("天", "year", "life_expectancy"),
        ("什么", "CNY", "gdp"),
    ],
)
def test_dimensions_that_do_not_agree(spelling: str, canonical: str, indicator: str) -> None:
    assert conversion(spelling, canonical, indicator) is None


def test_households_instead_of_estates_are_another_breakdown() -> None:
    found = conversion("户", "unit", "old_communities_renovated")
    assert found is not None
    assert found.breakdown == "counted=household"
    plain = conversion("户", "unit", "market_entities")
    assert plain is not None
    assert plain.breakdown is None


@given(st.sampled_from(SPELLINGS), st.decimals(-(10**15), 10**15, places=4, allow_nan=False))
def test_every_spelling_converts_and_back_without_changing_a_digit(spelling: str, value: Decimal) -> None:
    factor = units()[spelling].multiplier
    there, exact = convert(value, factor)
    if exact:
        back, _ = convert(there, 1 / factor)
        assert back == value


@given(st.decimals(-(10**20), 10**20, places=10, allow_nan=False), st.integers(1, 10**9), st.integers(1, 10**6))
def test_a_conversion_is_the_fraction_or_is_marked(value: Decimal, numerator: int, denominator: int) -> None:
    factor = Fraction(numerator, denominator)
    result, exact = convert(value, factor)
    difference = abs(Fraction(result) - Fraction(value) * factor)
    assert difference == 0 if exact else 0 < difference <= Fraction(1, 2 * 10**10)


@given(st.sampled_from(SPELLINGS), st.integers(0, 9), st.integers(0, 10**15))
def test_every_spelling_is_read_as_printed(spelling: str, decimals: int, digits: int) -> None:
    """What is printed, converted, converted back and printed again has the same digits, trailing zeros included."""
    shown = f"{Decimal(digits).scaleb(-decimals):f}"
    factor = units()[spelling].multiplier
    there, exact = convert(Decimal(shown), factor)
    if exact:
        back, is_back = convert(there, 1 / factor)
        assert is_back
        assert f"{back:.{decimals}f}" == shown


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_resolves_to_its_canonical_unit_and_back(spelling: str) -> None:
    unit = units()[spelling]
    found = conversion(spelling, unit.code, "any")
    assert found is not None
    assert (found.unit, found.factor, found.breakdown) == (unit.code, unit.multiplier, None)
    assert found.factor * (1 / unit.multiplier) == 1


def test_a_batch_counts_nothing() -> None:
    assert conversion("批", "unit", "pocket_parks") is None  # 一批 says nothing of how many
