"""Defects between two releases: the samples are published, then core is harmed and the marts are built anew from it."""

from __future__ import annotations

from tests.seeded_defects.defect import Defect

STAND, WHOLE = "published_rows_stand", "whole_places_stand"
# STAND among the further checks is that of the comparison by counties or by townships.
PLACES = "('371621001', '371621101', '371621103')"


def _between(name: str, sql: str, mart: str, rule: str, *also: str) -> Defect:
    return Defect(name, sql, f"release.{mart}", rule, "held", also)


DEFECTS = (
    _between("a county dropped, of few figures", "delete from core.fact where ref_area = '371681'", "fact", WHOLE),
    _between("a county dropped, of many", "delete from core.fact where ref_area = '371623'", "fact", WHOLE, STAND),
    _between("a county's figures given to its prefecture",
             "update core.fact set ref_area = '371600' where ref_area = '371681'", "fact", WHOLE),
    _between("three townships dropped", f"delete from core.fact where ref_area in {PLACES}", "fact", STAND, STAND),
    _between("history restated for three townships",
             f"update core.fact set obs_value = obs_value + precision_value where ref_area in {PLACES}", "fact", STAND,
             STAND),
    _between("another unit for whatever is counted",
             "update core.fact set unit_measure = 'household' where unit_measure in ('person', 'unit', 'project')",
             "fact", STAND, STAND),
    _between("a document forgotten", "delete from raw.document where ingest_status = 'quarantined'", "document", STAND),
)  # fmt: skip
