"""PDF to text: what is printed, in the order it is read, a paragraph a line; written by hand, glyph by glyph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.pdf import MOST_PAGES, read_pdf
from gongbao.ingest.readers.result import ReadText

SIZE = 16.0
LEFT, RIGHT = 77.0, 517.0  # twenty-seven and a half characters of text between the margins
PICTURE = "q 595 0 0 842 0 0 cm /I Do Q"


def text(
    x: float, y: float, words: str, size: float = SIZE, *, angle: float = 0, font: str = "F", set: str = ""
) -> str:
    """Words from (x, y), counted from the lower left; Chinese characters are `size` wide, others half as wide."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    hexed = words.encode("utf-16-be").hex()
    return f"q {set} BT /{font} {size} Tf {cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x} {y} Tm <{hexed}> Tj ET Q"


def lines(words: Sequence[str], top: float = 760, size: float = SIZE, left: float = LEFT) -> list[str]:
    """Lines one under the other; a leading ideographic space is an indent that is not drawn."""
    drawn = []
    for index, line in enumerate(words):
        indent = len(line) - len(line.lstrip("　"))
        drawn.append(text(left + indent * size, top - 1.75 * size * index, line.lstrip("　"), size))
    return drawn


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S"


def grid(xs: Sequence[float], ys: Sequence[float]) -> list[str]:
    return [rule(xs[0], y, xs[-1], y) for y in ys] + [rule(x, ys[0], x, ys[-1]) for x in xs]


def pdf(
    pages: Sequence[Sequence[str]], *, page: str = "", info: str = "", trailer: str = "", garbled: bool = False
) -> bytes:
    """A PDF file of the drawing operators of its pages."""
    chinese = (
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font"
        "/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
        "/DW 1000/W[1 95 500 814 939 500]/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6"
        "/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 752/Descent -271/CapHeight 737/StemV 58>>>>]>>"
    )
    radicals = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
        "3 beginbfchar <0031> <2F00> <0032> <2EA0> <0033> <F0B7> endbfchar endcmap"
    )
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        3: chinese.encode(),
        4: b"<</Type/Font/Subtype/Type1/BaseFont/AAAAAA+Song/Encoding<</Differences[0/g0/g1/g2/g3]>>/FirstChar 0"
        b"/LastChar 255/Widths[" + b"1000 " * 256 + b"]>>",
        5: b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\n"
        b"stream\n\x80\nendstream",
        6: b"<</Type/Font/Subtype/Type0/BaseFont/AAAAAB+Song/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts"
        b"[<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAB+Song/CIDSystemInfo<</Registry(Adobe)"
        b"/Ordering(Identity)/Supplement 0>>/DW 1000>>]>>",
        7: f"<</Length {len(radicals)}>>\nstream\n{radicals}\nendstream".encode(),
        8: b"<<%s>>" % info.encode(),
    }
    kids = []
    for number, drawn in enumerate(pages):
        content = "\n".join(drawn).encode()
        kids.append(f"{10 + 2 * number} 0 R")
        objects[10 + 2 * number] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{page}/Contents {11 + 2 * number} 0 R"
            f"/Resources<</Font<</F {4 if garbled else 3} 0 R/R 6 0 R>>/XObject<</I 5 0 R>>>>>>"
        ).encode()
        objects[11 + 2 * number] = b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)
    objects[2] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    data, places = bytearray(b"%PDF-1.7\n"), {}
    for number in sorted(objects):
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start, most = len(data), max(objects)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (most + 1)
    for number in range(1, most + 1):
        data += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    data += f"trailer\n<</Size {most + 1}/Root 1 0 R/Info 8 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(data)


@pytest.fixture
def read(tmp_path: Path):
    def reading(data: bytes) -> ReadText:
        (tmp_path / "blob").write_bytes(data)
        return read_pdf(tmp_path / "blob", "公报.pdf", Limits())

    return reading


