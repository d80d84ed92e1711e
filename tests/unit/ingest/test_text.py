"""Bytes to code points: encodings, line ends, damage, and what is no Chinese text."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.text import DecodedText, check, decode, everyday_share

SENTENCE = "石桥镇二〇二三年完成规模以上工业总产值31亿元，粮食总产量稳定在11万吨以上。"
PARAGRAPH = (SENTENCE + "\n") * 20


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (SENTENCE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + SENTENCE.encode(), "utf-8"),
        (SENTENCE.encode("gb18030"), "gb18030"),
        (codecs.BOM_UTF16_LE + SENTENCE.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + SENTENCE.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + SENTENCE.encode("utf-32-le"), "utf-32-le"),
    ],
)
def test_the_same_sentence_comes_out_of_every_encoding(data: bytes, encoding: str) -> None:
    assert decode(data, "a.txt") == DecodedText(SENTENCE, encoding)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"), min_size=1))
def test_utf8_keeps_every_code_point(text: str) -> None:
    assert decode(text.encode(), "a.txt").content == text


@given(
    st.lists(st.sampled_from(["收入", "5533", " ", "\u3000", "%"]), max_size=8), st.sampled_from(["\n", "\r", "\r\n"])
)
def test_line_ends_become_newlines_and_nothing_else_moves(lines: list[str], end: str) -> None:
    assert decode(end.join(lines).encode(), "a.txt").content == "\n".join(lines)


def test_utf8_cut_in_its_last_character_is_no_gb18030() -> None:
    decoded = decode(PARAGRAPH.encode()[:-3], "a.txt")
    assert decoded.encoding == "utf-8"
    assert decoded.warnings == ("damaged_characters",)
    assert decoded.content.startswith(SENTENCE)


def test_utf16_without_a_mark_is_read_with_a_warning() -> None:
    decoded = decode(PARAGRAPH.encode("utf-16-le"), "a.txt")
    assert (decoded.content, decoded.warnings) == (PARAGRAPH, ("no_byte_order_mark",))


def test_big5_reads_as_traditional_script_not_as_nonsense() -> None:
    decoded = decode("惠民縣姜樓鎮完成一般公共預算收入".encode("big5"), "a.txt")
    assert decoded.content == "惠民縣姜樓鎮完成一般公共預算收入"
    assert decoded.warnings == ("traditional_encoding",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (SENTENCE.encode() + SENTENCE.encode("gb18030"), "undecodable"),
        (bytes(range(128, 256)) * 20, "undecodable"),
        (SENTENCE.encode().replace(b"3", b"\0"), "binary"),
        (b"\x00\x01\x02\x03" * 50, "binary"),
        (SENTENCE.encode() + b"\0", "binary"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        decode(data, "a.txt")
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("Annual report 2023: revenue 5533.", "no_chinese_text"),
        (SENTENCE.encode().decode("latin-1"), "no_chinese_text"),
        (PARAGRAPH.encode().decode("gb18030", errors="ignore"), "garbled"),
        (" \n\u3000\n", "empty"),
        ("收" * 11, "oversize"),
    ],
)
def test_text_that_says_nothing_is_refused_with_its_reason(content: str, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        check(DecodedText(content, "utf-8"), "a.txt", Limits(line_characters=10 if reason == "oversize" else 1_000_000))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("content", "warnings"),
    [
        ("收入5533万元。", ()),
        ("收入????万元。", ("question_marks",)),
        ("收入??", ()),
        ("收\ufffd5533万元。", ("replacement_characters",)),
        ("收入\x1b[31m5533万元。", ("control_characters",)),
    ],
)
def test_odd_bulletins_are_accepted_with_a_warning(content: str, warnings: tuple[str, ...]) -> None:
    assert check(DecodedText(content, "utf-8"), "a.txt", Limits()).warnings == warnings


def test_rare_and_traditional_characters_are_no_reason_to_refuse() -> None:
    assert everyday_share("淄角镇皂户李镇大年陈镇") > 0.5
    assert check(DecodedText("濠滘垌坣镇，邛崃邡县", "utf-8"), "a.txt", Limits()).content
    assert check(DecodedText("惠民縣姜樓鎮完成規模以上工業總產值", "utf-8"), "a.txt", Limits()).content


def test_real_bulletins_are_all_read(shared: Path) -> None:
    paths = sorted((shared / "corpus" / "text").glob("*.txt"))
    encodings = {path.name: check(decode(path.read_bytes(), path.name), path.name, Limits()).encoding for path in paths}
    assert len(encodings) == len(paths) > 0
    assert set(encodings.values()) == {"utf-8"}
