"""Where a section turns from several years to one of them, or back."""

from __future__ import annotations

import pytest

from gongbao.extract import extract_text, read_frame

REPORT = """平原县2021年政府工作报告
——2021年1月20日在平原县第十七届人民代表大会第五次会议上
各位代表：
{heading}
{review}
{next_heading}
{plan}
"""
REVIEW_OF_BOTH = "一、“十三五”时期和2020年工作回顾"
PLAN_OF_BOTH = "二、“十四五”时期目标任务和2021年工作安排"
FIRM = "我们把该办的事情办好，把答应群众的事情办成，让城乡变化看得见摸得着，日子一年比一年好。"


def report(review: str, plan: str = FIRM, heading: str = REVIEW_OF_BOTH, next_heading: str = PLAN_OF_BOTH) -> str:
    return REPORT.format(heading=heading, review=review, next_heading=next_heading, plan=plan)


def periods(text: str) -> list[tuple[str, str | None]]:
    return [(statement.kind, statement.period) for statement in extract_text(text).statements]


@pytest.mark.parametrize(
    "opening",
    ["各位代表，刚刚过去的2020年，我们迎难而上。", "2020年是收官之年。", "过去一年，我们迎难而上。"],
)
def test_a_line_about_the_last_year_turns_a_review_of_years_to_it(opening: str) -> None:
    text = report(f"五年来，我们埋头苦干。新建学校9所。\n{opening}\n新建公园3个。")
    assert periods(text) == [("fact", "2016/2020"), ("fact", "2020")]


def test_a_dated_line_in_a_review_of_years_dates_its_sentence_only() -> None:
    review = "“十三五”时期，变化最大。\n2020年，公路通车里程达到900公里。新建学校9所。"
    text = report(review, heading="一、“十三五”时期工作回顾")
    assert periods(text) == [("fact", "2020"), ("fact", "2016/2020")]


def test_a_dated_line_turns_a_review_whose_heading_names_that_year_too() -> None:
    text = report("过去五年，新建学校9所。\n2020年，公路通车里程达到900公里。\n新建公园3个。")
    assert periods(text) == [("fact", "2016/2020"), ("fact", "2020"), ("fact", "2020")]


def test_a_line_about_the_years_turns_a_review_that_began_with_the_last_year() -> None:
    text = report(
        "过去一年，我们迎难而上。新建公园3个。\n过去五年，我们埋头苦干。\n新建学校9所。",
        heading="一、2020年和“十三五”时期工作回顾",
    )
    assert periods(text) == [("fact", "2020"), ("fact", "2016/2020")]


def test_under_a_heading_of_one_year_the_years_hold_for_their_line() -> None:
    text = report("“十三五”期间，新建学校9所。\n新建公园3个。", heading="一、2020年工作回顾")
    assert periods(text) == [("fact", "2016/2020"), ("fact", "2020")]


def test_a_sentence_about_the_years_holds_to_the_end_of_its_line() -> None:
    text = report("收官圆满。五年来，我们埋头苦干。新建学校9所。\n新建公园3个。", heading="一、2020年工作回顾")
    assert periods(text) == [("fact", "2016/2020"), ("fact", "2020")]


def test_a_line_about_the_coming_year_turns_a_plan_of_years_to_it() -> None:
    text = report(FIRM, "未来五年，新建学校20所。\n今年是开局之年，要开好头。\n新建公园5个。")
    assert periods(text) == [("target", "2021/2025"), ("target", "2021")]


def test_this_year_in_a_plan_of_years_is_the_first_of_them() -> None:
    text = report(FIRM, "未来五年，我们大步走。要办好实事，今年新建学校2所，五年累计新建学校20所。")
    assert periods(text) == [("target", "2021"), ("target", "2021/2025")]


def test_a_section_that_names_past_and_coming_years_reviews_before_it_plans() -> None:
    text = report(
        FIRM,
        "过去五年，我们埋头苦干。新建学校9所。\n“十四五”时期是蓄势的五年。\n新建公园5个。",
        heading="一、2020年工作回顾",
        next_heading="二、“十三五”时期发展成就和“十四五”时期主要目标任务",
    )
    assert periods(text) == [("fact", "2016/2020"), ("target", "2021/2025")]


def test_a_review_without_a_heading_after_it_turns_to_the_plan_with_the_years_to_come() -> None:
    text = report("过去一年，我们迎难而上。\n新建公园3个。\n今后五年，我们要奋发有为。\n新建学校20所。")
    assert periods(text) == [("fact", "2020"), ("target", "2021/2025")]


def test_a_plan_never_turns_to_a_review() -> None:
    text = report(FIRM, "今年是开局之年。\n过去五年，我们埋头苦干。\n新建公园5个。")
    assert {section.kind for section in read_frame(text).sections if section.start > text.index(PLAN_OF_BOTH)} <= {
        "plan"
    }


