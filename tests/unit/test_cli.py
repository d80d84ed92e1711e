"""Every command has help with an example, answers a user's mistake in one line, and tells its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gongbao.cli import app
from tests import forks
from tests.conftest import ROOT

COMMANDS = sorted(name for name in app if not name.startswith("-"))


def gongbao(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return forks.python()(cwd, "-m", "gongbao", *arguments, **os.environ, **environment)


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
        (("run", "--warehouse", "a file"), "a file is no folder"),
        (("extract", "absent.txt"), "absent.txt"),
        (("extract",), "no text or workbook named"),
        (("ingest", "--source", "nobody"), "known are samples"),
        (("extract", "--table", "--json", "a.txt"), "notes are printed"),
        (("doctor", "--warehuose", "x"), "--warehuose"),
        (("frobnicate",), "frobnicate"),
    ],
)
def test_a_mistake_ends_with_exit_code_2_and_no_traceback(
    arguments: tuple[str, ...], complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "a file").touch()
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


def test_the_doctor_finds_a_warehouse_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    ended = gongbao("doctor", "--json", "--warehouse", "a file", cwd=tmp_path)
    findings = {finding["topic"]: finding for finding in json.loads(ended.stdout)}
    assert (ended.returncode, findings["warehouse"]["status"]) == (1, "fault")


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


def test_the_texts_of_a_table_have_their_keys_in_the_document_slot(tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_text(
        "标题,正文\n甲镇2023年总结,"
        + "2023年，甲镇新建学校3所。" * 200
        + "\n乙镇2023年总结,"
        + "2023年，乙镇新建学校5所。" * 200
        + "\n",
        "utf-8",
    )
    ended = gongbao("extract", "reports.csv", cwd=tmp_path, PYTHONPATH=str(ROOT))
    documents = {(row["document"], row["value"]) for row in map(json.loads, ended.stdout.splitlines())}
    assert documents == {("reports.csv#甲镇2023年总结", "3"), ("reports.csv#乙镇2023年总结", "5")}


def test_ingest_counts_what_the_sources_hold_and_visits_one_alone(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(f"{name}：全镇新建学校3所。", "utf-8")
    (tmp_path / "b" / "bad.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (tmp_path / "gongbao.toml").write_text(
        "".join(f'[[source]]\nname = "{name}"\ninbox = "{name}"\n' for name in ("a", "b")), "utf-8"
    )
    alone = gongbao("ingest", "--source", "a", "--json", cwd=tmp_path, PYTHONPATH=str(ROOT))
    report = json.loads(alone.stdout)
    assert (alone.returncode, report["new"], report["seen"], report["not_due"]) == (0, 1, 1, ["b"])
    both = gongbao("ingest", cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert both.returncode == 3
    counted = dict(line.split()[:2] for line in both.stdout.splitlines()[:8])
    assert counted == {
        "new": "1", "unchanged": "1", "revised": "0", "duplicate": "0", "quarantined": "1", "pending": "0",
        "ignored": "0", "seen": "3",
    }  # fmt: skip
    assert "save it as .docx or .txt" in both.stdout


@pytest.mark.parametrize("arguments", [("explain", "3f2a9c"), ("doctor",)], ids=["explain", "doctor"])
def test_reading_commands_make_no_warehouse(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ended = gongbao(*arguments, "--warehouse", "typo", cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert "no warehouse at" in ended.stdout + ended.stderr
    assert list(tmp_path.iterdir()) == []
