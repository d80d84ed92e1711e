"""Faults of `gongbao run`, from outside: readers see the release before or the one after, the next night has it all.

What cannot be worked with is told in a line with what to do; where that is more than to run again, it is done here.
More of each, at more moments, is tried by `make soak`; nights killed in the middle of each stage are those of
tests/server/test_killed_stages.py. docs/robustness.md tells what is promised.
"""

from __future__ import annotations

import json
import shutil
import signal
from datetime import datetime
from pathlib import Path

import pytest

from gongbao.doctor import examine
from gongbao.errors import ExitCode, UnreadableDocument, WarehouseDamaged
from gongbao.ingest import Source, ingest
from gongbao.ingest.inbox import Arrival, read_bytes
from gongbao.warehouse import DATABASE, Warehouse
from tests.release_files import digests
from tests.robustness import faults
from tests.robustness.given import Nights, Prepared, when_it_begins, write_inbox
from tests.robustness.invariants import all_of, blobs_intact, one_of, published, told_truly
from tests.robustness.night import kill_group

NIGHT = datetime(2026, 11, 1)


def test_after_nights_killed_at_any_moment_and_a_lost_log_one_of_three_at_once_publishes_the_same_bytes(
    nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    warehouse, inputs = prepared.copy(tmp_path / "warehouse"), digests(prepared.inbox)

    def kill(pid: int, said: Path) -> None:
        when_it_begins("validate_core", said)
        kill_group(pid)

    for struck in ({"kill": (0.6, signal.SIGTERM)}, {"kill": (1.3, signal.SIGKILL)}, {"meanwhile": kill}):
        nights(warehouse, inbox=prepared.inbox, **struck)
        one_of(warehouse, (prepared.before, prepared.after))
        blobs_intact(warehouse, blobs_intact(prepared.warehouse))
    # What the last one had committed lay in the log: the database opens without a word when it is gone.
    (warehouse / f"{DATABASE}.wal").unlink()
    told = faults.at_once(nights, warehouse, prepared.inbox, 3)
    assert sorted(each.exit_code for each in told) == [ExitCode.DONE, ExitCode.LOCKED, ExitCode.LOCKED]
    for each in told:
        if each.exit_code == ExitCode.LOCKED:
            assert "(pid " in each.last_line
            told_truly(each, prepared.before, prepared.before, prepared.after)
    all_of(warehouse, prepared.inbox, prepared.after)
    assert digests(prepared.inbox) == inputs


def test_a_full_disk_whatever_it_refuses_is_told_in_a_line_and_changes_nothing_published(
    nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    warehouse = prepared.copy(tmp_path / "warehouse")
    for refused in ("the database", "a mart", "the workbook"):
        when, most = faults.FULL_DISK[refused]
        ended = nights(warehouse, inbox=prepared.inbox, meanwhile=faults.fill_disk(warehouse, when, most))
        assert ended.exit_code == ExitCode.INTERNAL, refused
        told_truly(ended, prepared.before, published(warehouse), prepared.after)
        assert published(warehouse) == prepared.before, refused
        # On a busy machine the ledger may be what meets the limit first.
        assert "space" in ended.last_line or "disk is neither full" in ended.last_line, (refused, ended.last_line)
    # A day back: the clock decides nothing of what is published.
    ended = nights(warehouse, inbox=prepared.inbox, GONGBAO_NOW="2026-10-31T20:00:00Z")
    assert ended.exit_code == ExitCode.DONE
    all_of(warehouse, prepared.inbox, prepared.after)


def test_a_parser_that_is_killed_costs_that_file_and_the_next_intake_reads_it(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    """In whole nights, by `make soak`."""
    inbox = write_inbox(tmp_path / "inbox")
    source = [Source("office", inbox)]
    with faults.striking():
        struck = ingest(warehouse, source, NIGHT)
    assert [each.reason for each in struck.refusals] == ["parser_killed"]
    assert struck.new == len(list(inbox.iterdir())) - 1
    after = ingest(warehouse, source, NIGHT)
    assert (after.new, after.quarantined) == (1, 0)


def test_a_file_that_grows_while_it_is_read_is_refused_until_it_stands_still(tmp_path: Path) -> None:
    path, line = tmp_path / "增长.txt", "2023年,一般公共预算收入5533万元。\n".encode()
    path.write_bytes(line * 400_000)
    arrival, most = Arrival(path.name, path), 1 << 30
    with faults.growing(path, line), pytest.raises(UnreadableDocument) as refused:
        read_bytes(arrival, most)
    assert refused.value.reason == "changed_while_read"
    assert read_bytes(arrival, most) == path.read_bytes()


@pytest.mark.parametrize("how", faults.HOLDERS)
def test_a_database_that_another_process_has_open_is_told_with_its_pid(
    how: str, nights: Nights, prepared: Prepared
) -> None:
    with faults.holding(prepared.warehouse / DATABASE, how) as holder:
        ended = nights(prepared.warehouse)
    assert ended.exit_code == ExitCode.LOCKED
    assert ended.seconds < 60
    assert f"PID {holder}" in ended.last_line
    told_truly(ended, prepared.before, published(prepared.warehouse), prepared.after)


@pytest.mark.parametrize("name", [".", "blobs", "ledger", "quarantine", "releases", DATABASE, ".lock"])
def test_what_cannot_be_written_is_told_before_anything_is_read(
    name: str, nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    warehouse = prepared.copy(tmp_path / "warehouse")
    place = warehouse / name
    place.chmod(0o555 if place.is_dir() else 0o444)
    try:
        ended = nights(warehouse, inbox=prepared.inbox)
    finally:
        place.chmod(0o755 if place.is_dir() else 0o644)
    assert ended.exit_code == ExitCode.INTERNAL
    assert "ingest begins" not in ended.err
    assert str(place) in ended.last_line
    assert "check its permissions" in ended.last_line
    told_truly(ended, prepared.before, published(warehouse), prepared.after)


@pytest.mark.parametrize("how", faults.DAMAGED_DATABASES.values(), ids=faults.DAMAGED_DATABASES)
def test_a_damaged_database_is_refused_and_left_as_it_is(how: faults.Bits, prepared: Prepared, tmp_path: Path) -> None:
    warehouse = prepared.copy(tmp_path / "warehouse")
    faults.damage(warehouse / DATABASE, how)
    damaged = (warehouse / DATABASE).read_bytes()
    with pytest.raises(WarehouseDamaged, match=r"move it away, and its \.wal .* the next run rebuilds it"):
        faults.read_all(warehouse)
    assert (warehouse / DATABASE).read_bytes() == damaged
    assert published(warehouse) == prepared.before


def test_a_night_over_a_damaged_database_says_what_to_do_and_that_restores_all(
    nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    warehouse = Path(shutil.copytree(prepared.second, tmp_path / "warehouse", symlinks=True))
    database = warehouse / DATABASE
    faults.damage(database, faults.DAMAGED_DATABASES["truncated"])
    ended = nights(warehouse, inbox=prepared.inbox)
    assert ended.exit_code == ExitCode.INTERNAL
    assert ended.seconds < 60
    told_truly(ended, prepared.before, published(warehouse), prepared.after)
    database.rename(tmp_path / "kept")
    ended = nights(warehouse, inbox=prepared.inbox)
    assert ended.exit_code == ExitCode.DONE
    assert [note for note in json.loads(ended.out)["notes"] if "the database had lost" in note]
    all_of(warehouse, prepared.inbox, prepared.after)


def test_an_older_database_a_damaged_release_a_link_to_nothing_and_cut_ledgers_are_made_up_for_and_told(
    nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    warehouse = Path(shutil.copytree(prepared.second, tmp_path / "warehouse", symlinks=True))
    shutil.copyfile(prepared.warehouse / DATABASE, warehouse / DATABASE)
    release = (warehouse / "current").resolve()
    (release / "manifest.json").write_text("{", "utf-8")
    faults.damage(release / "fact.parquet", faults.flip(1000))
    (warehouse / "current").unlink()
    (warehouse / "current").symlink_to("releases/0123456789abcdef")
    for ledger in (warehouse / "ledger").iterdir():
        with ledger.open("ab") as handle:
            handle.write(b'{"run_id": "cut sho')
    # From the inbox where what came in between no longer lies, on a day that few years have.
    ended = nights(warehouse, inbox=nights.inbox, GONGBAO_NOW="2028-02-29T20:00:00Z")
    assert ended.exit_code == ExitCode.DONE
    assert "the database knows nothing of 20261101T200000Z-2, which published" in ended.err
    (note,) = json.loads(ended.out)["notes"]
    assert note == "the database had lost, and this run made up for: 20261101T200000Z-2"
    all_of(warehouse, prepared.inbox, prepared.after)


@pytest.mark.parametrize("name", ["runs", "sightings"])
def test_a_ledger_with_garbage_in_it_is_named_with_the_line(
    name: str, prepared: Prepared, nights: Nights, tmp_path: Path
) -> None:
    warehouse = prepared.copy(tmp_path / "warehouse")
    ledger = warehouse / "ledger" / f"{name}.jsonl"
    ledger.write_bytes(b"\x00\xff garbage\n" + ledger.read_bytes())
    ended = nights(warehouse, inbox=prepared.inbox)
    assert ended.exit_code == ExitCode.INTERNAL
    assert f"{ledger} line 1 is no JSON" in ended.last_line
    told_truly(ended, prepared.before, published(warehouse), prepared.after)


def test_a_damaged_vocabulary_of_a_curator_is_named_before_anything_is_read(
    nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    vocabulary = tmp_path / "vocabulary"
    vocabulary.mkdir()
    (vocabulary / "units.csv").write_bytes(b"PK\x03\x04\xff\xfe damaged")
    ended = nights(prepared.warehouse, inbox=prepared.inbox, GONGBAO_VOCABULARY=str(vocabulary))
    assert ended.exit_code == ExitCode.USAGE
    assert str(vocabulary / "units.csv") in ended.last_line
    assert "ingest begins" not in ended.err
    told_truly(ended, prepared.before, published(prepared.warehouse), prepared.after)


def test_an_original_that_is_altered_or_gone_is_found_by_the_doctor(prepared: Prepared, tmp_path: Path) -> None:
    """Nothing of a night reads one again until the database is lost, and then it may be late."""
    warehouse = prepared.copy(tmp_path / "warehouse")
    assert [each.status for each in examine({"warehouse": warehouse}) if each.topic == "blobs"] == ["ok"]
    first, second, *_ = sorted((warehouse / "blobs").iterdir())
    faults.damage(first, faults.flip(77))
    second.unlink()
    told = [each.detail for each in examine({"warehouse": warehouse}) if each.topic == "blob"]
    for detail, name in zip(told, (first, second), strict=True):
        assert detail.startswith(f"{name}, which came as ")
    assert [detail.rpartition(", ")[2] for detail in told] == ["has been altered", "is missing"]
