"""One name under its other wordings, and what the sentence before a figure adds to the name or takes from it."""

from __future__ import annotations

import pytest

from gongbao import reference
from gongbao.normalise.indicators import Match, as_share, match
from gongbao.normalise.wordings import in_context


def said(phrase: str, before: str = "", unit: str | None = "元", measure: str = "level", after: str = "") -> str | None:
    """`id`, `id[breakdown]` or null."""
    found = match(phrase, unit=unit, aspect=None, measure=measure, before=before, after=after)
    if found is None or not found.fits:
        return None
    return found.indicator_id if found.breakdown == "_T" else f"{found.indicator_id}[{found.breakdown}]"


@pytest.mark.parametrize(
    ("phrase", "unit", "indicator"),
    [
        ("老旧小区改造提升", "个", "old_communities_renovated"),
        ("改造提升老旧小区", "个", "old_communities_renovated"),
        ("出栏牛", "头", "cattle_slaughtered"),
        ("规模以上工业企业增加值", "元", "va_industry_above"),
        ("工业企业技改投入", "元", "tech_upgrade_investment"),
        ("各种运输方式货物周转量", "吨公里", "freight_turnover"),
        ("粮食播种", "亩", "grain_area"),
        ("粮食种植面积", "亩", "grain_area"),
        ("人均国内生产总值", "元", "gdp_per_capita"),
        ("牛奶总产量", "吨", "milk_output"),
    ],
)
def test_other_wordings_of_one_name(phrase: str, unit: str, indicator: str) -> None:
    assert said(phrase, unit=unit) == indicator


@pytest.mark.parametrize("phrase", ["单位生产总值综合能耗", "单位GDP能源消耗", "万元地区生产总值能耗"])
def test_energy_per_unit_of_output(phrase: str) -> None:
    assert said(phrase, unit="%", measure="growth") == "energy_intensity"


def test_an_area_is_left_out_only_where_the_unit_is_one() -> None:
    assert said("粮食播种", unit="吨") is None


@pytest.mark.parametrize(
    ("phrase", "before", "unit", "indicator"),
    [
        ("在校生", "小学30所,在校生", "人", "pupils_primary"),
        ("在校生", "小学30所,在校生2万人;普通高中5所,在校生", "人", "students_secondary[level=senior]"),
        ("在校生", "在校生", "人", None),
        ("在校生", "普通高等学校3所,其中民办普通高校1所,在校生", "人", None),
        ("工资性收入", "城镇居民人均可支配收入3万元,其中:工资性收入", "元", "income_urban[source=wages]"),
        ("利润总额", "规模以上工业企业80家,实现利润总额", "元", "industrial_profit_above"),
        ("利润总额", "规模以上工业中,采矿业实现利润总额", "元", None),
        ("一般债务", "政府债务余额90亿元,其中一般债务", "元", "government_debt[kind=general]"),
        ("一般债务", "政府债务限额90亿元,其中一般债务", "元", "debt_limit[kind=general]"),
        ("一般债务", "新增一般债务", "元", None),
        ("医院", "医疗卫生机构200个,其中医院", "个", "health_institutions[kind=hospital]"),
        ("医院", "卫生机构床位900张,其中医院", "张", "hospital_beds[kind=hospital]"),
        ("基层医疗卫生机构", "床位900张,其中基层医疗卫生机构", "张", "hospital_beds[kind=primary_care]"),
        ("农业总产值", "农林牧渔业总产值80亿元,其中农业总产值", "元", "agri_output[sector=crop]"),
        ("农业总产值", "农业总产值", "元", "agri_output"),
        ("老旧小区", "全年改造", "个", "old_communities_renovated"),
        ("老旧小区", "物业服务进驻", "个", None),
    ],
)
def test_a_bare_noun_is_what_the_sentence_speaks_of(phrase: str, before: str, unit: str, indicator: str | None) -> None:
    assert said(phrase, before, unit) == indicator


def test_what_was_built_is_none_of_the_stock_that_a_sentence_counts() -> None:
    before = "卫生机构50个,村卫生室"
    assert in_context("村卫生室", before, None) is not None
    assert in_context("村卫生室", before, "new") is None


def test_what_was_begun_anew_is_a_flow() -> None:
    assert in_context("老旧小区", "新开工改造老旧小区", "new") == "老旧小区改造"


@pytest.mark.parametrize("row", reference.rows("indicator_contexts.csv"), ids=lambda row: f"{row['phrases'][:12]}")
def test_every_context_leads_to_an_indicator(row: dict[str, str]) -> None:
    if row["stands_for"]:
        found = match(row["stands_for"], unit=None, aspect=None, measure="growth")
        assert found is not None, row


