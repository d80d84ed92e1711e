"""Defects of core: what extraction, normalisation or a damaged database could leave before the night's gate."""

from __future__ import annotations

from gongbao.validate.verdict import Outcome
from tests.seeded_defects.defect import (
    FACT,
    IN_SHEET,
    STATEMENT,
    Defect,
    copy_figure,
    figure,
    set_figure,
    set_statement,
)

FIGURE, RULES = "core.figure", "core.rules"

TOWN_REVENUE = figure("371621111", "general_budget_revenue", "2023")
TOWN_GROWTH = figure("371621111", "general_budget_revenue", "2024", "growth")
TOWN_RANK = figure("371621111", "general_budget_revenue", "2023", "rank")
TOWN_TAX = figure("371621104", "tax_revenue", "2024")
TOWN_CELL = figure("371621111", "general_budget_revenue", "2023", where=IN_SHEET)
SHEET_TOWN_REVENUE = figure("371621102", "general_budget_revenue", "2024", where=IN_SHEET)
SHEET_TOWN_GROWTH = figure("371621102", "general_budget_revenue", "2024", "growth", IN_SHEET)
COUNTY_PRODUCT = figure("371621", "gdp", "2024")
COUNTY_PEOPLE = figure("371625", "resident_population", "2024")
COUNTY_LIVELIHOOD = figure("371621", "livelihood_share", "2023", "share")
COUNTY_PRIMARY = figure("371621", "share_primary", "2024", "share")
COUNTY_JOBS = figure("371621", "urban_new_jobs", "2024", "completion")
COUNTY_GRAIN = figure("371621", "grain_area", "2024")
TOWN_TARGET = figure("371621111", "projects_signed", "2024", where="figure.relation = 'core.target'")
TOWN_RATE_TARGET = figure("371621111", "garbage_treatment_rate", "2024", where="figure.relation = 'core.target'")
# An indicator of which the samples say nothing: what refuses it withholds no figure.
UNUSED = "(select min(indicator_id) from core.indicator anti join core.figure using (indicator_id))"


def _in_core(name: str, row: str, sql: str, rule: str, outcome: Outcome, *also: str, suite: str = RULES) -> Defect:
    return Defect(name, sql, suite, rule, outcome, also, row)


