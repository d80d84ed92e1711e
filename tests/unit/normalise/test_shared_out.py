"""When texts are given to others: where that is sooner than doing them here, or where one may end its process."""

from __future__ import annotations

import weakref
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gongbao import ingest, normalise, runs
from gongbao.normalise import pending, work
from gongbao.warehouse import Warehouse
from gongbao.workers import Workers, in_advance, local
from tests.generated import bulletin

NOW = datetime(2026, 11, 1)


class Called:
    """Workers who are threads, and whether anybody called them."""

    def __init__(self, start_seconds: float) -> None:
        self.times = 0
        self.workers = Workers(2, self._start, start_seconds=start_seconds)

    def _start(self) -> Executor:
        self.times += 1
        return ThreadPoolExecutor(2)


def inbox(folder: Path, files: int) -> Path:
    folder.mkdir()
    for number in range(files):
        (folder / f"{number:03}.txt").write_text(bulletin(number, sentences=6), "utf-8")
    return folder


def worked_through(warehouse: Warehouse, folder: Path, start_seconds: float) -> int:
    """How many times the workers were started."""
    called = Called(start_seconds)
    source = ingest.Source("towns", folder, place="平原县")
    ingest.ingest(warehouse, [source], NOW, workers=called.workers)
    assert normalise.extract_pending(warehouse, called.workers).extracted
    called.workers.close()
    return called.times


@pytest.mark.parametrize(("start_seconds", "times"), [(0.0, 1), (60.0, 0)])
def test_workers_are_started_once_and_only_where_they_are_sooner_done(
    warehouse: Warehouse, tmp_path: Path, start_seconds: float, times: int
) -> None:
    assert worked_through(warehouse, inbox(tmp_path / "inbox", 40), start_seconds) == times


def test_reading_that_takes_longer_than_their_start_calls_them(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "LENGTH_A_SECOND", 10**9)
    assert worked_through(warehouse, inbox(tmp_path / "inbox", 120), 0.001) == 1


def test_a_text_that_broke_its_reader_is_read_by_others_when_its_turn_comes_again(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    refused = "insert into ops.quarantine values ('d', 'towns', 'a.txt', 'extraction_failed', '', '', 1, false)"
    warehouse.connection.execute(refused)
    assert worked_through(warehouse, inbox(tmp_path / "inbox", 1), 60.0) == 1


@pytest.mark.parametrize(("before", "times"), [("failed", 1), (None, 1), ("held", 0), ("done", 0)])
def test_after_a_run_that_failed_or_was_killed_others_read_the_texts(
    warehouse: Warehouse, tmp_path: Path, before: runs.Outcome | None, times: int
) -> None:
    run_id = runs.begin(warehouse, NOW)
    if before is not None:
        runs.end(warehouse, run_id, before, NOW, None)
    runs.begin(warehouse, NOW)
    assert worked_through(warehouse, inbox(tmp_path / "inbox", 1), 60.0) == times


def test_neither_a_run_that_extracts_nothing_nor_the_clock_hides_a_run_that_was_killed(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    runs.begin(warehouse, NOW)
    for hours in (1, 2):
        later = NOW + timedelta(hours=hours)
        runs.end(warehouse, runs.begin(warehouse, later, "validate"), "done", later, None)
    runs.begin(warehouse, NOW - timedelta(hours=1))
    assert worked_through(warehouse, inbox(tmp_path / "inbox", 1), 60.0) == 1


@pytest.mark.parametrize(("before", "times"), [("failed", 1), ("done", 0)])
def test_what_is_too_large_to_be_sent_is_sent_where_it_may_end_its_process(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: runs.Outcome, times: int
) -> None:
    monkeypatch.setattr(work, "LARGE_GRID", -1)
    runs.end(warehouse, runs.begin(warehouse, NOW), before, NOW, None)
    runs.begin(warehouse, NOW)
    assert worked_through(warehouse, inbox(tmp_path / "inbox", 12), 0.0) == times


def test_a_single_process_is_this_one_until_a_text_may_end_it(warehouse: Warehouse, tmp_path: Path) -> None:
    source = ingest.Source("towns", inbox(tmp_path / "inbox", 40), place="平原县")
    with local(1) as workers:
        ingest.ingest(warehouse, [source], NOW, workers=workers)
        normalise.extract_pending(warehouse, workers)
        assert workers.price
        refused = "insert into ops.quarantine values ('d', 'towns', 'a.txt', 'extraction_failed', '', '', 1, false)"
        warehouse.connection.execute(refused)
        warehouse.connection.execute("delete from core.extraction")
        normalise.extract_pending(warehouse, workers)
        assert not workers.price


def test_what_waits_in_memory_is_bounded_however_many_work() -> None:
    begun: list[int] = []
    for number, _ in enumerate(in_advance(range(10), begun.append, 8, 6, lambda _: 2)):
        assert len(begun) - number <= 4
    assert begun == list(range(10))


def test_what_was_handed_over_is_held_by_nobody_else() -> None:
    for made in in_advance(range(3), lambda number: {number}, 1):
        held = weakref.ref(made)
        del made
        assert held() is None
