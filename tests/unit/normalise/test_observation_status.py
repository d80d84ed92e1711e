"""How final a figure is, by what its sentence says and where."""

from __future__ import annotations

import pytest

from gongbao.normalise.observation_status import obs_status

REVENUE = "一般公共预算收入"


def of(sentence: str, phrase: str = REVENUE, kind: str = "fact") -> str:
    """The status of the figure that stands between | and |; A where the sentence says nothing."""
    before, _, after = sentence.split("|")
    return obs_status(kind, phrase, before, after) or "A"


def test_a_target_is_a_forecast_and_a_fact_is_normal_unless_something_is_said() -> None:
    assert of("力争一般公共预算收入达到|5亿元|。", kind="target") == "F"
    assert of("预计一般公共预算收入达到|5亿元|。", kind="target") == "F"
    assert obs_status("fact", REVENUE, "一般公共预算收入完成", ",增长4%。") is None


@pytest.mark.parametrize(
    "opening",
    [
        "预计", "预计,", "初步预计,", "——预计", "一是预计", "(一)预计", "1.预计", "我们预计,", "据统计部门预计,",
        "综合各方面情况预计,", "2025年惠民县预计", "二〇二五年预计", "到2025年底,预计", "“十四五”期间预计",
        "面对多重压力,全县上下同心,预计", "聚力实施“1+6+1”行动,预计", "一、经济运行\n预计", "预\n计", "全县预计完成",
    ],
)  # fmt: skip
def test_what_is_expected_at_the_head_of_a_sentence_is_all_that_it_tells(opening: str) -> None:
    assert of(f"{opening}生产总值|80亿元|;固定资产投资增长8%。", "生产总值") == "E"
    assert of(f"{opening}生产总值增长6%,固定资产投资增长|8%|。", "固定资产投资") == "E"
    assert of(f"{opening}生产总值增长6%；一般公共预算收入完成|5亿元|。") == "E"


def test_what_is_expected_after_other_figures_ends_with_the_semicolon() -> None:
    said = "新增企业{},预计一般公共预算收入完成{},增长{};社会消费品零售总额增长{}。"
    assert of(said.format("6家", "|5亿元|", "4%", "7%")) == "E"
    assert of(said.format("6家", "5亿元", "|4%|", "7%")) == "E"
    assert of(said.format("6家", "5亿元", "4%", "|7%|"), "社会消费品零售总额") == "A"
    assert of(said.format("|6家|", "5亿元", "4%", "7%"), "企业") == "A"
    assert of("企业增加6家;预计生产总值增长6%;一般公共预算收入完成|5亿元|。") == "A"


def test_an_expecting_predicate_speaks_of_its_own_subject_alone() -> None:
    said = "一般公共预算收入预计完成{},同比增长{},生产总值完成{};贷款余额增长{}。"
    assert of(said.format("|5亿元|", "4%", "80亿元", "9%")) == "E"
    assert of(said.format("5亿元", "|4%|", "80亿元", "9%")) == "E"
    assert of(said.format("5亿元", "4%", "|80亿元|", "9%"), "生产总值") == "A"
    assert of(said.format("5亿元", "4%", "80亿元", "|9%|"), "贷款余额") == "A"
    assert of("城乡居民人均可支配收入预计分别达到2万元、|1万元|。", "农村居民人均可支配收入") == "E"


def test_a_figure_that_names_another_thing_behind_it_is_none_of_that_subject() -> None:
    assert of("数字经济增加值占比预计达到19%以上,新增|3个|工业互联网平台。", "工业互联网平台") == "A"
    assert of("规上工业企业数预计达到60家,新增|3家|高新技术企业。", "高新技术企业") == "A"


def test_a_part_is_as_final_as_its_whole() -> None:
    assert of("一般公共预算收入预计完成5亿元,其中税收收入|4亿元|。", "税收收入") == "E"
    assert of("一般公共预算收入预计完成5亿元;其中:税收收入|4亿元|。", "税收收入") == "E"
    assert of("初步核算,生产总值80亿元,增长6%。其中,第一产业增加值|8亿元|。", "第一产业增加值") == "P"


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("一般公共预算收入达到|5亿元|左右（预计数），贷款余额90亿元。", "E"),
        ("一般公共预算收入达到|5亿元|〔预计〕。", "E"),
        ("一般公共预算收入达到|5亿元|、增长6%（预计数）。", "E"),
        ("一般公共预算收入达到5亿元（预计数），增长|6%|。", "E"),
        ("贷款余额90亿元（预计数，下同）；一般公共预算收入完成|5亿元|。", "E"),
        ("一般公共预算收入完成|5亿元|，增长6%，以上数据均为预计数。", "E"),
        ("一般公共预算收入完成|5亿元|（初步核算数），增长6%。", "P"),
        ("贷款余额90亿元（预计数），一般公共预算收入完成|5亿元|。", "A"),
        ("一般公共预算收入完成|5亿元|，固定资产投资（预计数）增长6%。", "A"),
        ("一般公共预算收入完成|5亿元|（比预计多2000万元）。", "A"),
        ("一般公共预算收入完成|5亿元|（预计明年可达6亿元）。", "A"),
        ("贷款余额90亿元（预计明年可达95亿元），一般公共预算收入完成|5亿元|。", "A"),
    ],
)
def test_what_brackets_say_is_said_of_the_figure_before_them(sentence: str, status: str) -> None:
    assert of(sentence) == status


@pytest.mark.parametrize(
    "sentence",
    [
        "一般公共预算收入超预计|3个百分点|。",
        "一般公共预算收入比预计多完成|5亿元|。",
        "一般公共预算收入高于预计,完成|5亿元|。",
        "一般公共预算收入好于年初预计,完成|5亿元|。",
        "一般公共预算收入为预计数的|102%|。",
        "一般公共预算收入与预计数相比,增加|5亿元|。",
        "一般公共预算收入比向人代会报告的预计执行数增加|5亿元|。",
    ],
)
def test_what_is_only_compared_with_is_not_expected(sentence: str) -> None:
    assert of(sentence) == "A"


def test_what_has_come_in_is_no_longer_expected() -> None:
    assert of("预计生产总值增长6%,一般公共预算收入已完成|5亿元|。") == "A"
    assert of("预计生产总值增长6%,1-11月一般公共预算收入实际完成|5亿元|。") == "A"
    assert of("预计,一般公共预算收入将达到|5亿元|,增长4%。") == "E"
    assert of("预计生产总值增长6%,税收占一般公共预算收入比重已由48%提高到|52%|。", "税收占比") == "E"
    assert of("初步核算,一般公共预算收入已突破|5亿元|。") == "P"
    assert of("项目预计年底竣工,完成一般公共预算收入|5亿元|。") == "A"


def test_a_preliminary_figure_is_so_until_it_is_revised() -> None:
    assert of("经市统计局初步核算,全年一般公共预算收入|5亿元|。") == "P"
    assert of("按初步核算数,全年一般公共预算收入|5亿元|。") == "P"
    assert of("一般公共预算收入初步核算为|5亿元|,后修订为6亿元。") == "P"
    assert of("一般公共预算收入初步核算为5亿元,后修订为|6亿元|。") == "A"
    assert of("初步核算,生产总值80亿元(上年修订为78亿元),增长|6%|。", "生产总值") == "P"


def test_what_else_is_revised_leaves_a_figure_as_it_is() -> None:
    assert of("预计生产总值80亿元,修订完善政策,一般公共预算收入增长|8%|。") == "E"
    assert of("初步核算,生产总值由80亿元修订为82亿元,一般公共预算收入完成|5亿元|。") == "P"
