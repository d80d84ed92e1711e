"""Too much gone or reading otherwise holds a release; what is stated again, new, upgraded or small does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongbao import churn, project
from gongbao.errors import UsageError
from gongbao.publish import Candidate, prepare
from gongbao.validate import Verdict
from gongbao.warehouse import Warehouse
from tests.conftest import ROOT
from tests.sql.given import insert_given
from tests.unit.publish.made import SOUND, begin, change, facts

LIMIT = {"max_share": 0.1, "minimum_rows": 20, "severity": "critical", "note_zh": "消失太多。", "note_en": "Too much."}
FACT = LIMIT | {"grain": ["ref_area", "indicator_id", "time_period"], "figure": ["obs_value"]}
DOCUMENT = LIMIT | {"grain": ["document_id"], "figure": [], "max_share": 0.0, "minimum_rows": 5}


@pytest.fixture(autouse=True)
def expectations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout of its own, with these limits; the code's version is that of all nights in it."""
    home = tmp_path / "home"
    (home / "expectations").mkdir(parents=True)
    for name in ("sql", "requirements.lock"):
        (home / name).symlink_to(ROOT / name)
    monkeypatch.setenv("GONGBAO_HOME", str(home))
    write(home, {"fact": FACT, "document": DOCUMENT})
    project.code_version.cache_clear()
    yield home
    project.code_version.cache_clear()


def write(home: Path, limits: Any) -> None:
    (home / "expectations" / "churn.yaml").write_text(yaml.safe_dump(limits), "utf-8")


def judged(warehouse: Warehouse, *changes: str) -> tuple[Verdict, Candidate]:
    change(warehouse, *changes)
    candidate = prepare(warehouse, SOUND)
    return churn.judge(warehouse, "run", candidate), candidate


def test_the_first_release_has_nothing_to_be_compared_with(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, {"core.fact": facts(40)})
    verdict, candidate = judged(warehouse)
    assert (verdict.held, verdict.results, churn.describe(verdict, candidate)) == (False, (), [])


