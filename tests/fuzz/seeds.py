"""What mutations begin with: small inputs of every kind, made here or by the helpers of other tests, none of them real.

Where ../shared/corpus lies beside the checkout, `python -m tests.fuzz` reads a few of its texts besides.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

import xlsxwriter

from gongbao import reference
from tests import generated_files
from tests.conftest import SHARED
from tests.generated import bulletin
from tests.unit.extract.test_text import WORDS
from tests.unit.ingest import old_workbook, test_docx, test_opendocument, test_pdf

TAGS = (
    "<table>", "</table>", "<tr>", "<td rowspan=2>", '<td colspan="999999">', "<th>", "</td>", "<p>", "</p>", "<br>",
    "<div>", "</div>", "<span>", "<h1>", "<a href=x>", "<script>", "</script>", "<style>", "<!--", "-->", "<![CDATA[",
    "&nbsp;", "&#0;", "&#xD800;", "&#x10FFFF;", "&lt;", '<meta charset="gbk">', '<meta name="PubDate" content="2024">',
    "<title>", "<select><option>", "<input value=1>", "<pre>", "<li>", "<template>", "<svg>", "5亿元",
)  # fmt: skip
OPERATORS = (
    "BT", "ET", "Tf", "Tm", "Tj", "TJ", "T*", "Td", "q", "Q", "cm", "re", "S", "f", "l", "m", "Do", "0", "-1", "1e9",
    "<</Type/Page>>", "/Contents", "/Kids[2 0 R]", "/MediaBox[0 0 0 0]", "/Rotate 90", "/Length 0", "endobj", "stream",
    "<4e00>", "/Count 99999", "/Encrypt", "NaN",
)  # fmt: skip
WORDML = (
    "<w:p>", "</w:p>", "<w:tbl>", "</w:tbl>", "<w:tr>", "<w:tc>", "<w:vMerge/>", '<w:gridSpan w:val="99999"/>',
    '<w:numId w:val="1"/>', '<w:ilvl w:val="9"/>', "<w:br/>", "<w:tab/>", "<w:del>", "<w:ins>", "<w:vanish/>",
    '<w:start w:val="-1"/>', "%1", "%9", 'w:val="x"', 'w:val="99999999999"', "<w:footnoteReference/>", "&#x1f;",
)  # fmt: skip
SHEETML = (
    "<c>", "<v>", "</v>", '<c r="A1">', '<c r="ZZZ9999999">', 't="s"', 't="b"', 't="e"', 't="inlineStr"',
    "<mergeCell/>", 'ref="A1:B2"', 'ref="A1:A1"', "<f>", "99999", "-1", "1e308", "NaN", '<row r="1048576">', 's="9"',
)  # fmt: skip
ODF = (
    "<table:table-cell/>", "<table:table-row>", "</table:table-row>", 'table:number-columns-repeated="-1"',
    'table:number-rows-repeated="99999999"', 'table:number-columns-spanned="x"', 'office:value="1e400"',
    'office:value-type="date"', 'office:date-value="9999-99-99"', 'table:formula="of:=1"', "<text:p/>", "<text:s/>",
)  # fmt: skip
CSV = ('"', ",", "\t", ";", "\r\n", '""', "sep=;\n", "title", "full_text", "publish_date", "2024-13-45", "。" * 210)
NUMERALS = (
    "0", "9" * 30, ".", ",", "，", " ", "\x1f", "-", "—", "~", "至", "余", "多", "几", "十", "百", "千", "万", "亿",
    "零", "〇", "两", "点", "半", "成", "分之", "第", "％", "%", "‰", "元", "人", "个", "百分点", "：", ":",
    "(含)", "٣", "²", "½", "①", "年", "月", "户",
)  # fmt: skip
PHRASES = (*WORDS, *NUMERALS, "\n一、2023年工作回顾\n", "\n二、2024年工作安排\n", "附件：名词解释\n", "各位代表：\n")
LABELS = (
    "\t", "\n", "=1", "=-3.5", "=12", "镇", "单位", "合计", "其中：", "石桥镇", "河口镇", "2023年", "（万元）",
    "同比增长（%）", "一般公共预算收入", "…", "-", "注：初步数", "序号", "0", "1,234",
)  # fmt: skip
YAML = (
    "\n", ": ", "- ", "  ", "[", "]", "{", "}", "&a", "*a", "'", '"', "|", ">", "#", "---", "null", "true", "1e9", "!!",
    "<<: ", "? ", "id: ", "match: ", "title: ", "rows: ", "at: ", "sentence: ", "expect: ", "value: 5万元", "九", "٣",
    "(?P<", "(", "[a-", "!!python/object:os.system", "2023-02-30", "0x1F", "1_000", "\x85", "\ufeff",
)  # fmt: skip
TOML = (
    "\n", " = ", '"', "'''", "[[source]]", "[limits]", "[source.limits]", "{", "}", "[", "]", "0", "-1", "1e400",
    "nan", "inf", "2024-01-01", "9" * 30, "\\u0000", "inbox", "urls", "schedule", "link_pattern", "(", "http://a/",
    "0 2 * * 1",
)  # fmt: skip
TITLE = "青河县各镇（街道）主要经济指标（2023年）"


@cache
def texts() -> list[bytes]:
    """Short work reports of all sections, and sentences of the tests' words."""
    reports = [bulletin(seed, sentences=4) for seed in range(3)]
    return [each.encode() for each in (*reports, "".join(WORDS), "附件：名词解释\n1.五保户：指3种人。\n", "2023年，")]


