"""Defects of the staged marts: what a faulty query of sql/, or a damaged database, could leave before publishing."""

from __future__ import annotations

from tests.seeded_defects.defect import Defect, one_row

RULES = "rules"
COMPARISONS = ("county_comparison", "town_comparison")
FIGURES = ("fact", "target")


def _in_marts(name: str, sql: str, suite: str, rule: str, *also: str) -> Defect:
    return Defect(name, sql, f"marts.{suite}".rstrip("."), rule, "held", also)


def _warned(name: str, sql: str, suite: str, rule: str, *also: str) -> Defect:
    return Defect(name, sql, f"marts.{suite}", rule, "reported", also)


def _empty(mart: str, column: str, rule: str, *also: str, where: str = "true") -> Defect:
    return _in_marts(f"{mart}: a row without {column}", one_row(mart, f"{column} = null", where), mart, rule, *also)


def _wrong(mart: str, column: str, value: str, rule: str, *also: str, where: str = "true") -> Defect:
    name = f"{mart}: {column} {value.strip(chr(39))}"
    return _in_marts(name, one_row(mart, f"{column} = {value}", where), mart, rule, *also)


def _doubled(mart: str, rule: str, *also: str, where: str = "true") -> Defect:
    sql = f"insert into marts.{mart} from (from marts.{mart} where {where} limit 1)"
    return _in_marts(f"{mart}: a row doubled", sql, mart, rule, *also)


# A row without rivals is preferred, whatever is changed of its key; one that is compared is missed by its comparison.
ALONE = "n_rivals = 0"
COMPARED = "fact_id in (select fact_id from marts.county_comparison)"
IN_TEXT, IN_SHEET = "sheet is null", "sheet is not null"

