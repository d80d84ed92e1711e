"""The tricky sentences of the gold folder: quantities, bounds, periods and strings that are no quantity.

The list was written for readers of numbers in general. Where its answers are only written otherwise, they are
translated here: `>` and `>=` are one bound; a fall (`change: dec`) is a negative value; the parts of 3:4:3 are shares;
a rank and an index have no unit, 名 is 人 and 月 is 个月; a third is rounded to 33.33; first and last day stand for a
period, the last day alone for a stock, a length for a duration. Where its answers differ in what they say,
docs/tricky.md lists the sentence, both readings and the reason, and the test holds that list to be exactly so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongbao.extract import extract_text, periods, read_frame
from gongbao.extract.plaintext import fold
from gongbao.extract.statement import Statement
from gongbao.normalise.periods import parse_period
from tests.conftest import ROOT

Reading = tuple[str, str, str, str]
"""Sentence, quantity or period as written, what the list reads, what extraction reads."""

DOCUMENT = ROOT / "docs" / "tricky.md"
QUANTITIES, PERIODS = 161, 31
LEAST_PERIODS = 28
SEEN_FROM = 2024
"""The year in which a sentence is spoken that neither names one nor has a day of reference."""
NONE = "none"

_SIGNS = {"=": "", ">": "≥ ", ">=": "≥ ", "<": "≤ ", "<=": "≤ ", "~": "≈ ", "range": ""}
_OWN_SIGNS = {"eq": "", "min": "≥ ", "max": "≤ ", "approx": "≈ ", "range": ""}
_UNITS = {"指数": None, "比": "%", "名": "人", "月": "个月"}
_FALLS = ("dec", "narrow")


def _rows(shared: Path) -> list[dict[str, Any]]:
    path = shared / "gold" / "tricky.jsonl"
    if not path.exists():
        pytest.skip("the tricky sentences are not beside the checkout")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _plain(value: object) -> str:
    written = format(round(Decimal(str(value)), 2), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def _reading(sign: str, value: object, high: object, unit: str | None) -> str:
    number = _plain(value) if high is None else f"{_plain(value)}–{_plain(high)}"
    return f"{sign}{number} {unit or ''}".rstrip()


def _listed(answer: dict[str, Any]) -> str:
    """What the list reads."""
    unit = None if answer["type"] == "rank" else _UNITS.get(answer["unit"], answer["unit"])
    if isinstance(answer["value"], list):
        return " : ".join(_reading("", value, None, unit) for value in answer["value"])
    if answer["comparator"] == "range":
        return _reading("", answer["lo"], answer["hi"], unit)
    value = Decimal(str(answer["value"])) * (-1 if answer.get("change") in _FALLS else 1)
    return _reading(_SIGNS[answer["comparator"]], value, None, unit)


def _own(found: list[Statement], answer: dict[str, Any]) -> str:
    """What extraction reads inside the quantity as the list cuts it."""
    inside = [s for s in found if s.start is not None and answer["start"] <= s.start < answer["end"]]
    readings = (_reading(_OWN_SIGNS[s.comparator], s.value, s.value_high, s.unit) for s in inside)
    return " : ".join(readings) or NONE


def _quantities(shared: Path) -> Iterator[Reading]:
    for row in _rows(shared):
        found = list(extract_text(row["text"]).statements)
        for answer in row["expected"]:
            if answer["type"] != "period":
                yield row["id"], answer["surface"], _listed(answer), _own(found, answer)


def _days(code: str, is_stock: bool) -> str:
    period = parse_period(code)
    assert period is not None, code
    return f"{period.end if is_stock else period.start}/{period.end}"


def _years(code: str) -> str:
    """The length of a code in years, as the list writes durations."""
    return f"P{int(code[-4:]) - int(code[:4]) + 1}Y"


def _periods(shared: Path) -> Iterator[Reading]:
    for row in _rows(shared):
        text = fold(row["text"])
        named = read_frame(row["text"]).reporting_period or row["ref"]
        found = periods.mentions(text, 0, len(text), int(named[:4]) if named else SEEN_FROM)
        for answer in row["expected"]:
            if answer["type"] != "period":
                continue
            period = next((p for p in found if p.start < answer["end"] and answer["start"] < p.end), None)
            is_dated, length = answer["d0"] is not None, answer.get("iso")
            listed = f"{answer['d0']}/{answer['d1']}" if is_dated else length or "a base"
            if period is None:
                own = NONE
            elif is_dated:
                own = _days(period.code, answer["kind"] == "as_of" and period.is_stock)
            else:
                own = _years(period.code) if length else "a base" if period.is_base else period.code
            yield row["id"], answer["surface"], listed, own


def _kept() -> list[Reading]:
    """The disagreements of docs/tricky.md."""
    rows = [line.strip("| ").split(" | ") for line in DOCUMENT.read_text("utf-8").splitlines() if "| tricky-" in line]
    assert all(len(row) == 5 and row[4] for row in rows)
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def test_every_disagreement_with_the_list_is_kept_on_purpose_and_no_other(shared: Path) -> None:
    found = [*_quantities(shared), *_periods(shared)]
    assert [reading for reading in found if reading[2] != reading[3]] == _kept()


def test_the_list_is_read_whole_and_most_periods_alike(shared: Path) -> None:
    dated = list(_periods(shared))
    assert (len(list(_quantities(shared))), len(dated)) == (QUANTITIES, PERIODS)
    assert sum(listed == own for _, _, listed, own in dated) >= LEAST_PERIODS


def test_what_is_no_quantity_is_no_statement(shared: Path) -> None:
    wrong: list[tuple[str, str]] = []
    for row in _rows(shared):
        expected = {answer["start"] for answer in row["expected"]}
        spans = [(s.start or 0, s.end or 0) for s in extract_text(row["text"]).statements if s.start not in expected]
        for string in row["not_quantity"]:
            at = row["text"].find(string)
            wrong.extend((row["id"], string) for start, end in spans if start < at + len(string) and at < end)
    assert not wrong
