"""The committed figures of quality are what measuring gives, where the annotated documents lie beside the checkout."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gongbao import reference
from gongbao.validate.quality import Figures, read_quality
from tests.golden.quality import (
    KEPT,
    NO_INDICATOR,
    Scored,
    as_csv,
    as_lines,
    by_family,
    figures,
    measure,
    merged,
    of_this_version,
    scorer,
    slots,
)

TODAY, LATER = date(2026, 11, 26), date(2026, 11, 27)
UNMEASURED = "this version of extraction was not measured: run python -m tests.golden.quality, and commit the file"


@pytest.fixture(scope="module")
def scores(shared: Path) -> dict[str, Scored]:
    return measure(shared / "gold")


def test_the_figures_of_this_version_are_what_measuring_gives(scores: dict[str, Scored], shared: Path) -> None:
    committed = of_this_version(read_quality())
    if not committed:
        pytest.skip(UNMEASURED)
    assert committed == figures(scores, committed[0].measured_on, shared / "gold")


def test_the_families_together_are_the_whole_score(scores: dict[str, Scored], shared: Path, tmp_path: Path) -> None:
    score = scorer(shared / "gold")
    gold = shared / "gold" / "dev"
    for text in gold.glob("*.txt"):
        (tmp_path / f"{text.stem}.jsonl").write_text(as_lines(text.read_text("utf-8")), "utf-8")
    whole, _, _ = score.score(gold, tmp_path)
    for counts in slots(score).values():
        for name in counts:
            assert sum(total[name] for total, _ in scores.values()) == whole[name], name


def test_families_are_those_of_the_catalogue_and_one_without_an_indicator(scores: dict[str, Scored]) -> None:
    assert set(scores) <= {row["theme"] for row in reference.rows("indicators.csv")} | {NO_INDICATOR}


def test_what_was_found_is_of_the_family_that_is_annotated_at_its_place_else_of_its_own() -> None:
    annotated = [{"start": 5, "indicator_id": "gdp"}, {"start": 9, "indicator_id": None}]
    found = [
        {"start": 5, "indicator_id": "tax_revenue"},
        {"start": 9, "indicator_id": "tax_revenue"},
        {"start": 20, "indicator_id": "tax_revenue"},
        {"start": 30, "indicator_id": None},
    ]
    starts = {
        family: [[each["start"] for each in side] for side in sides]
        for family, sides in by_family(annotated, found).items()
    }
    assert starts == {"economy": [[5], [5]], NO_INDICATOR: [[9], [9, 30]], "fiscal": [[], [20]]}


def row(version: str, right: int = 4, measured_on: date = TODAY) -> Figures:
    return Figures(version, "n", "fiscal", "value", 2, 10, 8, right, measured_on)


def test_what_is_measured_again_keeps_its_day_and_its_bytes() -> None:
    standing = [row("e2"), row("e1")]
    assert as_csv(merged(standing, [row("e2", measured_on=LATER)])) == as_csv(standing)


def test_other_figures_replace_those_of_their_version_with_a_new_day() -> None:
    changed = row("e1", right=5, measured_on=LATER)
    assert merged([row("e2"), row("e1")], [changed]) == [changed, row("e2")]


def test_a_changed_normalisation_is_measured_anew() -> None:
    changed = replace(row("e1", measured_on=LATER), normaliser_version="other")
    assert merged([row("e1")], [changed]) == [changed]


def test_the_versions_measured_last_are_kept() -> None:
    standing: list[Figures] = []
    for version in "abcdef":
        standing = merged(standing, [row(version)])
    assert [each.extractor_version for each in standing] == list("fedcba"[:KEPT])
