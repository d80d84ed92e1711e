"""The gate over staged marts: each defect, put into clean marts, holds the release by the rule named for it.

A validation of all marts takes a second, so defects that do not touch each other share one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from gongbao.publish import contract, stage_marts
from gongbao.validate import describe, validate_core, validate_marts
from gongbao.warehouse import Warehouse
from tests.unit.validate.small_core import fill


@dataclass(frozen=True)
class Defect:
    """`sql` harms a staged mart; `rule` on `suite` must hold the release; `also` sees its further effects."""

    name: str
    sql: str
    suite: str
    rule: str
    also: tuple[str, ...] = ()


DEFECTS = [
    Defect("a fact twice", "insert into marts.fact from marts.fact where fact_id = 'jl-tax-23'",
           "marts.fact", "fact_id_unique", ("one_preferred",)),
    Defect("a fact that was lost", "delete from marts.fact where fact_id = 'jl-forest-23'",
           "marts.rules", "nothing_lost", ("references_resolve",)),
    Defect("a withheld fact that slipped through",
           "insert into core.withheld values ('jl-forest-23', 'core.fact', 'magnitude_plausible', 'made up')",
           "marts.rules", "withheld_absent"),
    Defect("a fact of an unknown place", "update marts.fact set ref_area = '371699' where fact_id = 'jl-forest-23'",
           "marts.rules", "references_resolve"),
    Defect("a fact without its quote", "update marts.fact set quote = null where fact_id = 'jl-tax-23'",
           "marts.fact", "quote_complete"),
    Defect("a fact without its span", "update marts.fact set span_start = null where fact_id = 'jl-tax-23'",
           "marts.fact", "anchored_in_text"),
    Defect("a value that did not fit", "update marts.fact set obs_value = null where fact_id = 'jl-tax-23'",
           "marts.fact", "value_complete"),
    Defect("no figure preferred", "update marts.fact set is_preferred = false where fact_id = 'jl-tax-23'",
           "marts.rules", "one_preferred"),
    Defect("a target of unknown modality", "update marts.target set modality = 'hope' where fact_id = 'jl-rev-target'",
           "marts.target", "modality_known"),
    Defect("a township among counties",
           "update marts.county_comparison set ref_area = '371621104' where fact_id = 'hm-rev-23'",
           "marts.county_comparison", "one_level_of_administration", ("compared_once",)),
    Defect("a rank beyond the peers",
           "update marts.town_comparison set rank_computed = 9 where fact_id = 'jl-rev-23'",
           "marts.town_comparison", "rank_within_peers"),
    Defect("a percentile above 100",
           "update marts.town_comparison set percentile = 120 where fact_id = 'jl-rev-23'",
           "marts.town_comparison", "percentile_within_bounds"),
    Defect("a place compared twice",
           "insert into marts.town_comparison select * replace ('jl-pop-23' as fact_id) from marts.town_comparison "
           "where fact_id = 'jl-rev-23'; delete from marts.town_comparison where indicator_id = 'resident_population'",
           "marts.rules", "compared_once"),
    Defect("an unknown status", "update marts.target_attainment set status = 'done' where fact_id = 'jl-rev-target'",
           "marts.target_attainment", "status_known"),
    Defect("a colour for an unsettled target",
           "update marts.target_attainment set light = 'red' where fact_id = 'jl-rev-target'",
           "marts.target_attainment", "unsettled_is_grey"),
    Defect("a bound that is exceeded",
           "update marts.target_attainment set status = 'exceeded', light = 'green', actual_value = 60000000, "
           "actual_quote = '6000万元' where fact_id = 'jl-rev-target'",
           "marts.target_attainment", "only_a_value_is_exceeded"),
    Defect("a ratio for an unsettled target",
           "update marts.target_attainment set attainment_ratio = 1.02 where fact_id = 'jl-rev-target'",
           "marts.target_attainment", "unsettled_has_no_ratio"),
    Defect("a period of which more than all has passed",
           "update marts.target_attainment set elapsed_share = 1.2 where fact_id = 'jl-rev-target'",
           "marts.target_attainment", "elapsed_share_is_a_share"),
    Defect("a reason that has no name",
           "update marts.target_attainment set reason = 'whim' where fact_id = 'jl-rev-target'",
           "marts.target_attainment", "reason_known"),
    Defect("a verdict without its figure",
           "update marts.target_attainment set status = 'met', light = 'green', actual_quote = '25家' "
           "where fact_id = 'jl-firms-target'", "marts.target_attainment", "settled_has_its_actual"),
    Defect("a place twice", "insert into marts.place from marts.place where ref_area = '371621'",
           "marts.place", "ref_area_unique"),
    Defect("an indicator without a name", "update marts.indicator set indicator_zh = null where indicator_id = 'gdp'",
           "marts.indicator", "indicator_named"),
    Defect("a coverage row twice", "insert into marts.coverage from (from marts.coverage limit 1)",
           "marts.coverage", "key_unique"),
    Defect("a column without its meaning",
           "update marts.meta_column set description_zh = null where mart = 'fact' and column_name = 'quote'",
           "marts.meta_column", "description_zh_complete"),
    Defect("a mart that nobody judges", "create table marts.extra (x integer)", "marts", "every_mart_is_judged"),
    Defect("a mart that was not built", "drop table marts.coverage", "marts", "every_mart_is_judged"),
    Defect("a column that is gone", "alter table marts.place drop column name_zh", "marts.place", "place_named"),
    Defect("a slot measured twice",
           "insert into marts.extraction_quality (extractor_version, theme, slot) "
           "values ('v', 'economy', 'value'), ('v', 'economy', 'value')", "marts.extraction_quality", "key_unique"),
    Defect("more right than was found",
           "insert into marts.extraction_quality (extractor_version, theme, slot, precision) "
           "values ('v', 'economy', 'unit', 1.5)", "marts.extraction_quality", "precision_within_whole"),
]  # fmt: skip
NIGHTS = 5


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with Warehouse(tmp_path_factory.mktemp("gate") / "warehouse") as opened:
        yield opened


def _stage(gate: Warehouse) -> None:
    fill(gate)
    stage_marts(gate)


def test_clean_marts_raise_nothing(gate: Warehouse) -> None:
    _stage(gate)
    assert not validate_core(gate, "run").failed
    stage_marts(gate)
    verdict = validate_marts(gate, "run")
    assert describe(verdict) == []
    assert not verdict.held
    assert verdict.passed == len(verdict.results) > 80


@pytest.mark.parametrize("night", range(NIGHTS))
def test_seeded_defects_hold_the_release(gate: Warehouse, night: int) -> None:
    _stage(gate)
    seeded = DEFECTS[night::NIGHTS]
    for defect in seeded:
        gate.connection.execute(defect.sql)
    verdict = validate_marts(gate, "run")
    found = {(result.suite, result.expectation) for result in verdict.results if result.outcome == "held"}
    for defect in seeded:
        assert (defect.suite, defect.rule) in found, defect.name
    assert {rule for _, rule in found} == {rule for defect in seeded for rule in (defect.rule, *defect.also)}
    assert verdict.failed == len(found)
    assert verdict.held


def test_a_missing_dimension_holds_the_release_instead_of_stopping_the_gate(gate: Warehouse) -> None:
    _stage(gate)
    gate.connection.execute("drop table marts.document")
    verdict = validate_marts(gate, "run")
    held = [result for result in verdict.results if result.outcome == "held"]
    assert [(result.expectation, result.observed) for result in held] == [
        ("every_mart_is_judged", "marts.document is not staged")
    ]


def test_every_described_mart_has_a_suite(gate: Warehouse) -> None:
    _stage(gate)
    judged = {result.suite for result in validate_marts(gate, "run").results}
    assert {f"marts.{mart.name}" for mart in contract.marts()} <= judged
