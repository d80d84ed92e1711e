"""Units carry the name that people use; staging is all or nothing."""

from __future__ import annotations

import pytest

from gongbao import reference
from gongbao.publish import contract, stage_marts
from gongbao.publish.staging import unit_labels
from gongbao.warehouse import Warehouse
from tests.sql.given import insert_given


@pytest.mark.parametrize(
    ("unit", "label"),
    [("CNY", "元"), ("mu", "亩"), ("t", "吨"), ("piece", "件"), ("kWh", "千瓦时"), ("100m CNY", "亿元"), ("%", "%")],
)
def test_a_unit_is_named_as_people_name_it(unit: str, label: str) -> None:
    assert unit_labels()[unit] == label


def test_every_unit_of_the_catalogue_has_a_name() -> None:
    units = {row["canonical_unit"] for row in reference.rows("indicators.csv")} - {"rank"}
    assert {unit for unit in units if not unit_labels().get(unit)} == set()


def test_a_staging_that_fails_leaves_the_marts_as_they_were(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, {"core.fact": [
        {"fact_id": "f1", "ref_area": "371621", "obs_value": 5, "time_period": "2023"},
    ]})  # fmt: skip
    stage_marts(warehouse)
    warehouse.connection.execute("alter table core.place rename column name_zh to title")
    with pytest.raises(Exception, match="name_zh"):
        stage_marts(warehouse)
    assert warehouse.connection.execute("select fact_id, name_zh from marts.fact").fetchall() == [("f1", "惠民县")]


def test_what_a_failed_staging_began_is_gone_after_the_next(warehouse: Warehouse) -> None:
    warehouse.connection.execute("alter table core.place rename column name_zh to title")
    with pytest.raises(Exception, match="name_zh"):
        stage_marts(warehouse)
    warehouse.connection.execute("alter table core.place rename column title to name_zh")
    stage_marts(warehouse)
    tables = warehouse.connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts'"
    ).fetchall()
    assert {name for (name,) in tables} == {mart.name for mart in contract.marts()}
