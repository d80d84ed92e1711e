"""The blocks of Python in docs/bi.md run as they stand there, on the sample release."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "bi.md").read_text("utf-8")


def recipe(section: str) -> str:
    """The Python of a section: its indented blocks, but those of another language."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", text, re.MULTILINE)
    python = (block for block in blocks if not block.strip().startswith("{"))
    return "\n".join(line[4:] for block in python for line in block.splitlines())


@pytest.fixture
def run(tmp_path: Path, sample_marts: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a section's recipe where `warehouse/current` is the sample release; gives the names it made."""
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "current").symlink_to(sample_marts)
    monkeypatch.chdir(tmp_path)

    def run(section: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        exec(compile(recipe(section), f"docs/bi.md, {section}", "exec"), made)
        return made

    return run


def test_pandas(run: Any) -> None:
    made = run("pandas")
    assert made["league"]["rank_computed"].min() == 1
    assert len(made["proved"]) == len(made["counties"])
    assert made["proved"]["document_title"].notna().any()
    assert set(made["ranks"]["fact_id"]) >= set(made["counties"]["fact_id"])
    assert made["ranks"]["ref_area"].str.fullmatch(r"\d{6}|\d{9}|X.*").all()


def test_polars(run: Any) -> None:
    missed = run("Polars")["missed"]
    assert missed.height > 0
    assert missed["attainment_ratio"].drop_nulls().is_sorted()


def test_duckdb(run: Any) -> None:
    trend = run("DuckDB")["trend"]
    assert {period for _, period, *_ in trend} >= {"2023", "2024"}


def test_the_database_for_superset_holds_the_marts_and_opens_no_file(run: Any) -> None:
    made = run("Superset")
    closed = made["closed"]
    assert made["n_facts"][0] > 0
    assert closed.execute("select count(*) from meta_column").fetchone()[0] > 0
    with pytest.raises(duckdb.PermissionException):
        closed.execute("select * from read_csv('/etc/hostname')")
    with pytest.raises(duckdb.InvalidInputException):
        closed.execute("set enable_external_access = true")
    closed.close()