@pytest.mark.parametrize(
    ("phrase", "before", "after", "measure"),
    [
        ("GDP", "消费增长4%,拉动GDP增长", "1.2个百分点", "growth"),
        ("专项债券", "专项债券20亿元,其中", "用于道路", "level"),
        ("再融资债券", "再融资债券10亿元,合计", "。", "level"),
        ("教育支出", "加上教育支出等", "。", "level"),
        ("医院床位", "每千人拥有医院床位", "。", "level"),
        ("调入资金", "加上调入资金", "。", "level"),  # into which budget?
    ],
)
def test_a_sentence_may_say_that_it_is_another_thing(phrase: str, before: str, after: str, measure: str) -> None:
    unit = {"growth": "百分点", "level": "张" if "床位" in phrase else "元"}[measure]
    assert said(phrase, before, unit, measure, after) is None


@pytest.mark.parametrize(
    ("phrase", "before", "unit", "indicator"),
    [
        ("调入资金", "政府性基金收入5亿元,调入资金", "元", "funds_transferred_in[budget=fund]"),
        ("上级补助收入", "一般公共预算收入5亿元,上级补助收入", "元", "transfer_payments"),
        ("货物周转量", "铁路货运量3万吨,货物周转量", "吨公里", "freight_turnover[mode=rail]"),
        ("货物周转量", "公路水路货运量3万吨,货物周转量", "吨公里", "freight_turnover[mode=road_water]"),
    ],
)
def test_the_sentence_names_the_part(phrase: str, before: str, unit: str, indicator: str) -> None:
    assert said(phrase, before, unit) == indicator


@pytest.mark.parametrize(
    ("phrase", "before", "scope"),
    [
        ("一般公共预算收入", "市级一般公共预算收入", "本级"),
        ("一般公共预算收入", "省级下达专款后,一般公共预算收入", None),
        ("一般公共预算收入", "全市一般公共预算收入", None),
        ("一般公共预算收入", "市级税收3亿元,全市一般公共预算收入", None),
        ("一般公共预算收入预算", "全市一般公共预算收入预算", "预算"),
        ("一般公共预算收入", "批准的市级一般公共预算收入预算为", "本级;预算"),
        ("一般公共预算收入", "一般公共预算收入预算为5亿元,实际完成", None),
    ],
)
def test_levels_and_plans_of_a_budget_are_scopes(phrase: str, before: str, scope: str | None) -> None:
    found = match(phrase, unit="元", aspect=None, measure="level", before=before)
    assert found is not None
    assert found.scope == scope


def test_people_on_the_household_register_are_counted_another_way() -> None:
    found = match("城镇人口", unit="人", aspect=None, measure="level", before="户籍人口50万人,城镇人口")
    assert found is not None
    assert (found.breakdown, found.scope) == ("_T", "户籍")


def test_what_is_reached_after_additions_is_a_stock() -> None:
    found = match("规上工业企业", unit="家", aspect="new", measure="level", before="新增规上工业企业3家,达到")
    assert found is not None
    assert found.indicator_id == "industrial_units_above"


def test_the_share_of_one_tax_is_no_share_of_all_taxes() -> None:
    found = match("增值税", unit="%", aspect=None, measure="share")
    assert found is not None
    assert as_share(found, unit="%", measure="share").indicator_id == "tax_revenue"


def _match(phrase: str, before: str, after: str = "", *, unit: str = "%", measure: str = "level") -> Match | None:
    return match(phrase, unit=unit, aspect=None, measure=measure, before=before, after=after)


@pytest.mark.parametrize(
    ("before", "measure", "scope"),
    [
        ("一般公共预算收入12亿元,同口径增长", "growth", "同口径"),
        ("一般公共预算收入12亿元,剔除留抵退税因素后增长", "growth", "同口径"),
        ("一般公共预算收入12亿元,增长", "growth", None),
        ("一般公共预算收入调整为", "level", "调整预算"),
        ("人代会批准的一般公共预算收入", "level", "预算"),
        ("人代会批准的预算为9亿元,一般公共预算收入完成", "level", None),
        ("一般公共预算收入9亿元,为调整预算的", "completion", "调整预算"),
        ("一般公共预算收入9亿元,为年初预算的", "completion", None),
        ("一般公共预算收入增速高于全国、全省", "change", "较全国"),
        ("一般公共预算收入增速高于全国、全省1.7和", "change", "较全省"),
        ("一般公共预算收入占全省比重达", "share", "占全省"),
    ],
)
def test_the_words_at_a_figure_say_which_of_several_it_is(before: str, measure: str, scope: str | None) -> None:
    unit = {"level": "元", "change": "百分点"}.get(measure, "%")
    after = "和0.9个百分点" if measure == "change" else ""
    found = _match("一般公共预算收入", before, after, unit=unit, measure=measure)
    assert found is not None
    assert found.scope == scope


