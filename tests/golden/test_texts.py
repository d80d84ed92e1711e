"""Texts by given and expected: one file of cases per family of patterns (tests/golden/cases), in our own words.

A case's sentence stands in the review or in the plan of one small report, so that what a sentence leaves out (place,
year, fact or target) is expected too. `expect` lists every statement in reading order; a slot that is not named has
its default: subject 平原县, area, 2023, fact, eq, base `year` for changes, null otherwise.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from gongbao.extract import extract_text
from gongbao.extract.statement import Statement

CASES = Path(__file__).parent / "cases"
IN_THE_PLAN = {"targets"}
REPORT = """平原县2024年政府工作报告
——2024年1月20日在平原县第十九届人民代表大会第三次会议上
各位代表：
一、2023年工作回顾
过去的一年，全县干部群众同心协力，各项事业都有进步，发展的底子更厚，群众的日子更好，城乡面貌一天比一天新。
{review}
二、2024年工作安排
新的一年，我们将沿着既定的路子继续向前，把该办的事情办好，把答应群众的事情办成，让城乡变化看得见摸得着。
{plan}
"""


def cases() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}: {case['given'][:24]}")
        for path in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def slots(statement: Statement) -> dict[str, Any]:
    """A statement as the case files write it: what differs from the defaults."""
    row: dict[str, Any] = {
        "text": statement.text,
        "indicator": statement.indicator,
        "measure": statement.measure,
        "value": str(statement.value),
        "unit": statement.unit,
    }
    defaults = {
        "value_high": None, "comparator": "eq", "scope": None, "aspect": None, "modality": None, "subject": "平原县",
        "subject_type": "area", "period": "2023", "kind": "fact",
    }  # fmt: skip
    for name, default in defaults.items():
        value = getattr(statement, name)
        if value != default:
            row[name] = str(value) if name == "value_high" else value
    if statement.base not in (None, "year"):
        row["base"] = statement.base
    return row


@pytest.mark.parametrize(("family", "case"), cases())
def test_a_sentence_says_what_its_case_expects(family: str, case: dict[str, Any]) -> None:
    given = case["given"]
    review, plan = ("城乡面貌焕然一新。", given) if family in IN_THE_PLAN else (given, "抓好各项工作落实。")
    text = REPORT.format(review=review, plan=plan)
    start = text.index(given)
    extraction = extract_text(text)

    def is_inside(position: int | None) -> bool:
        return position is not None and start <= position < start + len(given)

    assert [slots(found) for found in extraction.statements if is_inside(found.start)] == case["expect"]
    refused = [[found.text, found.reason] for found in extraction.rejections if is_inside(found.start)]
    assert refused == case.get("refused", [])
