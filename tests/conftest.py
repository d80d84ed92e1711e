"""Fixtures that every test folder may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongbao.warehouse import Warehouse

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SHARED_ABSENT = "../shared is absent: real documents are measured only where they are laid beside the checkout"


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
