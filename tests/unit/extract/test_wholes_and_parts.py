"""Figures of parts: whose they are, with which sentence they are understood, on what their changes are measured."""

from __future__ import annotations

import pytest

from gongbao.extract import extract_text
from gongbao.extract.statement import Statement

REPORT = "惠民县2024年政府工作报告\n——2025年1月8日在惠民县人民代表大会上\n一、2024年工作回顾\n"
BUDGET = "惠民县2024年预算执行情况报告\n一、预算执行情况\n"


def statements(text: str) -> list[Statement]:
    return list(extract_text(text).statements)


def subjects(text: str) -> list[str | None]:
    return [each.subject for each in statements(text)]


def said_of(text: str, quote: str) -> str:
    """The words that a figure is understood with."""
    (found,) = (each for each in statements(text) if each.text == quote)
    return text[found.sentence_start : found.sentence_end]


@pytest.mark.parametrize("opener", ["其中，", "分门类看，", "按行业分，", "从结构看，"])
def test_a_sentence_of_parts_is_understood_with_that_of_the_whole(opener: str) -> None:
    text = f"{REPORT}规模以上工业增加值增长8.2%。{opener}采矿业增长5.3%。采矿权出让9宗。"
    assert said_of(text, "5.3%") == f"规模以上工业增加值增长8.2%。{opener}采矿业增长5.3%"
    assert said_of(text, "8.2%") == "规模以上工业增加值增长8.2%"
    assert said_of(text, "9宗") == "采矿权出让9宗"


def test_a_second_sentence_of_parts_goes_back_to_the_same_whole() -> None:
    text = f"{REPORT}规上工业增加值增长8.2%。分轻重工业看，轻工业增长2%。分门类看，制造业增长9.1%。"
    assert said_of(text, "9.1%").startswith("规上工业增加值")


def test_parts_of_another_paragraph_have_no_whole() -> None:
    text = f"{REPORT}规上工业增加值增长8.2%。\n其中，制造业增长9.1%。"
    assert said_of(text, "9.1%") == "其中，制造业增长9.1%"


def test_places_in_a_list_have_one_number_each() -> None:
    found = statements(f"{REPORT}姜楼镇、胡集镇和李庄镇分别实现规上工业总产值31亿元、46亿元和52亿元，增长7%。")
    assert [each.subject for each in found[:3]] == ["姜楼镇", "胡集镇", "李庄镇"]
    assert {each.indicator for each in found[:3]} == {"规上工业总产值"}
    assert [each.subject for each in statements(f"{REPORT}姜楼镇、胡集镇粮食产量分别为3万吨和2万吨。")] == [
        "姜楼镇",
        "胡集镇",
    ]


def test_names_that_are_no_places_are_no_list_of_places() -> None:
    found = statements(f"{REPORT}第一产业、第二产业增加值分别为3亿元和2亿元。")
    assert {each.subject for each in found} == {"惠民县"}


def test_a_zone_in_a_later_clause_is_its_own_subject() -> None:
    assert subjects(f"{REPORT}高新区完成税收3.2亿元，经济开发区引进项目18个。") == ["高新区", "经济开发区"]


def test_a_paragraph_of_the_own_level_speaks_of_it_until_the_whole_is_named() -> None:
    own = "县本级一般公共预算收入2亿元。平衡情况：一般公共预算收入2亿元。"
    text = f"{BUDGET}{own}全县政府性基金收入3亿元。\n支出5亿元。"
    assert subjects(text) == ["惠民县本级", "惠民县本级", "惠民县", "惠民县"]


def test_a_heading_without_a_number_tells_the_level() -> None:
    text = (
        "惠民县2024年预算说明\n关于2024年全县一般公共预算收入执行情况的说明\n1、增值税完成4亿元。\n"
        "关于2024年县级一般公共预算收入执行情况的说明\n1、增值税完成1亿元。\n"
    )
    assert subjects(text) == ["惠民县", "惠民县级"]


def test_figures_under_a_part_that_nobody_knows_are_not_the_places_own() -> None:
    whole = "（一）全县财政收支情况\n一般公共预算收入9亿元。\n"
    text = f"{BUDGET}{whole}（二）河东新城预算执行情况\n一般公共预算收入1亿元。\n"
    assert subjects(text) == ["惠民县", "河东新城"]


@pytest.mark.parametrize("words", ["按不变价格计算，比上年增长", "按可比价计算，增长", "按可比价格计算增长"])
def test_constant_prices_are_told_across_a_comma(words: str) -> None:
    growth = statements(f"{REPORT}地区生产总值486亿元，{words}6.4%，固定资产投资增长7%。")[1:]
    assert [each.price_base for each in growth] == ["constant", None]


@pytest.mark.parametrize(
    ("words", "base"),
    [
        ("增速较上半年回落", "previous"),
        ("较1—8月提高", "previous"),
        ("较“十三五”末提高", "2020"),
        ("比“十三五”时期提高", "2016/2020"),
        ("比上年提高", "year"),
    ],
)
def test_what_a_change_is_measured_on(words: str, base: str) -> None:
    assert statements(f"{REPORT}城镇化率{words}1.6个百分点。")[0].base == base


def test_since_a_year_reaches_up_to_the_year_under_review() -> None:
    found = statements(f"{REPORT}2020年以来，累计造林9万亩。\n“十四五”以来，累计造林8万亩。")
    assert [each.period for each in found] == ["2020/2024", "2021/2024"]