def refusal(read, data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        read(data)
    assert refused.value.what.startswith("公报.pdf")
    return refused.value.reason


FULL = "全镇坚持稳中求进工作总基调扎实推进各项重点任务落地见效"  # 27 characters: a full line


class TestParagraphs:
    def test_wrapped_lines_are_one_paragraph_and_an_indent_begins_the_next(self, read):
        page = lines(["　　" + FULL[:25], FULL, "成效明显。", "　　全年完成造林12亩。"])
        assert read(pdf([page])).content == f"{FULL[:25]}{FULL}成效明显。\n全年完成造林12亩。\n"

    def test_a_number_broken_over_a_line_end_is_whole(self, read):
        page = lines(["　　" + FULL[:19] + "总值23152.", "5亿元，" + FULL[:20]])
        assert "总值23152.5亿元，" in read(pdf([page])).content

    def test_a_paragraph_and_its_number_go_on_overleaf_past_the_page_number(self, read):
        foot = text(280, 60, "— 1 —", 14)
        first = [*lines(["　　" + FULL[:25], FULL, FULL[:25] + "收入1"]), foot]
        second = [
            *lines(["234.5万元，增长3%。", "　　二是增收。", "　　" + FULL[:25], FULL]),
            foot.replace("0031", "0032"),
        ]
        assert "收入1234.5万元，增长3%。\n二是增收。" in read(pdf([first, second])).content

    def test_headings_stand_alone(self, read):
        page = [
            text(165, 780, "某镇工作情况的报告", 22),
            *lines(["　　一、综合", "　　（一）农业", "　　" + FULL[:25], "稳步提升。"], top=700),
        ]
        heading, one, two, paragraph = read(pdf([page])).content.splitlines()
        assert (heading, one, two) == ("某镇工作情况的报告", "一、综合", "（一）农业")
        assert paragraph == FULL[:25] + "稳步提升。"

    def test_a_title_over_two_lines_is_one(self, read):
        page = [
            text(100, 780, "关于某镇年度财政预算执行情况和", 24),
            text(150, 740, "下年财政预算草案的报告", 24),
            text(241, 700, "某镇财政所", 16),
            *lines(["　　" + FULL[:25], FULL, "完成。"], top=640),
        ]
        assert read(pdf([page])).content.splitlines()[:2] == [
            "关于某镇年度财政预算执行情况和下年财政预算草案的报告",
            "某镇财政所",
        ]

    def test_paragraphs_without_indents_end_where_a_line_has_room(self, read):
        page = lines([FULL, "落实到位。", "农业稳步增长。", "工业" + FULL[:25], "提质增效。"])
        assert read(pdf([page])).content.splitlines() == [
            f"{FULL}落实到位。",
            "农业稳步增长。",
            f"工业{FULL[:25]}提质增效。",
        ]

    def test_a_page_with_one_indented_line_keeps_the_margins_of_the_others(self, read):
        full = [lines([f"　　{name}{FULL[:24]}", FULL, FULL, FULL, FULL[:26] + "。"], top=700) for name in "甲乙丙丁"]
        assert read(pdf([*full, lines(["　　一是增收。"], top=700)])).content.endswith("。\n一是增收。\n")

    def test_a_note_hangs_from_its_label(self, read):
        page = lines(["注：" + FULL[:25], "　　可比口径。", "　　" + FULL[:25], FULL, "完成。"])
        assert read(pdf([page])).content.startswith(f"注：{FULL[:25]}可比口径。\n")

    def test_footnotes_wait_for_the_paragraph_that_goes_on_overleaf(self, read):
        first = [*lines(["　　" + FULL[:25], FULL, FULL]), text(LEFT, 90, "[1]增速按可比价格计算。", 10)]
        second = lines(["取得实效。", "　　" + FULL[:25], FULL, "完成。"])
        assert f"{FULL}取得实效。\n[1]增速按可比价格计算。\n" in read(pdf([first, second])).content


class TestBlanks:
    def test_the_space_between_digits_and_characters_is_typesetting(self, read):
        page = [
            text(77, 700, "2025"),
            text(113, 700, "年收入"),
            text(165, 700, "98.5"),
            text(201, 700, "亿元，占"),
            text(269, 700, "GDP"),
            text(297, 700, "比重三成"),
        ]
        assert read(pdf([page])).content == "2025年收入98.5亿元，占GDP比重三成\n"

    def test_a_drawn_blank_before_a_character_goes_and_one_between_words_stays(self, read):
        assert (
            read(pdf([[text(77, 700, "全年投资 5.2 亿元建设 Hong Kong Road 项目")]])).content
            == "全年投资5.2亿元建设Hong Kong Road项目\n"
        )

    def test_kerning_does_not_part_a_number(self, read):
        page = [
            text(77, 700, "共"),
            text(93, 700, "5"),
            text(103, 700, "3"),
            text(113, 700, "1"),
            text(121, 700, "."),
            text(135, 700, "8"),
            text(143, 700, "亩"),
        ]
        assert read(pdf([page])).content == "共531.8亩\n"

    def test_letterspaced_headings_are_closed(self, read):
        page = [text(109, 700, "一、综"), text(189, 700, "合"), *lines(["　　" + FULL[:25], FULL], top=660)]
        assert read(pdf([page])).content.splitlines()[0] == "一、综合"

    def test_a_line_letterspaced_throughout_is_closed(self, read):
        drawn = [text(77 + at * 12 * 1.6, 700, char, 12) for at, char in enumerate("某镇年度公报")]
        assert read(pdf([drawn])).content == "某镇年度公报\n"

    def test_raised_marks_of_notes_stay_apart_from_numbers(self, read):
        page = [
            text(77, 700, "生产总值"),
            text(141, 706, "2", 8),
            text(145, 700, "3077亿元，面积5km"),
            text(281, 706, "2", 8),
        ]
        assert read(pdf([page])).content == "生产总值[2]3077亿元，面积5km2\n"

    def test_bullets_of_symbol_fonts_go(self, read):
        assert read(pdf([[text(77, 700, "3", font="R"), text(98, 700, "本镇全年收入")]])).content == "本镇全年收入\n"

    def test_radicals_are_the_characters_they_look_like(self, read):
        assert "一民" in read(pdf([[text(77, 700, "12", font="R"), text(77, 660, "本镇收入")]])).content


class TestFurniture:
    def test_heads_feet_and_page_numbers_go(self, read):
        pages = [
            [
                text(220, 810, "某镇统计公报", 10),
                *lines([f"　　第{name}件事办成。"]),
                text(250, 40, f"第{number}页 共4页", 10),
            ]
            for number, name in enumerate("一二三四", 1)
        ]
        assert read(pdf(pages)).content == "第一件事办成。\n第二件事办成。\n第三件事办成。\n第四件事办成。\n"

    def test_bare_numbers_that_grow_with_the_pages_go_and_others_stay(self, read):
        pages = [[*lines([f"　　{'甲乙丙'[at]}村一件。"]), text(290, 40, str(7 + at), 10)] for at in range(3)]
        assert read(pdf(pages)).content == "甲村一件。\n乙村一件。\n丙村一件。\n"
        assert read(pdf([[*lines(["　　一件。"]), text(290, 40, "640", 10)]])).content == "一件。\n640\n"

    def test_the_unit_over_a_table_on_every_page_stays(self, read):
        pages = [[text(420, 800, "单位：万元", 10), *lines(["　　一件。"])] for _ in range(4)]
        assert read(pdf(pages)).content.count("单位：万元") == 4

    def test_the_title_on_the_first_page_stays_though_it_heads_the_others(self, read):
        pages = [
            [
                text(180, 790, "某镇统计公报", 22 if first else 10),
                *lines(["　　" + FULL[:25], FULL, f"{name}完成。"], top=700),
            ]
            for first, name in ((True, "甲"), (False, "乙"), (False, "丙"))
        ]
        assert read(pdf(pages)).content.splitlines() == [
            "某镇统计公报",
            *(f"{FULL[:25]}{FULL}{name}完成。" for name in "甲乙丙"),
        ]

    def test_watermarks_go(self, read):
        pages = [
            [
                text(150, 300, "内部资料", 60, angle=45),
                text(100, 759, "某某网", 16, set="0.8 g"),
                *lines([f"　　第{name}件事办成。"]),
            ]
            for name in "一二三"
        ]
        assert read(pdf(pages)).content == "第一件事办成。\n第二件事办成。\n第三件事办成。\n"

    def test_a_table_of_contents_goes(self, read):
        first = lines(["　　　　目录", "一、综合……………………3", "二、农业..............................12"])
        assert read(pdf([first, lines(["　　一、综合"])])).content == "一、综合\n"


class TestWhatIsPrinted:
    def test_a_lone_character_of_a_font_that_is_not_in_the_file_counts(self, read):
        assert (
            read(
                pdf([[text(77, 700, "2025"), text(109, 700, "年"), text(125, 700, "1"), text(133, 700, "月")]])
            ).content
            == "2025年1月\n"
        )

    def test_text_drawn_twice_for_bold_counts_once(self, read):
        page = [text(77, 700, "收入100万元"), text(77.6, 700, "收入100万元"), text(77.3, 700.3, "收入100万元")]
        assert read(pdf([page])).content == "收入100万元\n"

    def test_invisible_and_off_page_text_goes(self, read):
        page = [text(77, 700, "收入9万元"), text(77, 600, "隐藏8万元", set="3 Tr"), text(700, 600, "页外7万元")]
        assert read(pdf([page])).content == "收入9万元\n"

    def test_the_layer_of_a_recognised_scan_is_read_with_a_warning(self, read):
        found = read(pdf([[PICTURE, text(77, 600, "收入8万元", set="3 Tr")]]))
        assert (found.content, found.warnings) == ("收入8万元\n", ("recognised_text",))

    def test_a_stamp_on_a_recognised_scan_does_not_hide_its_layer(self, read):
        layer = [text(77, 700 - 30 * at, f"第{at}项收入8万元", set="3 Tr") for at in range(9)]
        found = read(pdf([[PICTURE, *layer, text(400, 100, "已核", 12)]]))
        assert "第8项收入8万元" in found.content
        assert found.warnings == ("recognised_text",)


class TestColumnsAndTurns:
    def test_columns_are_read_one_after_the_other(self, read):
        line = FULL[:14]
        left = ["　　" + line[:12], *[line] * 6, "左栏完。"]
        right = ["　　" + line[:12], *[line] * 6, "右栏完。"]
        page = [
            text(120, 790, "跨栏标题某镇公报全文", 30),
            *lines(left, top=740),
            *lines(right, top=735, left=LEFT + 14 * SIZE + 24),
        ]
        title, first, second = read(pdf([page])).content.splitlines()
        assert title == "跨栏标题某镇公报全文"
        assert (first, second) == (line[:12] + line * 6 + "左栏完。", line[:12] + line * 6 + "右栏完。")

    @pytest.mark.parametrize("angle", [90, 180, 270])
    def test_turned_pages_are_read_upright(self, read, angle):
        places = {90: [(200, 100), (230, 100)], 180: [(500, 600), (500, 570)], 270: [(400, 700), (370, 700)]}
        drawn = {90: places[90], 180: [(500, 570), (500, 600)], 270: places[270]}[angle]
        page = [text(x, y, words, angle=angle) for (x, y), words in zip(drawn, ["第一件。", "第二件。"], strict=True)]
        assert read(pdf([page], page=f"/Rotate {angle}")).content == "第一件。\n第二件。\n"

    def test_an_upside_down_page_box_does_no_harm(self, read):
        data = pdf([[text(77, 700, "收入9万元")]]).replace(b"[0 0 595 842]", b"[595 842 0 0]")
        assert read(data).content == "收入9万元\n"


XS, YS = (77, 237, 337, 437), (700, 670, 640, 610)


class TestTables:
    def test_rows_are_lines_and_cells_stand_between_tabs(self, read):
        cells = [
            text(90, 680, "指标", 12), text(250, 680, "单位", 12), text(350, 680, "数量", 12),
            text(90, 650, "粮食产量", 12), text(250, 650, "吨", 12), text(350, 650, "1234.5", 12),
            text(90, 620, "生猪", 12), text(350, 620, "88", 12),
        ]  # fmt: skip
        page = [*lines(["　　见下表。"]), *grid(XS, YS), *cells, *lines(["　　另说。"], top=560)]
        assert read(pdf([page])).content == "见下表。\n指标\t单位\t数量\n粮食产量\t吨\t1234.5\n生猪\t\t88\n另说。\n"

    def test_a_cell_over_several_lines_is_one_and_a_spanning_cell_stands_first(self, read):
        cells = [
            text(90, 680, "两年对比", 12),
            text(80, 656, "农林牧渔业总产", 12), text(80, 643, "值", 12),
            text(250, 650, "23152.", 12), text(350, 650, "7", 12),
            text(90, 620, "合计", 12), text(250, 620, "9", 12), text(350, 620, "7", 12),
        ]  # fmt: skip
        page = [*(rule(77, y, 437, y) for y in YS), *(rule(x, 670, x, 610) for x in XS), *cells]
        page += [rule(77, 700, 77, 670), rule(437, 700, 437, 670)]
        assert read(pdf([page])).content == "两年对比\n农林牧渔业总产值\t23152.\t7\n合计\t9\t7\n"

    def test_open_sides_and_unruled_rows_are_told_apart_by_their_values(self, read):
        cells = [text(90, 680, "项目", 12), text(250, 680, "预算", 12), text(350, 680, "执行", 12)]
        for index, (label, one, two) in enumerate([("税收", "120", "131"), ("罚没", "", "9"), ("规费", "44", "40")]):
            cells += [text(90, 655 - 18 * index, label, 12)]
            cells += [
                text(300 - 6 * len(one), 655 - 18 * index, one, 12),
                text(430 - 6 * len(two), 655 - 18 * index, two, 12),
            ]
        page = [
            *(rule(77, y, 437, y) for y in (700, 670, 610)),
            rule(237, 700, 237, 610),
            rule(337, 700, 337, 610),
            *cells,
        ]
        assert read(pdf([page])).content == "项目\t预算\t执行\n税收\t120\t131\n罚没\t\t9\n规费\t44\t40\n"

    def test_columns_whose_line_is_missing_are_parted_by_their_values(self, read):
        cells = [text(90, 680, "产品", 12), text(250, 680, "产量", 12), text(350, 680, "增长", 12)]
        for index, (label, one, two) in enumerate(
            [("粮食", "303.2", "0.3"), ("油料", "18.7", "-0.5"), ("禽蛋", "22.1", "1.7")]
        ):
            cells += [text(x, 650 - 20 * index, words, 12) for x, words in ((90, label), (250, one), (350, two))]
        outline = [*(rule(77, y, 437, y) for y in (700, 670, 600)), rule(237, 700, 237, 600)]
        expected = "粮食\t303.2\t0.3\n油料\t18.7\t-0.5\n禽蛋\t22.1\t1.7\n"
        assert read(pdf([[*outline, *cells]])).content.endswith(expected)
        assert read(pdf([[*outline, rule(337, 700, 337, 670), *cells]])).content == "产品\t产量\t增长\n" + expected

    def test_lines_of_a_drawing_do_not_cut_words(self, read):
        page = [*grid(range(70, 400, 22), range(500, 800, 22)), *lines(["　　" + FULL[:18], "完成。"], size=14)]
        assert read(pdf([page])).content == f"{FULL[:18]}完成。\n"

    def test_a_table_without_rules_is_known_by_its_gaps(self, read):
        page = [
            text(x, y, words, 12)
            for y, row in (
                (700, ("指标", "数量", "增长")),
                (680, ("粮食", "93.0", "1.1")),
                (660, ("油料", "11.6", "-6.7")),
            )
            for x, words in zip((80, 260, 400), row, strict=True)
        ]
        assert read(pdf([page])).content == "指标\t数量\t增长\n粮食\t93.0\t1.1\n油料\t11.6\t-6.7\n"

    def test_a_frame_around_a_page_is_no_table(self, read):
        page = [*grid((40, 555), (810, 40)), *lines(["　　" + FULL[:25], FULL, "完成。"])]
        assert read(pdf([page])).content == f"{FULL[:25]}{FULL}完成。\n"


class TestRefusals:
    def test_pages_that_are_pictures(self, read):
        assert refusal(read, pdf([[PICTURE], [PICTURE]])) == "no_text_layer"

    def test_some_pages_that_are_pictures_are_a_warning_and_blank_ones_are_not(self, read):
        words = lines(["　　收入9万元。"])
        assert read(pdf([words, [PICTURE]])).warnings == ("pages_without_text",)
        assert read(pdf([words, []])).warnings == ()

    def test_empty_pages(self, read):
        assert refusal(read, pdf([[], []])) == "empty"

    def test_a_password(self, read):
        locked = "/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + "41" * 32 + ">/U<" + "42" * 32 + ">>>"
        assert refusal(read, pdf([lines(["收入"])], trailer=locked)) == "password_protected"

    def test_a_file_cut_in_half(self, read):
        data = pdf([lines(["收入"] * 9)])
        assert refusal(read, data[: len(data) // 2]) == "damaged"

    def test_more_pages_than_a_report_has(self, read):
        assert refusal(read, pdf([[]] * (MOST_PAGES + 1))) == "oversize"

    def test_fonts_that_name_no_characters(self, read):
        assert refusal(read, pdf([lines(["一丁七上下"])], garbled=True)) == "garbled"

    def test_no_chinese(self, read):
        assert refusal(read, pdf([lines(["Annual report 2025"])])) == "no_chinese_text"


class TestTheFile:
    def test_a_repaired_file_is_read_with_a_warning(self, read):
        data = pdf([lines(["收入9万元"])]).replace(b"startxref\n", b"startxref\n9")
        found = read(data)
        assert (found.content, found.warnings) == ("收入9万元\n", ("repaired",))

    @pytest.mark.parametrize(
        ("title", "stated"),
        [
            ("某镇年度统计公报", "某镇年度统计公报"),
            ("Microsoft Word - 某镇年度公报.doc", None),
            ("某镇年度公报终稿.docx", None),
            ("Report 2025", None),
            ("标题", None),
        ],
    )
    def test_its_title_counts_where_it_is_one_and_its_dates_never(self, read, title, stated):
        info = f"/Title<feff{title.encode('utf-16-be').hex()}>/CreationDate(D:20250101000000)"
        found = read(pdf([lines(["收入9万元"])], info=info)).stated
        assert (found.title, found.published_on) == (stated, None)
