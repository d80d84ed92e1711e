"""The file of measured quality is read whole or refused with its line; where there is none nothing was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongbao.errors import UsageError
from gongbao.validate.quality import COLUMNS, load_quality, read_quality
from gongbao.warehouse import Warehouse

LINE = "e1,n1,fiscal,value,2,10,8,4,2026-11-26\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a checkout of its own has the file."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "expectations").mkdir()
    monkeypatch.setenv("GONGBAO_HOME", str(tmp_path))
    return tmp_path / "expectations" / "extraction_quality.csv"


def write(file: Path, lines: str, header: str = ",".join(COLUMNS)) -> None:
    file.write_text(f"{header}\n{lines}", "utf-8")


def test_the_file_replaces_what_core_holds(warehouse: Warehouse, file: Path) -> None:
    for lines in (LINE + LINE.replace("e1", "e0"), LINE):
        write(file, lines)
        load_quality(warehouse.connection)
    held = warehouse.connection.execute(
        "select extractor_version, theme, n_right from core.extraction_quality"
    ).fetchall()
    assert held == [("e1", "fiscal", 4)]


def test_without_the_file_nothing_was_measured(file: Path) -> None:
    assert not file.exists()
    assert read_quality() == []


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (LINE.replace(",8,", ",8.5,"), "line 2: a count or the date cannot be read .*8.5"),
        (LINE + LINE.replace("-11-", "-13-"), "line 3: a count or the date cannot be read"),
        (LINE.replace(",2026-11-26", ""), "line 2: not as many cells"),
        (LINE.replace("\n", ",more\n"), "line 2: not as many cells"),
    ],
)
def test_a_fault_is_named_with_its_line_and_the_remedy(file: Path, lines: str, message: str) -> None:
    write(file, lines)
    with pytest.raises(UsageError, match=f"extraction_quality.csv {message}") as raised:
        read_quality()
    assert "python -m tests.golden.quality" in str(raised.value.remedy)


def test_another_header_is_refused(file: Path) -> None:
    write(file, LINE, header="a,b")
    with pytest.raises(UsageError, match="the header is not extractor_version"):
        read_quality()
