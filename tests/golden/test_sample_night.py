"""The sample night against the ledger of planted figures: an oracle written before the texts were extracted.

A figure counts as found where the marts hold it from the same text with the same place, indicator, measure, period,
value, unit and comparator.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import Night
from tests.golden.ledger import read_ledger

Key = tuple[str, ...]


@pytest.fixture(scope="module")
def marts(sample_marts: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    for path in sorted(sample_marts.glob("*.parquet")):
        connection.execute(f"create view {path.stem} as select * from read_parquet('{path}')")
    yield connection
    connection.close()


def texts_by_file(marts: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(marts.execute("select file_name, text_id from document where text_id is not null").fetchall())


def canonical(value: Decimal | str, unit: str | None) -> tuple[str, str]:
    """A value in the canonical unit, whatever multiple of it a mart publishes."""
    number, unit = Decimal(value), unit or ""
    if unit.startswith("100m "):
        number, unit = number * 10**8, unit.removeprefix("100m ")
    return format(number.normalize(), "f"), unit


def published(marts: duckdb.DuckDBPyConnection, mart: str) -> set[Key]:
    rows = marts.execute(
        f"select text_id, figure.ref_area, indicator_id, measure, time_period, obs_value, unit_measure, comparator "
        f"from {mart} as figure inner join document using (document_id) where subject_type = 'area'"
    ).fetchall()
    return {(*row[:5], *canonical(row[5], row[6]), row[7]) for row in rows}


def expected(row: dict[str, str], text_id: str) -> Key:
    return (
        text_id,
        *(row[name] for name in ("ref_area", "indicator_id", "measure", "time_period")),
        *canonical(row["value"], row["unit_measure"]),
        row["comparator"],
    )


@pytest.mark.parametrize(
    ("kind", "anchor", "share"),
    [("fact", "start", 0.95), ("target", "start", 0.95), ("fact", "cell", 0.99)],
    ids=["facts of texts", "targets of texts", "cells of sheets"],
)
def test_the_marts_hold_what_was_planted(
    marts: duckdb.DuckDBPyConnection, kind: str, anchor: str, share: float
) -> None:
    text_ids, found = texts_by_file(marts), published(marts, kind)
    planted = [row for row in read_ledger(kind) if row[anchor]]
    missing = [row for row in planted if expected(row, text_ids[row["file"]]) not in found]
    report = "\n".join(f"{row['file']} {row['quote']} {row['indicator_id']} {row['measure']}" for row in missing)
    assert len(missing) <= (1 - share) * len(planted), f"{len(missing)} of {len(planted)} missing:\n{report}"


def anchored(marts: duckdb.DuckDBPyConnection, rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    """The rows whose number stands in `fact` or `target` as a place's figure."""
    text_ids = texts_by_file(marts)
    spans: dict[str, list[tuple[int, int]]] = {}
    cells: set[tuple[str, str]] = set()
    for mart in ("fact", "target"):
        for text_id, start, end, sheet, cell in marts.execute(
            f"select text_id, span_start, span_end, sheet, cell from {mart} inner join document using (document_id) "
            "where subject_type = 'area'"
        ).fetchall():
            if start is None:
                cells.add((text_id, f"{sheet}!{cell}"))
            else:
                spans.setdefault(text_id, []).append((start, end))
    standing = []
    for row in rows:
        text_id = text_ids[row["file"]]
        if row["cell"]:
            is_standing = (text_id, row["cell"]) in cells
        else:
            start, end = int(row["start"]), int(row["start"]) + len(row["quote"])
            is_standing = any(first < end and start < last for first, last in spans.get(text_id, []))
        if is_standing:
            standing.append((row["file"], row["quote"]))
    return standing


def test_slogans_telephone_numbers_and_placeholders_are_no_figures(marts: duckdb.DuckDBPyConnection) -> None:
    assert anchored(marts, read_ledger("none")) == []


def test_a_projects_own_amounts_are_not_the_places(marts: duckdb.DuckDBPyConnection) -> None:
    amounts = read_ledger("entity")
    standing = anchored(marts, amounts)
    assert len(standing) <= 0.05 * len(amounts), standing


FINDINGS: list[tuple[str, str, str, str, set[str]]] = [
    ("371621104", "general_budget_revenue", "level", "2024", {"contradiction", "restatement"}),
    ("371621", "general_budget_revenue", "level", "2024", {"contradiction", "restatement"}),
    ("371621105", "industrial_output_above", "level", "2023", {"contradiction", "restatement"}),
    ("371621101", "projects_signed", "level", "2023", {"contradiction"}),
    ("371621", "gdp", "level", "2023", {"restatement"}),
    ("371621001", "tax_revenue", "level", "2024", {"part_exceeds_whole"}),
    ("371621105", "online_retail_sales", "level", "2023", {"restatement"}),
    ("371625", "retail_sales", "growth", "2024", {"growth_not_from_levels"}),
    ("371621104", "industrial_output_above", "rank", "2023", {"rank_not_from_peers"}),
    ("371622", "retail_sales", "rank", "2024", {"rank_not_from_peers"}),
]


