"""The generated bulletins as files of every format that is read: what benches and whole nights are fed with."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from html import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from tests.generated import bulletin

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OPEN = "http://schemas.openxmlformats.org"
_OFFICE = "application/vnd.openxmlformats"
_NAVIGATION = "".join(f'<li><a href="/col/{number}.html">栏目{number}</a></li>' for number in range(40))
_RELATED = "".join(f'<li><a href="/{year}.html">丘陵县{year}年政府工作报告</a></li>' for year in range(2010, 2024))


def text_file(text: str) -> bytes:
    """UTF-8."""
    return text.encode()


def html_file(text: str) -> bytes:
    """A page of a site, with navigation before and titles of other reports behind the text."""
    title, *paragraphs = text.strip().split("\n")
    body = "".join(f"<p>&emsp;&emsp;{escape(paragraph)}</p>\n" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_平原县人民政府</title></head><body>'
        f'<div class="nav"><ul>{_NAVIGATION}</ul></div><div class="main"><h1>{title}</h1>'
        '<div class="info">发布日期：2024-01-25 来源：县政府办公室 字号：大 中 小</div>'
        f'<div class="content">{body}</div></div>'
        f'<div class="side"><h3>相关文章</h3><ul>{_RELATED}</ul></div>'
        "<div>主办：平原县人民政府 备案号：12345678</div></body></html>"
    ).encode()


def docx_file(text: str) -> bytes:
    """A Word document of plain paragraphs."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.strip().split("\n"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_OPEN}/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="{_OFFICE}-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" '
            f'ContentType="{_OFFICE}-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_OPEN}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{_OPEN}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{_WORD}"><w:body>{paragraphs}</w:body></w:document>'
        )
    return buffer.getvalue()


def pdf_file(text: str) -> bytes:
    """Pages with hard-wrapped lines and page numbers, in a font that the reader has to bring."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("body", fontName="STSong-Light", fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK")
    buffer = io.BytesIO()
    document = SimpleDocTemplate(buffer, pagesize=A4, invariant=1)

    def number(canvas: object, page: SimpleDocTemplate) -> None:
        canvas.setFont("STSong-Light", 10)  # type: ignore[attr-defined]
        canvas.drawCentredString(A4[0] / 2, 30, f"— {page.page} —")  # type: ignore[attr-defined]

    document.build(
        [Paragraph(escape(line), style) for line in text.strip().split("\n")], onFirstPage=number, onLaterPages=number
    )
    return buffer.getvalue()


def csv_file(text: str) -> bytes:
    """A table of texts with one row."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["title", "publish_date", "full_text"])
    writer.writerow([text.split("\n", 1)[0], "2024-01-25", text])
    return buffer.getvalue().encode("utf-8-sig")


FORMATS: dict[str, Callable[[str], bytes]] = {
    "txt": text_file,
    "html": html_file,
    "docx": docx_file,
    "pdf": pdf_file,
    "csv": csv_file,
}


def files(format_: str, count: int, sentences: int = 120) -> dict[str, bytes]:
    """So many files of a format by name, each of another bulletin."""
    make = FORMATS[format_]
    return {f"{seed:03}.{format_}": make(bulletin(seed, sentences=sentences)) for seed in range(count)}
