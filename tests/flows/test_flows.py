"""The flows besides the night, as a worker runs them: outcomes, artifacts, logs, the run ledger."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prefect.flows import load_flow_from_entrypoint

from gongbao import run_history
from tests.conftest import ROOT

FLOWS = {
    "nightly": {"inbox", "warehouse"},
    "backfill": {"documents", "places", "published_since", "published_until", "everything", "warehouse"},
    "ingest_one": {"where", "publisher", "place", "doc_type", "caveats", "warehouse"},
    "publish_asof": {"date", "out", "warehouse"},
}


class Told:
    """What the steps of run_flows.py left: states, artifacts, lines on standard error, the warehouse."""

    def __init__(self, folder: Path, stderr: str) -> None:
        self.steps: dict[str, dict[str, Any]] = json.loads((folder / "told.json").read_text("utf-8"))
        self.lines = [json.loads(line) for line in stderr.splitlines() if line.startswith("{")]
        self.warehouse = folder / "warehouse"

    def artifact(self, step: str, key: str) -> Any:
        data = self.steps[step]["artifacts"][key]["data"]
        return json.loads(data) if isinstance(data, str) and data.startswith("[{") else data


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, migrated: Callable[[Path], Path], short_gate: Path) -> Told:
    folder = tmp_path_factory.mktemp("flows")
    migrated(folder / "prefect")
    inherited = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    environment = {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "INFO",
        "GONGBAO_NOW": "2026-11-01T20:00:00Z",
        "GONGBAO_HOME": str(short_gate),
        "PYTHONPATH": str(ROOT),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "tests.flows.run_flows", str(folder)],
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return Told(folder, ended.stderr)


@pytest.mark.parametrize("name", FLOWS)
def test_the_run_form_names_each_parameter_in_both_languages(name: str) -> None:
    flow = load_flow_from_entrypoint(f"{ROOT}/flows/{name}.py:{name}")
    properties = flow.parameters.properties
    assert (flow.name, set(properties)) == (name, FLOWS[name])
    for parameter, shown in properties.items():
        for slot in ("title", "description"):
            assert any("一" <= character <= "鿿" for character in shown[slot]), (parameter, slot)
            assert any(character.isascii() and character.isalpha() for character in shown[slot]), (parameter, slot)
        assert "examples" in shown or "enum" in str(shown) or shown.get("type") == "boolean", parameter
    assert flow.timeout_seconds
    assert flow.on_failure_hooks
    assert flow.on_crashed_hooks
    assert flow.description


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("backfill", {"published_since": "soon"}),
        ("backfill", {"documents": [""]}),
        ("ingest_one", {"where": "a.txt", "doc_type": "novel"}),
        ("publish_asof", {"date": "yesterday"}),
    ],
)
def test_a_parameter_out_of_bounds_is_refused_before_the_run(name: str, parameters: dict[str, Any]) -> None:
    flow = load_flow_from_entrypoint(f"{ROOT}/flows/{name}.py:{name}")
    with pytest.raises(Exception, match=next(reversed(parameters))):
        flow.validate_parameters(parameters)


def test_one_file_is_published_with_what_was_said_of_it(told: Told) -> None:
    assert (told.steps["one"]["type"], told.steps["one"]["name"]) == ("COMPLETED", "Completed")
    summary = told.artifact("one", "summary")
    assert summary.startswith("**完成 done** ingest\\_one 20261101T200000Z-1\n\nrelease ")
    assert "| normalise | " in summary
    assert "facts 2" in summary
    rows = told.artifact("one", "release-diff")
    assert {"mart": "fact", "行 rows": 2, "变动 changes": "—"} in rows
    assert told.artifact("one", "quality").startswith("**release ")
    assert "quality.html" in told.artifact("one", "quality-page")


def test_a_stage_shows_how_far_it_is(told: Told) -> None:
    shown = {key for key in told.steps["one"]["artifacts"] if key.startswith("progress-")}
    assert shown >= {"progress-ingest", "progress-extract", "progress-normalise", "progress-marts", "progress-publish"}
    assert told.artifact("one", "progress-marts") == 100
    assert all(re.fullmatch("[a-z0-9-]+", key) for step in told.steps.values() for key in step["artifacts"])


def test_a_refused_file_is_a_fault_and_stands_in_the_table(told: Told) -> None:
    step = told.steps["bad"]
    assert (step["type"], step["name"]) == ("COMPLETED", "CompletedWithFaults")
    (row,) = told.artifact("bad", "quarantine")
    assert row["文件 uri"] == "bad.pdf"
    assert row["办法 remedy"]
    document = next(row for row in told.artifact("bad", "release-diff") if row["mart"] == "document")
    assert (document["新增 added"], "bad.pdf" in document["例 samples"]) == (1, True)


def test_a_backfill_of_everything_publishes_the_same_release(told: Told) -> None:
    assert told.steps["again"]["current"] == told.steps["bad"]["current"]
    assert told.steps["again"]["name"] == "CompletedWithFaults"  # the refused file lies there still
    again = next(run for run in run_history.read(told.warehouse) if run.flow == "backfill")
    counts = {stage.name: stage.counts for stage in again.stages}
    assert (counts["ingest"]["seen"], counts["extract"]["extracted"], counts["normalise"]["normalised"]) == (2, 1, 1)


def test_a_past_date_is_published_beside_the_warehouse(told: Told) -> None:
    assert told.steps["past"]["type"] == "COMPLETED"
    assert (told.warehouse / "asof" / "2026-11-01" / "fact.parquet").is_file()
    assert told.artifact("past", "summary").startswith("- as of 2026")
    assert told.steps["past"]["current"] == told.steps["bad"]["current"]


@pytest.mark.parametrize(
    ("step", "error", "exit_code", "message"),
    [
        ("nothing", "UsageError", 2, "nothing is selected: name documents, places or dates of publication"),
        ("future", "UsageError", 2, "2999-01-01 is still to come"),
        ("locked", "WarehouseLocked", 5, "another run holds the warehouse"),
        ("wrong", "UsageError", 2, "the inbox nowhere is no folder"),
    ],
)
def test_what_a_person_can_act_on_is_a_failed_state_that_says_it(
    told: Told, step: str, error: str, exit_code: int, message: str
) -> None:
    ended = told.steps[step]
    assert (ended["type"], ended["error"], ended["exit_code"]) == ("FAILED", error, exit_code)
    assert message in ended["message"]
    assert ended["current"] == told.steps["bad"]["current"]


def test_the_pid_of_the_holder_is_told(told: Told) -> None:
    assert "(pid " in told.steps["locked"]["message"]


def test_a_failed_flow_says_what_to_do_and_closes_what_was_killed(told: Told) -> None:
    advice = [line["message"] for line in told.lines if line["message"].startswith("what to do: ")]
    assert len(advice) == 4
    assert "wait for the run of that pid" in advice[2]
    killed = next(run for run in run_history.read(told.warehouse) if run.run_id == "20200101T000000Z-1")
    assert killed.standing == "failed"
    assert "run again" in str(killed.error)


def test_lines_on_standard_error_are_json_with_run_and_document(told: Told) -> None:
    (accepted,) = (
        line for line in told.lines if line["message"] == "document accepted" and line["run_id"][-2:] == "-1"
    )
    assert accepted["flow"] == "ingest_one"
    assert len(accepted["document_id"]) == 64
    ended = [line for line in told.lines if line.get("stage") == "extract" and "seconds" in line]
    assert [line["counts"]["extracted"] for line in ended] == [1, 0, 1]
