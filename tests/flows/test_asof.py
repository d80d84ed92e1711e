"""`gongbao asof` on the night of the bundled samples, as a user runs it: every format comes back to the byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import Night
from tests.release_files import digests


def test_the_marts_of_the_sample_night_come_back_to_the_byte(sample_night: Night, tmp_path: Path) -> None:
    command = (sys.executable, "-m", "gongbao", "asof", "2026-11-01", "--warehouse", str(sample_night.warehouse))
    ended = subprocess.run(
        [*command, "--out", "then", "--json"],
        cwd=tmp_path,
        env={**os.environ, "GONGBAO_NOW": "2026-12-01T00:00:00Z"},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert (told["is_as_published"], told["notes"]) == (True, [])
    then = tmp_path / "then"
    assert digests(then) == digests(sample_night.marts)


def test_a_night_keeps_what_the_curators_files_said(sample_night: Night) -> None:
    [line] = (sample_night.warehouse / "ledger" / "curation.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["files"] == {}
