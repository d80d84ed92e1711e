"""Where a review ends and a plan begins."""

from __future__ import annotations

import pytest

from gongbao.extract import read_frame
from gongbao.extract.sections import kind_of

REPORT = """平原县2024年政府工作报告
——2024年1月20日在平原县第十九届人民代表大会第三次会议上
各位代表：
一、2023年工作回顾
{review}全县干部群众同心协力，各项事业都有进步，发展的底子更厚，群众的日子更好，坚持以实干换来实绩。
二、2024年工作安排
新的一年，我们将沿着既定的路子继续向前，把该办的事情办好，把答应群众的事情办成。
"""


@pytest.mark.parametrize(
    "opening",
    [
        "2023年是爬坡过坎的关键一年。",
        "今年是新一届班子的开局之年。",
        "2023年县级预算里安排预备费1200万元。\n",
    ],
)
def test_what_a_review_says_of_its_year_begins_no_plan(opening: str) -> None:
    text = REPORT.format(review=opening)
    plan = min(section.start for section in read_frame(text).sections if section.kind == "plan")
    assert text[plan:].startswith("二、2024年工作安排")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("2024年工作安排", "plan"),
        ("2023年工作回顾", "review"),
        ("2023年是爬坡过坎的关键一年", None),
        ("2025年县级预算里安排预备费1200万元", None),
    ],
)
def test_the_words_of_a_heading_tell_its_kind(words: str, kind: str | None) -> None:
    assert kind_of(words, has_ordinal=False) == kind


def test_a_text_that_its_page_prints_twice_plans_twice() -> None:
    copy = (
        "2023年工作回顾\n过去的一年，各项事业都有进步，发展的底子更厚，群众的日子更好，城乡面貌一天比一天新。\n"
        "今年是攻坚之年，要坚持稳字当头，把该办的事情办好，把答应群众的事情办成。\n新建学校2所。\n"
    )
    text = "平原县2024年政府工作报告\n——2024年1月20日在平原县第十九届人民代表大会第三次会议上\n各位代表：\n" + copy * 2
    assert [section.kind for section in read_frame(text).sections][-4:] == ["review", "plan", "review", "plan"]
