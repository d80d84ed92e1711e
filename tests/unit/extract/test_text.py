"""Laws that hold for every text: nothing unaccounted, spans that cut their quotes, place and year as named."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongbao import extract, reference
from gongbao.extract import vocabulary
from gongbao.extract.plaintext import fold
from gongbao.extract.statement import Extraction
from tests.golden.test_texts import REPORT

WORDS = [
    "一般公共预算收入",
    "增长",
    "下降",
    "达到",
    "新增",
    "企业",
    "分别",
    "占",
    "的比重",
    "第",
    "位列全县",
    "投资",
    "的",
    "项目",
    "2023年",
    "5%",
    "12.5亿元",
    "3家",
    "三成",
    "22:28:50",
    "“1357”",
    "G105",
    "（",
    "）",
    "，",
    "、",
    "。",
    "；",
    "\n",
    " ",
    "以上",
    "左右",
    "其中",
    "由",
    "到",
    "九",
    "1,234",
    "，234",
    "0543-5322110",
    "〔2023〕15号",
    "[12]",
    "１２％",
    "－",
    "℅",
]
REASONS = {row["reason"] for row in reference.rows("rejection_reasons.csv")}


def check_laws(text: str, extraction: Extraction) -> None:
    covered = bytearray(len(text))
    for statement in extraction.statements:
        assert statement.start is not None
        assert statement.end is not None
        assert text[statement.start : statement.end] == statement.text
        assert statement.sentence_start is not None
        assert statement.sentence_start <= statement.start
        covered[statement.start : statement.end] = b"\1" * (statement.end - statement.start)
    for rejection in extraction.rejections:
        assert rejection.start is not None
        assert rejection.end is not None
        assert text[rejection.start : rejection.end] == rejection.text
        assert rejection.reason in REASONS
        covered[rejection.start : rejection.end] = b"\1" * (rejection.end - rejection.start)
    for run in re.finditer(r"[0-9０-９]+", text):
        assert all(covered[run.start() : run.end()]), text[max(0, run.start() - 10) : run.end() + 10]
    starts = [statement.start for statement in extraction.statements]
    assert len(starts) == len(set(starts))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40).map("".join))
def test_every_digit_ends_in_a_statement_or_a_rejection(text: str) -> None:
    check_laws(text, extract.extract_text(text))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_text_at_all_is_read(text: str) -> None:
    check_laws(text, extract.extract_text(text))


@pytest.mark.parametrize("damage", ["7" * 300_000, "7," * 60_000, "三个" * 40_000, "占" * 60_000 + "5%", "(" * 60_000])
def test_damage_of_any_length_is_read_through(damage: str) -> None:
    extraction = extract.extract_text(damage)
    assert all(rejection.reason for rejection in extraction.rejections)


def test_the_same_text_gives_the_same_extraction() -> None:
    text = REPORT.format(review="新增企业9家，增长8%。", plan="新建公厕12座以上。")
    assert extract.extract_text(text) == extract.extract_text(text)


def test_swapping_place_and_year_changes_place_and_year_alone() -> None:
    text = REPORT.format(review="招商到位资金5亿元，增长8%，总量居全市第3位。", plan="新建公厕12座以上。")
    swapped = text.replace("平原县", "惠民县").replace("2024", "2021").replace("2023", "2020")
    years = {"2023": "2020", "2024": "2021"}

    def slots(extraction: Extraction) -> list[tuple[object, ...]]:
        return [
            (s.start, s.text, s.kind, s.indicator, s.measure, s.value, s.unit, s.comparator, s.scope, s.aspect)
            for s in extraction.statements
        ]

    before, after = extract.extract_text(text), extract.extract_text(swapped)
    assert slots(before) == slots(after)
    assert [s.subject for s in after.statements] == ["惠民县"] * len(before.statements)
    assert [s.period for s in after.statements] == [years[s.period or ""] for s in before.statements]


def test_the_version_covers_every_vocabulary_file_of_texts() -> None:
    written = {f"texts/{path.name}" for path in (reference.FOLDER / "texts").glob("*.csv")}
    assert written == set(vocabulary.FILES)
    assert re.fullmatch(r"[0-9a-f]{12}", extract.version())


@pytest.mark.parametrize("row", reference.rows("texts/refusals.csv"), ids=lambda row: row["example"])
def test_every_refusal_has_a_known_reason_and_a_pattern_that_compiles(row: dict[str, str]) -> None:
    assert row["reason"] in REASONS
    assert row["side"] in ("at", "before")
    assert re.compile(row["pattern"])


@pytest.mark.parametrize("row", reference.rows("texts/refusals.csv"), ids=lambda row: row["example"])
def test_the_signs_beside_a_refused_numeral_let_its_pattern_be_asked(row: dict[str, str]) -> None:
    pattern = re.compile(row["pattern"].replace(" ?", r"[ \x1f]?"))
    folded = fold(row["example"])
    for digits in re.finditer(r"\d+", folded):
        before, after = folded[: digits.start()].rstrip(), folded[digits.end() :].lstrip()
        found = (
            pattern.match(folded, digits.start()) if row["side"] == "at" else pattern.search(folded[: digits.start()])
        )
        sign = after[:1] if row["side"] == "at" else before[-1:]
        assert not found or not row["beside"] or not sign or re.match(f"[{row['beside']}]", sign)


@pytest.mark.parametrize(
    ("clause", "indicator"),
    [
        ("自来水普及率提高到98%", "自来水普及率"),
        ("自然湿地保护率提升至76.5%", "自然湿地保护率"),
        ("从业人员增加到5万人", "从业人员"),
        ("税收由3亿元增加到5亿元", "税收"),
    ],
)
def test_a_word_that_begins_like_a_preposition_belongs_to_the_name(clause: str, indicator: str) -> None:
    text = f"平原县2024年工作总结\n\n一、2024年工作回顾\n\n绿化率提高到31%，{clause}。\n"
    assert extract.extract_text(text).statements[-1].indicator == indicator
