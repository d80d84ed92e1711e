"""From `gongbao explain` to corrections.yml to the marts, as a curator goes; what `gongbao doctor` says of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from gongbao import settings
from gongbao.doctor import Finding, examine
from gongbao.normalise import correction_file, extract_pending, normalise
from gongbao.publish import explain, publish, render, stage_marts
from gongbao.warehouse import Warehouse
from tests.conftest import ROOT
from tests.unit.normalise.test_stage import REPORT, add, rows
from tests.unit.review.given import run

MISPRINT = REPORT.replace("6120万元", "6120亿元")
REVENUE = "select fact_id from core.fact where indicator_id = 'general_budget_revenue' and measure = 'level'"
ANSWER = {"with": {"value": "6120万元"}, "action": "replace", "reason": "a town takes no 亿元", "source": "2024年决算"}


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def night(warehouse: Warehouse) -> None:
    extract_pending(warehouse)
    normalise(warehouse, settings.load().read_corrections())


def copied(warehouse: Warehouse) -> list[dict[str, object]]:
    """The record that `gongbao explain` prints for the revenue, as it would be copied from the terminal."""
    [(fact_id,)] = rows(warehouse, REVENUE)
    lines = render(explain(warehouse, fact_id))
    first = lines.index("to correct it, in corrections.yml") + 1
    return list(yaml.load("\n".join(lines[first:]), yaml.BaseLoader))


def corrected(folder: Path, name: str = "report.txt") -> None:
    """A warehouse whose revenue is corrected by the record that its explanation begins."""
    with Warehouse(folder / "warehouse") as opened:
        add(opened, name, MISPRINT)
        night(opened)
        records = [record | ANSWER for record in copied(opened)]
        (folder / "corrections.yml").write_text(yaml.safe_dump(records, allow_unicode=True), "utf-8")
        night(opened)


def findings(topic: str) -> list[Finding]:
    return [finding for finding in examine({}) if finding.topic == topic]


@pytest.mark.parametrize("name", ["report.txt", "公报: #1, \"2024\" 'x'.txt", "2024"])
def test_what_explain_prints_is_the_beginning_of_a_record(working_directory: Path, name: str) -> None:
    corrected(working_directory, name)
    with Warehouse.reading(working_directory / "warehouse") as opened:
        [(fact_id,)] = rows(opened, REVENUE)
        lines = [line.strip() for line in render(explain(opened, fact_id))]
    assert "caveat corrected" in lines
    assert "corrected: value 612000000000元 → value 6120万元; reason: a town takes no 亿元; source: 2024年决算" in lines


def test_a_withdrawn_figure_is_explained_too(working_directory: Path, warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", MISPRINT)
    night(warehouse)
    records = [record | {"action": "withdraw", "reason": "damaged", "source": "none"} for record in copied(warehouse)]
    (working_directory / "corrections.yml").write_text(json.dumps(records), "utf-8")  # JSON is YAML
    night(warehouse)
    [(statement_id,)] = rows(warehouse, "select statement_id from core.unresolved where reason = 'withdrawn'")
    remarks = explain(warehouse, statement_id).remarks
    assert "withdrawn: value 612000000000元; reason: damaged; source: none" in remarks


def test_the_mart_tells_that_a_figure_is_corrected(working_directory: Path) -> None:
    corrected(working_directory)
    with Warehouse(working_directory / "warehouse") as opened:
        stage_marts(opened)
        publish(opened, {})
        mart = str(opened.current / "fact.parquet")
        found = rows(
            opened,
            f"select obs_value, value_text, caveat_codes from read_parquet('{mart}') "
            "where indicator_id = 'general_budget_revenue' and measure = 'level'",
        )
    assert found == [(61200000, "6120亿元", "corrected")]


def test_the_doctor_counts_corrections_and_names_the_stale_ones(working_directory: Path) -> None:
    assert [each.detail[:8] for each in findings("corrections")] == ["no file "]
    corrected(working_directory)
    path = working_directory / "corrections.yml"
    (record,) = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    path.write_text(json.dumps([record, record | {"at": "3"}], indent=1), "utf-8")
    assert [each.detail for each in findings("corrections")] == [
        "2 in corrections.yml, 1 applied, 1 wait for the next run"
    ]
    with Warehouse(working_directory / "warehouse") as opened:
        night(opened)
    (stale,) = findings("stale correction")
    assert stale.detail.endswith("report.txt at 3: no figure is read there now")
    assert stale.remedy == f"correct or delete the record of line {correction_file.read(path)[1].line}"
    path.write_text("- document: report.txt\n", "utf-8")
    (unreadable,) = findings("corrections")
    assert (unreadable.status, unreadable.detail) == ("fault", "corrections.yml line 1: expect: is missing")


def test_a_file_that_cannot_be_read_ends_the_run_before_it_begins(working_directory: Path) -> None:
    (working_directory / "corrections.yml").write_text("- document: report.txt\n  at: B5\n", "utf-8")
    told = run(working_directory, "-m", "gongbao", "run", code=2)
    assert "corrections.yml line 2: at: B5 is neither a start in the text" in " ".join(told.split())
    assert not (working_directory / "warehouse").exists()


def test_the_example_of_the_pages_is_a_record(working_directory: Path) -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    example = page[page.index("    - document:") : page.index("`at` is the start")]
    (working_directory / "corrections.yml").write_text("\n".join(line[4:] for line in example.splitlines()), "utf-8")
    (record,) = settings.load().read_corrections()
    assert record.expect.quote == "5,533亿元"
