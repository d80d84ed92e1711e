"""Periods: their frequency, first and last day, and the one way of writing each."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao.normalise.periods import parse_period, stock_period


@pytest.mark.parametrize(
    ("text", "time_period", "freq", "start", "end"),
    [
        ("2023", "2023", "A", "2023-01-01", "2023-12-31"),
        ("2023-S1", "2023-S1", "S", "2023-01-01", "2023-06-30"),
        ("2023-Q1", "2023-Q1", "Q", "2023-01-01", "2023-03-31"),
        ("2024-02", "2024-02", "M", "2024-02-01", "2024-02-29"),
        ("2023-01/2023-10", "2023-01/2023-10", "P", "2023-01-01", "2023-10-31"),
        ("2021/2025", "2021/2025", "P", "2021-01-01", "2025-12-31"),
        ("2023-01/2023-06", "2023-S1", "S", "2023-01-01", "2023-06-30"),
        ("2023-01/2023-12", "2023", "A", "2023-01-01", "2023-12-31"),
        ("2023-10/2023-12", "2023-Q4", "Q", "2023-10-01", "2023-12-31"),
    ],
)
def test_a_period_has_one_name(text: str, time_period: str, freq: str, start: str, end: str) -> None:
    found = parse_period(text)
    assert found is not None
    assert (found.time_period, found.freq) == (time_period, freq)
    assert (found.start, found.end) == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize("text", ["", "去年", "2023-13", "23", "2025/2021", "2023-Q5", "2021/2023/2025", "0000"])
def test_what_is_no_period_is_null(text: str) -> None:
    assert parse_period(text) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2023", "2023"),
        ("2023-12", "2023"),
        ("2023-S1", "2023-06"),
        ("2023-06", "2023-06"),
        ("2023-01/2023-09", "2023-09"),
        ("2021/2025", "2021/2025"),
    ],
)
def test_a_stock_is_a_value_at_the_end(text: str, at: str) -> None:
    found = parse_period(text)
    assert found is not None
    assert stock_period(found).time_period == at


@given(st.integers(1950, 2100), st.integers(1, 12), st.integers(0, 40))
def test_writing_and_reading_agree(year: int, month: int, months: int) -> None:
    last_year, last_month = year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
    found = parse_period(f"{year}-{month:02d}/{last_year}-{last_month:02d}")
    assert found is not None
    assert parse_period(found.time_period) == found
    assert found.start == date(year, month, 1)
    assert found.end == date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])
