"""Whose bulletin it is, where the name is short enough to be the end of another word."""

from __future__ import annotations

import pytest

from gongbao.extract import read_frame


@pytest.mark.parametrize(
    "text",
    [
        "我谨代表易县人民政府作如下报告。\n一、2018年工作回顾\n",
        "2019年易县政府工作报告\n一、2018年工作回顾\n",
    ],
)
def test_a_name_of_two_signs_is_read_where_an_office_follows_it(text: str) -> None:
    assert read_frame(text).place == "易县"


def test_a_date_above_the_text_is_no_line_of_its_head() -> None:
    assert read_frame("刊发日期:2024-04-26\n2023年,惠民县姜楼镇完成收入5533万元。\n").place == "姜楼镇"


def test_words_that_end_like_a_county_are_no_place() -> None:
    assert read_frame("2019年全县生产总值增长6%，各县都有进步，先进县第一。\n").place is None


def test_a_prefecture_is_measured_by_its_province_and_is_none() -> None:
    lines = (
        "2023年工作回顾",
        "一年来,我们坚持稳中求进,各项事业取得新进步。",
        "一年来,我们坚持绿色发展,生态环境更加优美。",
        "大理各项事业持续向好,全州上下团结奋斗,我州创新经验在全省推广。",
        "云南省委充分肯定。古城保护全省第一,林草碳汇全省首批,数字乡村全省首个,空气质量全省前列,大理古城全省领先。",
        "大理环境更加优美。",
    )
    assert read_frame("\n".join(lines)).place == "大理白族自治州"


@pytest.mark.parametrize("words", ["工业投资中", "中小金融机构", "其中方案"])
def test_names_inside_words_are_no_rivals_of_the_own_city(words: str) -> None:
    text = f"2025年,全市上下奋力前行,现代化滨州迈出新步伐。{words}列有各项。滨州马拉松圆满举行。\n"
    assert read_frame(text).place == "滨州市"


def test_towns_that_the_first_lines_list_are_not_the_place() -> None:
    text = "惠民县2024年政府工作报告\n一、工作回顾\n姜楼镇、胡集镇和李庄镇分别实现产值31亿元、46亿元和52亿元。\n"
    assert read_frame(text).place == "惠民县"
