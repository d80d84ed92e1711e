"""`gongbao explore` shows from `current` alone what the explorer page shows, and `gongbao explain` tells more of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from gongbao.cli import main
from gongbao.errors import UsageError
from gongbao.publish import explain, publish, shown, stage_marts
from gongbao.warehouse import Warehouse
from tests.sql.given import insert_given

YEAR = {"time_period": "2024"}


@pytest.fixture
def published(warehouse: Warehouse) -> Warehouse:
    jianglou = {"document_id": "after", "ref_area": "371621104"} | YEAR
    facts: list[dict[str, Any]] = [
        {"fact_id": "aa1", "obs_value": 52000, "value_text": "5.2万元", "_sentence": "收入5.2万元,增长7%。",
         "_sentence_start": 10, "_span_start": 12, **jianglou},
        {"fact_id": "aa2", "obs_value": 50000, "document_id": "before", "ref_area": "371621104", "time_period": "2023"},
        {"fact_id": "aa3", "obs_value": 7, "measure": "growth", "base": "year", "value_text": "7%", **jianglou},
        {"fact_id": "bb1", "obs_value": 61000, "comparator": "min", "ref_area": "371621105", **YEAR},
        {"fact_id": "cc1", "obs_value": 58000, "ref_area": "371621106", **YEAR},
        {"fact_id": "dd1", "obs_value": 3, "ref_area": "371622101", **YEAR},
    ]  # fmt: skip
    insert_given(
        warehouse.connection,
        {
            "raw.document": [
                {"document_id": "before", "plan_period": "2024", "published_on": date(2024, 1, 10)},
                {"document_id": "after", "reporting_period": "2024", "published_on": date(2025, 1, 10),
                 "title": "公报\x1b[2J"},
            ],
            "core.fact": facts,
            "core.target": [
                {"fact_id": "tt1", "document_id": "before", "obs_value": 51000, "comparator": "min",
                 "value_text": "5.1万元", "ref_area": "371621104", **YEAR},
            ],
        },
    )  # fmt: skip
    stage_marts(warehouse)
    publish(warehouse, ())
    return warehouse


def explore(warehouse: Warehouse, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    with pytest.raises(SystemExit) as ended:
        main(["explore", *arguments, "--warehouse", str(warehouse.root)])
    told = capsys.readouterr()
    return int(str(ended.value.code)), told.out, told.err


def test_without_an_id_it_tells_the_pages_address(published: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    # The fixture holds the warehouse as a night does: the command waits for nobody.
    code, out, _ = explore(published, capsys)
    page = published.root / "current" / "explorer" / "index.html"
    assert page.is_file()
    assert (code, out.splitlines()[0]) == (0, page.as_uri())


def test_a_targets_evidence_has_its_outcome_and_the_other_sentence(
    published: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = explore(published, capsys, "tt1")
    lines = out.splitlines()
    assert "  为【5.1万元】。" in lines
    assert "  完成情况: 达成" in lines
    assert "  收入【5.2万元】,增长7%。" in lines
    assert lines[-1].endswith("/current/explorer/index.html#id=tt1&place=371621104")


def test_the_actual_of_a_target_leads_back_to_it(published: Warehouse) -> None:
    found = shown.evidence(published.current, "aa1")
    assert [target.fact_id for target in found.settles] == ["tt1"]
    assert found.settled_by is None


@pytest.mark.parametrize("fact_id", ["aa1", "aa3", "tt1"])
def test_it_gives_the_same_quote_in_the_same_sentence_as_explain(published: Warehouse, fact_id: str) -> None:
    found, explanation = shown.evidence(published.current, fact_id), explain(published, fact_id)
    assert (found.before, found.quote, found.after) == (
        explanation.sentence_before, explanation.quote, explanation.sentence_after,
    )  # fmt: skip
    assert (found.locator, found.fact_id, found.kind) == (
        explanation.locator, explanation.identifier, explanation.kind,
    )  # fmt: skip


def test_a_league_has_ranks_bounds_growth_lights_and_ids(published: Warehouse) -> None:
    league = shown.league(published.current, "general_budget_revenue", "2024", "371621")
    rows = [
        (place.rank, place.name_zh, place.value, place.growth_reported, place.outcome, place.fact_id)
        for place in league.places
    ]
    assert rows == [
        (1, "李庄镇", "58,000", None, None, "cc1"),
        (2, "姜楼镇", "52,000", "7", "达成", "aa1"),
        (None, "胡集镇", "61,000以上", None, None, "bb1"),
    ]
    assert league.places[1].growth_computed == pytest.approx(4)
    assert league.places[1].n_peers == 2


def test_a_league_is_printed_with_what_asks_on(published: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = explore(published, capsys, "--indicator", "general_budget_revenue", "--area", "371621")
    assert code == 0
    assert "1/2" in out
    assert "未参排" in out
    assert "view=league&indicator=general_budget_revenue&area=371621&period=2024" in out


def test_machines_get_one_json_document(published: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(explore(published, capsys, "aa1", "--json")[1])
    assert (told["quote"], told["settles"][0]["fact_id"]) == ("5.2万元", "tt1")
    assert json.loads(explore(published, capsys, "--json")[1]).keys() == {"address"}
    league = json.loads(explore(published, capsys, "--indicator", "general_budget_revenue", "--json")[1])
    assert league["places"][0]["rank"] == 1


def test_a_documents_text_cannot_steer_the_terminal(published: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = explore(published, capsys, "aa1")
    assert "\x1b" not in out
    assert "\\x1b[2J" in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("zz",), "no figure is called 'zz'"),
        (("aa",), "3 figures begin with aa: aa1, aa2, aa3: give more characters"),
        (("--indicator", "nonsense"), "take an indicator_id from indicator.parquet"),
        (("--indicator", "general_budget_revenue", "--period", "1900"), "leave --period and --area out"),
        (("aa1", "--indicator", "gdp"), "an ID, or --indicator"),
        (("--period", "2024"), "an ID, or --indicator"),
    ],
)
def test_a_mistake_of_use_says_what_to_do(
    published: Warehouse, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], complaint: str
) -> None:
    code, out, err = explore(published, capsys, *arguments)
    assert (code, out) == (2, "")
    assert complaint in err


def test_before_the_first_release_it_names_the_command_that_makes_one(warehouse: Warehouse) -> None:
    for ask in (
        lambda: shown.address(warehouse.current),
        lambda: shown.evidence(warehouse.current, "aa1"),
        lambda: shown.league(warehouse.current, "gdp", None, None),
    ):
        with pytest.raises(UsageError, match="gongbao run"):
            ask()
