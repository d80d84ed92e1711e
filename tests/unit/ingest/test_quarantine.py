"""Which refusals are of this night, which have gone, and which are whose."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from gongbao.ingest import Source, ingest
from gongbao.warehouse import Warehouse
from tests.unit.ingest.conftest import BULLETIN, NIGHT, rows

LATER = datetime(2026, 3, 2, 2, 0, 0)
PDF = b"%PDF-1.7"


def refusals(warehouse: Warehouse) -> list[tuple[str, str, bool]]:
    """Source, uri and `gone` of each, in the database; the files must say the same."""
    found = rows(warehouse, "select source_name, uri, gone from ops.quarantine order by all")
    entries = [json.loads(path.read_text("utf-8")) for path in warehouse.quarantine.glob("*.json")]
    assert sorted((entry["source"], entry["uri"], entry["gone"]) for entry in entries) == found
    return found


def test_a_refused_file_that_was_removed_is_no_fault_of_the_night(warehouse: Warehouse, inbox: Path) -> None:
    source = Source("office", inbox)
    (inbox / "a.pdf").write_bytes(PDF)
    first = ingest(warehouse, [source], NIGHT)
    assert (first.quarantined, first.gone, refusals(warehouse)) == (1, 0, [("office", "a.pdf", False)])
    (inbox / "a.pdf").unlink()
    second = ingest(warehouse, [source], LATER)
    assert (second.quarantined, second.gone, refusals(warehouse)) == (0, 1, [("office", "a.pdf", True)])
    (inbox / "again.pdf").write_bytes(PDF)
    third = ingest(warehouse, [source], LATER)
    assert (third.quarantined, third.gone, refusals(warehouse)) == (1, 0, [("office", "again.pdf", False)])


def test_a_refused_file_that_was_replaced_is_no_fault_of_the_night(warehouse: Warehouse, inbox: Path) -> None:
    (inbox / "a.txt").write_text("Annual report", "utf-8")
    ingest(warehouse, [Source("office", inbox)], NIGHT)
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    report = ingest(warehouse, [Source("office", inbox)], LATER)
    assert (report.new, report.quarantined, report.gone) == (1, 0, 1)
    assert refusals(warehouse) == [("office", "a.txt", True)]


def test_a_refusal_counts_as_long_as_any_inbox_holds_it(warehouse: Warehouse, inbox: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    sources = [Source("office", inbox), Source("other", other)]
    for folder in (inbox, other):
        (folder / "a.pdf").write_bytes(PDF)
    assert ingest(warehouse, sources, NIGHT).quarantined == 2
    (inbox / "a.pdf").unlink()
    report = ingest(warehouse, sources, LATER)
    assert (report.quarantined, report.gone, refusals(warehouse)) == (1, 0, [("other", "a.pdf", False)])


def test_an_inbox_that_cannot_be_listed_leaves_its_refusals_as_they_were(
    warehouse: Warehouse, inbox: Path, tmp_path: Path
) -> None:
    (inbox / "a.pdf").write_bytes(PDF)
    (inbox / "b.txt").symlink_to("nowhere")
    ingest(warehouse, [Source("office", inbox)], NIGHT)
    before = refusals(warehouse)
    inbox.rename(tmp_path / "elsewhere")
    report = ingest(warehouse, [Source("office", inbox)], LATER)
    assert [name for name, _ in report.unreached] == ["office"]
    assert (report.quarantined, report.gone, refusals(warehouse)) == (0, 0, before)


def test_names_without_bytes_are_told_apart_by_their_source(warehouse: Warehouse, inbox: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (inbox / "a.txt").symlink_to("nowhere")
    (other / "a.txt").write_bytes(b"")
    sources = [Source("office", inbox), Source("other", other)]
    report = ingest(warehouse, sources, NIGHT)
    assert [(each.source, each.reason) for each in report.refusals] == [("office", "broken_link"), ("other", "empty")]
    assert refusals(warehouse) == [("office", "a.txt", False), ("other", "a.txt", False)]
    (inbox / "a.txt").unlink()
    assert ingest(warehouse, sources, LATER).gone == 0  # of a name without bytes nothing is kept
    assert refusals(warehouse) == [("other", "a.txt", False)]