DEFECTS = (
    # Facts and targets.
    _empty("fact", "fact_id", "fact_id_complete", "nothing_lost", "references_resolve", where=COMPARED),
    _empty("target", "fact_id", "fact_id_complete", "nothing_lost"),
    *(
        defect
        for mart in FIGURES
        for defect in (
            _doubled(mart, "fact_id_unique", "one_preferred", where="is_preferred"),
            _wrong(mart, "ref_area", "'37162'", "ref_area_well_formed", "references_resolve", where=ALONE),
            _empty(mart, "name_zh", "place_named"),
            _empty(mart, "indicator_zh", "indicator_named"),
            _empty(mart, "obs_value", "value_complete"),
            _empty(mart, "unit_zh", "unit_named", where="unit_measure is not null"),
            _wrong(mart, "measure", "'total'", "measure_known", where=ALONE),
            _wrong(mart, "comparator", "'about'", "comparator_known"),
            _wrong(mart, "subject_type", "'person'", "subject_type_known", where=ALONE),
            _wrong(mart, "period_end", "date '1990-12-31'", "period_forward"),
            _in_marts(f"{mart}: a share of 140 %", one_row(mart, "measure = 'share', obs_value = 140", ALONE), mart,
                      "share_within_whole"),
            _empty(mart, "quote", "quote_complete"),
            _empty(mart, "span_start", "anchored_in_text", where=IN_TEXT),
        )
    ),
    _empty("fact", "cell", "anchored_in_sheet", where=IN_SHEET),
    _in_marts("target: a promise in a sheet without its cell",
              one_row("target", "sheet = '2024年', span_start = null"), "target", "anchored_in_sheet"),
    _wrong("target", "modality", "'hope'", "modality_known"),
    _wrong("target", "nature", "'firm'", "nature_known"),
    # Comparisons.
    *(
        defect
        for mart in COMPARISONS
        for defect in (
            _empty(mart, "fact_id", "fact_id_complete"),
            _doubled(mart, "fact_id_unique", "compared_once"),
            _in_marts(f"{mart}: a prefecture's row", one_row(mart, "ref_area = left(ref_area, 4)"), mart,
                      "one_level_of_administration", "references_resolve"),
            _empty(mart, "name_zh", "place_named"),
            _empty(mart, "obs_value", "value_complete"),
            _wrong(mart, "measure", "'completion'", "measure_comparable"),
            _wrong(mart, "direction", "'up'", "direction_known"),
            _in_marts(f"{mart}: rank 9 of 8", one_row(mart, "rank_computed = n_peers + 1", "rank_computed is not null"),
                      mart, "rank_within_peers"),
            _wrong(mart, "rank_computed", "0", "rank_from_one", where="rank_computed is not null"),
            _wrong(mart, "percentile", "120", "percentile_within_bounds"),
            _empty(mart, "quote", "quote_complete"),
            _warned(f"{mart}: more peers than places",
                    one_row(mart, "n_places = n_peers - 1", "n_peers > 1"), mart, "peers_within_places"),
            _warned(f"{mart}: a place with 130 % of the unit above", one_row(mart, "share_of_parent = 130"), mart,
                    "share_of_parent_within_whole"),
            _warned(f"{mart}: growth of 4,000 % between two levels", one_row(mart, "growth_computed = 4000"), mart,
                    "growth_computed_usual"),
        )
    ),
    _in_marts("county_comparison: a provincial rank beyond its peers",
              one_row("county_comparison", "rank_in_province = n_peers_in_province + 1",
                      "rank_in_province is not null"), "county_comparison", "provincial_rank_within_peers"),
    _wrong("county_comparison", "percentile_in_province", "-3", "provincial_percentile_within_bounds"),
    _in_marts("town_comparison: a place compared twice under two ids",
              "insert into marts.town_comparison select * replace "
              "((select max(fact_id) from marts.county_comparison) as fact_id) from marts.town_comparison limit 1",
              RULES, "compared_once"),
    # Targets and what became of them.
    _empty("target_attainment", "fact_id", "fact_id_complete"),
    _doubled("target_attainment", "fact_id_unique"),
    _empty("target_attainment", "name_zh", "place_named"),
    _wrong("target_attainment", "status", "'done'", "status_known", where="light = 'grey'"),
    _empty("target_attainment", "status", "status_complete", where="light = 'grey'"),
    _wrong("target_attainment", "light", "'yellow'", "reached_is_green", where="status = 'met'"),
    _wrong("target_attainment", "light", "'green'", "missed_is_yellow_or_red", where="status = 'missed'"),
    _wrong("target_attainment", "light", "'red'", "unsettled_is_grey", where="status = 'pending'"),
    _empty("target_attainment", "actual_value", "settled_has_its_actual", where="status = 'met'"),
    _empty("target_attainment", "actual_quote", "settled_has_its_quote", where="status = 'met'"),
    _in_marts("target_attainment: a bound that is exceeded",
              one_row("target_attainment", "status = 'exceeded'", "status = 'met' and comparator = 'min'"),
              "target_attainment", "only_a_value_is_exceeded"),
    _in_marts("target_attainment: not comparable without a reason",
              one_row("target_attainment", "status = 'not_comparable', reason = null", "status = 'pending'"),
              "target_attainment", "not_comparable_says_why"),
    _wrong("target_attainment", "reason", "'whim'", "reason_known"),
    _wrong("target_attainment", "attainment_ratio", "1.02", "unsettled_has_no_ratio", where="status = 'pending'"),
    _wrong("target_attainment", "elapsed_share", "1.2", "elapsed_share_is_a_share"),
    _warned("target_attainment: reached fiftyfold",
            one_row("target_attainment", "attainment_ratio = 50", "status = 'met'"), "target_attainment",
            "attainment_ratio_usual"),
    _empty("target_attainment", "quote", "quote_complete"),
    # Contradictions.
    _empty("discrepancy", "finding_id", "finding_id_complete"),
    _doubled("discrepancy", "finding_id_unique"),
    _wrong("discrepancy", "finding", "'odd'", "finding_known"),
    _wrong("discrepancy", "severity", "'grave'", "severity_known"),
    _empty("discrepancy", "quote", "quote_complete"),
    _empty("discrepancy", "other_quote", "other_quote_complete"),
    _wrong("discrepancy", "deviation", "-1", "deviation_positive"),
    # Dimensions.
    _empty("place", "ref_area", "ref_area_complete", where="ref_area like '45%'"),
    _doubled("place", "ref_area_unique"),
    _empty("place", "name_zh", "place_named"),
    _wrong("place", "area_level", "'village'", "area_level_known"),
    _in_marts("indicator: an id is empty",
              "insert into marts.indicator select * replace (null as indicator_id) from marts.indicator limit 1",
              "indicator", "indicator_id_complete"),
    _doubled("indicator", "indicator_id_unique"),
    _empty("indicator", "indicator_zh", "indicator_named"),
    _empty("indicator", "unit_measure", "unit_complete"),
    _wrong("indicator", "indicator_kind", "'amount'", "kind_known"),
    _in_marts("document: an id is empty",
              "insert into marts.document select * replace (null as document_id) from marts.document limit 1",
              "document", "document_id_complete"),
    _in_marts("document: one document listed twice", "insert into marts.document from (from marts.document limit 1)",
              "document", "document_id_unique"),
    _in_marts("document: an id that is no hash",
              "insert into marts.document select * replace ('report.txt' as document_id) from marts.document limit 1",
              "document", "document_id_is_a_hash"),
    _wrong("document", "ingest_status", "'lost'", "ingest_status_known"),
    _wrong("document", "n_facts", "-1", "n_facts_positive"),
    _wrong("document", "n_targets", "-1", "n_targets_positive"),
    _wrong("document", "n_unresolved", "-1", "n_unresolved_positive"),
    # What is known where, how well it was read, what the columns mean.
    _doubled("coverage", "key_unique"),
    _empty("coverage", "ref_area", "ref_area_complete"),
    _wrong("coverage", "coverage_status", "'perhaps'", "status_known"),
    _wrong("coverage", "n_facts", "-1", "n_facts_positive"),
    _wrong("coverage", "n_targets", "-1", "n_targets_positive"),
    _wrong("coverage", "n_withheld", "-1", "n_withheld_positive"),
    _doubled("extraction_quality", "key_unique"),
    _empty("extraction_quality", "extractor_version", "extractor_version_complete"),
    _empty("extraction_quality", "theme", "theme_complete"),
    _wrong("extraction_quality", "slot", "'guess'", "slot_known"),
    _wrong("extraction_quality", "precision", "1.5", "precision_within_whole"),
    _wrong("extraction_quality", "recall", "1.5", "recall_within_whole"),
    _doubled("meta_column", "key_unique"),
    _empty("meta_column", "label_zh", "label_zh_complete"),
    _empty("meta_column", "description_zh", "description_zh_complete"),
    _empty("meta_column", "description_en", "description_en_complete"),
    # Marts against core and against each other.
    _in_marts("fact: a row lost",
              "delete from marts.fact where fact_id = (select min(fact_id) from marts.county_comparison)", RULES,
              "nothing_lost", "references_resolve"),
    _in_marts("target: a row lost", "delete from marts.target where rowid = 7", RULES, "nothing_lost"),
    _in_marts("fact: a withheld figure published",
              "insert into core.withheld select fact_id, 'core.fact', 'magnitude_plausible', 'made up' "
              "from marts.fact limit 1", RULES, "withheld_absent"),
    _in_marts("fact: a place that the release does not hold",
              "delete from marts.place where ref_area = '371603'", RULES, "references_resolve"),
    _in_marts("fact: an indicator that the release does not hold",
              "delete from marts.indicator where indicator_id = 'gdp'", RULES, "references_resolve"),
    _in_marts("fact: a document that the release does not hold",
              "delete from marts.document where file_name like '%.xlsx'", RULES, "references_resolve"),
    _in_marts("fact: none preferred", one_row("fact", "is_preferred = false", "is_preferred and n_rivals = 0"), RULES,
              "one_preferred"),
    _in_marts("fact: two preferred", one_row("fact", "is_preferred = true", "not is_preferred"), RULES,
              "one_preferred"),
    _warned("discrepancy: a level a tenth of those of the years beside it",
            "insert into marts.discrepancy select * replace ('slip' as finding_id, 'magnitude_slip' as finding, "
            "1 as deviation) from marts.discrepancy limit 1", RULES, "no_magnitude_slip"),
    # Whole marts and whole columns.
    _in_marts("a mart that nobody judges", "create table marts.extra (x integer)", "", "every_mart_is_judged"),
    _in_marts("a dimension that was not built", "drop table marts.document", "", "every_mart_is_judged"),
    _in_marts("place: a column that is gone", "alter table marts.place drop column name_zh", "place", "place_named"),
    _in_marts("fact: a column of nulls", "update marts.fact set quote = null", "fact", "quote_complete"),
    _in_marts("fact: values of a wrong type", "alter table marts.fact alter obs_value type varchar", "fact",
              "share_within_whole"),
)  # fmt: skip
