"""Periods of statements: `2023`, `2023-S1`, `2023-Q3`, `2023-09`, `2023-01/2023-10`, `2021/2025`.

Frequencies are SDMX's (A year, S half-year, Q quarter, M month), and P for any other span. Spans that are a calendar
period are written as that period, so that two documents about it meet: `2023-01/2023-06` is `2023-S1`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_POINT = re.compile(r"(?P<year>\d{4})(?:-(?:S(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


@dataclass(frozen=True, slots=True)
class Period:
    """A period as written canonically, its frequency, its first and last day."""

    time_period: str
    freq: str
    start: date
    end: date


def parse_period(text: str) -> Period | None:
    """The period that `text` writes, or null where it writes none (or one that ends before it begins)."""
    ends = text.split("/")
    if len(ends) > 2 or not all(_POINT.fullmatch(end) for end in ends):
        return None
    first, last = _months(ends[0]), _months(ends[-1])
    if first is None or last is None:
        return None
    (year, month), (last_year, last_month) = first[0], last[1]
    if (last_year, last_month) < (year, month):
        return None
    start = date(year, month, 1)
    end = date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])
    name, freq = _calendar_name(year, month, last_year, last_month)
    return Period(name, freq, start, end)


def stock_period(period: Period) -> Period:
    """The same for a stock, which is a value at the period's end: June for a first half, the year for December."""
    end = period.end
    if period.freq in "SQM" and end.month == 12:
        return parse_period(f"{end.year}") or period
    if period.freq in "SQ" or (period.freq == "P" and period.start.year == end.year):
        return parse_period(f"{end.year}-{end.month:02d}") or period
    return period


def _months(text: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """(year, month) of the first and last month of a point."""
    found = _POINT.fullmatch(text)
    if found is None or int(found["year"]) < 1:
        return None
    year = int(found["year"])
    if found["half"]:
        return (year, 6 * int(found["half"]) - 5), (year, 6 * int(found["half"]))
    if found["quarter"]:
        return (year, 3 * int(found["quarter"]) - 2), (year, 3 * int(found["quarter"]))
    if found["month"]:
        return (year, int(found["month"])), (year, int(found["month"]))
    return (year, 1), (year, 12)


def _calendar_name(year: int, month: int, last_year: int, last_month: int) -> tuple[str, str]:
    months = 12 * (last_year - year) + last_month - month + 1
    if months == 12 and month == 1:
        return f"{year:04d}", "A"
    if months == 6 and month in (1, 7):
        return f"{year:04d}-S{(month + 5) // 6}", "S"
    if months == 3 and month % 3 == 1:
        return f"{year:04d}-Q{(month + 2) // 3}", "Q"
    if months == 1:
        return f"{year:04d}-{month:02d}", "M"
    if month == 1 and last_month == 12:
        return f"{year:04d}/{last_year:04d}", "P"
    return f"{year:04d}-{month:02d}/{last_year:04d}-{last_month:02d}", "P"
