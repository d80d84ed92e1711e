"""No number of a text is lost: every numeral lies in a statement, in a rejection or in a date.

What a numeral is, is defined here anew, apart from extraction: a run of digits in either width, and Chinese numerals
directly before a unit of the vocabulary (units.csv, with the signs that would make another word of the unit).
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from gongbao import reference
from gongbao.extract import extract_text
from gongbao.extract.statement import Extraction
from tests.golden.ledger import INBOX, decode

DIGITS = re.compile(r"[0-9０-９]+")
_COUNTED = "一二两三四五六七八九十百千万亿几"
_FURTHER = _COUNTED + "〇零多余半"
_METRIC = "(?![百千](?:[克米瓦伏升]))"
"""千米 and 千瓦 are units of their own."""
SAMPLES = sorted(INBOX.glob("*.txt"))
UNREADABLE = {"桑落墅镇2024年工作总结.txt"}


def _numerals() -> re.Pattern[str]:
    units = sorted(reference.rows("texts/units.csv"), key=lambda row: (-len(row["spelling"]), row["spelling"]))
    guarded = (re.escape(row["spelling"]) + (f"(?!{row['not_before']})" if row["not_before"] else "") for row in units)
    begun = rf"(?<![{_FURTHER}\d０-９])(?<![\d０-９][ \n]){_METRIC}"
    return re.compile(rf"{begun}(?P<numeral>[{_COUNTED}](?:{_METRIC}[{_FURTHER}]){{0,20}}?)(?:{'|'.join(guarded)})")


NUMERALS = _numerals()


def unaccounted(text: str, extraction: Extraction) -> list[str]:
    """The numerals that lie in no statement and no rejection (dates are rejections), with their surroundings."""
    covered = bytearray(len(text))
    for found in (*extraction.statements, *extraction.rejections):
        assert found.start is not None
        assert found.end is not None
        assert text[found.start : found.end] == found.text
        covered[found.start : found.end] = b"\1" * (found.end - found.start)
    spans = [match.span() for match in DIGITS.finditer(text)]
    spans.extend(match.span("numeral") for match in NUMERALS.finditer(text))
    return [text[max(0, start - 10) : end + 10] for start, end in spans if not all(covered[start:end])]


def _lost(folder: Path) -> dict[str, list[str]]:
    texts = {path.name: decode(path)[0] for path in sorted(folder.glob("*.txt"))}
    assert texts
    lost = {name: unaccounted(text, extract_text(text)) for name, text in texts.items()}
    return {name: numerals for name, numerals in lost.items() if numerals}


@pytest.mark.parametrize("folder", ["corpus/text", "gold/dev"])
def test_no_number_of_a_real_text_is_lost(shared: Path, folder: str) -> None:
    if not (shared / folder).is_dir():
        pytest.skip(f"../shared/{folder} is absent: its texts are read through only where they are laid there")
    assert _lost(shared / folder) == {}


@pytest.mark.parametrize("path", [path for path in SAMPLES if path.name not in UNREADABLE], ids=lambda path: path.name)
def test_no_number_of_a_sample_is_lost(path: Path) -> None:
    text = decode(path)[0]
    assert unaccounted(text, extract_text(text)) == []


@pytest.mark.parametrize(
    ("text", "numerals"),
    [
        ("新建公厕十二座", ["十二"]),
        ("修路三十余公里", ["三十余"]),
        ("两家企业和七个村", ["两", "七"]),
        ("换成了一个样", ["一"]),
        ("第三次会议、第二批名单", ["三", "二"]),
        ("亿元以上项目", ["亿"]),
        ("抓几件大事", ["几"]),
        ("9 亿元", []),
        ("铺设三千米管道", ["三"]),
        ("汽车零部件产能以万吨计", ["万"]),
        ("三项目标", []),
    ],
)
def test_the_definition_of_a_numeral_is_the_readers(text: str, numerals: list[str]) -> None:
    assert [match["numeral"] for match in NUMERALS.finditer(text)] == numerals


def test_a_number_that_nothing_accounts_for_is_told() -> None:
    text = "新增企业9家、社区三个。"
    extraction = extract_text(text)
    assert unaccounted(text, extraction) == []
    assert unaccounted(text, Extraction(extraction.frame)) == [text, text]
    assert Counter(found.text for found in extraction.statements) == Counter(["9家", "三个"])
