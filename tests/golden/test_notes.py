"""The notes on one bundled sample, line by line: what `gongbao extract` shows at 80 columns."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gongbao.cli import app
from tests.conftest import ROOT

SAMPLE = ROOT / "samples" / "inbox" / "惠民县姜楼镇2024年工作总结和2025年工作打算.txt"
GOLDEN = Path(__file__).parent / "notes.txt"


def shown(*options: str) -> str:
    command = [sys.executable, "-m", "gongbao", "extract", *options, str(SAMPLE)]
    ended = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "COLUMNS": "80"}, capture_output=True, text=True, check=True
    )
    return "".join(f"{line.rstrip()}\n" for line in ended.stdout.splitlines())


def test_the_notes_of_a_sample_are_as_they_were_read_and_approved() -> None:
    assert shown("--table") == GOLDEN.read_text("utf-8")


def test_a_pipe_is_given_json_lines() -> None:
    assert shown() == shown("--json")
    assert shown().startswith('{"document": ')


def test_a_terminal_is_given_the_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "dumb")
    assert app(["extract", str(SAMPLE)]) == 0
    assert terminal.getvalue().startswith("惠民县 姜楼镇 2024\n")
