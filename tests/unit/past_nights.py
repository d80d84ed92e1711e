"""Whole nights in small, without Prefect: documents that come, are revised and go, with a curator's corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from gongbao import curation, publish, runs, validate
from gongbao.ingest import Source, ingest
from gongbao.normalise import correction_file, extract_pending, normalise
from gongbao.settings import Settings
from gongbao.warehouse import Warehouse

FIRST = datetime(2026, 3, 1, 2)
DAY = timedelta(days=1)
REPORT = "惠民县李庄镇2024年工作总结\n2024年,全镇完成一般公共预算收入6120万元,增长5.2%。新增高新技术企业4家。\n"
REVISED = REPORT.replace("6120", "6210")
OTHER = "惠民县姜楼镇2024年工作总结\n2024年,全镇完成一般公共预算收入5533万元。2025年,力争新增高新技术企业5家以上。\n"
THIRD = "惠民县姜楼镇2025年工作总结\n2025年,全镇新增高新技术企业6家。\n"
CORRECTION = """- document: other.txt
  sentence: 2024年,全镇完成一般公共预算收入
  expect: {quote: 5533万元, value: 55330000元}
  action: replace
  with: {value: 5353万元}
  reason: two digits changed places
  source: 惠民县2024年财政决算
"""
TOWNS = [["惠民县各镇主要经济指标（2023年）", None], ["镇", "收入（万元）"], ["李庄镇", 4321], ["姜楼镇", 5001]]


def book(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    """A workbook of one sheet."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("表一")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def night(warehouse: Path, now: datetime, sources: Sequence[Source], corrections: Path) -> Path:
    """What a run does, stage after stage; the folder of the release that it leaves current."""
    with Warehouse(warehouse) as opened:
        run_id = runs.begin(opened, now)
        curation.record(opened, now, corrections)
        ingest(opened, sources, now)
        extract_pending(opened)
        normalise(opened, correction_file.read(corrections))
        core = validate.validate_core(opened, run_id)
        publish.stage_marts(opened)
        marts = validate.validate_marts(opened, run_id)
        assert not core.held, validate.describe(core)
        assert not marts.held, validate.describe(marts)
        release = publish.publish(opened, (core, marts))
        runs.end(opened, run_id, "done", now, None, release.release_id)
        return release.path


def three_nights(folder: Path) -> tuple[Settings, list[Path]]:
    """The settings of a warehouse after three nights, and the release of each night."""
    inbox, warehouse, corrections = folder / "inbox", folder / "warehouse", folder / "corrections.yml"
    inbox.mkdir()
    releases = []

    def release(number: int, place: str) -> None:
        source = Source("office", inbox, "统计局", place, ("sample",))
        releases.append(night(warehouse, FIRST + number * DAY, [source], corrections))

    (inbox / "report.txt").write_text(REPORT, "utf-8")
    (inbox / "other.txt").write_text(OTHER, "utf-8")
    book(inbox / "表.xlsx", TOWNS)
    (inbox / "scan.pdf").write_bytes(b"%PDF-1.7")
    (inbox / "broken.txt").symlink_to("nowhere")
    release(0, "阳信县")
    (inbox / "report.txt").write_text(REVISED, "utf-8")
    (inbox / "copy.txt").write_bytes(OTHER.encode("gb18030"))
    for name in ("scan.pdf", "broken.txt", "表.xlsx"):
        (inbox / name).unlink()
    (inbox / ".unfinished.txt").write_text(THIRD, "utf-8")
    corrections.write_text(CORRECTION, "utf-8")
    release(1, "惠民县")
    for name in ("other.txt", ".unfinished.txt"):
        (inbox / name).unlink()
    (inbox / "third.txt").write_text(THIRD, "utf-8")
    corrections.write_text(CORRECTION.replace("5353", "5335"), "utf-8")
    release(2, "惠民县")
    return Settings(warehouse=warehouse, corrections=corrections, processes=1, now=FIRST + 3 * DAY), releases
