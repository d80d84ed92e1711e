"""Whose figures stand under a heading: levels of a place and its zones, until the next heading."""

from __future__ import annotations

from gongbao.extract import heading_subjects
from gongbao.extract.plaintext import fold
from gongbao.extract.subjects import own_names

TEXT = """一、预算执行情况
（1）全市收支情况。收入完成5亿元。
（2）市本级收支情况。收入完成2亿元。
税收占七成。
（3）高新区预算执行情况
收入完成1亿元。
（二）全市和市本级财政预算草案
收入安排6亿元。
二、重点工作
建成学校5所。
"""


def whose(words: str) -> str | None:
    return heading_subjects.find(fold(TEXT), own_names("平原市"))(TEXT.index(words))


def test_figures_under_a_level_of_the_place_are_its_own() -> None:
    assert whose("收入完成2亿") == "平原市本级"
    assert whose("税收占七成") == "平原市本级"


def test_figures_under_a_zone_are_the_zones() -> None:
    assert whose("收入完成1亿") == "高新区"


def test_headings_of_the_whole_place_of_two_levels_and_of_anything_else_name_nobody() -> None:
    assert whose("收入完成5亿") is None
    assert whose("收入安排6亿") is None
    assert whose("建成学校") is None


def test_a_heading_holds_over_those_below_it() -> None:
    text = "（二）关于2025年市级财政收支的说明\n1.公共预算\n收入完成3亿元。\n2．基金预算\n收入完成4亿元。\n"
    text += "三、债务\n发行5亿元。\n"
    look_up = heading_subjects.find(fold(text), own_names("平原市"))
    assert [look_up(text.index(words)) for words in ("收入完成3", "收入完成4", "发行5")] == ["平原市级"] * 2 + [None]


def test_a_text_without_such_headings_asks_nothing() -> None:
    assert heading_subjects.find("一、回顾\n收入完成5亿元。\n", own_names("平原市"))(8) is None
