"""Labels: indicator, unit, measure, plan or fact, period; and when a label is not enough."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongbao.extract.sheets import words
from gongbao.extract.sheets.labels import Said, read_path
from gongbao.extract.sheets.template import templates
from tests.unit.extract_sheets.tables import at, reasons, town_table

REVENUE = "一般公共预算收入"


def said(*path: str) -> Said:
    return read_path(path, templates()[0])


@pytest.mark.parametrize(
    ("label", "name", "magnitude"),
    [
        ("万元", "元", 10**4),
        ("亿元", "元", 10**8),
        ("元", "元", 1),
        ("%", "%", 1),
        ("％", "%", 1),
        ("万人", "人", 10**4),
        ("万吨", "吨", 10**4),
        ("千公顷", "公顷", 1000),
        ("家", "家", 1),
        ("人/平方公里", "人/平方公里", 1),
        ("‰", "‰", 1),
    ],
)
def test_units_without_their_magnitude(label: str, name: str, magnitude: int) -> None:
    found = words.unit(words.fold(label))
    assert found is not None
    assert (found.name, found.magnitude) == (name, magnitude)


@pytest.mark.parametrize("label", ["含18岁", "街道", "万", "2023年", "全社会", ""])
def test_words_that_are_no_unit(label: str) -> None:
    assert words.unit(label) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((REVENUE,), (REVENUE, None, None)),
        ((f"{REVENUE}\n（万元）",), (REVENUE, None, "万元")),
        ((REVENUE, "总量"), (REVENUE, None, None)),
        (("财政", REVENUE), (REVENUE, None, None)),
        (("其中：税收收入",), ("税收收入", None, None)),
        ((REVENUE, "同比增长（%）"), (REVENUE, "growth", "%")),
        ((REVENUE, "同比±%"), (REVENUE, "growth", "%")),
        (("固定资产投资增速",), ("固定资产投资", "growth", "%")),
        (("同比增长（%）", REVENUE), (REVENUE, "growth", "%")),
        ((REVENUE, "位次"), (REVENUE, "rank", None)),
        ((REVENUE, "完成年度计划（%）"), (REVENUE, "completion", "%")),
        (("人口自然增长率（‰）",), ("人口自然增长率", None, "‰")),
        (("自然增长", "自然增长人数"), ("自然增长人数", None, None)),
        (("居民人均可支配收入", "城镇"), ("城镇居民人均可支配收入", None, None)),
        (("民营企业", "税收收入"), ("民营企业/税收收入", None, None)),
        (("同比增长（%）",), (None, "growth", "%")),
    ],
)
def test_what_a_header_path_says(path: tuple[str, ...], expected: tuple[str | None, str | None, str | None]) -> None:
    found = said(*path)
    assert (found.indicator, found.measure, found.unit.written if found.unit else None) == expected


@pytest.mark.parametrize(
    ("label", "base", "period"),
    [
        ("比上年增长%", "year", None),
        ("2018年比2017年增长(%)", "year", "2018"),
        ("比2020年增长（%）", "2020", None),
        ("年均增长（%）", "average", None),
        ("环比增长（%）", "previous", None),
    ],
)
def test_the_base_of_growth(label: str, base: str, period: str | None) -> None:
    found = said(REVENUE, label)
    assert (found.measure, found.base, found.period) == ("growth", base, period)


def test_a_fall_is_negative_growth() -> None:
    found = at(town_table(["镇", "农村人口（人）", "比上年下降（%）"], ["石桥镇", None, 3.5]), "C3")
    assert (found.measure, found.value) == ("growth", Decimal("-3.5"))


def test_a_plan_column_is_a_target_of_its_own_year() -> None:
    found = town_table(
        ["镇", f"{REVENUE}（万元）", "2024年计划（万元）", "完成年度计划（%）"], ["石桥镇", 4321, 4600, 101.5]
    )
    plan = at(found, "C3")
    assert (plan.kind, plan.indicator, plan.period, plan.modality) == ("target", REVENUE, "2024", "计划")
    completion = at(found, "D3")
    assert (completion.kind, completion.measure, completion.unit) == ("fact", "completion", "%")


def test_a_table_of_plans_holds_targets() -> None:
    found = town_table(["镇", f"{REVENUE}（万元）"], ["石桥镇", 4600], title="青河县各镇2024年主要经济指标计划表")
    assert [(s.kind, s.period, s.modality) for s in found.statements] == [("target", "2024", "计划")]


def test_a_plan_for_the_year_in_a_table_of_months_falls_due_at_its_end() -> None:
    found = town_table(
        ["镇", "全年目标（万元）", f"{REVENUE}（万元）"], ["石桥镇", 1, 2], title="青河县各镇2024年1-9月主要经济指标"
    )
    assert [s.period for s in found.statements if s.kind == "fact"] == ["2024-01/2024-09"]


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("2023年", "2023"),
        ("（2023）", "2023"),
        ("二、2023年度", "2023"),
        ("2023年上半年", "2023-S1"),
        ("2023年前三季度", "2023-01/2023-09"),
        ("2023年1—6月", "2023-01/2023-06"),
        ("2023年1-12月", "2023"),
        ("2023年一季度", "2023-Q1"),
        ("2023年9月", "2023-09"),
        ("2022-2023年", None),
        ("2022年、2023年", None),
        ("第12345号", None),
        ("各镇指标", None),
    ],
)
def test_periods_in_titles(title: str, period: str | None) -> None:
    assert words.period(words.fold(title)) == period


def test_a_stock_in_a_table_of_months_stands_at_their_end() -> None:
    found = town_table(["镇", "户籍人口（人）"], ["石桥镇", 30000], title="青河县各镇2023年1-6月主要经济指标")
    assert found.statements[0].period == "2023-06"


@pytest.mark.parametrize(
    ("unit_row", "header", "expected"),
    [
        ("单位：万元", REVENUE, "元"),
        ("单位：万元、%", REVENUE, "元"),
        ("（单位：人、户）", "户籍人口", "人"),
        ("单位：人、户", "总户数", "户"),
        ("单位：万元", f"{REVENUE}（亿元）", "元"),
    ],
)
def test_the_unit_row_gives_the_unit_that_fits(unit_row: str, header: str, expected: str) -> None:
    found = town_table(["镇", header], ["石桥镇", 1], unit=unit_row)
    assert [s.unit for s in found.statements] == [expected]


@pytest.mark.parametrize(
    ("unit_row", "header"),
    [
        (None, REVENUE),
        ("单位：万元", "高新技术企业"),
        ("单位：万元、亿元", REVENUE),
        ("单位：万元、家", "某某指标"),
    ],
)
def test_a_figure_whose_unit_nobody_states_is_rejected(unit_row: str | None, header: str) -> None:
    assert reasons(town_table(["镇", header, "税收收入（元）"], ["石桥镇", 1], unit=unit_row)) == {
        ("B4" if unit_row else "B3"): "unit_missing"
    }


def test_a_unit_cell_that_holds_something_else_is_no_licence_for_the_title() -> None:
    found = town_table(["镇", "单位", REVENUE], ["石桥镇", "万元", 1], ["河口镇", "见注", 2], unit="单位：亿元")
    assert [(s.cell, s.value) for s in found.statements] == [("C4", Decimal(10000))]
    assert reasons(found) == {"C5": "unit_missing"}


def test_a_column_that_names_no_indicator_is_rejected() -> None:
    found = town_table(["镇", "总量（万元）", f"{REVENUE}（万元）"], ["石桥镇", 1, 2])
    assert reasons(found) == {"B3": "header_unknown"}


def test_a_per_cent_sign_in_the_cell_is_the_unit() -> None:
    found = town_table(["镇", "固定资产投资增长"], ["石桥镇", "6.5%"])
    assert (found.statements[0].value, found.statements[0].unit) == (Decimal("6.5"), "%")


def test_per_cents_stored_as_fractions_are_rejected() -> None:
    rows = [["石桥镇", 0.053], ["河口镇", 0.061], ["柳林乡", -0.012]]
    found = town_table(["镇", "固定资产投资增长（%）"], *rows)
    assert set(reasons(found).values()) == {"percent_as_fraction"}
    assert not found.statements


def test_small_growth_is_no_fraction() -> None:
    rows = [["石桥镇", 0.3], ["河口镇", 0.6], ["柳林乡", -0.4]]
    assert len(town_table(["镇", "固定资产投资增长（%）"], *rows).statements) == 3


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("2023年预计完成数（万元）", "E"),
        ("预计", "E"),
        ("快报数", "P"),
        ("初步核算数", "P"),
        ("完成数", None),
        ("2023年决算数", "A"),
        ("上年实绩", "A"),
        ("初步数量", None),
        ("初步设计", None),
        ("比预计增长（%）", None),
    ],
)
def test_a_label_says_how_final_its_figures_are(label: str, status: str | None) -> None:
    assert said(REVENUE, label).obs_status == status


def test_an_estimate_beside_its_indicator_is_another_figure_of_it() -> None:
    found = town_table(
        ["镇", f"{REVENUE}（万元）", "预计完成数", "预计增长（%）", "2024年计划"], ["石桥镇", 4321, 4400, 3.5, 4600]
    )
    told = {cell: (s.indicator, s.measure, s.obs_status, s.kind) for cell in "BCDE" for s in [at(found, f"{cell}3")]}
    assert told == {
        "B": (REVENUE, "level", None, "fact"),
        "C": (REVENUE, "level", "E", "fact"),
        "D": (REVENUE, "growth", "E", "fact"),
        "E": (REVENUE, "level", None, "target"),
    }


def test_growth_is_as_final_as_the_figure_before_it() -> None:
    header = ["镇", f"预计{REVENUE}（万元）", "比上年增长（%）", "常住人口（人）", "比上年增长（%）"]
    found = town_table(header, ["石桥镇", 4400, 3.5, 900, 1.5])
    assert [at(found, f"{cell}3").obs_status for cell in "BCDE"] == ["E", "E", None, None]


def test_a_title_does_not_speak_of_columns_that_say_otherwise() -> None:
    found = town_table(
        ["镇", f"{REVENUE}（万元）", "2022年决算数", "上年实绩"],
        ["石桥镇", 4600, 4500, 4500],
        title="青河县各镇2023年主要经济指标（快报数）",
    )
    assert [at(found, f"{cell}3").obs_status for cell in "BCD"] == ["P", "A", "A"]


def test_a_title_says_how_final_the_figures_of_the_table_are() -> None:
    found = town_table(["镇", f"{REVENUE}（万元）"], ["石桥镇", 4600], title="青河县各镇2023年主要经济指标（快报数）")
    assert [s.obs_status for s in found.statements] == ["P"]
