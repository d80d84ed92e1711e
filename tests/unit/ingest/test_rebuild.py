"""A lost database is filled again from ledger/ and blobs/, whatever the inboxes hold by then."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gongbao.errors import UsageError, WarehouseDamaged
from gongbao.ingest import IngestReport, Source, ingest
from gongbao.normalise import extract_pending, normalise
from gongbao.warehouse import Warehouse
from tests.unit.ingest.conftest import BULLETIN, NIGHT, Book, rows

LATER = datetime(2026, 3, 2, 2, 0, 0)
STILL_LATER = datetime(2026, 3, 3, 2, 0, 0)
REPORT = "惠民县李庄镇2024年工作总结\n2024年,全镇完成一般公共预算收入6120万元,增长5.2%。新增高新技术企业4家。\n"
RELATIONS = (
    *("raw.source", "raw.source_item", "raw.document", "raw.text", "raw.cell"),
    *("core.statement", "core.fact", "core.target", "core.project", "core.unresolved", "core.normalisation"),
)


def night(root: Path, sources: list[Source], now: datetime) -> tuple[IngestReport, dict[str, list[Any]]]:
    """One night's stages up to core; its report, and every row."""
    with Warehouse(root) as warehouse:
        report = ingest(warehouse, sources, now)
        extract_pending(warehouse)
        normalise(warehouse)
        return report, {name: rows(warehouse, f"select * from {name} order by all") for name in RELATIONS}


@pytest.fixture
def filled(tmp_path: Path, inbox: Path, book: Book) -> dict[str, list[Any]]:
    """What a warehouse holds after two nights on two sources, one file under two names, one of them refused."""
    (inbox / "b.txt").write_text(REPORT, "utf-8")
    (inbox / "scan.pdf").write_bytes(b"%PDF-1.7")
    book("表.xlsx", [["惠民县各镇主要经济指标（2023年）", None], ["镇", "收入（万元）"], ["李庄镇", 4321]])
    other = tmp_path / "other"
    other.mkdir()
    sources = [Source("office", inbox, "统计局", "惠民县", ("sample",)), Source("other", other)]
    night(tmp_path / "w", sources, NIGHT)
    (inbox / "a.txt").write_text(REPORT, "utf-8")
    (other / "c.txt").write_bytes(REPORT.encode("gb18030"))
    (inbox / "b.txt").write_text(REPORT.replace("6120", "6210"), "utf-8")
    return night(tmp_path / "w", sources, LATER)[1]


def test_a_lost_database_and_an_empty_inbox_give_the_same_rows(
    tmp_path: Path, inbox: Path, filled: dict[str, list[Any]]
) -> None:
    ledgers = {path: path.read_bytes() for path in (tmp_path / "w" / "ledger").iterdir()}
    (tmp_path / "w" / "gongbao.duckdb").unlink()
    empty = tmp_path / "empty"
    empty.mkdir()
    sources = [Source("office", empty, "统计局", "惠民县", ("sample",)), Source("other", empty)]
    report, rebuilt = night(tmp_path / "w", sources, STILL_LATER)
    assert len(filled["core.fact"]) > 2
    assert rebuilt == filled
    assert (report.seen, report.new, report.replayed, report.gone, report.quarantined) == (0, 0, 6, 1, 0)
    assert {path: path.read_bytes() for path in (tmp_path / "w" / "ledger").iterdir()} == ledgers
    assert night(tmp_path / "w", sources, STILL_LATER)[0].replayed == 0


def test_a_source_that_is_no_longer_listed_keeps_its_last_settings(
    tmp_path: Path, filled: dict[str, list[Any]]
) -> None:
    (tmp_path / "w" / "gongbao.duckdb").unlink()
    assert night(tmp_path / "w", [], STILL_LATER)[1] == filled


