"""Every mart by its given/expect cases: MART.yaml beside this file holds them, `given.py` says what they leave out.

A case's `expect` names marts; each gives all rows of the mart, in its order, with the columns worth showing.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongbao import relations
from gongbao.publish import contract, stage_marts
from gongbao.warehouse import Warehouse
from tests.sql.given import insert_given

HERE = Path(__file__).parent
CASES: dict[str, dict[str, Any]] = {
    f"{path.stem}: {case['behaviour']}": case
    for path in sorted(HERE.glob("*.yaml"))
    if path.stem != "world"
    for case in yaml.safe_load(path.read_text("utf-8"))
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_mart(case: dict[str, Any], warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, case["given"])
    stage_marts(warehouse)
    contract.check(warehouse.connection)
    for mart, expected in case["expect"].items():
        assert mart_rows(warehouse, mart, list(expected[0])) == expected


COMPARED = {
    name: case for name, case in CASES.items() if {"county_comparison", "town_comparison"} & case["expect"].keys()
}


@pytest.mark.parametrize("case", COMPARED.values(), ids=COMPARED)
def test_figures_are_compared_alike_in_however_many_parts(
    case: dict[str, Any], warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relations, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(relations, "SORTED_AT_ONCE", 1)
    test_mart(case, warehouse)


def test_every_mart_has_a_case() -> None:
    shown = {mart for case in CASES.values() for mart in case["expect"]}
    assert {mart.name for mart in contract.marts()} - shown == {"meta_column"}


def mart_rows(warehouse: Warehouse, name: str, columns: list[str]) -> list[dict[str, Any]]:
    """A staged mart's rows as they lie: in the declared order, in which they are published."""
    rows = warehouse.connection.execute(f"select {', '.join(columns)} from marts.{name}").fetchall()
    return [dict(zip(columns, map(simple, row), strict=True)) for row in rows]


def simple(value: object) -> object:
    """Values as YAML writes them: whole decimals as integers, ratios to four places."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, float):
        return round(value, 4)
    return value.isoformat() if isinstance(value, date) else value
