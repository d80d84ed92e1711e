"""Under CI a skipped test fails the run, unless it was skipped for want of ../shared."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SHARED_ABSENT


@pytest.mark.parametrize(
    ("reason", "ci", "exit_code"),
    [("no server here", "true", 1), (SHARED_ABSENT, "true", 0), ("no server here", "false", 0)],
    ids=["another reason", "../shared is absent", "not in CI"],
)
def test_a_skipped_test_fails_the_run_under_ci(tmp_path: Path, reason: str, ci: str, exit_code: int) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_sessionfinish\n", "utf-8")
    (tmp_path / "test_one.py").write_text(
        f"import pytest\n\ndef test_runs(): pass\n\ndef test_skipped(): pytest.skip({reason!r})\n", "utf-8"
    )
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == exit_code, ended.stdout
