"""From question to answer to the next night, through the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from gongbao.warehouse import Warehouse
from tests.unit.review.given import DRAFT_ANSWERED, inbox, night_apart, run, workbook


def gongbao(folder: Path, *arguments: str, code: int = 0) -> str:
    return run(folder, "-m", "gongbao", *arguments, code=code)


def listed(folder: Path) -> dict[str, dict[str, Any]]:
    return {row["kind"]: row for row in json.loads(gongbao(folder, "review", "list", "--json"))}


def test_answers_are_read_by_the_next_night_and_outlive_the_database(tmp_path: Path) -> None:
    inbox(tmp_path / "inbox")
    night_apart(tmp_path)
    asked = listed(tmp_path)
    assert set(asked) == {"unknown_indicator", "unknown_place", "sheet_block"}
    phrase, place, table = (
        asked[kind]["review_id"][:8] for kind in ("unknown_indicator", "unknown_place", "sheet_block")
    )
    (tmp_path / "bees.yaml").write_text(DRAFT_ANSWERED, "utf-8")

    told = gongbao(tmp_path, "review", "accept", place, "--place", "371621105")
    assert "written to vocabulary/place_aliases.csv; the next run reads 1 figure anew" in told
    told = gongbao(tmp_path, "review", "accept", place, "--place", "371621105")
    assert "(it stood there already)" in told
    assert "reads 12 figures anew" in gongbao(tmp_path, "review", "accept", table, "--template", "bees.yaml")
    gongbao(tmp_path, "review", "accept", table, "--template", "vocabulary/sheets/bees.yaml")
    assert "1 figure stays out of the marts" in gongbao(tmp_path, "review", "reject", phrase, "--reason", "a workshop")
    assert listed(tmp_path) == {}

    shutil.move(tmp_path / "warehouse" / "gongbao.duckdb", tmp_path / "lost.duckdb")
    night_apart(tmp_path)
    with Warehouse.reading(tmp_path / "warehouse") as opened:
        statuses = opened.connection.execute("select kind, waiting, status from ops.review_item order by 1").fetchall()
        figures = opened.connection.execute(
            "select obs_value, fact.ref_area from core.fact as fact join core.statement using (statement_id) "
            "where subject = '花果镇' or template = 'bees@1' order by all"
        ).fetchall()
    assert statuses == [
        ("sheet_block", 0, "accepted"), ("unknown_indicator", 1, "rejected"), ("unknown_place", 0, "accepted"),
    ]  # fmt: skip
    assert (3100000, "371621105") in figures
    assert len(figures) == 1 + 12

    doctor = gongbao(tmp_path, "doctor", "--json")
    (overlay,) = [row["detail"] for row in json.loads(doctor) if row["topic"] == "overlay"]
    assert overlay == "vocabulary: place_aliases.csv (1 line), sheets/bees.yaml"


def test_pages_and_drafts_are_printed(tmp_path: Path) -> None:
    inbox(tmp_path / "inbox")
    night_apart(tmp_path)
    table = listed(tmp_path)["sheet_block"]["review_id"]
    assert "3 questions, 14 figures wait" in gongbao(tmp_path, "review")
    assert "todo" in gongbao(tmp_path, "review", "show", table, "--draft")
    assert json.loads(gongbao(tmp_path, "review", "show", table, "--json"))["cells"] == "A1:C5"
    place = listed(tmp_path)["unknown_place"]["review_id"]
    assert "there is no draft" in gongbao(tmp_path, "review", "show", place, "--draft", code=2)


def test_decisions_take_the_lock_and_make_no_warehouse(tmp_path: Path) -> None:
    assert "no warehouse at" in gongbao(tmp_path, "review", "reject", "ab", "--reason", "no", code=2)
    assert not (tmp_path / "warehouse").exists()
    with Warehouse(tmp_path / "warehouse"):
        assert "holds the warehouse" in gongbao(tmp_path, "review", "reject", "ab", "--reason", "no", code=5)


def test_a_malformed_overlay_ends_with_exit_code_2_and_its_line(tmp_path: Path) -> None:
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary" / "units.csv").write_text("canonical_unit,dimension\nCNY,money\n", "utf-8")
    inbox(tmp_path / "inbox")
    told = gongbao(tmp_path, "extract", "inbox/report.txt", code=2)
    assert "vocabulary/units.csv line 1: the columns are canonical_unit,dimension" in told


def test_blocks_tells_what_became_of_each_table_and_of_files_that_cannot_be_read(tmp_path: Path) -> None:
    workbook(tmp_path / "bees.xlsx", "甲村")
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    told = json.loads(gongbao(tmp_path, "blocks", "--json", "bees.xlsx", "bad.xlsx", code=3))
    assert [(row["file"], row["status"], row["numbers"]) for row in told["blocks"]] == [
        ("bees.xlsx", "unknown", 6), ("bad.xlsx", "quarantined", 0),
    ]  # fmt: skip
    assert told["totals"]["numbers"] == 6
    shown = gongbao(tmp_path, "blocks", "bees.xlsx")
    assert "no template knows this table" in shown
    assert "no workbook named" in gongbao(tmp_path, "blocks", code=2)


def test_the_overlay_is_read_without_a_warehouse_too(tmp_path: Path) -> None:
    workbook(tmp_path / "bees.xlsx", "甲村")
    (tmp_path / "words" / "sheets").mkdir(parents=True)
    (tmp_path / "words" / "sheets" / "bees.yaml").write_text(DRAFT_ANSWERED, "utf-8")
    (tmp_path / "gongbao.toml").write_text('vocabulary = "words"\n', "utf-8")
    told = json.loads(gongbao(tmp_path, "blocks", "--json", "bees.xlsx"))
    assert [(row["status"], row["template"], row["figures"]) for row in told["blocks"]] == [("read", "bees@1", 6)]
    assert '"indicator_id": "gdp"' in gongbao(tmp_path, "extract", "bees.xlsx")
