"""A real scheduler with two workers on loopback: the same results as one process, whatever becomes of a worker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster

from gongbao import cluster, normalise, project
from gongbao import workers as processes
from gongbao.errors import GongbaoError, UsageError
from gongbao.ingest import Source, ahead, ingest
from gongbao.normalise import work
from gongbao.publish.published import MANIFEST
from gongbao.warehouse import Warehouse
from gongbao.workers import HERE, Workers, local
from tests.conftest import ROOT, Night, run_night
from tests.dask import given
from tests.release_files import digests

NOW = datetime(2026, 11, 1)
STARTED = 120.0
"""Seconds within which a cluster must be there, on a busy machine."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers, started as docs/operations.md says."""
    folder = tmp_path_factory.mktemp("dask")
    told = folder / "scheduler.json"
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told)]
    workers = ["worker", "--scheduler-file", str(told), "--nworkers", "2", "--nthreads", "1", "--no-dashboard"]
    workers += ["--host", "127.0.0.1", "--local-directory", str(folder)]
    with dask(folder / "scheduler.log", *scheduler), dask(folder / "workers.log", *workers):
        with Client(scheduler_file=str(told), timeout=STARTED, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=STARTED)
            found = client.scheduler.address
        yield found


@contextmanager
def dask(log: Path, *arguments: str) -> Iterator[None]:
    with log.open("wb") as out:
        # The tests' own functions are sent to the workers by their names.
        # Two deaths, not four: each costs the start of a worker.
        allowed = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
        environment = {**os.environ, **allowed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "dask", *arguments]
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment, cwd=log.parent)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def tasks_done(address: str) -> int:
    """How many tasks the scheduler's workers have handed in."""

    def done(dask_scheduler: Any) -> int:
        return sum(prefix.state_counts["memory"] for prefix in dask_scheduler.task_prefixes.values())

    with Client(address, set_as_default=False) as client:
        return int(client.run_on_scheduler(done))


def everything(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    relations = ("raw.document", "raw.text", "raw.cell", "ops.quarantine", "core.statement", "core.rejection")
    rows = {name: warehouse.connection.execute(f"select * from {name} order by all").fetchall() for name in relations}
    assert rows["core.statement"]
    return rows


def test_the_marts_of_a_cluster_are_those_of_one_process(
    address: str, sample_night: Night, migrated: Callable[[Path], Path], tmp_path: Path
) -> None:
    before = tasks_done(address)
    migrated(tmp_path / "warehouse" / ".prefect")
    night = run_night(tmp_path / "warehouse", GONGBAO_NOW="2026-11-01T20:00:00Z", GONGBAO_DASK=address)
    assert tasks_done(address) > before
    published = digests(night.marts)
    assert MANIFEST in published
    assert published == digests(sample_night.marts)


def test_a_batch_whose_worker_is_killed_is_done_by_another(address: str, tmp_path: Path) -> None:
    with Warehouse(tmp_path / "warehouse") as opened, cluster.joined(address, opened.root) as workers:
        assert workers.width == 2
        items = [(number, tmp_path / "killed") for number in range(5)]
        assert workers.begin(given.double_after_one_death, items)() == [0, 2, 4, 6, 8]
    assert (tmp_path / "killed").exists()


@pytest.mark.parametrize("place", ["a cluster", "processes"])
def test_a_document_that_ends_every_worker_is_refused_and_the_night_goes_on(
    place: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "SHARE", 4)
    monkeypatch.setattr(work, "SHARE", 4)
    monkeypatch.setattr(processes, "START_SECONDS", 0.0)
    folder = given.inbox(tmp_path / "inbox", 10)
    (folder / "005.txt").rename(folder / f"005{given.DEADLY}.txt")
    with (folder / "007.txt").open("a", encoding="utf-8") as text:
        text.write(f"这是{given.DEADLY}的一句。\n")
    with Warehouse(tmp_path / "here") as here:
        (folder / f"005{given.DEADLY}.txt").rename(tmp_path / "aside")
        work_through(here, folder, HERE)
        expected = everything(here)
    (tmp_path / "aside").rename(folder / f"005{given.DEADLY}.txt")
    monkeypatch.setattr(ahead, "read_share", given.read_share)
    monkeypatch.setattr(work, "extract_share", given.extract_share)
    with Warehouse(tmp_path / "there") as there:
        joined = cluster.joined(request.getfixturevalue("address"), there.root) if place == "a cluster" else local(2)
        with joined as workers:
            report = work_through(there, folder, workers)
        assert [(each.file_name, each.detail) for each in report.failures] == [("007.txt", work.ENDED)]
        refused = "select uri, reason from ops.quarantine order by all"
        assert there.connection.execute(refused).fetchall() == [
            ("005致命.txt", "parser_crashed"),
            ("007.txt", "extraction_failed"),
        ]
        found = everything(there)
    text_of_007 = next(row for row in found["raw.text"] if given.DEADLY in str(row))[0]
    of_others = [row for row in expected["core.statement"] if text_of_007 not in row]
    assert found["raw.text"] == expected["raw.text"]
    assert found["core.statement"] == of_others


def work_through(warehouse: Warehouse, folder: Path, workers: Workers) -> normalise.ExtractReport:
    ingest(warehouse, [Source("towns", folder, place="平原县")], NOW, workers=workers)
    return normalise.extract_pending(warehouse, workers)


def test_a_scheduler_that_does_not_answer_stops_the_night_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_CONNECTING", 0.5)
    with (
        pytest.raises(UsageError, match=r"tcp://127\.0\.0\.1:1 does not answer.*leave it out"),
        cluster.joined("tcp://127.0.0.1:1", tmp_path),
    ):
        pass


def test_a_scheduler_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECTING", 0.5)
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as empty,
        pytest.raises(UsageError, match="has no workers"),
        cluster.joined(empty.scheduler_address, tmp_path),
    ):
        pass


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "checkout"
    other.mkdir()
    for name in ("gongbao", "expectations", "requirements.lock"):
        (other / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "sql", other / "sql")
    (other / "sql" / "later.sql").write_text("select 1;\n")
    with (
        Warehouse(tmp_path / "warehouse") as opened,
        LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            local_directory=str(tmp_path),
            env={"GONGBAO_HOME": str(other)},
        ) as outdated,
        pytest.raises(UsageError, match=r"is of another version .* bring its checkout"),
        cluster.joined(outdated.scheduler_address, opened.root),
    ):
        pass