def test_those_that_do_something_are_not_all_that_there_are() -> None:
    assert _match("行政村", "辖", "行政村。", unit="个") is not None
    assert _match("行政村", "有", "行政村实行了市场化保洁", unit="个") is None
    assert _match("幼儿园", "幼儿园51所,其中", "已停办", unit="所") is None
    assert _match("省级重点项目", "", "省级重点项目完成投资", unit="个") is not None


def test_growth_of_growth_is_no_growth() -> None:
    assert _match("一般公共预算收入", "一般公共预算收入增长19%,增速较去年增长了", measure="growth") is None


def test_a_share_of_another_whole_keeps_its_indicator() -> None:
    for before, wanted in (
        ("税收收入占一般公共预算收入的", "tax_share"),
        ("税收收入占GDP比重", "tax_revenue"),
        ("税收收入占全县一般公共预算收入的比重提高到", "tax_share"),
    ):
        found = _match("税收收入", before, measure="share")
        assert found is not None
        assert as_share(found, unit="%", measure="share", before=before).indicator_id == wanted
    found = _match("研发经费支出", "研发经费支出占GDP比重", measure="share")
    assert found is not None
    assert as_share(found, unit="%", measure="share", before="研发经费支出占GDP比重").indicator_id == "rd_intensity"


def test_two_parts_said_before_say_nothing_of_a_clause_of_its_own() -> None:
    before = "城市低保对象2120人,农村低保对象8630人,发放低保金"
    assert _match("低保金", before, unit="元") is None
    found = _match("低保金", "农村低保对象8630人,发放低保金", unit="元")
    assert found is not None
    assert "residence=rural" in found.breakdown


@pytest.mark.parametrize(
    ("phrase", "before", "measure", "unit", "wanted"),
    [
        ("农林水支出", "政府性基金预算支出40亿元,其中农林水支出", "level", "元", "budget=fund"),
        ("农林水支出", "一般公共预算支出40亿元,其中农林水支出", "level", "元", "_T"),
        ("保障性住房", "开工建设保障性住房22.5万套、竣工", "level", "套", "action=completed"),
        ("发电量", "其中风力发电企业6家,发电量", "level", "千瓦时", "source=wind"),
        ("出口", "一般贸易进出口20亿元,其中出口", "level", "元", "mode=general"),
        ("非公有制经济增加值", "非公有制经济增加值", "level", "元", "concept=non_public"),
        ("房屋施工面积", "建筑业总产值9亿元,房屋施工面积", "level", "平方米", "_T"),
        ("高速公路", "公路通车里程3860公里,其中高速公路", "level", "公里", "_T"),
    ],
)
def test_parts_that_the_sentence_tells_apart(phrase: str, before: str, measure: str, unit: str, wanted: str) -> None:
    found = _match(phrase, before, unit=unit, measure=measure)
    assert found is not None
    assert found.breakdown == wanted


def test_figures_of_one_partner_or_kind_are_no_totals() -> None:
    assert _match("出口", "对东盟进出口20亿元,其中出口", unit="元") is None
    assert _match("死亡人数", "道路交通生产安全事故8起,死亡", unit="人") is None
    assert _match("农村劳动力转移就业总量", "农村劳动力转移就业总量", unit="人") is None


def test_pupils_of_all_schools_are_not_those_of_the_part_named_in_passing() -> None:
    assert _match("在校学生", "学校868所,其中普通高等学校27所;在校学生", unit="人") is None


def test_what_is_added_to_a_stock_is_not_the_stock() -> None:
    found = match("汽车保有量", unit="辆", aspect=None, measure="level", before="汽车保有量11万辆,净增")
    assert found is not None
    assert found.aspect == "new"


def test_a_rank_of_a_share_is_the_shares() -> None:
    before = "税收收入6亿元,税收占比85.5%,位列全省第"
    found = match("税收收入", unit=None, aspect=None, measure="rank", before=before)
    assert found is not None
    assert as_share(found, unit=None, measure="rank", before=before).indicator_id == "tax_share"


@pytest.mark.parametrize("branch", ["采矿业", "制造业"])
def test_enterprises_with_foreign_capital_are_no_investment(branch: str) -> None:
    before = f"规上工业增加值增长8%。分经济类型看,外商及港澳台商投资企业下降2%。分门类看,{branch}增长"
    found = match(branch, unit="%", aspect=None, measure="growth", before=before)
    assert found is not None
    assert found.indicator_id == "va_industry_above"
