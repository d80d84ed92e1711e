"""The explorer's data files, read as the page reads them: names, tables, exact values, offsets in code points."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from gongbao.explorer import write
from gongbao.ingest import Source
from gongbao.warehouse import Warehouse
from tests.conftest import ROOT
from tests.release_files import digests
from tests.unit.past_nights import FIRST, night

COUNTY = (
    "惠民县2024年政府工作报告\n惠民县人民政府\n2024年,全县实现地区生产总值291.8亿元,增长5.8%。\n"
    "2025年,力争地区生产总值达到310亿元以上。\n"
)
TOWN = (
    "惠民县姜楼镇2024年工作总结\n2024年,𠮷祥如意,全镇完成一般公共预算收入5533.0625万元。\n"
    "2025年,力争新增高新技术企业5家以上。\n"
)
Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def warehouse_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    inbox = folder / "inbox"
    inbox.mkdir()
    (inbox / "county.txt").write_text(COUNTY, "utf-8")
    (inbox / "town.txt").write_text(TOWN, "utf-8")
    for path in (ROOT / "samples" / "inbox").glob("惠民县各镇*.xlsx"):
        shutil.copy(path, inbox / "towns.xlsx")
    (inbox / "scan.pdf").write_bytes(b"%PDF-1.7")
    night(folder / "warehouse", FIRST, [Source("office", inbox, "统计局", "惠民县", ("sample",))], folder / "none.yml")
    return folder / "warehouse"


@pytest.fixture(scope="module")
def explorer(warehouse_folder: Path) -> Path:
    return (warehouse_folder / "current").resolve() / "explorer"


def schema_and_rows(explorer: Path, name: str) -> dict[str, pa.Table]:
    text = (explorer / "data" / f"{name}.js").read_text("ascii")
    called = re.fullmatch(r'gongbao\.shard\(("[^"]+"), ("[^"]+"), (\{.*\})\);\n', text)
    assert called
    assert json.loads(called[1]) == name
    assert json.loads(called[2]) == explorer.parent.name
    return {
        table: parquet.read_table(pa.BufferReader(base64.b64decode(content)))
        for table, content in json.loads(called[3]).items()
    }


def shard(explorer: Path, name: str) -> Tables:
    return {table: rows.to_pylist() for table, rows in schema_and_rows(explorer, name).items()}


def test_there_is_a_file_for_each_county_indicator_and_province(explorer: Path) -> None:
    names = {
        path.relative_to(explorer / "data").with_suffix("").as_posix() for path in (explorer / "data").rglob("*.js")
    }
    assert names >= {
        "catalogue",
        "place/371621",
        "province/370000",
        "province/none",
        "league/370000-general_budget_revenue",
    }
    assert {name for name in names if name.startswith("place/")} == {"place/371621"}
    told = {(each["province"], each["indicator_id"]) for each in shard(explorer, "catalogue")["league"]}
    assert {f"league/{province}-{indicator}" for province, indicator in told} == {
        name for name in names if name.startswith("league/")
    }


def test_a_decimal_is_whole_ten_thousandths_and_a_date_is_text(explorer: Path) -> None:
    tables = schema_and_rows(explorer, "place/371621")
    assert tables["fact"].schema.field("obs_value").type == pa.int64()
    assert tables["fact"].schema.field("n_rivals").type == pa.int32()
    revenue = [row for row in tables["fact"].to_pylist() if row["indicator_id"] == "general_budget_revenue"]
    exact = {Decimal(row["obs_value"]) / 10_000 for row in revenue}
    assert Decimal("55330625") in exact
    assert tables["document"].schema.field("published_on").type == pa.string()


def test_the_quote_is_cut_from_its_sentence_by_code_points(explorer: Path) -> None:
    tables = shard(explorer, "place/371621")
    texts = [row for row in tables["fact"] + tables["target"] if row["sheet"] is None]
    assert any("𠮷" in row["sentence"] for row in texts)
    for row in texts:
        start = row["span_start"] - row["sentence_start"]
        assert row["sentence"][start : start + len(row["quote"])] == row["quote"]


def test_a_cell_has_its_place_and_headers(explorer: Path) -> None:
    cells = [row for row in shard(explorer, "place/371621")["fact"] if row["sheet"] is not None]
    assert cells
    assert all(re.fullmatch(r"[A-Z]+\d+", row["cell"]) and row["header_path"] and row["sheet"] for row in cells)
    assert all(row["span_start"] is None for row in cells)


def test_the_catalogue_knows_those_who_say_nothing_beside_those_who_do(explorer: Path) -> None:
    places = {row["ref_area"]: row for row in shard(explorer, "catalogue")["place"]}
    towns = [row for row in places.values() if row["parent"] == "371621"]
    assert len(towns) == 15
    assert places["371621111"]["n_targets"] == 1
    counties = [row for row in places.values() if row["province"] == "370000" and row["area_level"] == "county"]
    assert len(counties) > 100
    assert places["371600"]["area_level"] == "prefecture"
    assert all(row["parent"] in places for row in places.values() if row["parent"])


def test_what_was_refused_stands_where_no_place_is_known(explorer: Path) -> None:
    (refused,) = shard(explorer, "province/none")["document"]
    assert (refused["file_name"], refused["ingest_status"]) == ("scan.pdf", "quarantined")


def test_every_file_of_a_kind_has_all_of_its_tables(explorer: Path) -> None:
    for kind, tables in (
        ("league", {"figure", "target"}),
        ("place", {"fact", "target", "document"}),
        ("province", {"discrepancy", "coverage", "document"}),
    ):
        for path in (explorer / "data" / kind).glob("*.js"):
            assert set(schema_and_rows(explorer, f"{kind}/{path.stem}")) == tables


def threads(warehouse: Warehouse, number: int) -> None:
    warehouse.connection.execute(f"set threads = {number}")


@pytest.mark.parametrize(
    "prepare", [lambda opened: None, lambda opened: threads(opened, 1)], ids=["again", "one thread"]
)
def test_the_same_marts_give_the_same_bytes(
    warehouse_folder: Path, explorer: Path, tmp_path: Path, prepare: Callable[[Warehouse], None]
) -> None:
    with Warehouse(warehouse_folder) as opened:
        prepare(opened)
        write(opened.connection, tmp_path, explorer.parent.name)
    assert digests(tmp_path / "explorer") == digests(explorer)