@pytest.mark.parametrize(("place", "indicator", "measure", "period", "kinds"), FINDINGS)
def test_a_planted_discrepancy_is_found(
    marts: duckdb.DuckDBPyConnection, place: str, indicator: str, measure: str, period: str, kinds: set[str]
) -> None:
    found = {
        finding
        for (finding,) in marts.execute(
            "select finding from discrepancy "
            "where ref_area = ? and indicator_id = ? and measure = ? and time_period = ?",
            [place, indicator, measure, period],
        ).fetchall()
    }
    assert found & kinds


@pytest.mark.parametrize(
    ("place", "indicator", "period"),
    [
        ("371621111", "industrial_output_above", "2023"),
        ("371621111", "general_budget_revenue", "2023"),
        ("371621105", "industrial_output_above", "2023"),
        ("371621001", "general_budget_revenue", "2023"),
        ("371625", "general_budget_revenue", "2023"),
    ],
)
def test_a_rank_that_fits_is_no_finding(
    marts: duckdb.DuckDBPyConnection, place: str, indicator: str, period: str
) -> None:
    key = [place, indicator, period]
    where = "ref_area = ? and indicator_id = ? and time_period = ?"
    assert marts.execute(f"select count(*) from fact where measure = 'rank' and {where}", key).fetchone() == (1,)
    assert marts.execute(f"select count(*) from discrepancy where measure = 'rank' and {where}", key).fetchone() == (0,)


ATTAINMENT: list[tuple[str, str, str, str, str]] = [
    ("371621111", "new_hitech_enterprises", "level", "2024", "met"),
    ("371621111", "tech_smes", "level", "2024", "met"),
    ("371621111", "projects_100m", "level", "2024", "met"),
    ("371621111", "rural_roads_built", "level", "2024", "met"),
    ("371621111", "projects_signed", "level", "2024", "missed"),
    ("371621111", "innovative_smes", "level", "2024", "missed"),
    ("371621111", "graduates_attracted", "level", "2024", "exceeded"),
    ("371621111", "sanitation_coverage", "level", "2024", "not_reported"),
    ("371621111", "fixed_asset_investment", "growth", "2025", "missed"),
    ("371621111", "rural_roads_built", "level", "2025", "exceeded"),
    ("371621111", "industrial_output_above", "level", "2026", "pending"),
    ("371621104", "urban_new_jobs", "level", "2024", "not_reported"),
    ("371621104", "tourist_visits", "level", "2025", "missed"),
    ("371621105", "rural_roads_built", "level", "2024", "missed"),
    ("371621103", "high_standard_farmland", "level", "2024", "missed"),
    ("371621101", "projects_signed", "level", "2024", "missed"),
    ("371621001", "hotline_satisfaction", "level", "2024", "missed"),
    ("371621", "gdp", "growth", "2024", "missed"),
    ("371621", "new_hitech_enterprises", "level", "2024", "met"),
    ("371625", "rural_roads_built", "level", "2024", "missed"),
    ("371623", "port_throughput", "level", "2024", "met"),
    ("371623", "new_hitech_enterprises", "level", "2025", "missed"),
    ("371622", "projects_signed", "level", "2025", "missed"),
    ("371622", "gdp", "growth", "2026", "pending"),
]


@pytest.mark.parametrize(("place", "indicator", "measure", "period", "status"), ATTAINMENT)
def test_a_target_meets_its_outcome(
    marts: duckdb.DuckDBPyConnection, place: str, indicator: str, measure: str, period: str, status: str
) -> None:
    found = marts.execute(
        "select distinct status from target_attainment "
        "where ref_area = ? and indicator_id = ? and measure = ? and time_period = ?",
        [place, indicator, measure, period],
    ).fetchall()
    assert found == [(status,)]


def test_what_cannot_be_read_is_quarantined_with_a_reason(sample_night: Night) -> None:
    refused: dict[str, Any] = {}
    for path in (sample_night.warehouse / "quarantine").glob("*.json"):
        entry = json.loads(path.read_text("utf-8"))
        refused[Path(entry["uri"]).name] = entry["reason"]
    assert set(refused) == {"桑落墅镇2024年工作总结.txt", "魏集镇2023年工作报告.doc", "12345热线平台导出_20251231.json"}
    assert all(refused.values())


def test_a_text_under_two_names_counts_once(marts: duckdb.DuckDBPyConnection) -> None:
    names = "file_name in ('李庄镇镇情（2023年末）.txt', '镇街概览之李庄.txt')"
    assert marts.execute(f"select count(*), count(distinct text_id) from document where {names}").fetchone() == (2, 1)
    assert marts.execute(
        f"select count(distinct document_id) from fact inner join document using (document_id) where {names}"
    ).fetchone() == (1,)


@pytest.mark.parametrize("mart", ["fact", "target"])
def test_every_sample_figure_says_that_it_is_one(marts: duckdb.DuckDBPyConnection, mart: str) -> None:
    unmarked = "not list_contains(string_split(coalesce(caveat_codes, ''), ';'), 'sample')"
    figures = marts.execute(f"select count(*) filter ({unmarked}), count(*) from {mart}").fetchone()
    assert figures is not None
    assert figures[0] == 0
    assert figures[1] > 300
