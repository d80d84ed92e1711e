"""Faults that strike a night at work: what readers see is the release before or the one after, and a rerun has it all.

More of each, at more moments, is tried by `make soak`; nights killed in the middle of each stage are those of
tests/server/test_killed_stages.py.
"""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from gongbao.errors import ExitCode, UnreadableDocument
from gongbao.ingest.inbox import Arrival, read_bytes
from tests.release_files import digests
from tests.robustness import faults
from tests.robustness.given import Nights, Prepared
from tests.robustness.invariants import Bytes, all_of, blobs_intact, one_of, published, told_truly


def test_after_nights_killed_at_any_moment_one_publishes_the_same_bytes(
    nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    warehouse, inputs = prepared.copy(tmp_path / "warehouse"), digests(prepared.inbox)
    for seconds, sent in ((0.5, signal.SIGTERM), (1.2, signal.SIGKILL), (1.9, signal.SIGKILL)):
        nights(warehouse, inbox=prepared.inbox, kill=(seconds, sent))
        one_of(warehouse, (prepared.before, prepared.after))
        blobs_intact(warehouse, blobs_intact(prepared.warehouse))
    # A day back, and one that few years have: a clock decides nothing of what is published.
    for now in ("2026-10-31T20:00:00Z", "2028-02-29T20:00:00Z"):
        assert nights(warehouse, inbox=prepared.inbox, GONGBAO_NOW=now).exit_code == ExitCode.DONE
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
        assert "space" in ended.last_line, (refused, ended.last_line)
    assert nights(warehouse, inbox=prepared.inbox).exit_code == ExitCode.DONE
    all_of(warehouse, prepared.inbox, prepared.after)


def test_a_parser_that_is_killed_costs_that_file_and_the_next_night_reads_it(
    nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    for number in range(5):  # on a busy machine it may be killed late, between two files: that costs nothing
        warehouse = prepared.copy(tmp_path / f"warehouse-{number}")
        ended = nights(warehouse, inbox=prepared.inbox, meanwhile=faults.kill_parser)
        if ended.exit_code:
            break
        all_of(warehouse, prepared.inbox, prepared.after)
    assert ended.exit_code == ExitCode.DONE_WITH_FAULTS, ended.err
    (refused,) = (json.loads(path.read_bytes()) for path in (warehouse / "quarantine").glob("*.json"))
    assert refused["reason"] == "parser_killed"
    assert published(warehouse) not in (prepared.before, prepared.after)
    assert nights(warehouse, inbox=prepared.inbox).exit_code == ExitCode.DONE
    # Not the same bytes, but the same rows: the manifest tells after which release a release came first.
    assert rows(published(warehouse)) == rows(prepared.after)
    assert list((warehouse / "quarantine").iterdir()) == []


def rows(release: Bytes) -> dict[str, str]:
    return {name: told for name, told in release.items() if name != "manifest.json"}


def test_of_nights_that_begin_at_once_one_does_the_work_and_the_others_name_it(
    nights: Nights, prepared: Prepared, tmp_path: Path
) -> None:
    warehouse = prepared.copy(tmp_path / "warehouse")
    told = faults.at_once(nights, warehouse, prepared.inbox, 3)
    assert sorted(each.exit_code for each in told) == [ExitCode.DONE, ExitCode.LOCKED, ExitCode.LOCKED]
    for each in told:
        if each.exit_code == ExitCode.LOCKED:
            assert each.seconds < 5
            assert "(pid " in each.last_line
            told_truly(each, prepared.before, prepared.before, prepared.after)
    all_of(warehouse, prepared.inbox, prepared.after)


def test_a_file_that_grows_while_it_is_read_is_refused_until_it_stands_still(tmp_path: Path) -> None:
    path, line = tmp_path / "增长.txt", "2023年,一般公共预算收入5533万元。\n".encode()
    path.write_bytes(line * 400_000)
    arrival, most = Arrival(path.name, path), 1 << 30
    with faults.growing(path, line), pytest.raises(UnreadableDocument) as refused:
        read_bytes(arrival, most)
    assert refused.value.reason == "changed_while_read"
    assert read_bytes(arrival, most) == path.read_bytes()
