"""Word documents: what is main text and in which order, what Word counts, and containers that are refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from gongbao.errors import UnreadableDocument
from gongbao.extract import extract_text
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.docx import read_docx
from gongbao.ingest.readers.docx_numbering import chinese
from gongbao.ingest.readers.result import ReadText

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = " ".join(
    f'xmlns:{prefix}="urn:{prefix}"' for prefix in ("mc", "wps", "v", "m", "r", "w14")
)  # told by their names alone


def root(kind: str, inside: str, namespace: str = TRANSITIONAL) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{kind} xmlns:w="{namespace}" {SPACES}>{inside}</w:{kind}>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inside: str, properties: str = "") -> str:
    content = inside if inside.startswith("<") else run(inside)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{''.join(rows)}</w:tbl>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(each if each.startswith('<w:tc>') else cell(each) for each in cells)}</w:tr>"


def cell(inside: str, properties: str = "") -> str:
    content = inside if inside.startswith("<") else paragraph(inside)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def numbered(text: str, list_id: int = 1, depth: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>')


def level(depth: int, form: str, pattern: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{pattern}"/>'
        "</w:lvl>"
    )


def numbering(*levels: str, more: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{more}'
    )


HIDDEN, SHOWN, RAISED = "<w:vanish/>", '<w:vanish w:val="0"/>', '<w:vertAlign w:val="superscript"/>'
ONE, THREE = "<m:r><m:t>1</m:t></m:r>", "<m:r><m:t>3</m:t></m:r>"


def control(text: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{text}</w:sdtContent></w:sdt>"


def field(code: str, result: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def box(text: str) -> str:
    return f"<wps:txbx><w:txbxContent>{paragraph(text)}</w:txbxContent></wps:txbx>"


def word(path: Path, body: str, *, namespace: str = TRANSITIONAL, title: str = "", **parts: str) -> Path:
    """A Word document; `parts` are styles, numbering, footnotes, endnotes: what stands inside their root."""
    names = {f"word/{kind}.xml": root(kind, inside) for kind, inside in parts.items()}
    links = "".join(f'<Relationship Id="r{kind}" Type="{KINDS}/{kind}" Target="{kind}.xml"/>' for kind in parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{RELATIONS}">'
            f'<Relationship Id="a" Type="{KINDS}/officeDocument" Target="/word/document.xml"/>'
            '<Relationship Id="b" Type="urn:metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        )
        archive.writestr(
            "docProps/core.xml",
            '<c:coreProperties xmlns:c="urn:c" xmlns:d="urn:d">'
            f"<d:title>{title}</d:title><d:created>2020-01-01T00:00:00Z</d:created></c:coreProperties>",
        )
        archive.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{RELATIONS}">{links}</Relationships>')
        archive.writestr("word/document.xml", root("document", f"<w:body>{body}<w:sectPr/></w:body>", namespace))
        for name, content in names.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.docx"


def read(path: Path) -> ReadText:
    return read_docx(path, "报告.docx", Limits())


def lines(path: Path, body: str, **parts: str) -> list[str]:
    return read(word(path, body, **parts)).content.split("\n")


def test_paragraphs_and_tables_are_lines_in_their_order(path: Path) -> None:
    body = (
        paragraph("某县工作报告")
        + table(row("指标", "数值"), row("粮食产量", "12.5"))
        + paragraph("")
        + paragraph("完。")
    )
    assert lines(path, body) == ["某县工作报告", "指标\t数值", "粮食产量\t12.5", "完。"]


def test_the_strict_form_of_the_format_is_read(path: Path) -> None:
    assert read(word(path, paragraph("产量12吨。"), namespace=STRICT)).content == "产量12吨。"


def test_merged_cells_have_their_text_once_and_keep_the_columns(path: Path) -> None:
    body = table(
        row(cell("合并标题", '<w:gridSpan w:val="3"/>')),
        row(cell("镇", '<w:vMerge w:val="restart"/>'), cell("收支", '<w:gridSpan w:val="2"/>')),
        row(cell("镇", "<w:vMerge/>"), "收入", "支出"),
        row("河口镇", "1", ""),
    )
    assert lines(path, body) == ["合并标题", "镇\t收支", "\t收入\t支出", "河口镇\t1"]


def test_a_cell_of_several_paragraphs_or_a_nested_table_is_one_cell(path: Path) -> None:
    nested = table(row("甲", "1"), row("乙", "2")) + paragraph("")
    body = table(row(cell(paragraph("其中：") + paragraph("种植业")), cell(nested)))
    assert lines(path, body) == ["其中： 种植业\t甲 1 乙 2"]


def test_a_frame_around_the_text_is_no_table(path: Path) -> None:
    body = table(row(cell(paragraph("第一段。") + paragraph("第二段。") + table(row("甲", "1")) + paragraph(""))))
    assert lines(path, body) == ["第一段。", "第二段。", "甲\t1"]


def test_deleted_and_hidden_rows_are_left_out(path: Path) -> None:
    def marked(mark: str) -> str:
        return row("旧", "9").replace("<w:tr>", f"<w:tr><w:trPr>{mark}</w:trPr>")

    assert lines(path, table(row("新", "1"), marked("<w:del/>"), marked("<w:hidden/>"))) == ["新\t1"]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (run("增") + f"<w:ins>{run('6')}</w:ins><w:del><w:r><w:delText>5</w:delText></w:r></w:del>" + run("%"), "增6%"),
        (f"<w:moveFrom>{run('5')}</w:moveFrom><w:moveTo>{run('6')}</w:moveTo>{run('亩')}", "6亩"),
        (f"<w:hyperlink>{run('详见')}</w:hyperlink><w:smartTag>{run('公报')}</w:smartTag>", "详见公报"),
        (control(run("控件")), "控件"),
        (run("甲") + control(run("请填"), "<w:showingPlcHdr/>"), "甲"),
        (f"{run('一')}<w:r><w:tab/></w:r>{run('二')}", "一 二"),
        (f"{run('一')}<w:r><w:br/></w:r>{run('二')}", "一\n二"),
        (f"{run('2020')}<w:r><w:noBreakHyphen/></w:r>{run('2025年')}", "2020-2025年"),
        (f"{run('增')}<w:r><w:softHyphen/></w:r>{run('长')}", "增长"),
        (f"{run('不低于')}<w:r><w:sym w:font='Symbol' w:char='F0B3'/></w:r>{run('5')}", "不低于≥5"),
        (f"{run('项目')}<w:r><w:sym w:font='Wingdings' w:char='F083'/></w:r>", "项目③"),
        (run("密") + run("秘", HIDDEN) + run("度", SHOWN), "密度"),
        (run("面积12km") + run("2", RAISED), "面积12km²"),
        (f"{run('第')}<w:ruby><w:rt>{run('dì')}</w:rt><w:rubyBase>{run('地')}</w:rubyBase></w:ruby>", "第地"),
        (run("占") + f"<m:oMath><m:f><m:num>{ONE}</m:num><m:den>{THREE}</m:den></m:f></m:oMath>", "占1/3"),
    ],
)  # fmt: skip
def test_what_a_paragraph_shows_is_its_text(path: Path, inside: str, text: str) -> None:
    assert read(word(path, paragraph(inside))).content == text


def test_revisions_are_told(path: Path) -> None:
    assert read(word(path, paragraph(run("增长") + f"<w:ins>{run('6%')}</w:ins>"))).warnings == ("tracked_changes",)


def test_text_hidden_by_a_style_is_left_out_with_a_warning(path: Path) -> None:
    styles = '<w:style w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
    styles += '<w:style w:styleId="i"><w:basedOn w:val="h"/></w:style>'
    found = read(word(path, paragraph("公开") + paragraph(run("内部", '<w:rStyle w:val="i"/>')), styles=styles))
    assert (found.content, found.warnings) == ("公开", ("hidden_text",))


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next(path: Path) -> None:
    body = paragraph("产量达到", "<w:rPr><w:del/></w:rPr>") + paragraph("12吨。") + paragraph("另起。")
    assert lines(path, body) == ["产量达到12吨。", "另起。"]


def test_text_boxes_stand_beside_their_paragraph_once(path: Path) -> None:
    twice = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box('框内文字')}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box('框内文字')}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    title = f"<w:r><w:pict><v:shape><v:textpath string='某县人民政府'/></v:shape></w:pict></w:r>{run('第1号')}"
    assert lines(path, paragraph(title) + paragraph(run("正文。") + twice)) == [
        "某县人民政府",
        "第1号",
        "正文。",
        "框内文字",
    ]


def test_fields_show_their_result_and_pages_have_no_number(path: Path) -> None:
    body = paragraph(run("表") + field("SEQ 表 \\* ARABIC", run("2")) + run("产量")) + paragraph(
        run("共") + field("NUMPAGES", run("17")) + '<w:fldSimple w:instr=" PAGE ">' + run("3") + "</w:fldSimple>"
    )
    assert lines(path, body) == ["表2产量", "共"]


def test_a_circled_number_made_by_a_field_is_one(path: Path) -> None:
    code = field("eq \\o\\ac(○,2)", "").replace('<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "")
    assert read(word(path, paragraph(code + run("修路。")))).content == "②修路。"


def test_a_field_that_never_ends_takes_no_more_than_its_paragraph(path: Path) -> None:
    body = paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("PAGE")) + paragraph("正文12吨。")
    assert lines(path, body) == ["正文12吨。"]


def test_a_table_of_contents_is_left_out_and_a_paragraph_in_its_style_is_not(path: Path) -> None:
    styles = '<w:style w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    listed = paragraph(
        f'<w:hyperlink w:anchor="_Toc1">{run("一、回顾")}{field("PAGEREF _Toc1", run("3"))}</w:hyperlink>'
    )
    styled = paragraph("二、安排 8", '<w:pStyle w:val="T"/>')
    body = (
        f"<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
        f"<w:sdtContent>{paragraph('目录')}{listed}</w:sdtContent></w:sdt>{styled}"
        + paragraph("一、回顾")
        + paragraph("全年产量12吨。", '<w:pStyle w:val="T"/>')
    )
    assert lines(path, body, styles=styles) == ["一、回顾", "全年产量12吨。"]


def test_lists_are_numbered_as_word_counts_them(path: Path) -> None:
    levels = numbering(
        level(0, "chineseCountingThousand", "%1、"),
        level(1, "chineseCounting", "（%2）"),
        level(2, "decimal", "%3."),
        level(3, "decimal", "%1.%4", "<w:isLgl/>"),
    )
    body = "".join(
        numbered(text, depth=depth)
        for text, depth in [("甲", 0), ("乙", 1), ("2024年", 2), ("丙", 2), ("丁", 1), ("戊", 2), ("己", 0), ("庚", 3)]
    )
    assert lines(path, body, numbering=levels) == [
        "一、甲", "（一）乙", "1. 2024年", "2. 丙", "（二）丁", "1. 戊", "二、己", "2.1 庚",
    ]  # fmt: skip


def test_a_list_with_a_start_of_its_own_begins_anew(path: Path) -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    )
    levels = numbering(level(0, "decimal", "%1、"), more=again)
    body = numbered("甲") + numbered("乙", 2) + numbered("丙", 3)
    assert lines(path, body, numbering=levels) == ["1、甲", "5、乙", "6、丙"]


def test_bullets_are_no_numbers_and_a_style_may_give_the_number(path: Path) -> None:
    levels = numbering(level(0, "bullet", "\uf0b7"), level(1, "japaneseCounting", "%2、", '<w:pStyle w:val="H"/>'))
    styles = '<w:style w:styleId="H"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    body = (
        numbered("点")
        + paragraph("标题", '<w:pStyle w:val="H"/>')
        + paragraph("无号", '<w:pStyle w:val="H"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + paragraph("再题", '<w:pStyle w:val="H"/>')
    )
    assert lines(path, body, numbering=levels, styles=styles) == ["点", "一、标题", "无号", "二、再题"]


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百〇五"), (110, "一百一十")]
)
def test_chinese_counting(number: int, text: str) -> None:
    assert chinese(number) == text


def notes_body() -> str:
    mark = '<w:r><w:{kind}Reference w:id="{number}"/></w:r>'
    return (
        paragraph("某县2024年国民经济和社会发展统计公报")
        + paragraph("一、综合")
        + paragraph(run("全年粮食产量12.5万吨") + mark.format(kind="footnote", number=2) + run("，比上年增长3.1%。"))
        + paragraph(run("全年完成工业增加值35.2亿元") + mark.format(kind="endnote", number=2) + run("，增长4.2%。"))
        + paragraph("全年旅游收入8.1亿元。")
        + paragraph("全年进出口总额2.3亿元。")
    )


def test_notes_stand_at_the_end_under_their_marks(path: Path) -> None:
    notes = {
        f"{kind}s": f'<w:{kind} w:id="0" w:type="separator">{paragraph("线")}</w:{kind}>'
        f'<w:{kind} w:id="2">{paragraph(f"<w:r><w:{kind}Ref/></w:r>" + run(text))}</w:{kind}>'
        for kind, text in (("footnote", "粮食产量：按78个样本推算。"), ("endnote", "工业增加值：统计范围为91家企业。"))
    }
    content = read(word(path, notes_body(), **notes)).content
    marks = [each.text for each in extract_text(content).rejections if each.reason == "footnote"]
    assert marks == ["1", "2", "1", "2"]
    assert content.split("\n")[2:4] == [
        "全年粮食产量12.5万吨[1]，比上年增长3.1%。",
        "全年完成工业增加值35.2亿元[2]，增长4.2%。",
    ]
    assert content.split("\n")[-3:] == ["注释", "[1]粮食产量：按78个样本推算。", "[2]工业增加值：统计范围为91家企业。"]


def test_a_title_is_stated_where_the_text_begins_with_it(path: Path) -> None:
    body = paragraph("某县2024年") + paragraph("政府工作报告") + paragraph("一、回顾")
    assert read(word(path, body, title="某县2024年政府工作报告")).stated.title == "某县2024年政府工作报告"
    assert read(word(path, body, title="某县2019年政府工作报告")).stated.title is None
    assert read(word(path, body, title="报告")).stated.title is None
    assert read(word(path, body)).stated.published_on is None


def test_content_embedded_from_another_file_is_left_out_with_a_warning(path: Path) -> None:
    assert "embedded_document" in read(word(path, paragraph("正文") + "<w:altChunk/>")).warnings


def refused(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableDocument) as error:
        read_docx(path, "报告.docx", limits or Limits())
    return error.value.reason


def replaced(path: Path, part: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(part, content)
    return path


ENTITY = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("before", ["", f"<!--{'x' * 9000}-->"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(path: Path, before: str, encoding: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        content = f'<?xml version="1.0" encoding="{encoding}"?>{before}{ENTITY}<d><body>&e;正文</body></d>'
        archive.writestr("word/document.xml", content.encode(encoding))
    assert refused(path) == "unsafe_container"


@pytest.mark.parametrize("member", ["../a.xml", "/a.xml", "word\\..\\..\\a.bin"])
def test_a_part_outside_its_folder_is_refused(path: Path, member: str) -> None:
    assert refused(replaced(word(path, paragraph("正文")), member, b"<a/>")) == "unsafe_container"


def test_a_wrong_checksum_is_damage(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/document.xml", root("document", f"<w:body>{paragraph('产量12吨。')}</w:body>"))
    path.write_bytes(path.read_bytes().replace("12吨".encode(), "13吨".encode()))
    assert refused(path) == "damaged"


def test_a_document_that_unpacks_to_too_much_is_refused(path: Path) -> None:
    assert refused(word(path, paragraph("长" * 50_000)), Limits(inflated_bytes=100_000)) == "oversize"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<w:p><w:r>", "damaged"),
        ("<w:p>" + "<w:ins>" * 3000 + "</w:ins>" * 3000 + "</w:p>", "damaged"),
        (paragraph(""), "empty"),
        (paragraph("words"), "no_chinese_text"),
    ],
)
def test_what_holds_no_readable_text_is_refused(path: Path, body: str, reason: str) -> None:
    assert refused(word(path, body)) == reason


def test_pages_that_are_pictures_have_no_text_layer(path: Path) -> None:
    assert refused(replaced(word(path, paragraph("")), "word/media/image1.png", b"\x89PNG")) == "no_text_layer"


def test_a_container_without_a_body_is_damaged(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/other.xml", "<a/>")
    assert refused(path) == "damaged"