def test_sections_that_turn_cover_the_text_without_gaps() -> None:
    text = report("五年来，新建学校9所。\n刚刚过去的2020年，我们迎难而上。", "未来五年，我们大步走。\n今年是开局之年。")
    sections = read_frame(text).sections
    assert [section.end for section in sections[:-1]] == [section.start for section in sections[1:]]
    assert sections[-1].end == len(text)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("各项存款余额112亿元，各类贷款余额60亿元。", ["2020", "2020"]),
        ("粮食总产量35万吨，比2015年增长12%。", ["2020", "2016/2020"]),
        ("高新技术企业由9家增加到16家。", ["2015", "2020"]),
        ("农业总产值和工业总产值分别达到30亿元、90亿元。", ["2020", "2020"]),
        ("旅游收入同比增长9%。", ["2020"]),
        ("到位外资3000万美元，是“十二五”时期的2倍。", ["2016/2020", "2016/2020"]),
        ("城镇居民人均可支配收入2万元，年均增长6%。", ["2020", "2016/2020"]),
        ("一般公共预算收入8亿元，年均增长6%。", ["2020", "2016/2020"]),
        ("完成支出总计70亿元，年均增长5%。", ["2016/2020", "2016/2020"]),
        ("办理建议405件，办复率100%。", ["2016/2020", "2016/2020"]),
        ("新建学校9所、公园3个。", ["2016/2020", "2016/2020"]),
        ("民生支出占比始终保持在70%以上。", ["2016/2020"]),
        ("五年来，修路80公里；人均住房面积达到40平方米。", ["2016/2020", "2020"]),
        ("“十三五”时期，财政收入达到60亿元，比“十二五”时期增加9亿元。", ["2016/2020", "2016/2020"]),
        ("五年来，修路80公里；财政收入达到60亿元，比“十二五”时期增加9亿元。", ["2016/2020"] * 3),
    ],
)
def test_values_at_the_end_of_years_are_the_last_year_and_sums_the_years(sentence: str, found: list[str]) -> None:
    text = report(f"五年来，我们埋头苦干。\n{sentence}")
    assert [period for _, period in periods(text)] == found


def test_a_caption_of_a_series_in_a_table_is_no_heading() -> None:
    text = report("五年来，我们埋头苦干。\n刚刚过去的2020年，我们迎难而上。\n2016—2020年财政收支情况\n新建学校9所。")
    assert periods(text) == [("fact", "2020")]


def test_what_a_plan_dates_before_its_year_is_a_fact_but_not_what_it_builds_on() -> None:
    text = report(FIRM, "今年是开局之年。\n2020年核定债务限额40亿元。\n在2020年的基础上，新建公园5个。")
    assert [kind for kind, _ in periods(text)] == ["fact", "target"]


def test_a_report_told_by_another_turns_like_the_report() -> None:
    text = report(
        "报告说，“十三五”时期是实干的五年。\n新建学校9所。\n报告指出，刚刚过去的2020年是不平凡的一年。\n新建公园3个。"
    )
    assert periods(text) == [("fact", "2016/2020"), ("fact", "2020")]


def test_titles_and_years_alone_in_their_lines_tell_nothing_of_the_year_under_review() -> None:
    title, body = (
        "平原县2021年政府工作报告\n日期：2023年3月30日\n",
        "各位代表：\n过去一年，我们迎难而上。新建公园3个。\n",
    )
    links = "2021年，我们大步走。\n2022年岭南县政府工作报告\n2022年\n"
    assert read_frame(title + body + links).reporting_period == "2020"


def test_a_dated_line_after_lines_about_the_years_dates_its_sentence_only() -> None:
    review = "过去五年，我们埋头苦干。\n2020年，公路通车里程达到900公里。新建学校9所。"
    assert periods(report(review, heading="各位代表，我先报告工作。")) == [("fact", "2020"), ("fact", "2016/2020")]


def test_in_a_wrapped_text_a_heading_of_one_year_ends_with_its_line() -> None:
    wide = "各级各部门坚持稳字当头真抓实干齐心协力把该办的事情办好把好事办实办好，\n"
    review = f"2020年是“十三五”收官之年。\n“十三五”时期，新建学校9所。\n2020年，{wide * 12}新建公园3个。"
    assert periods(report(review, heading="一、2020年工作回顾"))[-1] == ("fact", "2020")


def test_a_heading_without_a_time_goes_on_with_the_years_of_the_review_before() -> None:
    review = (
        "五年来，我们埋头苦干。新建学校9所，群众的日子更好，城乡面貌一天比一天新。\n二、城乡建设成效明显\n新建公园3个。"
    )
    text = report(review, heading="一、过去五年主要工作", next_heading="三、2021年工作安排")
    assert periods(text) == [("fact", "2016/2020"), ("fact", "2016/2020")]


def test_a_report_that_begins_with_its_first_heading_reviews_what_that_names() -> None:
    review = f"一、过去五年工作回顾\n县政府一任接着一任干，{FIRM}\n2020年，公路里程达到900公里。新建学校9所。\n"
    plan = f"二、2021年工作安排\n今年是开局之年，{FIRM}\n新建公园5个。\n"
    assert periods(review + plan) == [("fact", "2020"), ("fact", "2016/2020"), ("target", "2021")]


def test_an_inner_heading_turns_like_a_line() -> None:
    text = report(
        "(一)2020年工作\n新建公园3个。\n(二)“十三五”时期工作\n新建学校9所。", heading="一、2020年及“十三五”时期工作回顾"
    )
    assert periods(text) == [("fact", "2020"), ("fact", "2016/2020")]
