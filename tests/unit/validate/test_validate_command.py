"""`gongbao validate`: judges what lies in a warehouse, records it, and leaves what is published alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gongbao import project
from gongbao.cli import main
from gongbao.errors import GongbaoError
from gongbao.publish import publish, stage_marts
from gongbao.validate import data_docs, validate_core, validate_marts
from gongbao.warehouse import Warehouse
from tests.unit.validate.small_core import fill

NOW = "2026-11-02T20:00:00Z"
RUN = "20261102T200000Z-1"
TWICE = "insert into core.fact from core.fact where fact_id = 'jl-tax-23'"
MARKUP = "update core.statement set sentence = '<script>锟斤拷</script>' || sentence"
READ = """
    insert into core.normalisation (text_id, document_id, normaliser_version)
    select text_id, document_id, '1' from raw.document
"""
# The command in a process of its own, in which whoever asks for the network is told of.
OFFLINE = """
import socket, sys
from gongbao.cli import main
def refuse(*arguments): print("network:", *arguments, file=sys.stderr)
socket.socket.connect = socket.getaddrinfo = refuse
main(["validate", "--warehouse", "warehouse", "--data-docs"])
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse that has published a small clean core; copied, never changed."""
    root = tmp_path_factory.mktemp("published") / "warehouse"
    with Warehouse(root) as opened:
        fill(opened)
        _publish(opened)
    return root


@pytest.fixture
def home(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a published `warehouse` of its own."""
    shutil.copytree(published, tmp_path / "warehouse", symlinks=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GONGBAO_NOW", NOW)
    return tmp_path


@pytest.fixture(scope="module")
def judged(published: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A sound warehouse, but for markup in its sentences, judged with Data Docs: its home, and how that ended."""
    home = tmp_path_factory.mktemp("judged")
    shutil.copytree(published, home / "warehouse", symlinks=True)
    _change(home, MARKUP)
    for name in ("home", "tmp"):
        (home / name).mkdir()
    environment = {
        **os.environ,
        "GONGBAO_NOW": NOW,
        "HOME": str(home / "home"),
        "TMPDIR": str(home / "tmp"),
        "PYTHONPATH": str(project.home()),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return home, subprocess.run(
        [sys.executable, "-c", OFFLINE], cwd=home, env=environment, capture_output=True, text=True
    )


def _publish(opened: Warehouse) -> tuple[str, bool]:
    core = validate_core(opened, "night")
    stage_marts(opened)
    release = publish(opened, (core, validate_marts(opened, "night")))
    return release.release_id, release.is_new


def _change(home: Path, sql: str) -> None:
    with Warehouse(home / "warehouse") as opened:
        opened.connection.execute(sql)


def _recorded(home: Path) -> list[tuple[Any, ...]]:
    """Each run with its outcome and release, how many results it has, and how many of them hold the release."""
    with Warehouse.reading(home / "warehouse") as opened:
        return opened.connection.execute(
            "select run.run_id, run.outcome, run.release_id, count(*), count(*) filter (result.outcome = 'held') "
            "from ops.run as run join ops.check_result as result using (run_id) group by all"
        ).fetchall()


def _pages(folder: Path) -> dict[Path, str]:
    return {path: path.read_text("utf-8") for path in sorted(folder.rglob("*.html"))}


def test_a_sound_warehouse_passes_and_its_results_are_a_run_of_their_own(
    judged: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    home, ended = judged
    ((run_id, outcome, release_id, results, held),) = _recorded(home)
    assert (ended.returncode, run_id, outcome, release_id, held) == (0, RUN, "done", None, 0)
    assert f"checks: {results - 1} of {results} passed; figures withheld: 0, with a caveat:" in ended.stdout
    assert "run " + RUN in ended.stdout


def test_it_reaches_no_network_and_writes_only_into_the_warehouse(
    judged: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    home, ended = judged
    assert ended.stderr in {"", "gongbao: running as root; an account of its own is safer\n"}
    assert sorted(path.name for path in home.iterdir()) == ["home", "tmp", "warehouse"]
    assert [*(home / "home").rglob("*"), *(home / "tmp").rglob("*")] == []


def test_data_docs_name_every_suite_with_its_notes(judged: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    home, ended = judged
    folder = home / "warehouse" / "data_docs"
    assert f"data docs: {folder / 'index.html'}" in ended.stdout
    index = (folder / "index.html").read_text("utf-8")
    paths = [
        *(project.folder("expectations") / "core").glob("*.yaml"),
        *project.folder("expectations").glob("m*/*.yaml"),
    ]
    assert [path for path in paths if f"{path.parent.name}.{path.stem}" not in index] == []
    assert RUN in index
    assert "编号重复，汇总会重复计数。" in (folder / "expectations" / "marts" / "fact.html").read_text("utf-8")
    assert len(_pages(folder / "validations")) == len(paths)


def test_data_docs_count_bad_rows_and_show_no_text_of_a_document(
    judged: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    home, _ = judged
    pages = _pages(home / "warehouse" / "data_docs")
    (statement,) = (text for path, text in pages.items() if path.name == "warehouse-core.statement.html")
    assert "Unsuccessful Expectations" in statement
    assert "100% unexpected" in statement
    assert [path for path, text in pages.items() if "锟斤拷</script>" in text] == []


def test_what_would_hold_the_release_ends_with_4_and_leaves_what_is_published(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [path for path in (home / "warehouse" / "releases").rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in files}
    current = (home / "warehouse" / "current").readlink()
    _change(home, TWICE)
    with pytest.raises(SystemExit) as ended:
        main(["validate", "--warehouse", "warehouse"])
    told = capsys.readouterr()
    assert ended.value.code == 4
    assert "holds the release: core.figure fact_id_unique" in told.out
    assert "what to do: read the rows with `gongbao explain ID`" in " ".join(told.out.split())
    assert "the gate would hold the release for fact_id_unique" in told.err
    ((_, outcome, release_id, _, held),) = _recorded(home)
    assert (outcome, release_id) == ("held", None)
    assert held > 0
    assert (home / "warehouse" / "current").readlink() == current
    assert {path: path.read_bytes() for path in before} == before
    with Warehouse(home / "warehouse") as opened:
        fill(opened)
        assert _publish(opened) == (current.name, False)


def test_machines_get_one_document_of_a_held_release_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _change(home, TWICE)
    with pytest.raises(SystemExit) as ended:
        main(["validate", "--warehouse", "warehouse", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (ended.value.code, told["outcome"], told["run_id"], told["data_docs"]) == (4, "held", RUN, None)
    assert told["failed"] == len([line for line in told["findings"] if not line.startswith("what to do")])


def test_documents_that_no_night_has_read_are_told_of(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["validate", "--warehouse", "warehouse"])
    assert "2 documents were not judged: read by no night yet" in capsys.readouterr().out
    _change(home, READ)
    with pytest.raises(SystemExit):
        main(["validate", "--warehouse", "warehouse", "--json"])
    assert json.loads(capsys.readouterr().out)["waiting"] == 0


def test_without_a_warehouse_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["validate", "--warehouse", "warehouse"])
    assert ended.value.code == 2
    assert "no warehouse at warehouse" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_build_that_fails_leaves_the_former_pages(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, work = home / "warehouse" / "data_docs", home / "warehouse" / ".data_docs.work"
    (work / "former").mkdir(parents=True)  # of a build that was killed when its pages were to take their place
    (work / "former" / "index.html").write_text("the former", "utf-8")
    lost = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(home / "lost")}
    with monkeypatch.context() as patched, Warehouse(home / "warehouse") as opened:
        patched.setattr(data_docs, "_site", lambda _: {"class_name": "SiteBuilder", "store_backend": lost})
        with pytest.raises(GongbaoError, match=r"made no page index\.html"):
            data_docs.build(opened, "later", datetime(2026, 11, 3))
    assert _pages(folder) == {folder / "index.html": "the former"}
    with Warehouse(home / "warehouse") as opened:
        assert data_docs.build(opened, "later", datetime(2026, 11, 3)) == folder / "index.html"
    assert "core.figure" in _pages(folder)[folder / "index.html"]
    assert not work.exists()
