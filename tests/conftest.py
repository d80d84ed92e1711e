"""Fixtures that every test folder may use."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from gongbao.warehouse import Warehouse
from tests.short_gate import write_short_gate

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SHARED_ABSENT = "../shared is absent: real documents are measured only where they are laid beside the checkout"

# The first example of a property may read the vocabulary, on a busy machine: no test is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(SHARED_ABSENT)
    return SHARED


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """An open, empty warehouse in a folder of its own."""
    with Warehouse(tmp_path / "warehouse") as opened:
        yield opened


@pytest.hookimpl(hookwrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Under CI a skipped test fails the run, except for want of ../shared: nothing goes untested unnoticed."""
    yield
    if os.environ.get("CI") != "true":
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    unexplained = [report for report in skipped if SHARED_ABSENT not in str(report.longrepr)]
    if unexplained and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@dataclass(frozen=True)
class Night:
    """A finished `gongbao run`: its exit code, its JSON summary, its warehouse, and the release it left current."""

    exit_code: int
    summary: dict[str, Any]
    warehouse: Path
    marts: Path


def run_night(warehouse: Path, *options: str, **environment: str) -> Night:
    """Run the night as a user does, through the command line and the Prefect flow."""
    ended = subprocess.run(
        [sys.executable, "-m", "gongbao", "run", "--json", "--warehouse", str(warehouse), *options],
        cwd=warehouse.parent,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert ended.returncode in {0, 3}, ended.stderr
    return Night(ended.returncode, json.loads(ended.stdout), warehouse, (warehouse / "current").resolve())


@pytest.fixture(scope="session")
def sample_night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The night on the bundled samples, run once for all processes of pytest; read it, do not change it."""
    everybody = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        everybody = everybody.parent
    folder = everybody / "sample_night"
    folder.mkdir(exist_ok=True)
    told = folder / "night.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first to come runs it, the others wait for it
        if not told.is_file():
            night = run_night(folder / "warehouse", GONGBAO_NOW="2026-11-01T20:00:00Z", GONGBAO_PROCESSES="1")
            told.write_text(json.dumps([night.exit_code, night.summary]), "utf-8")
    exit_code, summary = json.loads(told.read_text("utf-8"))
    return Night(exit_code, summary, folder / "warehouse", (folder / "warehouse" / "current").resolve())


@pytest.fixture(scope="session")
def short_gate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `GONGBAO_HOME` names for nights that are not about the gate."""
    return write_short_gate(tmp_path_factory.mktemp("checkout") / "gongbao")


@pytest.fixture(scope="session")
def migrated(sample_night: Night) -> Callable[[Path], Path]:
    """Gives a folder of Prefect's a database: its migrations take a server four seconds the first time."""

    def give(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        known, new = (home / "prefect.db" for home in (sample_night.warehouse / ".prefect", folder))
        with closing(sqlite3.connect(known)) as source, closing(sqlite3.connect(new)) as copy:
            source.backup(copy)
        return folder

    return give


@pytest.fixture(scope="session")
def sample_marts(sample_night: Night) -> Path:
    """The folder of the sample night's Parquet marts."""
    return sample_night.marts
