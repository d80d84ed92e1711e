"""Numbers of a five-year review: yearly averages and sums cover the years, what was reached belongs to the last one."""

from __future__ import annotations

import pytest

from gongbao.extract import extract_text

REPORT = """平原县2022年政府工作报告
——2022年1月20日在平原县第十九届人民代表大会第一次会议上
各位代表：
一、过去五年工作回顾
过去五年，全县干部群众同心协力，各项事业都有进步，发展的底子更厚，群众的日子更好，城乡面貌一天比一天新。
{sentence}
二、2022年工作安排
新的一年，我们将沿着既定的路子继续向前，把该办的事情办好，把答应群众的事情办成，让城乡变化看得见摸得着。
"""


@pytest.mark.parametrize(
    ("sentence", "periods"),
    [
        ("2021年，税收完成31亿元，比2016年增加9亿元，年均增长7%。", ["2021", "2021", "2017/2021"]),
        ("2021年与2016年相比，税收达到31亿元；累计完成技改投资64亿元。", ["2021", "2017/2021"]),
        ("五年累计完成绿化12万亩；森林覆盖率达到31%。", ["2017/2021", "2021"]),
        ("五年共投入扶贫资金8亿元，公路总里程达到960公里。", ["2017/2021", "2021"]),
        ("规上工业预计完成增加值15亿元。", ["2021"]),
        ("2021年税收由21亿元增加到31亿元。", ["2016", "2021"]),
        ("2021年税收由2020年的29亿元增加到31亿元。", ["2020", "2021"]),
    ],
)
def test_averages_and_sums_cover_the_years_under_review(sentence: str, periods: list[str]) -> None:
    text = REPORT.format(sentence=sentence)
    start = text.index(sentence)
    found = [
        s for s in extract_text(text).statements if s.start is not None and start <= s.start < start + len(sentence)
    ]
    assert [s.period for s in found] == periods
