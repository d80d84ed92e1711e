"""The run ledger as `gongbao runs`, the metrics and a rebuilt database tell it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

from gongbao import metrics, run_history, runs
from gongbao.cli import main
from gongbao.runs_commands import page
from gongbao.stopwatch import Stage
from gongbao.warehouse import Warehouse

BEGAN, ENDED = datetime(2026, 11, 1, 18, 15), datetime(2026, 11, 1, 18, 16)
STAGES = (
    Stage("ingest", 3.14159, {"new": 12, "quarantined": 2}),
    Stage("extract", 60.0, {"extracted": 12, "failed": 1}),
    Stage("normalise", 1.0, {"facts": 1_234_567, "targets": 89}),
)


def night(warehouse: Warehouse, outcome: runs.Outcome = "done", **told: Any) -> str:
    run_id = runs.begin(warehouse, BEGAN)
    runs.end(warehouse, run_id, outcome, ENDED, None, **told)
    return run_id


def test_the_ledger_tells_counts_and_seconds_by_stage(warehouse: Warehouse) -> None:
    run_id = night(warehouse, release_id="3f2a9c12", stages=STAGES)
    (run,) = run_history.read(warehouse.root)
    assert (run.run_id, run.flow, run.standing, run.release_id) == (run_id, "nightly", "done", "3f2a9c12")
    assert (run.new_documents, run.facts, run.targets, run.quarantined) == (12, 1_234_567, 89, 3)
    assert [(stage.name, stage.seconds) for stage in run.stages] == [
        ("ingest", 3.142),
        ("extract", 60.0),
        ("normalise", 1.0),
    ]


def test_a_rebuilt_database_knows_the_runs_of_the_lost_one(warehouse: Warehouse, tmp_path: Path) -> None:
    night(warehouse, "held", stages=STAGES, held_by=("span_cuts_quote",), error="held: look")
    query = "select run_id, flow, started_at, ended_at, outcome, held_by, error, stages from ops.run order by run_id"
    before = warehouse.connection.execute(query).fetchall()
    shutil.copytree(warehouse.root / "ledger", tmp_path / "rebuilt" / "ledger")
    with Warehouse(tmp_path / "rebuilt") as rebuilt:
        new = runs.begin(rebuilt, ENDED, "backfill")
        assert rebuilt.connection.execute(query).fetchall()[:-1] == before
    assert new == "20261101T181600Z-1"
    assert json.loads(before[0][-1])[1] == {
        "stage": "extract",
        "seconds": 60.0,
        "counts": {"extracted": 12, "failed": 1},
    }


def test_a_run_without_an_end_is_at_work_while_its_process_lives_and_killed_after(warehouse: Warehouse) -> None:
    run_id = runs.begin(warehouse, BEGAN)
    assert [run.standing for run in run_history.read(warehouse.root)] == ["running"]
    gone = subprocess.Popen(["true"])
    gone.wait()
    ledger = warehouse.ledger_file("runs")
    ledger.write_text(ledger.read_text("utf-8").replace(f'"pid": {os.getpid()}', f'"pid": {gone.pid}'), "utf-8")
    assert [run.standing for run in run_history.read(warehouse.root)] == ["killed"]
    assert runs.close_killed(warehouse, ENDED, "the machine went down") == [run_id]
    (run,) = run_history.read(warehouse.root)
    assert (run.standing, run.error) == ("failed", "the machine went down")


def test_who_holds_the_warehouse_takes_over_from_a_run_whose_number_its_own_process_has(
    warehouse: Warehouse, caplog: pytest.LogCaptureFixture
) -> None:
    """In a container a killed night and the next one often have the same."""
    killed = [runs.begin(warehouse, BEGAN), runs.begin(warehouse, BEGAN)]
    assert f"the lock of {killed[0]}, which never ended, is taken over" in caplog.text
    assert runs.close_killed(warehouse, ENDED, "cancelled") == killed
    assert [run.error for run in run_history.read(warehouse.root)] == [runs.KILLED, "cancelled"]


def test_lines_of_older_versions_are_read(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    lines = (
        {"run_id": "a", "event": "begin", "at": "2026-01-01T02:00:00"},
        {"run_id": "a", "event": "end", "at": "2026-01-01T02:10:00", "outcome": "done", "release_id": "f00d"},
    )
    (tmp_path / run_history.LEDGER).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    (run,) = run_history.read(tmp_path)
    assert (run.standing, run.release_id, run.stages, run.facts) == ("done", "f00d", (), None)


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_keeps_each_run_in_one_line_of_numbers(warehouse: Warehouse, width: int) -> None:
    night(warehouse, "done_with_faults", release_id="3f2a9c1255667788", stages=STAGES)
    night(warehouse, "held", stages=STAGES, held_by=("span_cuts_quote", "published_rows_stand (release.fact)"))
    night(warehouse, "failed", error="cannot write:\n   " + "no space " * 100)
    runs.begin(warehouse, BEGAN, "ingest_one")
    (warehouse.root / ".lock").write_text("", "utf-8")
    console = Console(width=width, record=True, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    console.print(page(run_history.read(warehouse.root), width))
    lines = console.export_text().splitlines()
    assert all(len(line) <= width for line in lines)
    told = [line.split() for line in lines if line.startswith("2026")]
    assert told[0] == ["2026-11-01", "18:15", "nightly", "faults", "12", "1,234,567", "89", "3", "64.1"]
    assert [line[3] for line in told] == ["faults", "held", "failed", "killed"]
    text = "\n".join(lines)
    assert "release 3f2a9c1255667788 · ingest 3.1 · extract 60.0 · normalise 1.0" in text
    assert "held by span_cuts_quote, published_rows_stand (release.fact)" in text
    assert "cannot write: no space" in text


def test_the_command_shows_the_newest_and_needs_no_lock(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        night(warehouse, stages=STAGES)
    with pytest.raises(SystemExit) as ended:
        main(["runs", "-n", "2", "--json", "--warehouse", str(warehouse.root)])
    told = json.loads(capsys.readouterr().out)
    assert ended.value.code == 0
    assert [run["run_id"] for run in told] == ["20261101T181500Z-2", "20261101T181500Z-3"]
    assert told[0]["stages"][0] == {"stage": "ingest", "seconds": 3.142, "counts": {"new": 12, "quarantined": 2}}


@pytest.mark.parametrize("arguments", [["-n", "-1"], ["--warehouse", "nowhere"]])
def test_wrong_use_is_answered_with_2(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["runs", *arguments])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("gongbao: ")
    assert not (tmp_path / "nowhere").exists()


def scraped(root: Path) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(metrics.path(root).read_text("utf-8"))
    return {
        (sample.name.removeprefix("gongbao_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_metrics_tell_the_last_run_of_each_flow_whatever_its_outcome(warehouse: Warehouse) -> None:
    night(warehouse, release_id="3f2a9c12", stages=STAGES)
    told = scraped(warehouse.root)
    assert told["run_last_timestamp_seconds", "nightly", "done"] == 1_793_556_960
    assert told["run_stage_seconds", "nightly", "extract"] == 60
    assert told["run_stage_count", "nightly", "normalise", "facts"] == 1_234_567
    night(warehouse, "failed", error="no space")
    runs.begin(warehouse, BEGAN, "backfill")
    night(warehouse, "held")
    told = scraped(warehouse.root)
    assert told["run_last_outcome", "nightly", "held"] == 1
    assert told["run_last_outcome", "nightly", "failed"] == 0
    assert told["run_last_timestamp_seconds", "nightly", "failed"] == 1_793_556_960
    assert told["runs_unended",] == 1
    assert ("run_stage_seconds", "nightly", "extract") not in told
    assert [path.name for path in metrics.path(warehouse.root).parent.iterdir()] == ["gongbao.prom"]


def test_where_no_night_was_ever_done_its_moment_is_absent_and_what_finds_the_warehouse_is_there(
    warehouse: Warehouse,
) -> None:
    night(warehouse, "held")
    told = scraped(warehouse.root)
    assert [key for key in told if key[0] == "run_last_timestamp_seconds"] == [
        ("run_last_timestamp_seconds", "nightly", "held")
    ]
    assert told["runs_unended",] == 0


def test_metrics_that_cannot_be_written_fail_no_run(warehouse: Warehouse, caplog: pytest.LogCaptureFixture) -> None:
    metrics.path(warehouse.root).parent.touch()
    night(warehouse)
    assert [run.standing for run in run_history.read(warehouse.root)] == ["done"]
    assert "could not be written" in caplog.text
