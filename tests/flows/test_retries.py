"""A site that does not answer is asked again, and nothing else is: the one stage in which a retry can help."""

from __future__ import annotations

from pathlib import Path

import pytest
from prefect.tasks import Task

from flows import backfill, ingest_one, publish_asof, stages
from gongbao import settings
from gongbao.errors import GongbaoError
from gongbao.warehouse import Warehouse
from gongbao.workers import HERE
from tests.web_server import WebServer, list_page, page

TEXT = "惠民县姜楼镇2024年工作总结\n2024年，全镇完成一般公共预算收入6120万元，增长5.2%。\n"


def configured(folder: Path, address: str, place: str) -> settings.Settings:
    slots = {"list_page": address, "link_pattern": "工作总结", "private_hosts": (place,)}
    limits = {"seconds": 0.5, "interval_seconds": 0}
    sources = ({"name": "site", **slots, "limits": limits}, {"name": "office", "inbox": folder / "inbox"})
    return settings.load(source=sources, warehouse=folder / "warehouse")


def test_what_a_later_try_brings_is_counted_with_the_first(warehouse: Warehouse, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text(TEXT.replace("6120", "7120"), "utf-8")
    with WebServer() as server:
        address, place = server.url("/col/"), server.place
    dead = configured(tmp_path, address, place)
    reports = [stages.ingest_sources.fn(warehouse, dead, HERE)]
    assert (reports[0].new, reports[0].passing) == (1, ("site",))
    with pytest.raises(GongbaoError, match="not reached: site"):
        stages.reach_again.fn(warehouse, dead, reports)
    with WebServer() as server:
        server.reply("/col/", list_page(("a.txt", "2024年工作总结")))
        server.reply("/col/a.txt", page(TEXT, media_type="text/plain; charset=utf-8"))
        stages.reach_again.fn(warehouse, configured(tmp_path, server.url("/col/"), server.place), reports)
    assert [(each.seen, each.new, len(each.unreached)) for each in reports] == [(1, 1, 1), (1, 1, 1), (2, 2, 0)]
    assert reports[-1].passing == ()


def test_a_folder_that_is_not_there_is_no_reason_to_wait(warehouse: Warehouse, tmp_path: Path) -> None:
    sources = ({"name": "office", "inbox": tmp_path / "gone"},)
    report = stages.ingest_sources.fn(warehouse, settings.load(source=sources, warehouse=warehouse.root), HERE)
    assert [name for name, _ in report.unreached] == ["office"]
    assert report.passing == ()


def test_only_the_stage_that_asks_sites_again_is_retried() -> None:
    tasks = {
        name: each
        for module in (stages, backfill, ingest_one, publish_asof)
        for name, each in vars(module).items()
        if isinstance(each, Task)
    }
    assert len(tasks) > 10
    assert {name: each.retries for name, each in tasks.items() if each.retries} == {"reach_again": 2}
