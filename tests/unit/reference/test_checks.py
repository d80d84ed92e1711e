"""The vocabulary is consistent, and the check says so when it is not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongbao import reference
from gongbao.reference import checks
from gongbao.reference.gazetteer import gazetteer


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the vocabulary that a test may spoil."""
    folder = tmp_path / "reference"
    shutil.copytree(reference.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    monkeypatch.setattr(reference, "FOLDER", folder)
    _forget()
    yield folder
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    reference.rows.cache_clear()
    gazetteer.cache_clear()


def append(folder: Path, name: str, line: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as handle:
        handle.write(line + "\n")


def test_the_vocabulary_has_no_problems() -> None:
    assert checks.problems() == []


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("indicator_aliases.csv", "地区生产总值,tax_revenue,,", "the alias 地区生产总值 claims gdp and tax_revenue"),
        ("indicator_aliases.csv", "规模以上工业增加值,gdp,,", "claims gdp and va_industry_above"),  # however spelled
        (
            "indicator_aliases.csv",
            "技术改造投资,gdp,,",
            "the alias 技改投资 or 技术改造投资 claims gdp and tech_upgrade_investment",
        ),
        ("declined_phrases.csv", "项目,said twice", "declined_phrases.csv: 项目 stands there twice"),
        ("declined_phrases.csv", "新词,", "declined_phrases.csv: 新词 lacks a phrase or a reason"),
        ("declined_phrases.csv", "新词,as 旧词", "新词 is declined as 旧词, which has no reason of its own"),
        ("texts/units.csv", "贝,贝,count,", "texts/units.csv: units.csv does not say what 贝 is"),
        ("place_history.csv", "999901,无省县,2000-12,2001-12", "place_history.csv: 999901 无省县 has no parent"),
        (
            "indicator_aliases.csv",
            "新说法,no_such_indicator,,",
            "names no_such_indicator, which is not in",
        ),
        ("indicator_aliases.csv", "新说法,gdp,grade,", "the breakdown grade is not dim=code;dim=code"),
        ("units.csv", "CNY,weight,新币,1,", "CNY has the dimensions money and weight"),
        ("units.csv", "CNY,money,新币,0,", "the multiplier of 新币 is no positive number"),
        ("units.csv", "CNY,money,万元,10000,", "units.csv: 万元 stands there twice"),
        ("unit_conversions.csv", "CNY,cowrie,1,,,", "CNY or cowrie is not in units.csv"),
        ("places.csv", "999999001,无县镇,", "the parent 999999 of 999999001 无县镇 is missing"),
        ("place_aliases.csv", "某地,999999,", "has the code 999999, which is not in places.csv"),
        ("modality.csv", "试试,try,", "试试 has the unknown modality try"),
        ("obs_status.csv", "估摸,Z,", "估摸 has the unknown status Z"),
        ("obs_status.csv", ",E,", "E stands there without a word"),
        ("caveats.csv", "odd,奇,,", "odd lacks a name or description"),
        ("places.csv", "999999", "places.csv: not every line has as many cells as the header"),
    ],
)
def test_a_broken_line_is_named(copy: Path, name: str, line: str, said: str) -> None:
    append(copy, name, line)
    assert any(said in problem for problem in checks.problems())


def test_an_entry_without_definition_is_named(copy: Path) -> None:
    path = copy / "indicators.csv"
    lines = path.read_text("utf-8").splitlines()
    lines.append("new_thing,新事物,New thing,economy,cowrie,flow,neutral,no,新事物,,bulletin,0,no,,")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    found = checks.problems()
    assert "indicators.csv: new_thing has no definition" in found
    assert "indicators.csv: new_thing has no definition_zh" in found
    assert "indicators.csv: new_thing is measured in cowrie, which units.csv does not have" in found
