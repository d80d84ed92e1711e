"""What a file is, by its bytes: suffixes lie (html saved as .xls, xlsx named .xls), signatures do not.

The suffix decides only where bytes cannot: a table in csv is text like any other.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Literal

from gongbao.errors import UnreadableDocument

Format = Literal["text", "html", "pdf", "docx", "workbook", "html_workbook", "delimited"]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_XLS = "application/vnd.ms-excel"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WORKBOOKS = ("xls", "xlsx", "et", "ods")
_PAGES = ("html", "htm", "shtml", "mht")
# A page so named was saved from an office program, or calls itself what it is not.
_OFFICE = ("doc", "docx", "wps", "xls", "xlsx", "et", "pdf", "csv", "txt")
SUFFIXES = frozenset((*_WORKBOOKS, *_PAGES, *_OFFICE, "tsv"))
"""What files that offices send are called by."""

# Signature, what it is, what to do.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", "send the document as text: pictures are not read"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "send the document as text: pictures are not read"),
    (b"GIF8", "a picture (GIF)", "send the document as text: pictures are not read"),
    (b"II*\0", "a picture (TIFF)", "send the document as text: pictures are not read"),
    (b"MM\0*", "a picture (TIFF)", "send the document as text: pictures are not read"),
    (b"\x1f\x8b", "a gzip archive", "unpack it and send the file inside"),
    (b"Rar!", "a rar archive", "unpack it and send the files inside"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it and send the files inside"),
    (b"BZh", "a bzip2 archive", "unpack it and send the file inside"),
    (b"{\\rtf", "an RTF document", "save it as plain text (.txt)"),
    (b"%!PS", "a PostScript file", "save it as plain text (.txt)"),
    (b"SQLite format 3\0", "a database", "export the table as .xlsx"),
    (b"PAR1", "a Parquet file", "send the workbook or the text it was made from"),
    (b"\x7fELF", "a program", "remove it from the inbox"),
    (b"MZ", "a program", "remove it from the inbox"),
)
_TAG = re.compile(
    rb"<(!doctype|!--|html|head|body|meta|title|link|style|script|table|div|span|font|center|p|br|\?xml|svg)[\s>/-]",
    re.I,
)
_XML = re.compile(rb"<\?xml", re.I)
# What Excel and WPS write into the head of a workbook that they save as a web page.
_OF_EXCEL = re.compile(rb"urn:schemas-microsoft-com:office:excel|content=[\"']?excel\.sheet", re.I)
PACKINGS = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
"""How office programs pack the parts of their files; the format allows no others."""
_LOCK_FILE_SIZES = (162, 165)
_LOOKED_THROUGH = 1 << 22
# An object or an array at the very start: no bulletin begins with `{"…":` or `[{"`.
_JSON = re.compile(
    r"""\s{0,100}(\{\s{0,100}("[^"\n]{0,500}"\s{0,100}:|\})|\[\s{0,100}(\{\s{0,100}["}]|\[|"[^"\n]{0,5000}"\s?[,\]]|\]))"""
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The reader that a file needs, its media type, and warning codes (a suffix that names another format)."""

    format: Format
    media_type: str
    warnings: tuple[str, ...] = ()


def sniff(data: bytes, name: str) -> Sniffed:
    """Which reader the bytes of the file called `name` need.

    Raises `UnreadableDocument` with reason empty, unsupported_format, damaged, macros or lock_file.
    """
    if not data:
        raise UnreadableDocument("empty", f"{name} has no bytes", "ask the office for the document itself")
    if _is_lock_file(data, name):
        raise UnreadableDocument(
            "lock_file",
            f"{name} only says who has the document open",
            "close the document in its program; delete this file if it stays",
        )
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _archive(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(data, name)
    if b"%PDF-" in data[:1024]:
        return Sniffed("pdf", "application/pdf", _mismatch(name, "pdf"))
    for signature, what, remedy in _SIGNATURES:
        if data.startswith(signature):
            raise _unsupported(name, what, remedy)
    # Pages that a script makes begin with its empty lines.
    head = _ascii_of_utf16(data[:65_536].removeprefix(b"\xef\xbb\xbf")).lstrip()
    if _TAG.match(head) or _suffix(name) in _PAGES:
        if _XML.match(head) and b"<html" not in head[:4096].lower():
            raise _unsupported(name, "an XML document", "save its text as .txt, a table as .xlsx")
        if _suffix(name) in _WORKBOOKS or _OF_EXCEL.search(head.lower().partition(b"<body")[0]):
            return Sniffed("html_workbook", "text/html", _mismatch(name, *_PAGES))
        return Sniffed("html", "text/html", _mismatch(name, *_PAGES) if _suffix(name) in _OFFICE else ())
    if _suffix(name) in ("csv", "tsv"):
        return Sniffed("delimited", "text/csv")
    return Sniffed("text", "text/plain", ("suffix_mismatch",) if _suffix(name) in ("xls", "xlsx") else ())


def _ascii_of_utf16(head: bytes) -> bytes:
    """A page in UTF-16 begins with a mark, then with ASCII in every other byte."""
    return head[2:].replace(b"\0", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head


def refuse_json(content: str, name: str) -> None:
    """Raise `UnreadableDocument` for JSON and JSON lines: data about documents, not a document."""
    if _suffix(name) in ("json", "jsonl", "ndjson") or _JSON.match(content[:8192]):
        raise _unsupported(name, "JSON, not a bulletin", "send the document that it describes, as text or workbook")


def _archive(data: bytes, name: str) -> Sniffed:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableDocument(
            "damaged", f"{name} is a damaged zip container ({error})", "fetch the original again"
        ) from None
    if "xl/vbaProject.bin" in members or any(member.startswith("xl/macrosheets/") for member in members):
        raise UnreadableDocument("macros", f"{name} is a workbook with macros", "save it as .xlsx without macros")
    if "xl/workbook.xml" in members:
        return Sniffed("workbook", _XLSX, _mismatch(name, "xlsx"))
    if "xl/workbook.bin" in members:
        raise _unsupported(name, "a binary workbook (.xlsb)", "save it as .xlsx")
    if "word/vbaProject.bin" in members:
        raise UnreadableDocument("macros", f"{name} is a Word document with macros", "save it as .docx without macros")
    if "word/document.xml" in members:
        return Sniffed("docx", _DOCX, _mismatch(name, "docx"))
    if "ppt/presentation.xml" in members:
        raise _unsupported(name, "a presentation", "save its text as .txt")
    if "content.xml" in members:
        if _is_opendocument_spreadsheet(data):
            return Sniffed("workbook", _ODS, _mismatch(name, "ods"))
        raise _unsupported(name, "an OpenDocument file without a spreadsheet", "save it as .docx or .txt")
    raise _unsupported(name, "a zip archive", "unpack it and send the files inside")


def _is_opendocument_spreadsheet(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if any(member.compress_type not in PACKINGS for member in archive.infolist()):
                return False
            if "mimetype" in archive.namelist():
                with archive.open("mimetype") as part:
                    return part.read(200).decode("ascii", "replace").strip() in (_ODS, f"{_ODS}-template")
            with archive.open("content.xml") as part:
                return b"<office:spreadsheet" in part.read(_LOOKED_THROUGH)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        return False


def _is_lock_file(data: bytes, name: str) -> bool:
    """The file `~$name.xlsx` beside an open document: a user's name, its length first, padded with blanks."""
    if name.rpartition("/")[2].startswith("~$"):
        return True
    return len(data) in _LOCK_FILE_SIZES and 0 < data[0] < 55 and data.endswith(b" \0 \0")


