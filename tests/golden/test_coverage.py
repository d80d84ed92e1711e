"""How much of the real corpus is normalised, and that nothing frequent goes unlooked at, where it lies beside us."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongbao import reference
from gongbao.normalise.vocabulary import aliases, fold
from gongbao.reference.gazetteer import gazetteer
from tests.golden.coverage import DECLINED, JUDGED, Measured, declined, listed_code, measure, phrases, share

LEAST_PLACED_RIGHT = 0.97
LEAST_WITH_INDICATOR = 0.40
LEAST_WITH_PLACE = 0.98
LEAST_WITH_UNIT = 0.997
MOST_FREQUENT_UNSEEN = 13
"""A phrase without an indicator that is more frequent than this was mapped or declined with a reason."""

MISFILED = {
    "county_gaotangxian_2021_work_report": "371526",
    "county_miyixian_2024_work_report": "510421",
    "county_tangxian_2020_work_report": "130627",
    "county_yixian_2019_work_report": "130633",
}
"""Of a collection that files 高唐县 under 唐县 and 米易县 under 易县: what the texts say."""


@pytest.fixture(scope="module")
def corpus(shared: Path) -> list[Measured]:
    return measure(shared / "corpus")


def test_documents_are_placed_as_their_index_says(corpus: list[Measured]) -> None:
    assert share(each.is_placed for each in corpus) >= LEAST_PLACED_RIGHT
    assert {each.entry.slug for each in corpus if not each.is_placed} <= set(JUDGED)


def test_no_document_has_a_wrong_place(corpus: list[Measured]) -> None:
    assert [each.entry.slug for each in corpus if each.home.code is not None and not each.is_placed] == []


def test_what_is_misfiled_is_of_the_place_that_its_text_names(corpus: list[Measured]) -> None:
    homes = {each.entry.slug: each.home.code for each in corpus}
    assert {slug: homes[slug] for slug in MISFILED} == MISFILED


def test_statements_have_places_units_and_indicators(corpus: list[Measured]) -> None:
    figures = [figure for each in corpus for figure in each.figures]
    assert share(figure.has_indicator for figure in figures) >= LEAST_WITH_INDICATOR
    assert share(figure.has_place for figure in figures) >= LEAST_WITH_PLACE
    assert share(figure.has_unit for figure in figures) >= LEAST_WITH_UNIT


def test_every_frequent_phrase_was_looked_at(corpus: list[Measured]) -> None:
    frequent = [each.words for each in phrases(corpus, declined()) if each.count > MOST_FREQUENT_UNSEEN]
    assert frequent == []


def test_an_index_names_a_place_by_level_and_province() -> None:
    assert listed_code("吉林", "province", "吉林") == "220000"
    assert listed_code("吉林", "prefecture", "吉林") == "220200"
    assert listed_code("唐县", "county", "河北") == "130627"
    assert gazetteer().path(listed_code("柳河县向阳镇", "township", "吉林") or "") == "吉林省/通化市/柳河县/向阳镇"
    assert listed_code("无此县", "county", "河北") is None


def test_a_declined_phrase_is_spelled_as_the_list_shows_it() -> None:
    assert [row["phrase"] for row in reference.rows(DECLINED) if fold(row["phrase"]) != row["phrase"]] == []


def test_a_declined_phrase_matches_nothing_by_itself_but_what_needs_its_sentence() -> None:
    needing = {row["indicator_ids"] for row in reference.rows("indicator_surroundings.csv") if row["required"] == "yes"}
    conditional = {each for ids in needing for each in ids.split("|")}
    known = {phrase: aliases()[phrase] for phrase in declined() if phrase in aliases()}
    assert {p for p, alias in known.items() if not alias.risky and alias.indicator_id not in conditional} == set()