def numbers() -> list[bytes]:
    """Amounts as they are written."""
    written = (
        "12,345.6亿元",
        "三千八百四十五万人",
        "3-5个",
        "百分之五点二",
        "22:28:50",
        "1.84:1",
        "36.5 9亿元",
        "十余项",
    )
    return [each.encode() for each in written]


def any_file() -> list[bytes]:
    """One of each kind."""
    kinds = (texts, pages, table_pages, pdfs, documents, workbooks, opendocuments, old_workbooks, tables, ledgers)
    encoded = [bulletin(0, sentences=1).encode(each) for each in ("gb18030", "utf-16", "utf-16-be")]
    traditional = "全鎮財政收入完成五億元，比上年增長百分之三。\n".encode("big5")
    return [
        *(kind()[0] for kind in kinds),
        *encoded,
        traditional,
        b"\x1f\x8b",
        b"{\\rtf1",
        b"MZ",
        b'{"a": 1}',
        b"\xff\xd8\xff",
    ]


@cache
def pages() -> list[bytes]:
    """A page of a site, and one of lists, tables in tables and what no one sees."""
    mixed = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>公报</title></head>'
        "<body><h1>平原县公报</h1><ul><li>一<li>二</ul><ol start=3><li>三</ol><table><tr><td rowspan=2>镇<td>"
        "<table><tr><td>收入<td>5亿元</table></tr><tr><td colspan=2>注</table><script>x=1</script><pre>a\n b</pre>"
        "<p style='display:none'>藏</p><p>&nbsp;完成&#23454;际5亿元。<br>增长3%。</p></body></html>"
    )
    return [generated_files.html_file(bulletin(1, sentences=2)), mixed.encode("gb18030"), mixed.encode()]


@cache
def table_pages() -> list[bytes]:
    """Workbooks saved as web pages, one of several parts (MHT)."""
    table = "<table><tr><th>镇<th colspan=2>收入<tr><td rowspan=2>石桥镇<td x:num='4321'>4,321<td>1<tr><td>2</table>"
    page = f"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><body>各镇收入{table}<p>注：初步数</body></html>"
    head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
    parts = f"{head}{page}\n--b--"
    return [page.encode(), page.encode("gb18030"), parts.encode(), f"<h1>题</h1>{table}{table}".encode()]


