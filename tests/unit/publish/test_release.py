"""A release: the same rows give the same id and bytes, a reader is never disturbed, damage is noticed and repaired."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from gongbao.errors import GongbaoError
from gongbao.publish import Release, publish, stage_marts
from gongbao.publish.contract import ContractBroken
from gongbao.validate import Sample
from gongbao.warehouse import Warehouse
from tests.release_files import digests, files
from tests.sql.given import insert_given
from tests.unit.publish.made import SOUND, check, verdict


def given(seed: int = 0) -> dict[str, list[dict[str, Any]]]:
    """Two hundred facts with a rival each, in an order of the seed's making."""
    places = ["371621", "371622", "370725", "371621104"]
    facts = [
        {
            "fact_id": f"f{number}",
            "document_id": f"d{number % 7}",
            "ref_area": places[number % 4],
            "time_period": str(2000 + number // 8),
            "obs_value": 100 + number,
        }
        for number in range(200)
    ]
    random.Random(seed).shuffle(facts)
    targets = [{"fact_id": "t1", "ref_area": "371621", "time_period": "2010", "obs_value": 150, "comparator": "min"}]
    return {"core.fact": facts, "core.target": targets}


def release(warehouse: Warehouse) -> Release:
    stage_marts(warehouse)
    return publish(warehouse, SOUND)


def test_the_same_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    published = []
    for seed in (1, 2):
        with Warehouse(tmp_path / f"warehouse {seed}") as warehouse:
            insert_given(warehouse.connection, given(seed))
            published.append(digests(release(warehouse).path))
    assert published[0] == published[1]
    assert {"fact.parquet", "manifest.json", "datapackage.json", "dictionary.html", "quality.html"} <= published[
        0
    ].keys()


def test_current_points_at_the_release_by_a_relative_link(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    first = release(warehouse)
    assert str(warehouse.current.readlink()) == f"releases/{first.release_id}"
    assert pq.read_table(warehouse.current / "fact.parquet").num_rows == 200


def test_a_second_publish_of_the_same_release_writes_nothing(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    first = release(warehouse)
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (*files(first.path), warehouse.current)}
    second = release(warehouse)
    assert (first.is_new, second.is_new) == (True, False)
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in before} == before


def test_a_release_that_was_written_and_not_switched_to_is_switched_to(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    first = release(warehouse)
    warehouse.current.unlink()
    again = release(warehouse)
    assert again.is_new
    assert warehouse.current.resolve() == first.path


def test_a_reader_that_holds_a_mart_reads_the_old_release_to_its_end(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    first = release(warehouse)
    with (warehouse.current / "fact.parquet").open("rb") as held:
        insert_given(
            warehouse.connection,
            {
                "core.place": [],
                "core.indicator": [],
                "raw.document": [{"document_id": "new"}],
                "core.fact": [
                    {"fact_id": "g", "document_id": "new", "ref_area": "371621", "time_period": "2025", "obs_value": 1}
                ],
            },
        )
        second = release(warehouse)
        assert second.release_id != first.release_id
        assert set(pq.read_table(held).column("release_id").to_pylist()) == {first.release_id}
    current = pq.read_table(warehouse.current / "fact.parquet")
    assert current.num_rows == 201
    assert set(current.column("release_id").to_pylist()) == {second.release_id}


def test_a_reader_that_opens_marts_in_a_loop_never_sees_a_mixed_or_missing_one(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    published = {release(warehouse).release_id}
    over, seen = threading.Event(), []

    def read() -> None:
        while not over.is_set():
            with (warehouse.current / "fact.parquet").open("rb") as mart:
                table = pq.read_table(mart, columns=["release_id"])
            seen.append(set(table.column("release_id").to_pylist()))

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        for number in range(5):
            warehouse.connection.execute("update raw.document set title = ?", [str(number)])
            published.add(release(warehouse).release_id)
        over.set()
        reader.result()
    assert len(published) == 6
    assert all(len(releases) == 1 and releases <= published for releases in seen)
    assert seen


CHANGES = [
    "update core.fact set obs_value = 1 where fact_id = 'f7'",
    "delete from core.fact where fact_id = 'f7'",
    "insert into core.withheld values ('f7', 'core.fact', 'made_up', 'for this test')",
    "insert into core.caveat values ('f7', 'jump', 'made_up', 'for this test', null)",
    "update core.statement set sentence = '另一句。' where statement_id = 'statement of f7'",
    "update core.statement set quote = case quote when '107' then '108' else '107' end where quote in ('107', '108')",
    "update core.target set comparator = 'eq'",
    "update core.place set name_zh = '惠民' where ref_area = '371621'",
    "insert into core.unresolved values ('s', 'd1', 'unknown_indicator', 'for this test', null)",
    "update raw.document set caveat_codes = 'sample' where document_id = 'd1'",
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_a_mart_changes_the_id(warehouse: Warehouse, change: str) -> None:
    insert_given(warehouse.connection, given())
    first = release(warehouse)
    warehouse.connection.execute(change)
    second = release(warehouse)
    assert second.release_id != first.release_id
    assert digests(second.path) != digests(first.path)


def test_other_checks_give_another_id(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    first = release(warehouse)
    second = publish(warehouse, (verdict(check("present", "reported", failed=1)),))
    assert second.release_id != first.release_id


def test_the_same_marts_with_another_sample_of_a_finding_have_another_id(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    stage_marts(warehouse)
    made = [
        publish(warehouse, (verdict(check("present", "reported", failed=1, samples=(Sample(row_id, "none"),))),))
        for row_id in ("甲", "乙", "甲")  # none that a hash may hold by chance
    ]
    manifests = [json.loads((each.path / "manifest.json").read_bytes()) for each in made]
    assert made[0].release_id == made[2].release_id != made[1].release_id
    assert manifests[0]["checks"] == manifests[1]["checks"]
    assert ["甲" in (each.path / "quality.html").read_text("utf-8") for each in made] == [True, False, True]


def test_a_failed_extraction_that_succeeds_the_next_night_is_published(warehouse: Warehouse) -> None:
    facts = given()["core.fact"]
    documents = [{"document_id": f"d{number}"} for number in range(7)]
    insert_given(warehouse.connection, {"raw.document": documents, "core.fact": facts[:100]})
    first = release(warehouse)
    insert_given(warehouse.connection, {"core.place": [], "core.indicator": [], "core.fact": facts[100:]})
    warehouse.connection.execute("delete from raw.document where rowid >= 7")
    second = release(warehouse)
    assert second.release_id != first.release_id
    assert pq.read_table(warehouse.current / "fact.parquet").num_rows == 200


def test_the_id_knows_no_clock(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    first = release(warehouse)
    warehouse.connection.execute("update raw.document set first_seen_at = first_seen_at + interval 1 day")
    warehouse.connection.execute("update core.fact set known_from = known_from + interval 1 day")
    assert not release(warehouse).is_new
    assert release(warehouse).release_id == first.release_id


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "name",
    [
        "fact.parquet",
        "datapackage.json",
        "quality.html",
        "manifest.json",
        "explorer/index.html",
        "explorer/data/catalogue.js",
    ],
)
@pytest.mark.parametrize("damage", [Path.unlink, _truncate, _flip])
def test_a_damaged_file_of_a_release_is_written_again(
    warehouse: Warehouse, name: str, damage: Callable[[Path], None]
) -> None:
    insert_given(warehouse.connection, given())
    first = release(warehouse)
    whole = digests(first.path)
    damage(first.path / name)
    again = release(warehouse)
    assert (again.release_id, again.is_new) == (first.release_id, True)
    assert digests(again.path) == whole
    assert not release(warehouse).is_new


def test_the_manifest_counts_and_hashes_what_lies_beside_it(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    published = release(warehouse)
    manifest = json.loads((published.path / "manifest.json").read_text("utf-8"))
    assert manifest["release_id"] == published.release_id
    assert (manifest["checks"]["passed"], manifest["checks"]["failed"]) == (3, 0)
    assert manifest["marts"]["fact"]["rows"] == 200
    assert len(manifest["inputs"]) == 8
    listed = {each["file"]: each["sha256"] for each in manifest["marts"].values()}
    listed |= {name: each["sha256"] for name, each in manifest["files"].items()}
    found = digests(published.path)
    shown = {name: digest for name, digest in found.items() if name.startswith("explorer/")}
    assert found == listed | shown | {"manifest.json": found["manifest.json"]}
    assert manifest["explorer"]["files"] == len(shown)
    assert manifest["explorer"]["bytes"] == sum((published.path / name).stat().st_size for name in shown)


def test_what_a_killed_run_left_is_gone_after_the_next(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    (warehouse.releases / ".feedfeedfeedfeed.partial").mkdir()
    (warehouse.releases / ".feedfeedfeedfeed.partial" / "fact.parquet").write_bytes(b"half")
    (warehouse.root / ".current.partial").symlink_to("releases/feedfeedfeedfeed")
    published = release(warehouse)
    assert [path.name for path in warehouse.releases.iterdir()] == [published.release_id]
    assert not (warehouse.root / ".current.partial").is_symlink()


def test_a_broken_contract_publishes_nothing(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    stage_marts(warehouse)
    warehouse.connection.execute("alter table marts.fact drop column quote")
    with pytest.raises(ContractBroken):
        publish(warehouse, SOUND)
    assert not warehouse.current.exists()
    assert list(warehouse.releases.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_with_a_remedy(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    stage_marts(warehouse)
    warehouse.releases.rmdir()
    warehouse.releases.write_text("a file in the way", "utf-8")
    with pytest.raises(GongbaoError, match="`current` is as before"):
        publish(warehouse, SOUND)


def test_a_warehouse_whose_name_looks_like_a_pattern_is_only_a_name(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "w[1]*{a,b}'$x 公报") as warehouse:
        insert_given(warehouse.connection, given())
        assert pq.read_table(release(warehouse).path / "fact.parquet").num_rows == 200


def test_values_are_exact_decimals_and_dates_are_dates_in_the_files(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, given())
    path = release(warehouse).path / "fact.parquet"
    types = {name: str(type_) for name, type_ in zip(*_schema(path), strict=True)}
    assert types["obs_value"] == "decimal128(18, 4)"
    assert types["period_end"] == "date32[day]"
    assert set(types.values()) <= {"decimal128(18, 4)", "date32[day]", "string", "int32", "double", "bool"}
    keys = duckdb.execute("select key, value from parquet_kv_metadata($path)", {"path": str(path)}).fetchall()
    assert (b"release_id", path.parent.name.encode()) in keys


def _schema(path: Path) -> tuple[list[str], list[Any]]:
    schema = pq.read_schema(path)
    return schema.names, schema.types
