"""Releases made by hand: a few facts in a small world, published, changed, published again."""

from __future__ import annotations

from typing import Any

from gongbao.publish import Release, publish, stage_marts
from gongbao.validate import CheckResult, Sample, Verdict
from gongbao.validate.verdict import Outcome, Severity
from gongbao.warehouse import Warehouse
from tests.sql.given import insert_given


def check(
    expectation: str, outcome: Outcome, severity: Severity = "info", failed: int = 0, samples: tuple[Sample, ...] = ()
) -> CheckResult:
    """The result of a rule over nine facts."""
    return CheckResult(
        suite="core.rules",
        expectation=expectation,
        target="core.fact",
        severity=severity,
        success=outcome == "passed",
        outcome=outcome,
        observed=f"{failed} of 9 rows",
        limit="none",
        rows_checked=9,
        rows_failed=failed,
        note_zh=f"{expectation} 不合。",
        note_en=f"{expectation} is broken.",
        samples=samples,
    )


def verdict(*results: CheckResult, withheld: int = 0, caveats: int = 0) -> Verdict:
    """The verdict over such results."""
    passed = sum(result.outcome == "passed" for result in results)
    is_held = any(result.outcome == "held" for result in results)
    return Verdict(is_held, passed, len(results) - passed, results, withheld, caveats)


SOUND = (verdict(check("present", "passed"), check("known", "passed"), check("once", "passed")),)


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


def release(warehouse: Warehouse, *changes: str, verdicts: tuple[Verdict, ...] = SOUND) -> Release:
    """Change core, build the marts and publish them."""
    change(warehouse, *changes)
    return publish(warehouse, verdicts)


def change(warehouse: Warehouse, *changes: str) -> None:
    """Change core and build the marts."""
    for statement in changes:
        warehouse.connection.execute(statement)
    stage_marts(warehouse)