@cache
def pdfs() -> list[bytes]:
    """Uncompressed pages: lines, a ruled table, a turned page without text."""
    table = [
        *test_pdf.grid([77, 200, 320], [500, 530, 560]),
        test_pdf.text(80, 510, "石桥镇"),
        test_pdf.text(210, 510, "4321"),
    ]
    lines = test_pdf.lines(["　　全县税收完成5亿元，增长3%，比上年多一些，再", "多一些。", "— 3 —"])
    return [
        test_pdf.pdf([lines]),
        test_pdf.pdf([table, lines]),
        test_pdf.pdf([[test_pdf.PICTURE]], page="/Rotate 90"),
        test_pdf.pdf([[test_pdf.text(80, 700, "甲乙", font="R")]], garbled=True),
    ]


def _written(write: Callable[[Path], object], suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        write(path)
        return path.read_bytes()


@cache
def documents() -> list[bytes]:
    """Word documents with numbered paragraphs, tables, fields, notes, boxes and deletions."""
    body = (
        test_docx.numbered("税收5亿元")
        + test_docx.numbered("增长3%", depth=1)
        + test_docx.table(test_docx.row("镇", "收入"), test_docx.row("石桥镇", "4321"))
        + test_docx.control(test_docx.paragraph("控件"))
        + test_docx.paragraph(test_docx.field("PAGE", test_docx.run("3")) + test_docx.run("页"))
        + test_docx.paragraph('<w:r><w:footnoteReference w:id="2"/></w:r>')
        + test_docx.paragraph(f"<w:r>{test_docx.box('框')}</w:r>")
        + test_docx.paragraph(f"<w:del>{test_docx.run('删')}</w:del><w:ins>{test_docx.run('增')}</w:ins>")
    )
    parts = {
        "numbering": test_docx.numbering(
            test_docx.level(0, "chineseCountingThousand", "%1、"), test_docx.level(1, "decimal", "%1.%2")
        ),
        "styles": '<w:style w:styleId="a"><w:basedOn w:val="a"/><w:pPr><w:numPr/></w:pPr></w:style>',
        "footnotes": f'<w:footnote w:id="2">{test_docx.paragraph("脚注")}</w:footnote>',
    }
    return [
        _written(lambda path: test_docx.word(path, body, title="平原县公报", **parts), ".docx"),
        generated_files.docx_file(bulletin(2, sentences=1)),
    ]


@cache
def workbooks() -> list[bytes]:
    """An xlsx with merged cells, numbers, dates, a formula, a hidden sheet and a chart."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表一")
        sheet.merge_range("A1:C1", TITLE)
        for row, values in enumerate([("镇", "收入", "增长"), ("石桥镇", 4321, 6.5), ("河口镇", "…", -0.3)], 1):
            sheet.write_row(row, 0, values)
        sheet.write_formula(4, 1, "=SUM(B3:B4)", None, 4321)
        sheet.write_datetime(5, 0, datetime(2023, 12, 31), book.add_format({"num_format": "yyyy"}))
        sheet.write_boolean(5, 1, True)
        book.add_worksheet("底稿").hide()
    return [buffer.getvalue()]


@cache
def opendocuments() -> list[bytes]:
    """A spreadsheet of OpenDocument with spanned and repeated cells, and with groups."""
    rows = (
        test_opendocument.row(
            test_opendocument.text("各镇", 'table:number-columns-spanned="2"'), "<table:covered-table-cell/>"
        )
        + "<table:table-row-group>"
        + test_opendocument.row(test_opendocument.text("石桥镇"), test_opendocument.number("43"), repeated=2)
        + "</table:table-row-group>"
        + test_opendocument.row(test_opendocument.EMPTY, repeated=1000)
    )
    return [_written(lambda path: test_opendocument.ods(path, rows), ".ods")]


@cache
def old_workbooks() -> list[bytes]:
    """The old format: open, locked with the built-in key, locked with another, with a sheet of macros."""
    sheets = [("表一", old_workbook.WORKSHEET, [["各镇收入", None], ["石桥镇", 4321.0]])]
    macros = [*sheets, ("宏", old_workbook.MACROS, [["x", 1.0]])]
    return [
        old_workbook.xls(sheets),
        old_workbook.xls(sheets, password="VelvetSweatshop"),
        old_workbook.xls(sheets, password="secret"),
        old_workbook.xls(macros, stream="Book"),
    ]


@cache
def tables() -> list[bytes]:
    """Tables of figures and of texts."""
    figures = '镇,收入\n石桥镇,"4,321"\n河口镇,5\n'
    named = f"title,url,publish_date,full_text\n报告,https://a.cn/1,2024-01-25,{'全县税收完成5亿元。' * 30}\n"
    return [
        figures.encode(),
        figures.replace(",", "\t").encode("gb18030"),
        named.encode("utf-8-sig"),
        b"sep=;\na;b\n1;2\n",
    ]


def grids() -> list[bytes]:
    """Sheets as `targets.grid` takes them: towns by indicators, and indicators by years."""
    rows = "镇\t一般公共预算收入\t同比增长（%）\n石桥镇\t=4321\t=6.5\n河口镇\t=2980\t=-0.3\n合计\t=7301\t\n"
    towns = f"{TITLE}\n单位：万元\n{rows}注：初步数"
    years = f"{TITLE}\n指标\t2022年\t2023年\n一般公共预算收入（万元）\t=1\t=2\n其中：税收\t=1\t…\n"
    return [towns.encode(), years.encode()]


@cache
def templates() -> list[bytes]:
    """Short templates, and one of the vocabulary with variants."""
    short = (
        "id: a\nversion: 1\nwhat: 表\nmatch: {title: '指标', header: ['收入']}\nrows: {role: area}\n"
        "columns:\n  role: indicator\n  rules:\n  - {path: '^收入', indicator: general_budget_revenue, unit: 万元}\n"
        "period: {from: [title], value: '2023'}\nidentities: [a + b = c]\ntotals: [a]\nexpect: {rows: [1, 9]}\n"
    )
    return [short.encode(), (reference.FOLDER / "sheets" / "county_towns.yaml").read_bytes()]


def vocabulary() -> list[bytes]:
    """Lines that a curator adds to caveats.csv."""
    head = "code,name_zh,name_en,description\n"
    return [
        head.encode(),
        f'{head}late,迟到,late,"It came late, twice."\n'.encode(),
        f"\ufeff{head}a,b,c,d\r\n".encode(),
    ]


def settings() -> list[bytes]:
    """Files of settings."""
    return [
        b'warehouse = "w"\nprocesses = 2\nkeep_releases = 3\n[limits]\nread_seconds = 5\n',
        (
            '[[source]]\nname = "a"\ninbox = "in"\nplace = "惠民县"\ncaveats = ["sample"]\nschedule = "0 2 * * 1"\n'
            '[[source]]\nname = "b"\nlist_page = "https://a.cn/"\nlink_pattern = "公报"\n[source.limits]\nseconds = 6\n'
            '[[source]]\nname = "c"\nurls = ["https://10.0.0.5:80/x"]\nprivate_hosts = ["10.0.0.5:80"]\n'
        ).encode(),
    ]


def corrections() -> list[bytes]:
    """Files of corrections."""
    replaced = (
        "- document: report.txt\n  at: 210\n  expect:\n    quote: 5,533亿元\n    value: 553300000000元\n"
        "  action: replace\n  with:\n    value: 5533万元\n    period: '2023'\n    place: 山东省/惠民县\n"
        "  reason: too much\n  source: page 12\n"
    )
    withdrawn = (
        "- {document: a.xlsx, at: 表一!B5, expect: {quote: 5, value: 5}, action: withdraw, reason: a, source: b}\n"
    )
    return [replaced.encode(), withdrawn.encode(), (replaced + withdrawn).encode()]


def ledgers() -> list[bytes]:
    """Lines of a ledger."""
    return [b'{"run": 1, "sha256": "ab"}\n{"run": "2", "sha256": "cd", "more": [1, {"a": null}]}\n']


def real_texts(most: int = 40, length: int = 3000) -> list[bytes]:
    """Beginnings of real bulletins, where they lie beside the checkout: read at run time, never kept."""
    folder = SHARED / "corpus" / "text"
    paths = sorted(folder.glob("*.txt"))[:: max(1, len(list(folder.glob("*.txt"))) // most)] if folder.is_dir() else []
    return [path.read_bytes()[:length] for path in paths]
