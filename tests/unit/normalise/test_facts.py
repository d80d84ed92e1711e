"""One statement becomes one row: a fact, a target, a project figure, or a reason why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from gongbao.normalise.facts import Document, phrase_of
from gongbao.normalise.places import Resolution
from gongbao.normalise.status_notes import StatusNote
from tests.unit.normalise.one_by_one import normalised, statement

TOWN = Document(
    document_id="d1",
    home=Resolution("371621111", "姜楼镇 in 惠民县"),
    published_on=date(2024, 4, 26),
    known_from=datetime(2024, 5, 1),
    caveats=("sample",),
)


def row_of(relation: str, document: Document = TOWN, **slots: Any) -> dict[str, Any]:
    [(found, row)] = normalised([statement(**slots)], {"t1": document})
    assert found == relation, row
    return row


def test_a_fact_in_its_canonical_unit() -> None:
    row = row_of("core.fact")
    wanted = {
        "ref_area": "371621111",
        "indicator_id": "general_budget_revenue",
        "breakdown": "_T",
        "time_period": "2023",
        "freq": "A",
        "obs_value": Decimal(55330000),
        "unit_measure": "CNY",
        "value_text": "5533万元",
        "decimals": 0,
        "precision_value": Decimal(10000),
        "obs_status": "A",
        "published_on": date(2024, 4, 26),
        "known_from": datetime(2024, 5, 1),
        "caveat_codes": "sample",
    }
    assert {key: row[key] for key in wanted} == wanted


def test_a_rank_is_a_fact_of_its_own_with_its_peers_and_no_unit() -> None:
    row = row_of("core.fact", measure="rank", value=Decimal(3), unit=None, scope="全县镇办", quote="3")
    assert (row["obs_value"], row["unit_measure"], row["scope"]) == (Decimal(3), None, "全县镇办")
    assert row["indicator_id"] == "general_budget_revenue"


def test_growth_is_on_a_year_before_unless_the_text_says_otherwise() -> None:
    growth = {"measure": "growth", "value": Decimal("5.0"), "unit": "%", "quote": "5.0%"}
    assert row_of("core.fact", **growth)["base"] == "year"
    assert row_of("core.fact", **growth, base="average")["base"] == "average"
    row = row_of("core.fact", **growth)
    assert (row["unit_measure"], row["decimals"], row["precision_value"]) == ("%", 1, Decimal("0.1"))


def test_a_change_in_percentage_points() -> None:
    row = row_of(
        "core.fact", indicator="城镇化率", measure="change", value=Decimal("0.8"), unit="百分点", quote="0.8个百分点"
    )
    assert (row["indicator_id"], row["unit_measure"]) == ("urbanisation_rate", "pp")


def test_a_target_with_its_modality() -> None:
    row = row_of(
        "core.target",
        kind="target",
        indicator="高新技术企业",
        aspect="new",
        value=Decimal(5),
        unit="家",
        comparator="min",
        time_period="2024",
        modality_zh="力争",
        quote="5家以上",
    )
    assert (row["indicator_id"], row["obs_value"], row["comparator"]) == ("new_hitech_enterprises", Decimal(5), "min")
    assert (row["aspect"], row["modality"], row["nature"], row["obs_status"]) == (None, "strive", "unstated", "F")


@pytest.mark.parametrize("measure", ["share", "level"])
def test_a_ratio_of_a_part_is_a_share_however_it_is_said(measure: str) -> None:
    row = row_of("core.fact", indicator="三产占比", measure=measure, value=Decimal("49.1"), unit="%", quote="49.1%")
    assert (row["indicator_id"], row["measure"], row["unit_measure"]) == ("share_tertiary", "share", "%")


def test_a_share_of_something_is_the_indicator_that_is_this_share() -> None:
    tax = {"indicator": "税收收入", "value": Decimal("76.8"), "unit": "%", "quote": "76.8%"}
    row = row_of("core.fact", **tax, measure="share")
    assert (row["indicator_id"], row["measure"]) == ("tax_share", "share")
    points = row_of("core.fact", **{**tax, "unit": "百分点", "quote": "0.8个百分点"}, measure="change")
    assert (points["indicator_id"], points["unit_measure"]) == ("tax_share", "pp")
    days = row_of(
        "core.fact", indicator="空气优良天数", value=Decimal("66.8"), unit="%", measure="share", quote="66.8%"
    )
    assert (days["indicator_id"], days["measure"]) == ("air_good_rate", "level")


def test_a_projects_money_is_never_the_areas() -> None:
    row = row_of("core.project", subject_type="entity", subject="某机械项目", indicator="一般公共预算收入")
    assert (row["subject"], row["obs_value"], row["unit_measure"]) == ("某机械项目", Decimal(55330000), "CNY")


def test_another_place_is_resolved_and_never_replaced_by_the_own() -> None:
    assert row_of("core.fact", subject="全县")["ref_area"] == "371621"
    row = row_of("core.unresolved", subject="各镇办")
    assert row["reason"] == "unknown_place"


def test_own_level_is_a_scope() -> None:
    county = Document("d2", Resolution("371621", ""), None, datetime(2024, 5, 1))
    row = row_of("core.fact", county, subject="县本级")
    assert (row["ref_area"], row["scope"]) == ("371621", "本级")


def test_a_stock_at_the_end_of_june_and_of_the_year() -> None:
    people = {"indicator": "常住人口", "value": Decimal(30000), "unit": "人", "quote": "3万人"}
    assert row_of("core.fact", **people, time_period="2023-S1")["time_period"] == "2023-06"
    assert row_of("core.fact", **people, time_period="2023-12")["time_period"] == "2023"


def test_an_estimate_says_so_in_its_status_and_its_caveats() -> None:
    sentence = "预计完成一般公共预算收入5533万元。"
    row = row_of("core.fact", sentence=sentence, span_start=112, span_end=118)
    assert (row["obs_status"], row["caveat_codes"]) == ("E", "estimated;sample")
    assert row_of("core.fact")["caveat_codes"] == "sample"
    assert row_of("core.fact", sentence=None, sentence_start=None, obs_status="E")["caveat_codes"] == "estimated;sample"


def test_a_note_on_all_figures_holds_where_neither_sentence_nor_sheet_says_anything() -> None:
    document = replace(TOWN, status_notes=(StatusNote(0, "2023", "P"),))
    assert row_of("core.fact", document)["obs_status"] == "P"
    assert row_of("core.fact", document, time_period="2022")["obs_status"] == "A"
    assert (
        row_of("core.fact", document, sentence="预计完成一般公共预算收入5533万元。", span_start=112)["obs_status"]
        == "E"
    )
    assert row_of("core.fact", document, obs_status="B")["obs_status"] == "B"
    assert row_of("core.target", document, kind="target")["obs_status"] == "F"


def test_a_conversion_that_does_not_come_out_even_carries_a_caveat() -> None:
    row = row_of("core.fact", indicator="集中供热面积", value=Decimal(1), unit="亩", quote="1亩")
    assert (row["obs_value"], row["caveat_codes"]) == (Decimal("666.6666666667"), "rounded;sample")


@pytest.mark.parametrize(
    ("slots", "reason"),
    [
        ({"indicator": "某某率"}, "unknown_indicator"),
        ({"indicator": None}, "unknown_indicator"),
        ({"unit": "人"}, "unit_conflict"),
        ({"unit": None}, "unit_conflict"),
        ({"unit": "贯"}, "unknown_unit"),
        ({"time_period": None}, "no_period"),
        ({"time_period": "2023-77"}, "no_period"),
        ({"subject": "火星"}, "unknown_place"),
        ({"value": Decimal(10) ** 27, "unit": "亿元"}, "out_of_range"),
        ({"subject_type": "entity", "unit": "贯"}, "unknown_unit"),
        ({"value": Decimal(10) ** 27, "unit": "亿元", "time_period": None}, "out_of_range"),
        ({"indicator_id": "gdp", "measure": "change", "unit": "贯"}, "unknown_unit"),
        ({"ref_area": "999999"}, "unknown_place"),
        ({"ref_area": "371621", "subject": "阳信县"}, "unknown_place"),
    ],
)
def test_what_cannot_be_told_says_why(slots: dict[str, Any], reason: str) -> None:
    row = row_of("core.unresolved", **slots)
    assert row["reason"] == reason
    assert row["detail"]


def test_a_sheets_template_says_what_a_label_measures_and_where() -> None:
    row = row_of(
        "core.fact",
        subject="惠民县",
        ref_area="371621",
        indicator="七普_女",
        indicator_id="resident_population",
        breakdown="sex=F",
        unit="人",
        obs_status="P",
        caveat_codes="footnote",
        sentence=None,
    )
    assert (row["ref_area"], row["indicator_id"], row["breakdown"]) == ("371621", "resident_population", "sex=F")
    assert (row["obs_status"], row["caveat_codes"]) == ("P", "footnote;sample")


def test_ids_depend_on_content_alone() -> None:
    again = Document("d9", TOWN.home, None, datetime(2030, 1, 1))
    first = row_of("core.fact")["fact_id"]
    assert row_of("core.fact", again)["fact_id"] == first
    assert row_of("core.fact", value=Decimal(1))["fact_id"] != first
    assert len(first) == 24


def test_a_place_whose_own_name_is_gone_is_no_part_of_the_phrase() -> None:
    assert phrase_of("高新区税收收入", "益阳高新区") == "税收收入"
    assert phrase_of("益阳高新区税收收入", "益阳高新区") == "税收收入"
    assert phrase_of("自治区级绿色工厂", "广西壮族自治区") == "自治区级绿色工厂"
    assert phrase_of("高新技术企业", "高新区") == "高新技术企业"


def test_a_zone_has_no_level_of_its_own() -> None:
    sentence = "县级一般公共预算收入6亿元；经济开发区一般公共预算收入5533万元。"
    row = row_of("core.fact", subject="经济开发区", sentence=sentence, span_start=128, span_end=134)
    assert (row["ref_area"], row["scope"]) == ("X371621-KFQ", None)
