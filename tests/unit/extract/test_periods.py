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
        ("前11个月完成", "2024-01/2024-11"),
        ("2023年头两个月", "2023-01/2023-02"),
        ("前30个月", None),
        ("提前3个月", None),
        ("1-10月，财政", "2024-01/2024-10"),
        ("元至九月", None),
        ("截至6月底，", "2024-06"),
        ("二季度末，", "2024-06"),
        ("“十四五”时期", "2021/2025"),
        ("到“十四五”末", "2025"),
        ("2020—2022年共", "2020/2022"),
        ("近三年累计", "2022/2024"),
        ("过去两年，", "2023/2024"),
        ("近10年来", "2015/2024"),
        ("二十年来植树", "2005/2024"),
        ("五年间，", "2020/2024"),
        ("两年内建成", "2024/2025"),
        ("未来三年再建", "2024/2026"),
        ("2021年11月至2022年3月采暖", "2021-11/2022-03"),
        ("“22年”全镇", "2022"),
        ("“十五五”期间", "2026/2030"),
        ("3-13月", None),
        ("几年内", None),
        ("22年的工龄", None),
        ("到2025年，", "2025"),
    ],
)
def test_a_period_is_coded(text: str, code: str | None) -> None:
    assert codes(text) == ([code] if code else [])


@pytest.mark.parametrize(
    "text",
    [
        "比上年增长",
        "较2015年增加",
        "与去年同期相比",
        "是2011年的1.75倍",
        "第十五届大会",
        "增长5%",
        "对比“21年”",
        "取得近十年最好成绩",
        "创6年来新高",
    ],
)
def test_a_base_of_comparison_is_no_period(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("比上年增长5%", [("2023", True)]),
        ("较去年上半年少9起", [("2023-S1", True)]),
        ("1—7月降雨比上年同期多", [("2024-01/2024-07", False), ("2023-01/2023-07", True)]),
        ("售价高于去年同期", [("2023", True)]),
        ("今年一季度比2022年一季度", [("2024-Q1", False), ("2022-Q1", True)]),
    ],
)
def test_a_base_is_mentioned_as_a_base(text: str, named: list[tuple[str, bool]]) -> None:
    assert [(found.code, found.is_base) for found in periods.mentions(text, 0, len(text), 2024)] == named


def test_spans_of_years_count_from_no_year_where_none_is_known() -> None:
    assert periods.mentions("近三年累计修路", 0, 7, None) == []


def test_a_stock_and_a_due_date_are_told() -> None:
    (stock,) = periods.find("截至6月底，", 0, 6, 2024)
    (due,) = periods.find("到2025年，", 0, 7, 2024)
    assert (stock.is_stock, stock.is_past, due.is_future) == (True, True, True)


def test_a_plan_as_a_name_is_no_period() -> None:
    assert codes("入选“十四五”规划重大工程库") == []
    assert codes("入选“十五五”规划重大工程库") == []
    assert codes("“十四五”规划期末达到") == ["2025"]
