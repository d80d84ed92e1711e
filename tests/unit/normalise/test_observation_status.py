"""How final a figure is, by what its sentence says and where."""

from __future__ import annotations

import pytest

from gongbao.normalise.observation_status import obs_status


def of(sentence: str, phrase: str = "一般公共预算收入", kind: str = "fact", word: str | None = None) -> str:
    """The status of the figure that stands between | and |."""
    before, _, after = sentence.split("|")
    return obs_status(kind, word, phrase, before, after)


def test_a_target_is_a_forecast_and_a_fact_is_normal_unless_something_is_said() -> None:
    assert of("力争一般公共预算收入达到|5亿元|。", kind="target", word="力争") == "F"
    assert of("预计一般公共预算收入达到|5亿元|。", kind="target") == "F"
    assert of("一般公共预算收入完成|5亿元|,增长4%。") == "A"
    assert of("一般公共预算收入完成|5亿元|。", word="预计") == "E"


@pytest.mark.parametrize(
    "sentence",
    [
        "预计,一般公共预算收入完成|5亿元|。",
        "2025年,全县预计完成一般公共预算收入|5亿元|。",
        "预计全年生产总值完成80亿元,增长6%;一般公共预算收入完成|5亿元|。",
        "初步预计,生产总值增长6%;固定资产投资增长8%;一般公共预算收入增长|4%|左右。",
        "面对多重压力,全县上下同心,预计生产总值增长6%;一般公共预算收入增长|4%|。",
    ],
)
def test_what_is_expected_at_the_head_of_a_sentence_is_all_that_it_tells(sentence: str) -> None:
    assert of(sentence) == "E"


def test_what_is_expected_after_other_figures_ends_with_the_semicolon() -> None:
    said = "新增企业6家,预计一般公共预算收入完成|5亿元|,增长4%;社会消费品零售总额增长7%。"
    assert of(said) == "E"
    assert of("新增企业6家,预计一般公共预算收入完成5亿元,增长|4%|;社会消费品零售总额增长7%。") == "E"
    later = "新增企业6家,预计一般公共预算收入完成5亿元,增长4%;社会消费品零售总额增长|7%|。"
    assert of(later, "社会消费品零售总额") == "A"
    assert of("新增企业|6家|,预计一般公共预算收入完成5亿元。", "企业") == "A"


def test_an_expecting_predicate_speaks_of_its_own_subject_alone() -> None:
    said = "一般公共预算收入预计完成{},同比增长{},生产总值完成{};贷款余额增长{}。"
    assert of(said.format("|5亿元|", "4%", "80亿元", "9%")) == "E"
    assert of(said.format("5亿元", "|4%|", "80亿元", "9%")) == "E"
    assert of(said.format("5亿元", "4%", "|80亿元|", "9%"), "生产总值") == "A"
    assert of(said.format("5亿元", "4%", "80亿元", "|9%|"), "贷款余额") == "A"
    assert of("居民收入预计分别达到2万元、|1万元|。", "农村居民人均可支配收入") == "E"
    assert of("数字经济增加值占比预计达到19%以上,新增|3个|工业互联网平台。", "工业互联网平台") == "A"


def test_what_stands_in_brackets_behind_a_figure_is_said_of_it_and_of_those_below_where_it_says_so() -> None:
    assert of("生产总值达到|80亿元|左右(预计数),一般公共预算收入完成5亿元。", "生产总值") == "E"
    assert of("生产总值达到80亿元(预计数),一般公共预算收入完成|5亿元|。") == "A"
    assert of("生产总值达到80亿元(预计数,下同);一般公共预算收入完成|5亿元|。") == "E"
    assert of("生产总值达到|80亿元|(初步核算数),增长6%。", "生产总值") == "P"
    assert of("生产总值达到|80亿元|,固定资产投资(预计数)增长6%。", "生产总值") == "A"


@pytest.mark.parametrize(
    "sentence",
    [
        "一般公共预算收入超预计|3个百分点|。",
        "一般公共预算收入比预计多完成|5亿元|。",
        "一般公共预算收入高于预计,完成|5亿元|。",
        "预计生产总值增长6%,一般公共预算收入已完成|5亿元|。",
    ],
)
def test_what_is_done_or_only_compared_is_not_expected(sentence: str) -> None:
    assert of(sentence) == "A"


def test_a_preliminary_figure_is_so_until_it_is_revised() -> None:
    assert of("经初步核算,全年一般公共预算收入|5亿元|。") == "P"
    assert of("初步核算,生产总值80亿元,增长6%。其中,第一产业增加值|8亿元|。", "第一产业增加值") == "P"
    assert of("生产总值初步核算为|80亿元|,后修订为82亿元。", "生产总值") == "P"
    assert of("生产总值初步核算为80亿元,后修订为|82亿元|。", "生产总值") == "A"