def test_a_worker_that_does_not_see_the_blobs_is_refused(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def unseen(blobs: Path) -> Iterator[tuple[Path, str]]:
        yield blobs / "what-only-this-machine-sees", "token"

    monkeypatch.setattr(cluster, "_probe", unseen)
    with (
        pytest.raises(UsageError, match=r"does not see the folder .*blobs.*share it"),
        cluster.joined(address, tmp_path),
    ):
        pass


def test_workers_follow_an_answer_of_the_curator(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overlay = tmp_path / "vocabulary"
    overlay.mkdir()
    (overlay / "caveats.csv").write_text("code,description_zh,description_en,example\n", "utf-8")
    with Warehouse(tmp_path / "warehouse") as opened, cluster.joined(address, opened.root) as before:
        assert before.begin(given.overlay_of, [0])() == [None]
    monkeypatch.setenv("GONGBAO_OVERLAY", str(overlay))
    project.code_version.cache_clear()
    try:
        with Warehouse(tmp_path / "warehouse") as opened, cluster.joined(address, opened.root) as after:
            assert after.begin(given.overlay_of, [0])() == [overlay]
    finally:
        monkeypatch.undo()
        project.code_version.cache_clear()


def test_a_cluster_of_the_nights_own_begins_with_the_first_batch_and_ends_with_the_stage(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "warehouse") as opened:
        with cluster.joined("local:1", opened.root):
            assert not (opened.root / ".dask").exists()
        with cluster.joined("local:1", opened.root) as workers:
            begun = [workers.begin(given.double_after_one_death, [(number, tmp_path)]) for number in (1, 2)]
            assert [results() for results in begun] == [[2], [4]]


def test_workers_that_go_away_for_good_end_the_night_with_a_remedy(tmp_path: Path) -> None:
    with (
        Warehouse(tmp_path / "warehouse") as opened,
        pytest.raises(GongbaoError, match="run again: what was done is kept"),
        LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            local_directory=str(tmp_path),
        ) as going,
        cluster.joined(going.scheduler_address, opened.root) as workers,
    ):
        results = workers.begin(given.sleep, [600.0])
        going.close()
        results()
