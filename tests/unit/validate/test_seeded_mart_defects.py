"""The gate tests itself on the marts: each defect is caught by the rule named for it. See test_seeded_defects.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongbao.publish import contract
from tests.seeded_defects import gate, marts
from tests.seeded_defects.defect import Defect


@pytest.mark.parametrize("defect", marts.DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_of_the_marts_is_caught_by_its_rule(start: gate.Clean, tmp_path: Path, defect: Defect) -> None:
    gate.check(defect, gate.in_marts(start, defect, tmp_path / "harmed"))


def test_every_check_of_the_marts_has_its_defect(start: gate.Clean) -> None:
    checks = {(result.suite, result.expectation) for result in start.marts.results}
    assert checks - {(defect.suite, defect.rule) for defect in marts.DEFECTS} == set()


def test_every_described_mart_has_a_suite(start: gate.Clean) -> None:
    judged = {result.suite for result in start.marts.results}
    assert {f"marts.{mart.name}" for mart in contract.marts()} <= judged
