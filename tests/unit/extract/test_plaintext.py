"""Folding keeps every offset."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao.extract.plaintext import SOFT, fold


@given(st.text(max_size=200))
def test_the_folded_text_is_as_long_as_the_text(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("１２．５％", "12.5%"),
        ("增长57℅", "增长57%"),
        ("2477·1万元", "2477.1万元"),
        ("收入,支出", "收入，支出"),
        ("1,234万元", "1,234万元"),
        ("1510亿元,362亿元", "1510亿元，362亿元"),
        ("好。\\r\\n一、", "好。   \n一、"),
        ("增长&nbsp;5%", "增长      5%"),
        ("工??作", "工  作"),
    ],
)
def test_signs_and_escapes_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_line_end_inside_a_number_is_soft() -> None:
    text = "全年一般公共预算支出安排完成了41.06\n亿元，增长5%。"
    assert fold(text)[text.index("\n")] == SOFT


def test_a_line_end_after_a_whole_date_stays() -> None:
    text = "刊发日期:2024-04-26\n2023年,青河县石桥镇完成收入5533万元。"
    assert fold(text)[text.index("\n")] == "\n"


def test_a_text_in_traditional_characters_is_folded_to_simplified_ones() -> None:
    assert fold("青河縣石橋鎮實現產業總值3億元") == "青河县石桥镇实现产业总值3亿元"
    assert fold("青河县石桥镇实现产值3亿元,见《縣誌》") == "青河县石桥镇实现产值3亿元，见《縣誌》"


def test_a_line_end_after_a_full_stop_stays() -> None:
    assert fold("增长5%。\n二、工作安排") == "增长5%。\n二、工作安排"


def test_a_hard_wrapped_text_is_joined_and_its_headings_are_not() -> None:
    line = "全市上下认真落实各项决策部署扎实推进各项工作取得新的成"
    text = "\n".join([line] * 20 + ["果。", "二、工作安排", "抓好落实。"])
    folded = fold(text)
    assert folded.count(SOFT) == 20
    assert "。\n二、工作安排\n抓好" in folded


def test_a_page_number_inside_a_sentence_is_stepped_over() -> None:
    line = "全市上下认真落实各项决策部署扎实推进各项工作取得新的成"
    text = "\n".join([line] * 12 + ["", "— 11 —", ""] + [line] * 12)
    assert "\n" not in fold(text)


@pytest.mark.parametrize(
    "cut",
    [
        "全市一般公共预算支出安排279.6亿\n—\n1\n0\n—\n\n元，增长9.8%。",
        "全市一般公共预算支出安排279.6亿\n- 10 -\n元，增长9.8%。",
        "科技支出居\n全国第一\n，企业研发投入增长9%。",
    ],
)
def test_a_sentence_goes_on_over_a_page_number_and_over_a_link_set_apart(cut: str) -> None:
    assert "\n" not in fold(cut).rstrip()


def test_the_title_of_a_chart_ends_its_line() -> None:
    assert "\n" in fold("2021—2025年地区生产总值及其增长速度\n年末常住人口1323万人，比上年末增加6万人。")
