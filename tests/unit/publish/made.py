"""Releases made by hand: a few facts in a small world, published, changed, published again."""

from __future__ import annotations

from typing import Any

from gongbao.publish import Release, publish, stage_marts
from gongbao.warehouse import Warehouse
from tests.sql.given import insert_given

CHECKS: dict[str, Any] = {"passed": 3, "failed": 0, "findings": []}


def facts(number: int, first: int = 0) -> list[dict[str, Any]]:
    """Facts of four places, one a place and year."""
    places = ["371621", "371622", "370725", "371621104"]
    return [
        {
            "fact_id": f"f{index:03}",
            "document_id": f"d{index % 7}",
            "ref_area": places[index % 4],
            "time_period": str(1900 + index // 4),
            "obs_value": 100 + index,
        }
        for index in range(first, first + number)
    ]


def begin(warehouse: Warehouse, number: int = 40) -> Release:
    """A first release of so many facts."""
    insert_given(warehouse.connection, {"core.fact": facts(number)})
    return release(warehouse)


def release(warehouse: Warehouse, *changes: str, checks: dict[str, Any] = CHECKS) -> Release:
    """Change core, build the marts and publish them."""
    change(warehouse, *changes)
    return publish(warehouse, checks)


def change(warehouse: Warehouse, *changes: str) -> None:
    """Change core and build the marts."""
    for statement in changes:
        warehouse.connection.execute(statement)
    stage_marts(warehouse)
