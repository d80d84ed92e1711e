"""The gate tests itself: each defect, put alone into the sample warehouse, is caught by the rule named for it.

The defects are those of `tests/seeded_defects`; `python -m tests.seeded_defects` prints them with what caught them.
Those of the staged marts: test_seeded_mart_defects.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gongbao.validate import validate_core
from gongbao.warehouse import Warehouse
from tests.seeded_defects import core, gate, marts, planted, releases
from tests.seeded_defects.defect import Defect
from tests.unit.validate.small_core import fill

named = pytest.mark.parametrize


def test_the_clean_samples_raise_nothing_but_what_is_planted_in_them(start: gate.Clean) -> None:
    assert planted.found(start) == planted.expected()
    assert not start.core.held
    assert not start.marts.held
    assert start.core.withheld == 0
    assert start.marts.failed == 0


def test_a_clean_core_of_ranges_changes_and_falling_people_raises_nothing(warehouse: Warehouse) -> None:
    fill(warehouse)
    verdict = validate_core(warehouse, "run")
    assert [result.expectation for result in verdict.results if result.outcome != "passed"] == []
    assert (verdict.withheld, verdict.caveats, verdict.failed) == (0, 0, 0)


@named("defect", core.DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_of_core_is_caught_by_its_rule(start: gate.Clean, tmp_path: Path, defect: Defect) -> None:
    gate.check(defect, gate.in_core(start, defect, tmp_path / "harmed"))


@named("defect", releases.DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_between_two_releases_holds_the_later(start: gate.Clean, tmp_path: Path, defect: Defect) -> None:
    gate.check(defect, gate.in_release(start, defect, tmp_path / "harmed"))


def test_withheld_figures_are_absent_from_marts_that_are_sound(start: gate.Clean, tmp_path: Path) -> None:
    refused = [defect for defect in core.DEFECTS if defect.row in {core.TOWN_REVENUE, core.COUNTY_PEOPLE}]
    refused = [defect for defect in refused if defect.rule in {"magnitude_plausible", "not_in_future"}][-2:]
    verdict, published, slipped = gate.withheld_at_once(start, refused, tmp_path / "harmed")
    assert (verdict.held, verdict.withheld) == (False, 2)
    assert (published.held, published.failed, slipped) == (False, 0, set())


def test_every_check_of_core_has_its_defect(start: gate.Clean) -> None:
    checks = {(result.suite, result.expectation) for result in start.core.results}
    # The schema has no place for a figure without an id.
    assert checks - {(defect.suite, defect.rule) for defect in core.DEFECTS} == {("core.figure", "fact_id_complete")}


def test_no_two_defects_share_a_name() -> None:
    names = [defect.name for defect in (*core.DEFECTS, *marts.DEFECTS, *releases.DEFECTS)]
    assert len(names) == len(set(names))