DEFECTS = (
    # Values that cannot be.
    _in_core("a township's revenue in 亿元 instead of 万元", TOWN_REVENUE,
             set_figure("obs_value = obs_value * 10000, value_text = '5533亿元'"), "magnitude_plausible", "withheld"),
    _in_core("a county's product in 万元 instead of 亿元", COUNTY_PRODUCT,
             set_figure("obs_value = obs_value / 10000, precision_value = 1000"), "magnitude_plausible", "withheld"),
    _in_core("a county's product in yuan", COUNTY_PRODUCT, set_figure("obs_value = 291.8, precision_value = 0.1"),
             "magnitude_plausible", "withheld"),
    _in_core("a county of 494 million people", COUNTY_PEOPLE, set_figure("obs_value = obs_value * 1000"),
             "magnitude_plausible", "withheld"),
    _in_core("thousand separators lost: 494,000 people read as 494", COUNTY_PEOPLE,
             set_figure("obs_value = 494, precision_value = 1, value_text = '494'"), "magnitude_plausible",
             "withheld"),
    _in_core("a promise of 990 %", TOWN_RATE_TARGET,
             set_figure("obs_value = 990", "core.target"), "magnitude_plausible", "withheld"),
    _in_core("a share of 140 %", COUNTY_LIVELIHOOD, set_figure("obs_value = 140"), "share_within_whole", "withheld",
             suite=FIGURE),
    _in_core("a negative share", COUNTY_LIVELIHOOD, set_figure("obs_value = -5"), "share_within_whole", "withheld",
             "not_negative", suite=FIGURE),
    _in_core("a negative count of people", COUNTY_PEOPLE, set_figure("obs_value = -494000"), "not_negative", "withheld",
             "magnitude_plausible"),
    _in_core("a completion of 10,090 %", COUNTY_JOBS, set_figure("obs_value = 10090"), "completion_plausible",
             "withheld", suite=FIGURE),
    _in_core("growth that is a level of 5,860", TOWN_GROWTH, set_figure("obs_value = 5860"), "growth_usual", "caveat",
             "figures_agree", "history_stands", suite=FIGURE),
    _in_core("growth that is a level of 58.6 million", TOWN_GROWTH, set_figure("obs_value = 58600000"),
             "growth_possible", "withheld", "growth_usual", suite=FIGURE),
    _in_core("rank 0", TOWN_RANK, set_figure("obs_value = 0"), "rank_possible", "withheld", suite=FIGURE),
    _in_core("rank 2.5", TOWN_RANK, set_figure("obs_value = 2.5, decimals = 1"), "rank_whole", "withheld",
             suite=FIGURE),
    _in_core("rank 37 of the county's townships", TOWN_RANK, set_figure("obs_value = 37"), "rank_within_peers",
             "caveat"),
    _in_core("a precision of nought", COUNTY_PEOPLE, set_figure("precision_value = 0"), "precision_positive",
             "withheld", suite=FIGURE),
    # Units.
    _in_core("growth typed as a level", TOWN_REVENUE, set_figure("obs_value = 6.5, unit_measure = '%'"),
             "unit_fits_indicator", "withheld"),
    _in_core("land in yuan", COUNTY_GRAIN, set_figure("unit_measure = 'CNY'"), "unit_fits_indicator", "withheld"),
    _in_core("growth in percentage points", TOWN_GROWTH, set_figure("unit_measure = 'pp'"), "unit_fits_indicator",
             "withheld"),
    _in_core("a rank with a unit", TOWN_RANK, set_figure("unit_measure = 'unit'"), "unit_fits_indicator", "withheld"),
    _in_core("a level without a unit", COUNTY_PEOPLE, set_figure("unit_measure = null"), "unit_fits_indicator",
             "withheld"),
    _in_core("people counted in 家", COUNTY_PEOPLE, set_figure("unit_measure = 'unit'"), "unit_usual", "reported"),
    _in_core("hectares taken for mu", figure("371621111", "high_standard_farmland_total", "2024"),
             set_figure("obs_value = obs_value / 15"), "no_sudden_jump", "caveat"),
    # Codes.
    _in_core("a comparator of its own", TOWN_REVENUE, set_figure("comparator = 'about'"), "comparator_known",
             "withheld", suite=FIGURE),
    _in_core("a measure of its own", COUNTY_PEOPLE, set_figure("measure = 'total'"), "measure_known", "withheld",
             suite=FIGURE),
    _in_core("an aspect of its own", COUNTY_PEOPLE, set_figure("aspect = 'gross'"), "aspect_known", "withheld",
             suite=FIGURE),
    _in_core("a price base of its own", COUNTY_PRODUCT, set_figure("price_base = '2020'"), "price_base_known",
             "withheld", suite=FIGURE),
    _in_core("a status of its own", COUNTY_PRODUCT, set_figure("obs_status = 'Z'"), "obs_status_known", "withheld",
             suite=FIGURE),
    _in_core("a kind of subject of its own", COUNTY_PRODUCT, set_figure("subject_type = 'person'"),
             "subject_type_known", "withheld", suite=FIGURE),
    _in_core("a frequency of its own", COUNTY_PRODUCT, set_figure("freq = 'W'"), "freq_known", "withheld",
             suite=FIGURE),
    _in_core("a breakdown without its dimension", TOWN_TAX, set_figure("breakdown = 'wheat'"), "breakdown_well_formed",
             "withheld", suite=FIGURE),
    _in_core("an area code of the wrong length", TOWN_TAX, set_figure("ref_area = '3716211'"), "ref_area_well_formed",
             "withheld", "place_known", suite=FIGURE),
    _in_core("an orphan area code", TOWN_TAX, set_figure("ref_area = '371699'"), "place_known", "withheld"),
    _in_core("an orphan indicator", TOWN_TAX, set_figure("indicator_id = 'happiness'"), "indicator_known", "withheld"),
    _in_core("a target without a known modality", TOWN_TARGET, set_figure("modality = 'hope'", "core.target"),
             "modality_known", "withheld", suite="core.target"),
    _in_core("a target of unknown nature", TOWN_TARGET, set_figure("nature = 'firm'", "core.target"), "nature_known",
             "withheld", suite="core.target"),
    # Time.
    _in_core("a month 13", TOWN_TAX, set_figure("time_period = '2024-13'"), "time_period_well_formed", "withheld",
             suite=FIGURE),
    _in_core("a period that ends before it begins", TOWN_TAX,
             set_figure("time_period = '2024/2021', period_end = date '2021-12-31'"), "period_forward", "withheld",
             suite=FIGURE),
    _in_core("a year before living memory", TOWN_TAX,
             set_figure("time_period = '1024', period_start = date '1024-01-01', period_end = date '1024-12-31'"),
             "period_in_living_memory", "withheld", suite=FIGURE),
    _in_core("dates that are not the period's", TOWN_TAX, set_figure("period_end = date '2024-11-30'"),
             "dates_span_period", "withheld"),
    _in_core("a fiscal year from April for all of 2023", TOWN_REVENUE,
             "update core.fact set period_start = date '2023-04-01', period_end = date '2024-03-31' "
             "where time_period = '2023'", "dates_span_period", "held", "share_withheld", "figures_agree",
             "growth_follows_levels", "history_stands"),
    _in_core("2023 typed as 2032", TOWN_REVENUE,
             set_figure("time_period = '2032', period_start = date '2032-01-01', period_end = date '2032-12-31'"),
             "not_in_future", "withheld"),
    _in_core("a year's figure printed in October", TOWN_TAX, set_figure("published_on = date '2024-10-20'"),
             "period_over", "caveat"),
    _in_core("a target that was due already", TOWN_TARGET,
             set_figure("time_period = '2021', period_start = date '2021-01-01', period_end = date '2021-12-31'",
                        "core.target"), "target_ahead", "caveat"),
    # Ranges.
    _in_core("a range without its upper end", TOWN_TAX, set_figure("comparator = 'range'"), "range_has_upper_end",
             "withheld", suite=FIGURE),
    _in_core("a range turned round", TOWN_TAX, set_figure("comparator = 'range', obs_value_high = obs_value - 10000"),
             "range_forward", "withheld", suite=FIGURE),
    _in_core("an upper end without a range", TOWN_TAX, set_figure("obs_value_high = obs_value + 10000"),
             "only_range_has_upper_end", "withheld", suite=FIGURE),
    # Identity and provenance.
    _in_core("a fact listed twice", TOWN_TAX, f"insert into core.fact from core.fact where fact_id = {FACT}",
             "fact_id_unique", "held", suite=FIGURE),
    _in_core("a statement counted twice", TOWN_TAX,
             f"insert into core.fact select * replace ('zz' as fact_id) from core.fact where fact_id = {FACT}",
             "counted_once", "withheld"),
    _in_core("a document's figures loaded twice", TOWN_TAX,
             "insert into core.fact select * replace ('zz' || fact_id as fact_id) from core.fact "
             "where document_id = getvariable('document')", "counted_once", "withheld"),
    _in_core("a statement recorded twice", TOWN_TAX,
             f"insert into core.statement from core.statement where statement_id = {STATEMENT}", "statement_id_unique",
             "held", suite="core.statement"),
    _in_core("a span moved by one", TOWN_TAX, set_statement("span_start = span_start + 1"), "span_cuts_quote",
             "withheld"),
    _in_core("every span of a document moved by one", COUNTY_PRODUCT,
             "update core.statement set span_start = span_start + 1, span_end = span_end + 1 "
             "where text_id = getvariable('text')", "span_cuts_quote", "held",
             "figures_agree"),
    _in_core("a span whose text is gone", TOWN_TAX, set_statement("text_id = 'gone'"), "span_cuts_quote", "withheld"),
    _in_core("a span turned round", TOWN_TAX, set_statement("span_start = span_end, span_end = span_start"),
             "span_forward", "withheld", suite="core.statement"),
    _in_core("a statement without its span", TOWN_TAX, set_statement("span_start = null, span_end = null"),
             "anchored_in_text", "withheld", suite="core.statement"),
    _in_core("a column shifted by one", TOWN_CELL, set_statement("cell = 'E17'"), "cell_holds_quote", "withheld"),
    _in_core("every column of a workbook shifted by one", TOWN_CELL,
             "update raw.cell set cell = chr(ascii(cell) + 1) || cell[2:] where text_id = getvariable('text')",
             "cell_holds_quote", "held", "share_withheld", "figures_agree"),
    _in_core("a cell without its address", TOWN_CELL, set_statement("cell = null"), "anchored_in_sheet", "withheld",
             suite="core.statement"),
    _in_core("a cell at 17D", TOWN_CELL,
             "update raw.cell set cell = '17D' where text_id = getvariable('text') and cell = 'D17';"
             "update core.statement set cell = '17D' where text_id = getvariable('text') and cell = 'D17'",
             "cell_address_well_formed", "withheld", suite="core.statement"),
    _in_core("a fact without its statement", TOWN_TAX,
             f"delete from core.statement where statement_id = {STATEMENT}", "statement_known", "withheld"),
    _in_core("a missing key: a fact of no document", TOWN_TAX, set_figure("document_id = ''"), "statement_known",
             "withheld"),
    _in_core("facts of a quarantined document", TOWN_TAX,
             "update raw.document set ingest_status = 'quarantined' where document_id = getvariable('document')",
             "statement_known", "held", "figures_agree", "growth_follows_levels", "history_stands"),
    _in_core("a sentence of damaged characters", TOWN_TAX, set_statement("sentence = '税收锟斤拷有4210万元'"),
             "sentence_readable", "caveat", suite="core.statement"),
    _in_core("an encoding damage: U+FFFD", TOWN_TAX, set_statement("sentence = '税' || chr(65533) || '有4210万元'"),
             "sentence_readable", "caveat", suite="core.statement"),
    # Figures against figures.
    _in_core("two values for one thing", TOWN_TAX, copy_figure("42700000 as obs_value"), "figures_agree", "caveat"),
    _in_core("two values of one document under two names", TOWN_TAX,
             copy_figure("42700000 as obs_value") + "; " + set_statement("indicator = '地方税收'")
             + "; update core.statement set indicator = '国税' where statement_id = 's-other'", "scope_told_apart",
             "caveat"),
    _in_core("two townships swapped", TOWN_REVENUE,
             "update core.fact set ref_area = if(ref_area = '371621111', '371621104', '371621111') "
             "where ref_area in ('371621111', '371621104') and document_id in (select document_id from raw.document "
             "where file_name not like '%.xlsx')", "figures_agree", "caveat", "growth_follows_levels",
             "history_stands"),
    _in_core("history restated by a later document", TOWN_CELL, set_figure("obs_value = 55930000"), "history_stands",
             "reported", "figures_agree"),
    _in_core("history restated by a revision", TOWN_TAX,
             copy_figure("repeat('e', 64) as document_id, 40700000 as obs_value, now()::timestamp as known_to")
             + "; insert into raw.document select * replace (repeat('e', 64) as document_id, "
             "document_id as superseded_by) from raw.document where document_id = getvariable('document')",
             "history_stands", "reported"),
    _in_core("growth that the levels do not give", SHEET_TOWN_GROWTH, set_figure("obs_value = 15.9"),
             "growth_follows_levels", "caveat"),
    _in_core("more tax than revenue", TOWN_TAX, set_figure("obs_value = 56000000"), "parts_within_whole", "caveat"),
    _in_core("a township above its county", SHEET_TOWN_REVENUE, set_figure("obs_value = 1900000000"),
             "parts_within_whole", "caveat", "growth_follows_levels", "no_sudden_jump"),
    _in_core("a year ten times the one before", SHEET_TOWN_REVENUE, set_figure("obs_value = obs_value * 10"),
             "no_sudden_jump", "caveat", "growth_follows_levels"),
    _in_core("shares of GDP that add to 104", COUNTY_PRIMARY, set_figure("obs_value = 21.6"), "shares_add_to_whole",
             "reported"),
    # Reference.
    Defect("a place of an unknown level", "update core.place set area_level = 'village' where ref_area = '371622101'",
           "core.place", "area_level_known", "held"),
    Defect("a place whose code is no code", "update core.place set ref_area = '37162299' where ref_area = '371622101'",
           "core.place", "place_code_well_formed", "held"),
    Defect("a place that ended before it began",
           "update core.place set valid_from = date '2021-01-01', valid_to = date '2001-01-01' "
           "where ref_area = '371622101'", "core.place", "validity_forward", "held"),
    Defect("an indicator twice", f"insert into core.indicator from core.indicator where indicator_id = {UNUSED}",
           "core.indicator", "indicator_id_unique", "held"),
    Defect("an indicator whose direction is a word of its own",
           f"update core.indicator set direction = 'up' where indicator_id = {UNUSED}", "core.indicator",
           "direction_known", "held"),
    # All together.
    Defect("many small faults, each within its limit",
"update core.fact set comparator = 'about' where ref_area in ('371621002', '371621003', '371621102');"
           "update core.fact set obs_status = 'Z' where ref_area in ('371621107', '371621108', '371621109');"
           "update core.fact set freq = 'W' where ref_area in ('371621113', '371621114', '371621115')",
           FIGURE, "share_withheld", "held",
           ("comparator_known", "obs_status_known", "freq_known")),
)  # fmt: skip
