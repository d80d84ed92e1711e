"""What a file is, by its bytes, and what a person should do with one that is not read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

import pytest

from gongbao.errors import UnreadableDocument
from gongbao.ingest.sniff import refuse_json, sniff

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


EXCEL_PAGE = b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head></head><body><table>'
LOCK_FILE = b"\x03abc".ljust(55) + b"\x03\0" + "abc".ljust(54).encode("utf-16-le")


def container(members: Iterable[str], content: str = "x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, content)
    return buffer.getvalue()


def opendocument(kind: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        ("收入5533万元".encode(), "a.txt", ("text", ())),
        ("收入5533万元".encode("gb18030"), "报告", ("text", ())),
        ("# 收入5533万元".encode(), "a.md", ("text", ())),
        ("地区,收入\n甲,1\n".encode(), "a.csv", ("delimited", ())),
        (container(["xl/workbook.xml"]), "a.xlsx", ("workbook", ())),
        (container(["xl/workbook.xml"]), "a.xls", ("workbook", ("suffix_mismatch",))),
        (OLE + "Workbook".encode("utf-16-le"), "a.xls", ("workbook", ())),
        (OLE + "Workbook".encode("utf-16-le"), "a.et", ("workbook", ())),
        ("收入".encode(), "a.xls", ("text", ("suffix_mismatch",))),
        (b"%PDF-1.7\n", "a.pdf", ("pdf", ())),
        (b"%PDF-1.7\n", "a.doc", ("pdf", ("suffix_mismatch",))),
        (container(["word/document.xml"]), "a.docx", ("docx", ())),
        (container(["word/document.xml"]), "a.doc", ("docx", ("suffix_mismatch",))),
        (b"\n" * 5000 + b"<html><body>", "content_123", ("html", ())),
        (b"<p style='x'>", "a.htm", ("html", ())),
        ("\ufeff<html>".encode("utf-16-le"), "a.html", ("html", ())),
        (b"<html>", "a.doc", ("html", ("suffix_mismatch",))),
        (b"\n\n<html><table>", "a.xls", ("html_workbook", ("suffix_mismatch",))),
        (b"<table>", "a.et", ("html_workbook", ("suffix_mismatch",))),
        (EXCEL_PAGE, "a.htm", ("html_workbook", ())),
        (b"<html><body>" + EXCEL_PAGE, "a.html", ("html", ())),
        (container(["xl/workbook.xml", "xl/chartsheets/sheet1.xml"]), "a.xlsx", ("workbook", ())),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", ("workbook", ())),
        (opendocument("spreadsheet"), "a.ods", ("workbook", ())),
        (opendocument("spreadsheet"), "a.xls", ("workbook", ("suffix_mismatch",))),
        (container(["content.xml"], "<office:body><office:spreadsheet>"), "a.ods", ("workbook", ())),
        ("收入5533万元<br>".encode(), "a.html", ("html", ())),
    ],
)
def test_bytes_decide_which_reader_a_file_needs(data: bytes, name: str, expected: tuple[str, tuple[str, ...]]) -> None:
    found = sniff(data, name)
    assert (found.format, found.warnings) == expected


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (b"", "empty", "no bytes"),
        (b"<?xml version='1.0'?><rss/>", "unsupported_format", "XML"),
        (b"\x89PNG\r\n\x1a\n", "unsupported_format", "PNG"),
        (b"\xff\xd8\xff\xe0", "unsupported_format", "JPEG"),
        (b"\x1f\x8b\x08", "unsupported_format", "gzip"),
        (b"{\\rtf1", "unsupported_format", "RTF"),
        (container(["word/document.xml", "word/vbaProject.bin"]), "macros", "macros"),
        (container(["content.xml"]), "unsupported_format", "OpenDocument"),
        (opendocument("text"), "unsupported_format", "OpenDocument"),
        (container(["xl/workbook.bin"]), "unsupported_format", "xlsb"),
        (container(["xl/workbook.xml", "xl/macrosheets/sheet1.xml"]), "macros", "macros"),
        (LOCK_FILE, "lock_file", "open"),
        (container(["a.txt"]), "unsupported_format", "zip"),
        (container(["xl/workbook.xml", "xl/vbaProject.bin"]), "macros", "macros"),
        (container(["xl/workbook.xml"])[:-10], "damaged", "zip"),
        (OLE + "WordDocument".encode("utf-16-le"), "unsupported_format", "Word"),
        (OLE, "unsupported_format", "old format"),
    ],
)
def test_other_formats_are_refused_with_a_reason_and_a_remedy(data: bytes, reason: str, words: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        sniff(data, "报告.dat")
    assert refused.value.reason == reason
    assert words in refused.value.what
    assert refused.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        '{"start": 1, "text": "5533万元"}\n{"start": 2}',
        '[{"a": 1}]',
        '{\n  "标题": "报告"}',
        '["甲", "乙"]',
        "{}",
        "[]",
        "[[1, 2]]",
    ],
)
def test_json_is_no_bulletin_though_it_is_text(content: str) -> None:
    with pytest.raises(UnreadableDocument, match="JSON"):
        refuse_json(content, "a.txt")


@pytest.mark.parametrize(
    "content", ["[摘要]全镇收入5533万元", "{{标题}}", "“1357”工作体系", "[2024]12号", "【字号：大】", ""]
)
def test_bulletins_that_begin_with_brackets_are_no_json(content: str) -> None:
    refuse_json(content, "a.txt")


def test_a_jsonl_file_is_refused_by_its_suffix_too() -> None:
    with pytest.raises(UnreadableDocument, match="JSON"):
        refuse_json("收入5533万元", "a.jsonl")


def test_a_lock_file_is_known_by_its_name_too() -> None:
    with pytest.raises(UnreadableDocument) as refused:
        sniff(b"abc", "2024/~$表.xlsx")
    assert refused.value.reason == "lock_file"
