"""Every code that a suite allows in a mart has a Chinese label, and no other has."""

from __future__ import annotations

import pytest

from gongbao.publish import stage_marts
from gongbao.validate.suites import load_suites
from gongbao.warehouse import Warehouse

SLOTS = ("measure", "comparator", "finding", "severity", "coverage_status", "slot", "status", "reason", "light")


@pytest.fixture
def labelled(warehouse: Warehouse) -> set[tuple[str, str]]:
    stage_marts(warehouse)
    return set(warehouse.connection.execute("select slot, code from core.code_label").fetchall())


def test_codes_and_labels_are_the_same_list(labelled: set[tuple[str, str]]) -> None:
    allowed = {
        (entry.kwargs["column"], code)
        for schema in ("core", "marts")
        for suite in load_suites(schema)
        for entry in suite.entries
        if entry.type == "expect_column_values_to_be_in_set" and entry.kwargs["column"] in SLOTS
        for code in entry.kwargs["value_set"]
    }
    # A grey light is labelled by the status that makes it grey.
    assert allowed - {("light", "grey")} == labelled
