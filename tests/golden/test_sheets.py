"""Real workbooks: each ends as figures or in review with a draft, and every identity that fails is explained."""

from __future__ import annotations

import pytest

from gongbao.extract.sheets.template import templates
from gongbao.extract.statement import Extraction
from tests.conftest import SHARED_ABSENT
from tests.golden.sheets import SHEETS, File, files

READ = {
    "census2020_county.xlsx": 1,
    "gd_foshan_population.xlsx": 14,
    "gd_guangzhou_migration.xlsx": 15,
    "gd_guangzhou_natural_change.xlsx": 15,  # one of them the table of migration, under a sheet's name of this one
    "gd_huizhou_population.xlsx": 13,
    "gd_zhaoqing_natural_change.xlsx": 14,
    "nbs_2026_indicator_by_year.csv": 1,
    "nbs_fiscal.csv": 1,
    "nbs_province_gdp_20y.xls": 1,
    "nbs_province_gdp_5y_notes.xls": 1,
    "nbs_total_population.csv": 1,
    "sh_2012_family_planning.xls": 1,
    "sh_2012_population_density.xls": 1,
    "sh_2017_construction.xls": 1,
    "sh_2017_highrise.xls": 1,
    "techme_budget_expenditure_2023.xls": 3,
    "techme_budget_expenditure_2023_unlocked.xlsx": 3,
    "techme_fertilizer_2022_2023.xlsx": 2,
    "techme_rd_intensity_2021.xls": 1,
}
IN_REVIEW = {
    "gd_huizhou_population.xlsx": 1,  # of 2015: a unit cell reads %0 where ‰ is meant
    "nbs_2026_province_by_year.csv": 1,  # names neither indicator nor unit
    "nbs_province_gdp_transposed.xls": 1,  # likewise
    "nbs_province_stripped.xls": 1,  # likewise
    "techme_agri_machinery_2018_2019.xls": 5,
    "techme_agrimachine_invest_2012.xls": 4,
    "techme_agrimachine_service_2017.xlsx": 3,
    "techme_agrimachine_service_2019.xlsx": 1,
    "techme_hightech_rd_2022.xls": 2,
    "techme_mechanised_counties_2024.xlsx": 1,  # a list of names
    "techme_papers_2010.xls": 1,
    "techme_patent_applications_2010.xls": 1,
    "techme_soshu_hightech_2020.xls": 1,
}
HELD, FAILED = 15_764, 22
"""Identities and totals of all files: each failure is one of the templates' `known_failures`."""


@pytest.fixture(scope="module")
def read() -> dict[str, File]:
    if not SHEETS.is_dir():
        pytest.skip(SHARED_ABSENT)
    return {file.name: file for file in files()}


def extractions(read: dict[str, File]) -> dict[str, Extraction]:
    return {name: file.found for name, file in read.items() if isinstance(file.found, Extraction)}


def test_every_workbook_is_read_or_left_to_a_curator_block_by_block(read: dict[str, File]) -> None:
    assert {name: n for name, file in read.items() if (n := file.statuses.get("read"))} == READ
    left = {name: file.statuses.get("unknown", 0) + file.statuses.get("not_covered", 0) for name, file in read.items()}
    assert {name: n for name, n in left.items() if n} == IN_REVIEW
    assert not any(file.statuses.get("failed_identity") for file in read.values())


def test_nine_in_ten_numbers_are_figures_or_wait_in_review_with_a_draft(read: dict[str, File]) -> None:
    for name, file in read.items():
        assert file.outside == 0, name
        assert file.figures + file.in_review >= 0.9 * file.numbers, name
    assert read["census2020_county.xlsx"].figures == read["census2020_county.xlsx"].numbers == 494_081


def test_identities_hold_and_failures_are_those_that_the_templates_explain(read: dict[str, File]) -> None:
    checks = [check for found in extractions(read).values() for block in found.blocks for check in block.identities]
    assert (sum(each.held for each in checks), sum(each.failed for each in checks)) == (HELD, FAILED)
    assert not any(each.detail for each in checks)
    assert all(each.reason for template in templates() for each in template.known_failures)


def test_the_same_table_locked_and_saved_anew_gives_the_same_figures(read: dict[str, File]) -> None:
    found = extractions(read)
    locked, anew = (
        [(s.cell, s.subject, s.indicator, s.value) for s in found[name].statements]
        for name in ("techme_budget_expenditure_2023.xls", "techme_budget_expenditure_2023_unlocked.xlsx")
    )
    assert locked == anew


def test_every_figure_leads_back_to_its_cell(read: dict[str, File]) -> None:
    for name, found in extractions(read).items():
        assert all(each.sheet and each.cell and each.header_path and each.template for each in found.statements), name
        addresses = [(each.sheet, each.cell) for each in found.statements]
        assert len(set(addresses)) == len(addresses), name
