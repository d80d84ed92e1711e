"""Every command has help with an example, answers a user's mistake in one line, and tells its exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gongbao.cli import app
from tests.conftest import ROOT

COMMANDS = sorted(name for name in app if not name.startswith("-"))


def gongbao(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "gongbao", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_help_with_an_example_and_stands_in_the_readme(command: str) -> None:
    shown = gongbao(command, "--help")
    assert shown.returncode == 0
    assert f"Example: gongbao {command}" in shown.stdout
    assert f"`gongbao {command}" in (ROOT / "README.md").read_text("utf-8")


def test_help_starts_without_the_heavy_libraries() -> None:
    script = (
        "import sys; from gongbao import cli\n"
        "heavy = {'prefect', 'great_expectations', 'duckdb', 'pyarrow', 'pandas'} & set(sys.modules)\n"
        "print(', '.join(heavy), end='')"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == ""


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("run", "--inbox", "absent"), "is no folder"),
        (("extract", "absent.txt"), "absent.txt"),
        (("extract",), "no text or workbook named"),
        (("extract", "--table", "--json", "a.txt"), "notes are printed"),
        (("doctor", "--warehuose", "x"), "--warehuose"),
        (("frobnicate",), "frobnicate"),
    ],
)
def test_a_mistake_ends_with_exit_code_2_and_no_traceback(
    arguments: tuple[str, ...], complaint: str, tmp_path: Path
) -> None:
    ended = gongbao(*arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert complaint in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stderr


def test_a_held_warehouse_ends_with_exit_code_5(tmp_path: Path) -> None:
    from gongbao.warehouse import Warehouse

    with Warehouse(tmp_path / "warehouse"):
        ended = gongbao("run", "--warehouse", str(tmp_path / "warehouse"))
    assert ended.returncode == 5
    assert "another run holds the warehouse" in ended.stderr


def test_the_doctor_tells_every_setting_with_its_origin(tmp_path: Path) -> None:
    ended = gongbao("doctor", "--json", cwd=tmp_path, GONGBAO_PROCESSES="3")
    findings = {finding["topic"]: finding for finding in json.loads(ended.stdout)}
    assert findings["setting processes"]["detail"] == "3 (GONGBAO_PROCESSES)"
    assert findings["prefect"]["status"] == "ok"
    assert findings["warehouse"]["status"] == "note"
    assert ended.returncode == 0


def test_names_that_begin_with_a_bracket_are_names(tmp_path: Path) -> None:
    (tmp_path / "[转载]姜楼镇.txt").write_text("2023年,姜楼镇一般公共预算收入5533万元。", "utf-8")
    ended = gongbao("extract", "[转载]姜楼镇.txt", cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["value"] == "55330000"


def test_extract_writes_one_file_an_input_and_names_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("2023年,姜楼镇一般公共预算收入5533万元。", "utf-8")
    (tmp_path / "bad.json").write_text('{"a": 1}', "utf-8")
    ended = gongbao("extract", "--out", "out", "good.txt", "bad.json", cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert ended.returncode == 3
    assert "bad.json is JSON" in ended.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.jsonl"]


@pytest.mark.parametrize("arguments", [("explain", "3f2a9c"), ("doctor",)], ids=["explain", "doctor"])
def test_reading_commands_make_no_warehouse(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ended = gongbao(*arguments, "--warehouse", "typo", cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert "no warehouse at" in ended.stdout + ended.stderr
    assert list(tmp_path.iterdir()) == []
