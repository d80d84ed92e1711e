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


def test_words_that_end_like_a_county_are_no_place() -> None:
    assert read_frame("2019年全县生产总值增长6%，各县都有进步，先进县第一。\n").place is None
