"""The explorer's data files of rows made by hand: all of what the marts say, and nothing that a script could run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongbao import explorer
from gongbao.publish import contract, stage_marts
from gongbao.warehouse import Warehouse
from tests.sql.given import insert_given, world
from tests.unit.explorer.data_files import call, files, parquet_of, rows, tables

RELEASE = "feedfeedfeedfeed"
HOSTILE = "</script><script>alert(1)</script> \"'`\\ \u2028\u2029 \u0000 <!-- 公报"
RIVALRY = {"contradiction", "restatement", "other_scope", "magnitude_slip"}
FACTS: list[dict[str, Any]] = [
    {"fact_id": "f1", "document_id": "d1", "ref_area": "371621104", "obs_value": "55330000.1234",
     "time_period": "2023"},
    {"fact_id": "f2", "document_id": "d1", "ref_area": "371621105", "obs_value": 100, "time_period": "2023"},
    {"fact_id": "f3", "document_id": "d2", "ref_area": "371621104", "obs_value": 60000000, "time_period": "2024"},
    {"fact_id": "f4", "document_id": "d2", "ref_area": "371621", "obs_value": "99999999999999.9999",
     "time_period": "2024"},
    {"fact_id": "f5", "document_id": "d2", "ref_area": "371600", "obs_value": 7, "time_period": "2024"},
    {"fact_id": "f6", "document_id": "d2", "ref_area": "371622", "obs_value": 8, "obs_value_high": 9,
     "time_period": "2024", "comparator": "range"},
    {"fact_id": "f7", "document_id": "d3", "ref_area": "371621", "obs_value": 5, "time_period": "2024"},
    {"fact_id": "f8", "document_id": "d3", "ref_area": "370000", "obs_value": 6, "time_period": "2024"},
]  # fmt: skip
GIVEN: dict[str, list[dict[str, Any]]] = {
    "raw.document": [
        {"document_id": "d1", "title": HOSTILE, "published_on": date(2024, 4, 26)},
        {"document_id": "d2", "title": "政府工作报告"},
        {"document_id": "d3", "title": "另一份报告"},
        {"document_id": "d4", "title": "读不出的", "text_id": None, "ingest_status": "quarantined"},
    ],
    "core.fact": FACTS,
    "core.target": [
        {"fact_id": "t1", "document_id": "d1", "ref_area": "371621104", "obs_value": 58000000, "time_period": "2024",
         "comparator": "min"},
        {"fact_id": "t2", "document_id": "d1", "ref_area": "371621106", "obs_value": 6, "time_period": "2025",
         "indicator_id": "hitech_enterprises", "unit_measure": "unit"},
    ],
}  # fmt: skip


def write(root: Path, given: dict[str, list[dict[str, Any]]], threads: int = 2) -> Path:
    """A folder with the explorer of what is given."""
    with patch("gongbao.warehouse.confine"), Warehouse(root / "warehouse") as warehouse:  # confined, none may be set
        insert_given(warehouse.connection, given)
        stage_marts(warehouse)
        warehouse.connection.execute(f"set threads = {threads}")
        explorer.write(warehouse.connection, root, RELEASE)
    return root


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("written"), GIVEN)


def test_each_file_tells_its_own_name_and_release(written: Path) -> None:
    for name, path in files(written).items():
        assert call(path.read_bytes())[:2] == (name, RELEASE)


def test_figures_lie_in_the_file_of_their_county_or_of_the_unit_above(written: Path) -> None:
    stated = {name: [row["fact_id"] for row in rows(written, name, "fact")] for name in _of(written, "place")}
    assert stated == {
        "place/370000": ["f8"],
        "place/371600": ["f5"],
        "place/371621": ["f4", "f7", "f1", "f3", "f2"],
        "place/371622": ["f6"],
    }
    assert [row["fact_id"] for row in rows(written, "place/371621", "target")] == ["t1", "t2"]


def test_zones_and_places_whose_code_names_no_file_lose_no_figure_of_another_province(tmp_path: Path) -> None:
    """A development zone of a prefecture has a file of its own; of what has none, each province has one."""
    added = {
        "410000": ("province", "河南省", None),
        "410100": ("prefecture", "郑州市", "410000"),
        "X371600-KFQ": ("zone", "滨州市开发区", "371600"),
        "X410100-KFQ": ("zone", "郑州市开发区", "410100"),
        "../a": ("county", "甲县", "371600"),
        "../b": ("county", "乙县", "410100"),
    }
    places = [
        {"ref_area": code, "area_level": level, "name_zh": name, "parent": parent}
        for code, (level, name, parent) in added.items()
    ]
    stated = [{"fact_id": f"of {code}", "ref_area": code, "obs_value": 1, "time_period": "2024"} for code in added]
    release = write(tmp_path, {"core.place": [*world()["core.place"], *places], "core.fact": stated})
    found = {name: {row["ref_area"] for row in rows(release, name, "fact")} for name in _of(release, "place")}
    assert found["place/X371600-KFQ"] == {"X371600-KFQ"}
    assert sorted(code for codes in found.values() for code in codes) == sorted(added)
    shards = {row["ref_area"]: f"place/{row['shard']}" for row in rows(release, "catalogue", "place")}
    assert all(code in found[shards[code]] for code in added)


def test_a_league_file_is_an_indicator_in_a_province_targets_alone_make_one_too(written: Path) -> None:
    assert _of(written, "league") == ["league/370000-general_budget_revenue", "league/370000-hitech_enterprises"]
    alone = tables(written, "league/370000-hitech_enterprises")
    assert (alone["figure"].num_rows, alone["target"]["fact_id"].to_pylist()) == (0, ["t2"])
    listed = {f"league/{row['province']}-{row['indicator_id']}" for row in rows(written, "catalogue", "league")}
    assert sorted(listed) == _of(written, "league")


def test_all_tables_of_a_kind_are_in_every_file_with_the_same_columns(written: Path) -> None:
    kinds = {
        "league": {"figure", "target"},
        "place": {"fact", "target", "document"},
        "province": {"discrepancy", "coverage", "document"},
    }
    for kind, names in kinds.items():
        schemas = [{name: table.schema for name, table in tables(written, each).items()} for each in _of(written, kind)]
        assert set(schemas[0]) == names
        assert all(schema == schemas[0] for schema in schemas)


def test_types_are_those_that_the_page_reads(written: Path) -> None:
    """Counts INT32, ratios DOUBLE, and INT64 for what is a decimal in the marts, nothing else."""
    decimals = {column.name for mart in contract.marts() for column in mart.columns if "DECIMAL" in column.type.upper()}
    for name in files(written):
        for table in tables(written, name).values():
            types = {field.name: str(field.type) for field in table.schema}
            assert {column for column, type_ in types.items() if type_ == "int64"} == decimals & types.keys()
            assert set(types.values()) <= {"string", "bool", "int32", "double", "int64"}


def test_a_table_is_one_row_group_of_snappy_parquet_without_what_the_page_does_not_read(written: Path) -> None:
    for table, content in parquet_of(written, "place/371621").items():
        metadata = pq.ParquetFile(pa.BufferReader(content)).metadata
        assert (metadata.num_row_groups, metadata.format_version, metadata.metadata) == (1, "1.0", None), table
        columns = [metadata.row_group(0).column(number) for number in range(metadata.num_columns)]
        assert {column.compression for column in columns} == {"SNAPPY"}
        assert not any(column.is_stats_set for column in columns)


def test_decimals_are_exact_ten_thousandths(written: Path) -> None:
    known = {row["fact_id"]: row for row in rows(written, "place/371621", "fact")}
    for fact in FACTS:
        if fact["fact_id"] in known:
            assert Decimal(known[fact["fact_id"]]["obs_value"]) == Decimal(str(fact["obs_value"])) * 10_000
    assert known["f4"]["obs_value"] == 999_999_999_999_999_999
    (between,) = rows(written, "place/371622", "fact")
    assert (between["obs_value"], between["obs_value_high"]) == (80_000, 90_000)
    assert known["f1"]["obs_value_high"] is None


def test_a_league_has_the_rank_of_the_mart_and_each_figure_a_sentence(written: Path) -> None:
    figures = rows(written, "league/370000-general_budget_revenue", "figure")
    assert [(row["time_period"], row["ref_area"], row["fact_id"]) for row in figures] == sorted(
        (row["time_period"], row["ref_area"], row["fact_id"]) for row in figures
    )
    ranked = {
        row["ref_area"]: (row["rank_computed"], row["n_peers"]) for row in figures if row["time_period"] == "2023"
    }
    assert ranked == {"371621104": (1, 2), "371621105": (2, 2)}
    stated = {row["fact_id"] for name in _of(written, "place") for row in rows(written, name, "fact")}
    assert {row["fact_id"] for row in figures} <= stated


def test_a_target_has_its_outcome(written: Path) -> None:
    settled, open_ = rows(written, "place/371621", "target")
    assert (settled["status"], settled["light"], settled["actual_fact_id"]) == ("met", "green", "f3")
    assert open_["actual_fact_id"] is None


def test_rivals_are_found_under_their_province_and_documents_of_no_known_place_under_none(written: Path) -> None:
    rivals = [row for row in rows(written, "province/370000", "discrepancy") if row["finding"] in RIVALRY]
    assert [{row["fact_id"], row["other_fact_id"]} for row in rivals] == [{"f4", "f7"}]
    assert rivals[0]["other_ref_area"] == "371621"
    refused = rows(written, "province/none", "document")
    assert [(row["document_id"], row["ingest_status"]) for row in refused] == [("d4", "quarantined")]


def test_the_catalogue_has_the_siblings_of_a_place_and_what_is_above_it(tmp_path: Path) -> None:
    given = {"core.fact": [
        {"fact_id": "f1", "ref_area": "371621104", "obs_value": 1, "time_period": "2023"},
    ]}  # fmt: skip
    places = {row["ref_area"]: row for row in rows(write(tmp_path, given), "catalogue", "place")}
    assert {"371621104", "371621105", "371621106"} <= set(places)
    assert {"371621", "371600", "370000"} <= set(places)
    assert "371622101" not in places
    assert (places["371621104"]["n_facts"], places["371621105"]["n_facts"]) == (1, 0)
    shards = {code: places[code]["shard"] for code in ("371621104", "371621", "371600", "370000")}
    assert shards == {"371621104": "371621", "371621": "371621", "371600": "371600", "370000": "370000"}


def test_the_catalogue_counts_what_is_published(written: Path) -> None:
    told = {row["key"]: row["value"] for row in rows(written, "catalogue", "release")}
    assert told["release_id"] == RELEASE
    assert (told["n_facts"], told["n_targets"], told["n_documents"]) == ("8", "2", "4")
    assert told["newest_document"] == "2024-04-26"
    stating = {row["indicator_id"] for row in rows(written, "catalogue", "indicator")}
    assert stating == {"general_budget_revenue", "hitech_enterprises"}


def test_text_of_documents_stays_inside_the_parquet(written: Path) -> None:
    (document,) = (row for row in rows(written, "place/371621", "document") if row["document_id"] == "d1")
    assert document["document_title"] == HOSTILE
    for path in files(written).values():
        script = path.read_bytes()
        assert script.isascii()
        assert script.count(b"\n") == 1
        assert not any(each in script for each in (b"<", b"\\", b"\0", b"'", b"&"))


def test_dates_are_text_and_what_is_unknown_is_null(written: Path) -> None:
    documents = {row["document_id"]: row for row in rows(written, "place/371621", "document")}
    assert (documents["d1"]["published_on"], documents["d2"]["published_on"]) == ("2024-04-26", None)
    for name in files(written):
        for table in tables(written, name).values():
            assert not any("" in table[field.name].to_pylist() for field in table.schema)


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_marts_give_the_same_bytes_whatever_the_threads(written: Path, tmp_path: Path, threads: int) -> None:
    turned = GIVEN | {"core.fact": FACTS[::-1]}
    again = write(tmp_path, turned, threads)
    assert {name: path.read_bytes() for name, path in files(again).items()} == {
        name: path.read_bytes() for name, path in files(written).items()
    }


def test_a_warehouse_without_figures_has_a_page_too(tmp_path: Path) -> None:
    empty = write(tmp_path, {})
    assert (empty / "explorer" / "index.html").is_file()
    assert {"catalogue", "province/none"} <= set(files(empty))
    assert tables(empty, "catalogue")["league"].num_rows == 0


def _of(release: Path, kind: str) -> list[str]:
    return sorted(name for name in files(release) if name.startswith(f"{kind}/"))
