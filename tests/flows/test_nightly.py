"""The night as a user runs it: through the command line, the Prefect flow and its in-process server."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT, Night, run_night
from tests.flows.command import Commands
from tests.release_files import digests

MARTS = {
    "fact",
    "target",
    "county_comparison",
    "town_comparison",
    "target_attainment",
    "place",
    "indicator",
    "document",
}


def test_the_sample_night_publishes_every_mart_and_reports_its_quarantine(sample_night: Night) -> None:
    assert sample_night.exit_code == 3
    assert sample_night.summary["outcome"] == "done_with_faults"
    assert {path.stem for path in sample_night.marts.glob("*.parquet")} >= MARTS
    manifest = json.loads((sample_night.marts / "manifest.json").read_text("utf-8"))
    assert manifest["release_id"] == sample_night.summary["release_id"] == sample_night.marts.name


def test_a_night_without_a_server_keeps_its_artifacts_in_the_warehouse(sample_night: Night) -> None:
    path = sample_night.warehouse / ".prefect" / "prefect.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as server:
        kept = dict(server.execute("select key, data from artifact").fetchall())
    assert {"summary", "quality", "quarantine"} <= kept.keys()
    assert sample_night.summary["release_id"] in kept["quality"]


def test_every_statement_is_a_fact_a_target_a_project_figure_or_an_open_question(sample_night: Night) -> None:
    summary = sample_night.summary
    with duckdb.connect(str(sample_night.warehouse / "gongbao.duckdb"), read_only=True) as connection:
        (statements,) = connection.execute("select count(*) from core.statement").fetchone() or (0,)
    parts = ("facts", "targets", "project_figures", "unresolved")
    assert statements == summary["statements"] == sum(summary[part] for part in parts)


def test_every_span_cuts_its_quote(sample_night: Night) -> None:
    with duckdb.connect(str(sample_night.warehouse / "gongbao.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select content, span_start, span_end, quote from core.statement join raw.text using (text_id)"
        ).fetchall()
    assert rows
    assert all(content[start:end] == quote for content, start, end, quote in rows)


def test_a_second_night_extracts_nothing_and_leaves_every_byte(
    gongbao: Commands, tmp_path: Path, samples_subset: Path, short_gate: Path
) -> None:
    first = gongbao.night(tmp_path / "warehouse", "--inbox", str(samples_subset), GONGBAO_NOW="2026-11-01T20:00:00Z")
    before = digests(first.marts)
    second = gongbao.night(tmp_path / "warehouse", "--inbox", str(samples_subset), GONGBAO_NOW="2026-11-02T20:00:00Z")
    assert first.summary["extracted"] > 0
    assert second.summary["extracted"] == 0
    assert second.summary["release_id"] == first.summary["release_id"]
    assert digests(second.marts) == before
    # In a process of its own, where sets have another order.
    third = run_night(
        tmp_path / "elsewhere",
        "--inbox",
        str(samples_subset),
        GONGBAO_NOW="2026-11-03T20:00:00Z",
        GONGBAO_PROCESSES="1",
        GONGBAO_HOME=str(short_gate),
    )
    assert digests(third.marts) == before


def test_a_new_bulletin_gives_a_new_release_and_the_old_one_stays(
    gongbao: Commands, tmp_path: Path, samples_subset: Path
) -> None:
    first = gongbao.night(tmp_path / "warehouse", "--inbox", str(samples_subset))
    (samples_subset / "姜楼镇补充.txt").write_text(
        "姜楼镇2023年工作总结\n\n山东省惠民县姜楼镇人民政府\n\n2023年,全镇新增城镇就业312人。\n", "utf-8"
    )
    second = gongbao.night(tmp_path / "warehouse", "--inbox", str(samples_subset))
    assert second.summary["extracted"] == 1
    assert second.summary["release_id"] != first.summary["release_id"]
    assert first.marts != second.marts
    assert second.summary["previous_release"] == first.summary["release_id"]
    assert second.summary["changes"]["fact"] == {"added": 1, "changed": 0, "removed": 0}
    assert (second.warehouse / "releases" / first.summary["release_id"] / "manifest.json").exists()


@pytest.fixture
def samples_subset(tmp_path: Path) -> Path:
    """An inbox of the sample county's township bulletins, small enough to run several times."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for path in sorted((ROOT / "samples" / "inbox").rglob("*姜楼镇*.txt")):
        (inbox / path.name).write_bytes(path.read_bytes())
    return inbox


def test_a_source_that_is_not_there_is_a_fault_and_is_named(
    gongbao: Commands, tmp_path: Path, samples_subset: Path
) -> None:
    (tmp_path / "gongbao.toml").write_text(
        f"[[source]]\nname = 'here'\ninbox = '{samples_subset}'\n[[source]]\nname = 'gone'\ninbox = 'nowhere'\n",
        "utf-8",
    )
    night = gongbao.night(tmp_path / "warehouse", PYTHONPATH=str(ROOT))
    assert night.exit_code == 3
    assert [note for note in night.summary["notes"] if note.startswith("source gone was not reached")]


def test_an_empty_first_inbox_is_no_success(gongbao: Commands, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    night = gongbao.night(tmp_path / "warehouse", "--inbox", str(tmp_path / "empty"))
    assert night.exit_code == 3
    assert night.summary["notes"][0].startswith("no document has arrived yet")
