"""The gate tests itself: each defect, put alone into a clean core, is caught by the rule named for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from gongbao.validate import validate_core
from gongbao.warehouse import Warehouse
from tests.unit.validate.small_core import fill


@dataclass(frozen=True)
class Defect:
    """`sql` does the harm; `rule` must find it with `outcome`; `also` names rules that see its further effects."""

    name: str
    sql: str
    rule: str
    outcome: str
    also: tuple[str, ...] = ()


def _set(fact_id: str, assignments: str, relation: str = "core.fact") -> str:
    return f"update {relation} set {assignments} where fact_id = '{fact_id}'"


def _copy(fact_id: str, changes: str, relation: str = "core.fact") -> str:
    """Another row, `other`, like one that is there, and a statement for it."""
    return f"""
        insert into {relation} select * replace ({changes}) from {relation} where fact_id = '{fact_id}';
        insert into core.statement
        select statement.* replace (figure.statement_id as statement_id)
        from core.statement as statement
        inner join {relation} as figure on 's-{fact_id}' = statement.statement_id
        where figure.fact_id = 'other'
    """


DEFECTS = [
    # Values that cannot be.
    Defect("a township's revenue of 5,533亿元", _set("sm-rev-23", "obs_value = 553300000000, value_text = '5533亿元'"),
           "magnitude_plausible", "withheld"),
    Defect("a county's product in yuan instead of 亿", _set("hm-gdp-23", "obs_value = 245, precision_value = 1"),
           "magnitude_plausible", "withheld"),
    Defect("a township of 48 million people", _set("jl-pop-23", "obs_value = 48000000"),
           "magnitude_plausible", "withheld"),
    Defect("a coverage rate of 321 %", _set("jl-forest-23", "obs_value = 321"), "magnitude_plausible", "withheld"),
    Defect("a share of 140 %", _set("jl-live-23", "obs_value = 140"), "share_within_whole", "withheld"),
    Defect("a negative share", _set("jl-live-23", "obs_value = -5"), "share_within_whole", "withheld",
           ("not_negative",)),
    Defect("a negative count of enterprises", _set("jl-firms-23", "obs_value = -21"), "not_negative", "withheld"),
    Defect("a completion of 10,320 %", _set("jl-done-23", "obs_value = 10320"), "completion_plausible", "withheld"),
    Defect("growth that is a level", _set("jl-rev-growth", "obs_value = 5500"), "growth_usual", "caveat",
           ("growth_follows_levels",)),
    Defect("growth of a million per cent", _set("jl-rev-growth", "obs_value = 1000000"), "growth_possible", "withheld",
           ("growth_usual",)),
    Defect("rank 0", _set("jl-rev-rank", "obs_value = 0"), "rank_possible", "withheld"),
    Defect("rank 2.5", _set("jl-rev-rank", "obs_value = 2.5, decimals = 1"), "rank_whole", "withheld"),
    Defect("rank 17 of two townships", _set("jl-rev-rank", "obs_value = 17"), "rank_within_peers", "caveat"),
    Defect("a precision of nought", _set("jl-pop-23", "precision_value = 0"), "precision_positive", "withheld"),
    # Units.
    Defect("a growth rate typed as the level", _set("jl-rev-23", "obs_value = 10, unit_measure = '%'"),
           "unit_fits_indicator", "withheld"),
    Defect("land in yuan", _set("jl-range-23", "unit_measure = 'CNY'"), "unit_fits_indicator", "withheld"),
    Defect("growth in percentage points", _set("jl-rev-growth", "unit_measure = 'pp'"),
           "unit_fits_indicator", "withheld"),
    Defect("a rank with a unit", _set("jl-rev-rank", "unit_measure = 'unit'"), "unit_fits_indicator", "withheld"),
    Defect("a level without a unit", _set("jl-pop-23", "unit_measure = null"), "unit_fits_indicator", "withheld"),
    Defect("people counted in 家", _set("jl-pop-23", "unit_measure = 'unit'"), "unit_usual", "reported"),
    # Codes.
    Defect("a comparator of its own", _set("jl-rev-23", "comparator = 'about'"), "comparator_known", "withheld"),
    Defect("a measure of its own", _set("jl-firms-23", "measure = 'total'"), "measure_known", "withheld"),
    Defect("an aspect of its own", _set("jl-firms-23", "aspect = 'gross'"), "aspect_known", "withheld"),
    Defect("a price base of its own", _set("jl-tax-23", "price_base = '2020'"), "price_base_known", "withheld"),
    Defect("a status of its own", _set("jl-tax-23", "obs_status = 'Z'"), "obs_status_known", "withheld"),
    Defect("a breakdown without its dimension", _set("jl-tax-23", "breakdown = 'wheat'"),
           "breakdown_well_formed", "withheld"),
    Defect("an area code of the wrong length", _set("jl-tax-23", "ref_area = '3716211'"), "ref_area_well_formed",
           "withheld", ("place_known",)),
    Defect("an area that no list has", _set("jl-tax-23", "ref_area = '371699'"), "place_known", "withheld"),
    Defect("an indicator that the catalogue lacks", _set("jl-tax-23", "indicator_id = 'happiness'"),
           "indicator_known", "withheld"),
    Defect("a target without a known modality", _set("jl-firms-target", "modality = 'hope'", "core.target"),
           "modality_known", "withheld"),
    # Time.
    Defect("a period that does not exist", _set("jl-tax-23", "time_period = '2023-13'"),
           "time_period_well_formed", "withheld"),
    Defect("a period that ends before it begins",
           _set("jl-tax-23", "time_period = '2023/2021', period_end = date '2021-12-31'"),
           "period_forward", "withheld"),
    Defect("dates that are not the period's", _set("jl-tax-23", "period_end = date '2023-11-30'"),
           "dates_span_period", "held"),
    Defect("a fact about the year to come",
           _set("sm-rev-23", "time_period = '2026', period_start = date '2026-01-01', period_end = date '2026-12-31'"),
           "not_in_future", "withheld"),
    Defect("a year's figure printed in October", _set("sm-rev-23", "published_on = date '2023-10-20'"),
           "period_over", "caveat"),
    Defect("a target that was due already",
           _set("jl-firms-target",
                "time_period = '2022', period_start = date '2022-01-01', period_end = date '2022-12-31'",
                "core.target"),
           "target_ahead", "caveat"),
    # Ranges.
    Defect("a range without its upper end", _set("jl-range-23", "obs_value_high = null"),
           "range_has_upper_end", "withheld"),
    Defect("a range turned round", _set("jl-range-23", "obs_value_high = 50000"), "range_forward", "withheld"),
    Defect("an upper end without a range", _set("jl-range-23", "comparator = 'eq'"),
           "only_range_has_upper_end", "withheld"),
    # Identity and provenance.
    Defect("the same fact id twice", "insert into core.fact select * from core.fact where fact_id = 'jl-tax-23'",
           "fact_id_unique", "held"),
    Defect("the same statement counted twice", _copy("jl-tax-23", "'other' as fact_id"), "counted_once", "withheld",
           ("statement_id_unique",)),
    Defect("a statement recorded twice",
           "insert into core.statement select * from core.statement where statement_id = 's-jl-tax-23'",
           "statement_id_unique", "held"),
    Defect("a span moved by one",
           "update core.statement set span_start = span_start + 1 where statement_id = 's-jl-tax-23'",
           "span_cuts_quote", "held"),
    Defect("a span whose text is gone", "update core.statement set text_id = 'gone' where statement_id = 's-jl-tax-23'",
           "span_cuts_quote", "held"),
    Defect("a span turned round",
           "update core.statement set span_start = span_end, span_end = span_start where statement_id = 's-jl-tax-23'",
           "span_forward", "withheld"),
    Defect("a statement without an anchor",
           "update core.statement set span_start = null, span_end = null where statement_id = 's-jl-tax-23'",
           "anchored_in_text", "withheld"),
    Defect("a column shifted by one", "update core.statement set cell = 'C3' where statement_id = 's-jl-sheet-23'",
           "cell_holds_quote", "held"),
    Defect("a fact without its statement", "delete from core.statement where statement_id = 's-jl-tax-23'",
           "statement_known", "held"),
    Defect("a fact of a quarantined document",
           "update raw.document set ingest_status = 'quarantined' where file_name = 'revenue.xlsx'",
           "statement_known", "held"),
    Defect("a sentence of damaged characters",
           "update core.statement set sentence = '税收锟斤拷有4000万元' where statement_id = 's-jl-tax-23'",
           "sentence_readable", "caveat"),
    # Figures against figures.
    Defect("two values for one thing",
           _copy("jl-rev-23", "'other' as fact_id, 's-other' as statement_id, 55900000 as obs_value"),
           "figures_agree", "caveat"),
    Defect("two values of one document under two names",
           _copy("jl-rev-23", "'other' as fact_id, 's-other' as statement_id, 55900000 as obs_value")
           + "; update core.statement set indicator = '财政收入' where statement_id = 's-jl-rev-23'"
           + "; update core.statement set indicator = '公共预算' where statement_id = 's-other'",
           "scope_told_apart", "caveat"),
    Defect("growth that the levels do not give", _set("jl-rev-growth", "obs_value = 15.0"),
           "growth_follows_levels", "caveat"),
    Defect("more tax than revenue", _set("jl-tax-23", "obs_value = 56000000"), "parts_within_whole", "caveat"),
    Defect("a township above its county", _set("hm-rev-23", "obs_value = 20000000, precision_value = 10000"),
           "parts_within_whole", "caveat"),
    Defect("a year ten times the one before", _set("jl-rev-22", "obs_value = 5000000"), "no_sudden_jump", "caveat",
           ("growth_follows_levels", "parts_within_whole")),
    # Reference.
    Defect("a place of an unknown level", "update core.place set area_level = 'village' where ref_area = '371621101'",
           "area_level_known", "held"),
    Defect("an indicator twice", "insert into core.indicator select * from core.indicator where indicator_id = 'gdp'",
           "indicator_id_unique", "held"),
]  # fmt: skip


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with Warehouse(tmp_path_factory.mktemp("gate") / "warehouse") as opened:
        yield opened


def test_a_clean_core_raises_nothing(gate: Warehouse) -> None:
    fill(gate)
    verdict = validate_core(gate, "run")
    assert [result.expectation for result in verdict.results if result.outcome != "passed"] == []
    assert not verdict.held
    assert (verdict.withheld, verdict.caveats, verdict.failed) == (0, 0, 0)
    assert verdict.passed == len(verdict.results) > 50


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_seeded_defect_is_caught_by_its_rule(gate: Warehouse, defect: Defect) -> None:
    fill(gate)
    gate.connection.execute(defect.sql)
    verdict = validate_core(gate, "run")
    found = {result.expectation: result.outcome for result in verdict.results if result.outcome != "passed"}
    assert found.get(defect.rule) == defect.outcome, found
    assert set(found) == {defect.rule, *defect.also}
    assert verdict.held is ("held" in found.values())


def test_every_check_of_core_has_its_defect(gate: Warehouse) -> None:
    fill(gate)
    checks = {result.expectation for result in validate_core(gate, "run").results}
    caught = {defect.rule for defect in DEFECTS} | {name for defect in DEFECTS for name in defect.also}
    assert checks - caught == {
        # The schema forbids these before the gate can see them, or other defects stand for them.
        "fact_id_complete",
        "share_withheld",
        "subject_type_known",
        "freq_known",
        "period_in_living_memory",
        "nature_known",
        "cell_address_well_formed",
        "anchored_in_sheet",
        "place_code_well_formed",
        "validity_forward",
        "direction_known",
    }
