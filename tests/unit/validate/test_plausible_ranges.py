"""The plausible ranges: real figures of real places pass, ten thousand times as much and a ten-thousandth do not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gongbao.validate.plausible import load_ranges
from gongbao.validate.rules import load_rules
from gongbao.warehouse import Warehouse
from tests.unit.validate.small_core import fill

PROVINCE, PREFECTURE, COUNTY, TOWN = "370000", "371600", "371621", "371621104"

# Place, indicator, unit, a figure of the size that such places print.
BOTH_WAYS = [
    (PROVINCE, "gdp", "CNY", 2_830_000_000_000),
    (PROVINCE, "general_budget_revenue", "CNY", 328_000_000_000),
    (PROVINCE, "urban_new_jobs", "person", 700_000),
    (PREFECTURE, "gdp", "CNY", 302_000_000_000),
    (PREFECTURE, "general_budget_revenue", "CNY", 13_900_000_000),
    (PREFECTURE, "general_budget_expenditure", "CNY", 40_000_000_000),
    (PREFECTURE, "retail_sales", "CNY", 81_300_000_000),
    (PREFECTURE, "insurance_premiums", "CNY", 7_600_000_000),
    (PREFECTURE, "social_insurance_fund_revenue", "CNY", 6_850_000_000),
    (PREFECTURE, "loans_total", "CNY", 264_000_000_000),
    (PREFECTURE, "urban_new_jobs", "person", 54_800),
    (PREFECTURE, "grain_area", "mu", 3_790_000),
    (COUNTY, "gdp", "CNY", 2_000_000_000),
    (COUNTY, "gdp", "CNY", 10_300_000_000),
    (COUNTY, "general_budget_revenue", "CNY", 716_000_000),
    (COUNTY, "fixed_asset_investment", "CNY", 5_760_000_000),
    (COUNTY, "retail_sales", "CNY", 4_360_000_000),
    (COUNTY, "total_fiscal_revenue", "CNY", 1_140_000_000),
    (COUNTY, "urban_new_jobs", "person", 3_230),
    (COUNTY, "resident_population", "person", 460_000),
    (TOWN, "general_budget_revenue", "CNY", 55_330_000),
]
UPWARDS = [
    (PROVINCE, "grain_output", "t", 35_300_000),
    (PREFECTURE, "grain_output", "t", 1_280_000),
    (PREFECTURE, "exports", "CNY", 10_100_000_000),
    (PREFECTURE, "school_graduates", "person", 36_300),
    (PREFECTURE, "health_workers", "person", 36_200),
    (PREFECTURE, "high_standard_farmland", "mu", 191_000),
    (COUNTY, "va_industry_above", "CNY", 1_760_000_000),
    (COUNTY, "tourism_revenue", "CNY", 3_000_000_000),
    (COUNTY, "afforestation_area", "mu", 39_000),
    (COUNTY, "vegetable_output", "t", 102_000),
    (TOWN, "industrial_output_above", "CNY", 3_100_000_000),
    (TOWN, "resident_population", "person", 48_000),
]
# The largest and the smallest of their level, and sums of five years.
TRUE = [
    (PROVINCE, "general_budget_revenue", "CNY", 6_600_000_000_000),
    (PROVINCE, "fixed_asset_investment", "CNY", 25_000_000_000_000),
    (PREFECTURE, "resident_population", "person", 2_333),
    (PREFECTURE, "loan_deposit_ratio", "%", 111),
    (COUNTY, "gdp", "CNY", 500_000_000_000),
    (COUNTY, "tax_revenue", "CNY", 1_500_000_000_000),
    (TOWN, "general_budget_revenue", "CNY", 30_000_000_000),
]


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with Warehouse(tmp_path_factory.mktemp("ranges") / "warehouse") as opened:
        fill(opened)
        load_ranges(opened.connection)
        yield opened


def _implausible(core: Warehouse, figures: list[tuple[str, str, str, int]], factor: str) -> set[int]:
    """The numbers of the figures that the rule refuses once they are multiplied by the factor."""
    core.connection.execute(
        "create or replace temp table pattern as select * from core.fact where fact_id = 'jl-rev-23'"
    )
    core.connection.execute("delete from core.fact")
    for number, (ref_area, indicator_id, unit, value) in enumerate(figures):
        core.connection.execute(
            f"insert into core.fact select * replace (? as fact_id, ? as ref_area, ? as indicator_id, "
            f"? as unit_measure, ?::decimal(38, 10) {factor} as obs_value) from pattern",
            [str(number), ref_area, indicator_id, unit, value],
        )
    (rule,) = (rule for rule in load_rules("core") if rule.name == "magnitude_plausible")
    found = {int(key) for key, *_ in core.connection.execute(rule.sql).fetchall()}
    core.connection.execute("delete from core.fact")
    core.connection.execute("insert into core.fact select * from pattern")
    return found & set(range(len(figures)))


def test_real_figures_are_plausible(core: Warehouse) -> None:
    assert _implausible(core, BOTH_WAYS + UPWARDS + TRUE, "") == set()


def test_yi_for_wan_is_refused(core: Warehouse) -> None:
    figures = BOTH_WAYS + UPWARDS
    assert _implausible(core, figures, "* 10000") == set(range(len(figures)))


def test_wan_for_yi_is_refused_where_the_smallest_place_leaves_room(core: Warehouse) -> None:
    assert _implausible(core, BOTH_WAYS, "/ 10000") == set(range(len(BOTH_WAYS)))
