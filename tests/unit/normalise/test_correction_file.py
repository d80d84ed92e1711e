"""Corrections are read as they are written; what is wrong in the file is told with its line and field."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from gongbao.errors import UsageError
from gongbao.normalise import correction_file

RECORD = """\
- document: report.txt
  at: 210
  expect:
    quote: 5,533亿元
    value: 553300000000元
  action: replace
  with:
    value: 5,533.10万元
    place: 山东省/惠民县/姜楼镇
  reason: a misprint
  source: 决算, page 12
"""
WITHDRAWAL = RECORD.replace("action: replace", "action: withdraw").replace(
    "  with:\n    value: 5,533.10万元\n    place: 山东省/惠民县/姜楼镇\n", ""
)


def given(folder: Path, text: str) -> Path:
    path = folder / "corrections.yml"
    path.write_text(text, "utf-8")
    return path


def test_a_record_keeps_digits_and_finds_its_place(tmp_path: Path) -> None:
    (record,) = correction_file.read(given(tmp_path, RECORD))
    assert (record.document, record.start, record.cell, record.line) == ("report.txt", 210, None, 1)
    assert record.replacement is not None
    assert str(record.replacement.value) == "5,533.10万元"
    assert record.replacement.value is not None
    assert record.replacement.value.number == Decimal("5533.10")
    assert record.replacement.place == "371621111"


def test_a_cell_is_behind_the_last_mark_of_its_sheet(tmp_path: Path) -> None:
    (record,) = correction_file.read(given(tmp_path, WITHDRAWAL.replace("at: 210", "at: 全市!乡镇!AB12")))
    assert record.cell == ("全市!乡镇", "AB12")


def test_what_a_record_says_makes_its_id_not_where_it_stands(tmp_path: Path) -> None:
    one, other = correction_file.read(given(tmp_path, RECORD + WITHDRAWAL))
    again = correction_file.read(given(tmp_path, "# first the withdrawal\n" + WITHDRAWAL + RECORD))
    assert [each.correction_id for each in again] == [other.correction_id, one.correction_id]
    assert [each.line for each in again] == [2, 10]


@pytest.mark.parametrize("text", [None, "", "# none yet\n", "[]"])
def test_no_file_and_an_empty_one_correct_nothing(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "corrections.yml" if text is None else given(tmp_path, text)
    assert correction_file.read(path) == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("at: 210", "at: B5", "line 2: at: B5 is neither a start"),
        ("at: 210", "att: 210", "line 2: att: no field of a record; known are document, at, sentence"),
        ("at: 210", "at: 210\n  sentence: 全镇", "line 1: a record needs one of at and sentence"),
        ("    quote: 5,533亿元\n", "", "line 3: expect.quote: is missing"),
        ("quote: 5,533亿元", "quote: ''", "line 4: expect.quote: is empty"),
        ("value: 553300000000元", "value: many", "line 5: expect.value: many is no number with its unit"),
        ("value: 553300000000元", "value: [5]", "line 5: expect.value: a number with its unit is expected"),
        ("action: replace", "action: delete", "line 6: action: must be 'replace' or 'withdraw'"),
        ("action: replace", "action: withdraw", "line 1: `replace` needs `with`, and `withdraw` has none"),
        ("5,533.10万元", "5533万贯", "line 8: with.value: 万贯 is no unit of units.csv"),
        ("5,533.10万元", "5.12345678901万元", "line 8: with.value: 5.12345678901万元 has more digits"),
        ("place: 山东省/惠民县/姜楼镇", "place: 姜楼镇", "line 9: with.place: 姜楼镇 is no place"),
        ("place: 山东省/惠民县/姜楼镇", "period: 2023年", "line 9: with.period: 2023年 is no period"),
        ("place: 山东省/惠民县/姜楼镇", "indicator: revenue", "line 9: with.indicator: revenue is no id"),
        (
            "place: 山东省/惠民县/姜楼镇",
            "unit: 元",
            "line 9: with.unit: no field of a record; known are value, value_high",
        ),
        ("place: 山东省/惠民县/姜楼镇", "value_high: 6000亩", "line 7: with: value_high goes with a value"),
        ("  reason: a misprint\n", "", "line 1: reason: is missing"),
        ("reason: a misprint", "reason: a\n  reason: b", "line 11: reason stands twice"),
        ("reason: a misprint", "reason: a: misprint", "line 10: no readable YAML"),
        ("reason: a misprint", "reason: *misprint", "line 10: an alias"),
        ("reason: a misprint", "line: 3", "line 10: line: no field of a record"),
        ("- document", "x:\n- document", "line 1: a list of records is expected"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_field(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in RECORD
    with pytest.raises(UsageError) as error:
        correction_file.read(given(tmp_path, RECORD.replace(old, new)))
    assert told in error.value.what
    assert error.value.remedy


def test_a_record_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 12: the record of line 1 again"):
        correction_file.read(given(tmp_path, RECORD + RECORD))


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "corrections.yml"
    path.write_bytes(RECORD.encode("gbk"))
    with pytest.raises(UsageError, match="line 4: no UTF-8"):
        correction_file.read(path)
    with pytest.raises(UsageError, match="cannot read"):
        correction_file.read(tmp_path)
