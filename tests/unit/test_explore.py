"""`gongbao explore`: the page's address, and on the terminal the same evidence as on the page and in `explain`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from gongbao.errors import UsageError
from gongbao.ingest import Source
from gongbao.publish import explain, shown
from gongbao.warehouse import Warehouse
from tests.forks import python
from tests.unit.past_nights import FIRST, night

TEXTS = {
    "姜楼镇2023.txt": "惠民县姜楼镇2023年工作总结\n2023年,全镇完成一般公共预算收入5533万元,增长6.1%。\n"
    "2024年,力争一般公共预算收入达到5800万元以上。\n",
    "姜楼镇2024.txt": "惠民县姜楼镇2024年工作总结\n2024年,全镇完成一般公共预算收入5700万元。\n",
    "李庄镇2024.txt": "惠民县李庄镇2024年工作总结\n2024年,全镇完成一般公共预算收入6120万元以上。\n",
    "石庙镇2024.txt": "惠民县石庙镇2024年工作总结\n2024年,全镇完成一般公共预算收入5900万元。\n",
}


@pytest.fixture(scope="module")
def warehouse_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explore")
    inbox = folder / "inbox"
    inbox.mkdir()
    for name, text in TEXTS.items():
        (inbox / name).write_text(text, "utf-8")
    night(folder / "warehouse", FIRST, [Source("office", inbox, "统计局", "惠民县", ("sample",))], folder / "none.yml")
    return folder / "warehouse"


def rows(warehouse: Path, mart: str) -> list[dict[str, Any]]:
    return list(parquet.read_table(warehouse / "current" / f"{mart}.parquet").to_pylist())


def explore(warehouse: Path, *arguments: str) -> tuple[int, str, str]:
    ended = python()(warehouse.parent, "-m", "gongbao", "explore", *arguments, "--warehouse", str(warehouse))
    return ended.returncode, ended.stdout, ended.stderr


def test_alone_it_tells_where_the_page_is(warehouse_folder: Path) -> None:
    code, out, _ = explore(warehouse_folder, "--json")
    assert code == 0
    address = json.loads(out)["address"]
    assert address == (warehouse_folder / "current" / "explorer" / "index.html").as_uri()
    assert Path(address.removeprefix("file://")).is_file()


def test_the_evidence_of_every_figure_is_that_of_explain(warehouse_folder: Path) -> None:
    current = warehouse_folder / "current"
    for mart in ("fact", "target"):
        for row in rows(warehouse_folder, mart):
            found = shown.evidence(current, row["fact_id"])
            with Warehouse.reading(warehouse_folder) as opened:
                told = explain(opened, row["fact_id"])
            assert (found.before, found.quote, found.after) == (told.sentence_before, told.quote, told.sentence_after)
            assert (found.kind, found.locator) == (told.kind, told.locator)
            assert found.address.endswith(f"explorer/index.html#id={row['fact_id']}&place={row['ref_area']}")


def test_a_target_and_the_figure_that_settles_it_tell_of_each_other(warehouse_folder: Path) -> None:
    (target,) = (row for row in rows(warehouse_folder, "target_attainment") if row["status"] == "missed")
    code, out, _ = explore(warehouse_folder, target["fact_id"][:10])
    assert code == 0
    assert "【5800万元以上】" in out
    assert "【5700万元】" in out
    assert "完成情况: 未达成" in out
    actual = shown.evidence(warehouse_folder / "current", target["actual_fact_id"])
    assert [each.quote for each in actual.settles] == ["5800万元以上"]


def test_a_league_ranks_exact_figures_and_counts_who_is_absent(warehouse_folder: Path) -> None:
    league = shown.league(warehouse_folder / "current", "general_budget_revenue", None, None)
    assert (league.area, league.time_period) == ("371621", "2024")
    assert [(place.rank, place.name_zh, place.value) for place in league.places] == [
        (1, "石庙镇", "59,000,000"),
        (2, "姜楼镇", "57,000,000"),
        (None, "李庄镇", "61,200,000以上"),
    ]
    assert league.places[1].outcome == "接近"
    assert league.absent == 12
    code, out, _ = explore(warehouse_folder, "--indicator", "general_budget_revenue")
    assert code == 0
    assert "1/2  石庙镇" in out
    assert "缺报 12" in out


def test_another_period_and_unit_may_be_asked_for(warehouse_folder: Path) -> None:
    league = shown.league(warehouse_folder / "current", "general_budget_revenue", "2023", "371621")
    assert [(place.name_zh, place.growth_reported) for place in league.places] == [("姜楼镇", "6.1")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("feed",), "no figure is called 'feed'"),
        (("--indicator", "gdp"), "no comparison of gdp"),
        (("--indicator", "nothing"), "take an indicator_id from indicator.parquet"),
        (("--period", "2024"), "an ID, or --indicator"),
        (("feed", "--indicator", "gdp"), "an ID, or --indicator"),
    ],
)
def test_what_is_not_there_is_said_in_a_line(warehouse_folder: Path, arguments: tuple[str, ...], said: str) -> None:
    code, _, err = explore(warehouse_folder, *arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err


def test_before_the_first_release_there_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no explorer page"):
        shown.address(tmp_path / "current")
