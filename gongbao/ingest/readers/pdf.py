"""PDF by its text layer. Runs in the parser process: a crafted file can take any parser down.

Pages that are pictures have no text to cut spans from, and recognising characters is guessing figures: a document of
such pages is refused. Reading order, tables and paragraphs are inferred from where the characters stand, see
`pdf_glyphs`, `pdf_lines`, `pdf_tables`, `pdf_layout`, `pdf_furniture`, `pdf_paragraphs`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.pdf_furniture import Page, without_furniture
from gongbao.ingest.readers.pdf_glyphs import Leaf, PageGlyphs, read_glyphs
from gongbao.ingest.readers.pdf_layout import Line, lay_out
from gongbao.ingest.readers.pdf_lines import segments
from gongbao.ingest.readers.pdf_paragraphs import paragraphs
from gongbao.ingest.readers.pdf_rulings import read_edges
from gongbao.ingest.readers.pdf_tables import ruled_tables
from gongbao.ingest.readers.result import ReadText, Stated
from gongbao.ingest.readers.text import DecodedText, check

NAME = "pdf"

MOST_PAGES = 500
MOST_CHARACTERS = 5_000_000
MOST_PAGE_CHARACTERS = 200_000
# Fonts that name no characters: a document with a fifth of such characters is not what is printed.
_GARBLED_SHARE = 0.2
_PRIVATE_USE = re.compile(r"[\ue000-\uf8ff\ufffd]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# Titles that programs put there themselves: a file's name, the name of the program, a placeholder.
_NO_TITLE = re.compile(r"\.[A-Za-z]{3,4}$|[\\/]|^(?:Microsoft|WPS|文档|标题|无标题|未命名|幻灯片|演示文稿)|文件$|^\W*$")
_LONGEST_TITLE = 80
_TAIL = 2048
_START = re.compile(rb"startxref\s{1,9}(\d{1,12})")
_TABLE = re.compile(rb"\s{0,9}(?:xref|\d{1,9}\s\d{1,5}\sobj)")


def read_pdf(path: Path, name: str, limits: Limits) -> ReadText:
    """The text of the PDF at `path`, a paragraph a line, and warning codes.

    Raises `UnreadableDocument`: damaged, password_protected, oversize, no_text_layer, garbled, empty,
    no_chinese_text.
    """
    document = _open(path, name)
    try:
        if len(document) > MOST_PAGES:
            raise UnreadableDocument("oversize", f"{name} has more than {MOST_PAGES} pages", "split it")
        if not len(document):
            raise _damaged(name, "it has no pages")
        pages, warnings = _pages(document, name)
        stated = _stated(document)
        warnings += _warnings(document, path)
    finally:
        document.close()
    content = "\n".join(paragraphs(without_furniture(pages)))
    content = content + "\n" if content else ""
    private = len(_PRIVATE_USE.findall(content))
    if private > _GARBLED_SHARE * len(content):
        raise _garbled(name)
    checked = check(DecodedText(content, "pdf", tuple(warnings)), name, limits)
    return ReadText(checked.content, checked.warnings, None, stated)


def _warnings(document: pdfium.PdfDocument, path: Path) -> Iterator[str]:
    """What of the file itself a person should know."""
    if raw.FPDF_GetSecurityHandlerRevision(document.raw) >= 0:
        yield "copying_restricted"
    if raw.FPDFDoc_GetAttachmentCount(document.raw) > 0:
        yield "attachments_left_out"
    if _is_repaired(path):
        yield "repaired"


def _is_repaired(path: Path) -> bool:
    """Whether the file's end does not lead to its table of objects: pdfium then looks for the objects itself."""
    with path.open("rb") as handle:
        handle.seek(max(0, path.stat().st_size - _TAIL))
        found = _START.findall(handle.read())
        if not found:
            return True
        handle.seek(int(found[-1]))
        return _TABLE.match(handle.read(40)) is None and _header_offset(handle) == 0


def _header_offset(handle: BinaryIO) -> int:
    """How many bytes stand before the header; offsets of such files are counted from either place."""
    handle.seek(0)
    return max(0, handle.read(_TAIL).find(b"%PDF-"))


def _open(path: Path, name: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise UnreadableDocument(
                "password_protected", f"{name} is locked with a password", "save it without one"
            ) from None
        raise _damaged(name, str(error)) from None


def _pages(document: pdfium.PdfDocument, name: str) -> tuple[list[Page], list[str]]:
    pages: list[Page] = []
    characters = unmapped = without_text = recognised = unreadable = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pdfium.PdfiumError:
            unreadable += 1
            pages.append(Page(()))
            continue
        try:
            read = read_glyphs(page, MOST_PAGE_CHARACTERS)
            pages.append(_page(page, read))
        finally:
            page.close()
        characters += read.characters
        unmapped += read.unmapped
        recognised += read.recognised
        without_text += not read.characters and _shows_something(document, number)
        if characters > MOST_CHARACTERS or read.characters > MOST_PAGE_CHARACTERS:
            raise UnreadableDocument("oversize", f"{name} has too many characters by page {number + 1}", "split it")
    if not characters:
        if unreadable:
            raise _damaged(name, f"{unreadable} of its {len(pages)} pages cannot be parsed")
        if not without_text:
            raise UnreadableDocument("empty", f"{name} has empty pages only", "ask the office for the document itself")
        raise UnreadableDocument(
            "no_text_layer",
            f"{name} has no text layer: its pages are pictures",
            "ask for the document itself, or run OCR and send the text",
        )
    if unmapped > _GARBLED_SHARE * characters:
        raise _garbled(name)
    found = (
        ("pages_without_text", without_text),
        ("damaged_pages", unreadable),
        ("recognised_text", recognised),
    )
    return pages, [code for code, count in found if count]


def _shows_something(document: pdfium.PdfDocument, number: int) -> bool:
    """Whether a page without text has anything drawn on it; empty backs of title pages have not."""
    try:
        page = document[number]
    except pdfium.PdfiumError:  # damage can let a page be loaded once: what it shows, nobody knows
        return True
    try:
        return bool(raw.FPDFPage_CountObjects(page.raw) > 0)
    finally:
        page.close()


def _page(page: pdfium.PdfPage, read: PageGlyphs) -> Page:
    lines: list[Line] = []
    faint: list[Line] = []
    for leaf in read.leaves:
        lines += _leaf_lines(page, leaf)
        faint += lay_out(segments(leaf.faint), (), leaf.height)
    return Page(tuple(lines), tuple(faint))


def _leaf_lines(page: pdfium.PdfPage, leaf: Leaf) -> list[Line]:
    tables, rest = ruled_tables(read_edges(page, leaf), leaf.glyphs)
    return lay_out(segments(rest), tables, leaf.height)


def _stated(document: pdfium.PdfDocument) -> Stated:
    """The title in the document's properties, where it is one. Its dates are those of the file, not of the text."""
    title = " ".join(document.get_metadata_value("Title").split())
    if len(_HAN.findall(title)) < 4 or _NO_TITLE.search(title) or len(title) > _LONGEST_TITLE:
        return Stated()
    return Stated(title=title, evidence=(("title", "PDF Title"),))


def _damaged(name: str, why: str) -> UnreadableDocument:
    return UnreadableDocument("damaged", f"{name} is no readable PDF ({why})", "fetch the original again")


def _garbled(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        "garbled",
        f"{name} has fonts that do not say which characters they draw",
        "ask for the document itself, or print it, run OCR and send the text",
    )
