"""Points and spans of time in a sentence, seen from 2024."""

from __future__ import annotations

import pytest

from gongbao.extract import periods


def codes(text: str) -> list[str]:
    return [found.code for found in periods.find(text, 0, len(text), 2024)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2023年，全镇", "2023"),
        ("二〇三五年基本实现", "2035"),
        ("全年完成", "2024"),
        ("去年建成", "2023"),
        ("明年起", "2025"),
        ("一季度完成", "2024-Q1"),
        ("2023年上半年接待", "2023-S1"),
        ("前三季度完成", "2024-01/2024-09"),
        ("1-10月，财政", "2024-01/2024-10"),
        ("元至九月", None),
        ("截至6月底，", "2024-06"),
        ("二季度末，", "2024-06"),
        ("“十四五”时期", "2021/2025"),
        ("到“十四五”末", "2025"),
        ("2020—2022年共", "2020/2022"),
        ("近三年累计", "2022/2024"),
        ("到2025年，", "2025"),
    ],
)
def test_a_period_is_coded(text: str, code: str | None) -> None:
    assert codes(text) == ([code] if code else [])


@pytest.mark.parametrize(
    "text", ["比上年增长", "较2015年增加", "与去年同期相比", "是2011年的1.75倍", "第十五届大会", "增长5%"]
)
def test_a_base_of_comparison_is_no_period(text: str) -> None:
    assert codes(text) == []


def test_a_stock_and_a_due_date_are_told() -> None:
    (stock,) = periods.find("截至6月底，", 0, 6, 2024)
    (due,) = periods.find("到2025年，", 0, 7, 2024)
    assert (stock.is_stock, stock.is_past, due.is_future) == (True, True, True)
