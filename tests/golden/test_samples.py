"""The sample inbox keeps its word: the ledger's anchors hold, and the workbooks can be written again."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.golden.ledger import INBOX, SAMPLES, decode, read_ledger

REFUSED = {"桑落墅镇2024年工作总结.txt", "魏集镇2023年工作报告.doc", "12345热线平台导出_20251231.json"}


def test_every_figure_of_the_ledger_stands_where_the_ledger_says() -> None:
    texts = {path.name: decode(path)[0] for path in INBOX.glob("*.txt")}
    anchored = [row for row in read_ledger() if row["start"]]
    assert len(anchored) > 1200
    astray = [
        (row["file"], row["start"], row["quote"])
        for row in anchored
        if not texts[row["file"]].startswith(row["quote"], int(row["start"]))
    ]
    assert astray == []


def test_every_readable_file_but_the_forwarded_copy_has_figures_in_the_read_ledger() -> None:
    listed = {row["file"] for row in read_ledger()}
    assert {path.name for path in INBOX.iterdir()} - listed == REFUSED | {"镇街概览之李庄.txt"}


def test_six_towns_and_four_counties_report_three_years_and_plan_the_next() -> None:
    reported = {
        (row["ref_area"], row["time_period"]) for row in read_ledger() if row["kind"] == "fact" and row["start"]
    }
    planned = {(row["ref_area"], row["time_period"]) for row in read_ledger() if row["kind"] == "target"}
    towns = ("371621111", "371621104", "371621105", "371621103", "371621101", "371621001")
    for place in (*towns, "371621", "371625", "371623", "371622"):
        assert {(place, "2023"), (place, "2024"), (place, "2025")} <= reported
        assert {(place, "2024"), (place, "2025"), (place, "2026")} <= planned


def test_the_texts_come_in_the_encodings_that_offices_use() -> None:
    encodings = Counter(decode(path)[1] for path in INBOX.glob("*.txt") if path.name not in REFUSED)
    assert encodings["gb18030"] >= 3
    assert encodings["utf-8-sig"] == 1
    assert sum(b"\r\n" in path.read_bytes() for path in INBOX.glob("*.txt")) == 1


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_workbooks_are_written_again_byte_for_byte(tmp_path: Path, seed: str) -> None:
    script = SAMPLES / "build_workbooks.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, env={"PYTHONHASHSEED": seed})
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert built == {path.name: path.read_bytes() for path in INBOX.glob("*.xlsx")}