def _compound(data: bytes, name: str) -> Sniffed:
    """The old Office container; its directory holds the streams' names in UTF-16."""
    streams = {
        what: what.encode("utf-16-le") in data for what in ("EncryptedPackage", "WordDocument", "Workbook", "Book")
    }
    if streams["EncryptedPackage"]:  # opens with Excel's built-in key, or stays locked
        return Sniffed("workbook", _XLSX, _mismatch(name, "xlsx"))
    if streams["WordDocument"] or _suffix(name) in ("doc", "wps"):
        raise _unsupported(name, "a Word document of the old format (.doc, .wps)", "save it as .docx or .txt")
    if streams["Workbook"] or streams["Book"]:
        return Sniffed("workbook", _XLS, _mismatch(name, "xls", "et"))
    raise _unsupported(name, "an Office file of the old format without a workbook", "save it as .xlsx or .txt")


def _unsupported(name: str, what: str, remedy: str) -> UnreadableDocument:
    return UnreadableDocument("unsupported_format", f"{name} is {what}", remedy)


def _mismatch(name: str, *suffixes: str) -> tuple[str, ...]:
    return () if _suffix(name) in suffixes else ("suffix_mismatch",)


def _suffix(name: str) -> str:
    _, dot, suffix = name.rpartition(".")
    return suffix.lower() if dot else ""
