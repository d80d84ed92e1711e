"""A warehouse that is held, read-only or damaged: told in a line with what to do, and what is published stays.

The remedy that the line names is then done, and the next night has everything again.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gongbao.doctor import examine
from gongbao.errors import ExitCode, WarehouseDamaged
from gongbao.warehouse import DATABASE
from tests.robustness import faults
from tests.robustness.given import Nights, Prepared, when_it_begins
from tests.robustness.invariants import all_of, published, told_truly
from tests.robustness.night import kill_group


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
    faults.damage(database, faults.DAMAGED_DATABASES["zeroed in the middle"])
    ended = nights(warehouse, inbox=prepared.inbox)
    assert ended.exit_code == ExitCode.INTERNAL
    assert ended.seconds < 60
    told_truly(ended, prepared.before, published(warehouse), prepared.after)
    database.rename(tmp_path / "kept")
    ended = nights(warehouse, inbox=prepared.inbox)
    assert ended.exit_code == ExitCode.DONE
    assert [note for note in json.loads(ended.out)["notes"] if "the database had lost" in note]
    all_of(warehouse, prepared.inbox, prepared.after)


def test_an_older_database_put_back_never_goes_back_silently(
    nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    warehouse = Path(shutil.copytree(prepared.second, tmp_path / "warehouse", symlinks=True))
    shutil.copyfile(prepared.warehouse / DATABASE, warehouse / DATABASE)
    ended = nights(warehouse, inbox=nights.inbox)  # where what came in between no longer lies
    assert ended.exit_code == ExitCode.DONE
    assert "the database knows nothing of 20261101T200000Z-2, which published" in ended.err
    (note,) = json.loads(ended.out)["notes"]
    assert note == "the database had lost, and this run made up for: 20261101T200000Z-2"
    all_of(warehouse, prepared.inbox, prepared.after)


def test_a_night_after_a_killed_one_whose_write_ahead_log_is_gone_has_everything(
    nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    warehouse = prepared.copy(tmp_path / "warehouse")
    log = warehouse / f"{DATABASE}.wal"

    def kill(pid: int, said: Path) -> None:
        when_it_begins("validate_core", said)
        kill_group(pid)

    nights(warehouse, inbox=prepared.inbox, meanwhile=kill)
    log.unlink()
    assert nights(warehouse, inbox=prepared.inbox).exit_code == ExitCode.DONE
    all_of(warehouse, prepared.inbox, prepared.after)


def test_a_damaged_release_a_link_to_nothing_and_ledgers_cut_short_are_mended_by_the_next_night(
    nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    warehouse = prepared.copy(tmp_path / "warehouse")
    release = (warehouse / "current").resolve()
    (release / "manifest.json").write_text("{", "utf-8")
    faults.damage(release / "fact.parquet", faults.flip(1000))
    (warehouse / "current").unlink()
    (warehouse / "current").symlink_to("releases/0123456789abcdef")
    for ledger in (warehouse / "ledger").iterdir():
        with ledger.open("ab") as handle:
            handle.write(b'{"run_id": "cut sho')
    assert nights(warehouse).exit_code == ExitCode.DONE
    all_of(warehouse, nights.inbox, prepared.before)


@pytest.mark.parametrize("name", ["runs", "releases", "sightings", "sources"])
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