def test_too_many_gone_hold_the_release_with_counts_samples_and_what_to_do(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    verdict, candidate = judged(
        warehouse,
        "delete from core.fact where fact_id between 'f010' and 'f013'",
        "update core.fact set obs_value = 7 where fact_id = 'f020'",
    )
    assert verdict.held
    told = churn.describe(verdict, candidate)
    assert told[0].startswith(
        "holds the release: marts.fact: 5 of 40 rows (12.50 %) went or changed: 4 gone, 1 changed, limit 10 %."
    )
    assert "is gone [f0" in told[0]
    assert f"`gongbao diff {first.release_id[:8]} {candidate.release_id[:8]}`" in told[-1]
    assert f"`gongbao publish {candidate.release_id[:8]}`" in told[-1]


def test_as_many_as_the_limit_pass(warehouse: Warehouse) -> None:
    begin(warehouse)
    verdict, _ = judged(warehouse, "delete from core.fact where fact_id between 'f010' and 'f013'")
    assert (verdict.held, verdict.failed) == (False, 0)


def test_figures_that_another_text_states_again_are_not_gone(warehouse: Warehouse) -> None:
    begin(warehouse)
    verdict, candidate = judged(warehouse, "update core.fact set fact_id = 'g' || fact_id")
    assert candidate.changes is not None
    assert candidate.changes["fact"] == {"added": 40, "changed": 0, "removed": 40}
    assert not verdict.held


def test_new_rows_are_never_too_many(warehouse: Warehouse) -> None:
    begin(warehouse)
    nothing: dict[str, list[dict[str, Any]]] = {"core.place": [], "core.indicator": []}
    insert_given(warehouse.connection, nothing | {"core.fact": facts(200, first=40)})
    verdict, _ = judged(warehouse, "delete from raw.document where rowid >= 7")
    assert not verdict.held


def test_a_small_mart_is_not_judged(warehouse: Warehouse) -> None:
    begin(warehouse, 19)
    verdict, _ = judged(warehouse, "delete from core.fact where fact_id > 'f003'")
    assert not verdict.held
    assert any("not judged below 20 rows" in result.observed for result in verdict.results)


def test_other_code_or_vocabulary_is_told_and_does_not_hold(
    warehouse: Warehouse, expectations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(warehouse)
    (expectations / "expectations" / "another.yaml").write_text("a: b", "utf-8")
    project.code_version.cache_clear()
    verdict, candidate = judged(warehouse, "delete from core.fact where fact_id > 'f003'")
    assert not verdict.held
    (line,) = churn.describe(verdict, candidate)
    assert line.startswith("for information: marts.fact: 36 of 40 rows")
    assert "code or vocabulary are others" in line


def test_a_warning_is_told_and_does_not_hold(warehouse: Warehouse, expectations: Path) -> None:
    write(expectations, {"fact": FACT | {"severity": "warning"}})
    begin(warehouse)
    verdict, _ = judged(warehouse, "delete from core.fact where fact_id > 'f003'")
    assert [result.outcome for result in verdict.results] == ["reported"]


def test_a_document_that_is_gone_holds_the_release(warehouse: Warehouse) -> None:
    nothing: dict[str, list[dict[str, Any]]] = {"core.place": [], "core.indicator": []}
    insert_given(warehouse.connection, nothing | {"raw.document": [{"document_id": "without a figure"}]})
    begin(warehouse)
    verdict, candidate = judged(warehouse, "delete from raw.document where document_id = 'without a figure'")
    assert [result.suite for result in verdict.results if result.outcome == "held"] == ["release.document"]
    assert "1 of 8 rows" in churn.describe(verdict, candidate)[0]


def test_the_results_stand_beside_those_of_the_marts_and_not_in_the_manifest(warehouse: Warehouse) -> None:
    begin(warehouse)
    _, candidate = judged(warehouse, "delete from core.fact where fact_id > 'f003'")
    churn.judge(warehouse, "run", candidate)
    rows = warehouse.connection.execute(
        "select suite, outcome, rows_checked, rows_failed from ops.check_result order by 1"
    ).fetchall()
    assert rows == [("release.document", "passed", 7, 0), ("release.fact", "held", 40, 36)]
    assert json.loads((candidate.folder / "manifest.json").read_bytes())["checks"]["findings"] == []


def test_a_damaged_current_release_is_told_and_not_judged(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    (first.path / "fact.parquet").unlink()
    verdict, candidate = judged(warehouse, "delete from core.fact where fact_id > 'f003'")
    assert not verdict.held
    assert f"release {first.release_id} is damaged" in churn.describe(verdict, candidate)[0]


WHOLE = {"area_level": "county", "minimum_rows": 5, "note_zh": "整县消失。", "note_en": "A county is gone."}
SMALL = FACT | {"minimum_rows": 500, "whole_places": WHOLE}


def test_a_county_that_vanishes_whole_holds_a_small_release_by_its_name(
    warehouse: Warehouse, expectations: Path
) -> None:
    write(expectations, {"fact": SMALL})
    begin(warehouse)
    verdict, candidate = judged(warehouse, "delete from core.fact where ref_area = '371622'")
    assert verdict.held
    line = churn.describe(verdict, candidate)[0]
    assert line.startswith(
        "holds the release: marts.fact: 1 of 3 places of level county are gone whole: 阳信县 (371622)"
    )
    assert "阳信县, 10 rows, is gone whole [371622]" in line


def test_a_county_that_vanishes_whole_holds_the_release_after_an_upgrade_too(
    warehouse: Warehouse, expectations: Path
) -> None:
    write(expectations, {"fact": SMALL})
    begin(warehouse)
    (expectations / "expectations" / "another.yaml").write_text("a: b", "utf-8")
    project.code_version.cache_clear()
    assert judged(warehouse, "delete from core.fact where ref_area = '371622'")[0].held


@pytest.mark.parametrize(
    "change_of_core",
    [
        "delete from core.fact where ref_area = '371622' and fact_id <> 'f001'",
        "update core.fact set fact_id = 'g' || fact_id, obs_value = 7 where ref_area = '371622'",
        "delete from core.fact where ref_area = '371621104'",
    ],
    ids=["one figure left", "figures of a revised bulletin", "a township"],
)
def test_a_county_with_a_figure_left_is_not_gone(warehouse: Warehouse, expectations: Path, change_of_core: str) -> None:
    write(expectations, {"fact": SMALL})
    begin(warehouse)
    assert not judged(warehouse, change_of_core)[0].held


def test_a_county_of_a_stray_figure_may_go(warehouse: Warehouse, expectations: Path) -> None:
    write(expectations, {"fact": SMALL | {"whole_places": WHOLE | {"minimum_rows": 11}}})
    begin(warehouse)
    assert not judged(warehouse, "delete from core.fact where ref_area = '371622'")[0].held


@pytest.mark.parametrize(
    ("limits", "complaint"),
    [
        ({"fact": {**FACT, "whole_places": {"area_level": "county"}}}, "whole_places: keys are missing or unknown"),
        ({"fact": {**FACT, "whole_places": {**WHOLE, "area_level": "shire"}}}, "no level of administration shire"),
        ({"document": {**DOCUMENT, "whole_places": WHOLE}}, "whole_places needs column area_level"),
        ({"figures": FACT}, "there is no mart figures"),
        ({"fact": {**FACT, "limit": 1}}, "keys are missing or unknown: limit"),
        ({"fact": {**FACT, "figure": ["value"]}}, "no column value"),
        ({"fact": {**FACT, "severity": "fatal"}}, "severity is 'fatal'"),
        ({"fact": {**FACT, "max_share": 10}}, "out of bounds"),
        ([], "is no mapping"),
    ],
)
def test_a_wrong_limit_is_told_with_file_and_mart(expectations: Path, limits: Any, complaint: str) -> None:
    write(expectations, limits)
    with pytest.raises(UsageError, match=complaint):
        churn.load_limits()


def test_the_limits_of_the_project_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGBAO_HOME")
    assert {limit.mart for limit in churn.load_limits()} >= {"fact", "target", "county_comparison", "document"}