def test_what_a_restored_backup_does_not_know_yet_is_replayed(tmp_path: Path, inbox: Path) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    night(tmp_path / "w", [Source("office", inbox)], NIGHT)
    backup = (tmp_path / "w" / "gongbao.duckdb").read_bytes()
    (inbox / "a.txt").write_text(REPORT, "utf-8")
    _, wanted = night(tmp_path / "w", [Source("office", inbox, place="惠民县")], LATER)
    (tmp_path / "w" / "gongbao.duckdb").write_bytes(backup)
    (inbox / "a.txt").unlink()
    report, found = night(tmp_path / "w", [], STILL_LATER)
    assert (report.replayed, found) == (1, wanted)


@pytest.mark.parametrize("content", [None, BULLETIN.replace("4321", "4322").encode(), b""])
def test_a_blob_that_is_missing_or_altered_stops_the_rebuild_and_is_named(
    tmp_path: Path, inbox: Path, content: bytes | None
) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    night(tmp_path / "w", [Source("office", inbox)], NIGHT)
    (tmp_path / "w" / "gongbao.duckdb").unlink()
    (inbox / "a.txt").unlink()
    (blob,) = (tmp_path / "w" / "blobs").iterdir()
    whole = blob.read_bytes()
    blob.unlink() if content is None else blob.write_bytes(content)
    with pytest.raises(WarehouseDamaged, match=f"{blob}, which came as a.txt of source office .*: put that file back"):
        night(tmp_path / "w", [Source("office", inbox)], LATER)
    blob.write_bytes(whole)
    report, _ = night(tmp_path / "w", [Source("office", inbox)], LATER)
    assert report.replayed == 1


@pytest.mark.parametrize(
    ("ledger", "change", "complaint"),
    [
        ("sightings", {"sha256": "../current"}, "is no sha256"),
        ("sightings", {"fetched_at": "yesterday"}, "cannot be read"),
        ("sightings", {"size_bytes": None}, "cannot be read"),
        ("sightings", {"uri": ...}, "has no 'uri'"),
        ("sources", {"caveats": ...}, "has no 'caveats'"),
    ],
)
def test_a_ledger_line_that_tells_nothing_is_named(
    tmp_path: Path, inbox: Path, ledger: str, change: dict[str, Any], complaint: str
) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    night(tmp_path / "w", [Source("office", inbox)], NIGHT)
    path = tmp_path / "w" / "ledger" / f"{ledger}.jsonl"
    entry = json.loads(path.read_text("utf-8")) | change
    line = json.dumps({key: value for key, value in entry.items() if value is not ...})
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    with pytest.raises(WarehouseDamaged, match=rf"{ledger}\.jsonl line 2 .*{complaint}.*: take that line out"):
        night(tmp_path / "w", [Source("office", inbox)], LATER)


def test_a_ledger_that_a_killed_run_left_short_is_completed(warehouse: Warehouse, inbox: Path) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    ingest(warehouse, [Source("office", inbox, place="惠民县")], NIGHT)
    whole = {name: warehouse.read_ledger(name) for name in ("sightings", "sources")}
    for name in ("sightings", "sources"):
        warehouse.ledger_file(name).unlink()
    (inbox / "a.txt").unlink()
    ingest(warehouse, [], LATER)
    later = [entry | {"at": LATER.isoformat()} for entry in whole["sources"]]
    assert {name: warehouse.read_ledger(name) for name in whole} == {**whole, "sources": later}


def test_a_refusal_that_is_gone_is_tried_again_by_newer_readers(warehouse: Warehouse, inbox: Path) -> None:
    (inbox / "a.pdf").write_bytes(b"%PDF-1.7")
    ingest(warehouse, [Source("office", inbox)], NIGHT)
    (inbox / "a.pdf").unlink()
    warehouse.connection.execute("update raw.document set reader_version = 'older+older'")
    assert ingest(warehouse, [Source("office", inbox)], LATER).replayed == 1
    assert rows(warehouse, "select count(*) from raw.document where reader_version <> 'older+older'") == [(1,)]
    assert ingest(warehouse, [Source("office", inbox)], LATER).replayed == 0


def test_two_sources_of_one_name_are_refused(warehouse: Warehouse, inbox: Path) -> None:
    with pytest.raises(UsageError, match="two sources are called office: rename one"):
        ingest(warehouse, [Source("office", inbox), Source("office", inbox, place="惠民县")], NIGHT)
