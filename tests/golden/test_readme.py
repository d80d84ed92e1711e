"""What the README shows of the sample night is what the sample night gives."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def identifiers(sample_marts: Path) -> set[str]:
    found = set()
    for mart in ("fact", "target"):
        rows = duckdb.read_parquet(str(sample_marts / f"{mart}.parquet")).select("fact_id").fetchall()
        found |= {fact_id for (fact_id,) in rows}
    return found


def test_every_id_in_the_readme_can_be_explained(identifiers: set[str]) -> None:
    shown = set(re.findall(r"\b[0-9a-f]{24}\b", README))
    assert shown
    assert shown <= identifiers


def test_the_row_in_the_readme_is_in_the_fact_mart(sample_marts: Path) -> None:
    shown = dict(
        pair
        for names, values in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (.+?) \|$", README, re.M)
        for pair in zip(re.findall(r"`(\w+)`", names), values.split(" (")[0].split(", "), strict=False)
    )
    columns = (
        "ref_area",
        "indicator_id",
        "time_period",
        "obs_value",
        "unit_measure",
        "quote",
        "span_start",
        "span_end",
    )
    found = duckdb.read_parquet(str(sample_marts / "fact.parquet")).select(*columns).fetchall()
    assert tuple(shown[column] for column in columns) in {tuple(map(str, row)) for row in found}
