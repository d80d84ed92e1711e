"""What is published does not depend on how and when the files arrived."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

from gongbao.ingest import Source, ingest
from gongbao.normalise import extract_pending, normalise
from gongbao.publish import Release, publish, stage_marts
from gongbao.publish.published import MANIFEST
from gongbao.validate import validate_core, validate_marts
from gongbao.warehouse import Warehouse
from tests.release_files import digests

REPORT = "李庄镇2024年工作总结\n\n惠民县李庄镇人民政府\n\n2024年,全镇完成一般公共预算收入6120万元,增长5.2%。\n"
PLAN = "惠民县2024年政府工作报告\n\n2023年,全县地区生产总值达到276.5亿元。2024年,地区生产总值增长6%左右。\n"


def night(warehouse: Warehouse, sources: list[Source], now: datetime) -> Release:
    ingest(warehouse, sources, now)
    extract_pending(warehouse)
    normalise(warehouse)
    core = validate_core(warehouse, "run")
    stage_marts(warehouse)
    return publish(warehouse, (core, validate_marts(warehouse, "run")))


def write_inboxes(folder: Path) -> list[Source]:
    """Two inboxes with the same bytes under several names, in one of them in two encodings, and a workbook."""
    inboxes = [folder / "first", folder / "second"]
    for number, inbox in enumerate(inboxes):
        inbox.mkdir(parents=True)
        (inbox / f"{9 - number}号文件.txt").write_text(REPORT, "utf-8")
        (inbox / f"县报告{number}.txt").write_text(PLAN, "utf-8")
        (inbox / f"空{number}.txt").write_bytes(b"")
        with xlsxwriter.Workbook(inbox / f"附表{number}.xlsx", {"in_memory": True}) as book:
            book.set_properties({"created": datetime(2026, 1, 1)})
            book.add_worksheet("2024").write(0, 0, "无标题的数")
    (inboxes[0] / "旧编码.txt").write_bytes(REPORT.encode("gb18030"))
    return [Source("first", inboxes[0], None, "惠民县"), Source("second", inboxes[1], None, "惠民县")]


def published_as(release: Release) -> dict[str, str]:
    """Every file's, and the manifest's part that does not tell what was published before."""
    manifest = json.loads((release.path / MANIFEST).read_bytes())
    content = {name: part for name, part in manifest.items() if name not in {"previous_release", "changes"}}
    return digests(release.path) | {MANIFEST: json.dumps(content)}


def test_one_night_and_two_in_whatever_order_give_the_same_release(tmp_path: Path) -> None:
    first, second = write_inboxes(tmp_path)
    deliveries = [[[first, second]], [[first], [second, first]], [[second], [first, second]]]
    published = []
    for number, nights in enumerate(deliveries):
        with Warehouse(tmp_path / f"warehouse {number}") as warehouse:
            for day, sources in enumerate(nights, start=1):
                release = night(warehouse, sources, datetime(2026, 3, number + day))
            (facts,) = warehouse.connection.execute("select count(*) from marts.fact").fetchone() or (0,)
            published.append((release.release_id, published_as(release)))
    assert facts >= 3
    assert published[0] == published[1] == published[2]
