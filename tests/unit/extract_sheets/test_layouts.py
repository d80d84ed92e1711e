"""Layouts that real offices use, each as a small table of our own; codes like S9 are those of the design's SHEETS."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongbao.extract.sheets import extract_grid, words
from tests.unit.extract_sheets.tables import TITLE, at, figures, reasons, sheet, town_table

REVENUE = "一般公共预算收入"


def test_a_cell_becomes_a_statement_with_its_address_and_header_path() -> None:
    found = at(town_table(["镇（街道）", f"{REVENUE}（万元）"], ["石桥镇", 4321]), "B3")
    assert (found.kind, found.subject_type, found.subject) == ("fact", "area", "石桥镇")
    assert (found.indicator, found.measure, found.comparator) == (REVENUE, "level", "eq")
    assert (found.value, found.unit, found.text, found.period) == (Decimal(43210000), "元", "4321", "2023")
    assert (found.sheet, found.cell) == ("Sheet1", "B3")
    assert found.header_path == (TITLE, f"{REVENUE}（万元）", "石桥镇")
    assert (found.start, found.end) == (None, None)


def test_a_cell_that_states_a_unit_of_its_column_s_kind_is_read_in_it() -> None:
    rows = [["石桥镇", " 5,533 万元\u00a0"], ["青河镇", "1.25亿元"], ["白石镇", "86人"], ["东湖镇", "4321"]]
    found = town_table(["镇（街道）", f"{REVENUE}（万元）"], *rows)
    assert figures(found) == {"B3": Decimal(55330000), "B4": Decimal(125000000), "B6": Decimal(43210000)}
    assert (at(found, "B3").text, at(found, "B3").unit) == (" 5,533 万元\u00a0", "元")
    assert reasons(found) == {"B5": "unreadable"}


@pytest.mark.parametrize(
    ("cell", "numeral"),
    [
        ("12年", "12"),
        ("2022年", None),
        ("2023万元", "2023"),
        ("1,234.5公斤/亩", "1,234.5"),
        ("5.2%", None),
        ("1084..10万元", None),
    ],
)
def test_a_unit_in_a_cell_is_told_from_years_and_slips(cell: str, numeral: str | None) -> None:
    found = words.number_in_unit(words.fold(cell))
    assert (found[0] if found else None) == numeral


def test_two_header_levels_under_merged_groups_s2() -> None:
    table = sheet(
        [
            [TITLE, None, None, None, None],
            ["镇（街道）", f"{REVENUE}（万元）", None, "粮食总产量\n（万吨）", None],
            [None, "总量", "同比增长（%）", "总量", "同比增长（%）"],
            ["石桥镇", 4321, 6.5, 11.02, -0.3],
        ],
        merged=["A1:E1", "A2:A3", "B2:C2", "D2:E2"],
    )
    found = extract_grid([table], "表.xlsx")
    assert [(s.cell, s.indicator, s.measure, s.value, s.unit, s.base) for s in found.statements] == [
        ("B4", REVENUE, "level", Decimal(43210000), "元", None),
        ("C4", REVENUE, "growth", Decimal("6.5"), "%", "year"),
        ("D4", "粮食总产量", "level", Decimal(110200), "吨", None),
        ("E4", "粮食总产量", "growth", Decimal("-0.3"), "%", "year"),
    ]


def test_a_header_whose_merges_were_lost_is_filled_to_the_right_s3() -> None:
    table = sheet(
        [
            [TITLE],
            ["镇", f"{REVENUE}（万元）", None, "社会消费品零售总额（亿元）", None],
            [None, "总量", "增长%", "总量", "增长%"],
            ["石桥镇", 4321, 6.5, 1.2, 3],
        ]
    )
    found = extract_grid([table], "表.xlsx")
    assert [(s.indicator, s.measure) for s in found.statements] == [
        (REVENUE, "level"),
        (REVENUE, "growth"),
        ("社会消费品零售总额", "level"),
        ("社会消费品零售总额", "growth"),
    ]


def test_title_subtitle_unit_and_blank_rows_above_the_header_s1() -> None:
    rows = [["表3-2"], [TITLE], [], [None, None, "单位：万元"], [], ["单位", REVENUE], ["石桥镇", "4321"]]
    assert at(extract_grid([sheet(rows)], "表.xlsx"), "B7").value == 43210000


def test_indicator_rows_and_place_columns_with_a_unit_column_s9() -> None:
    table = sheet(
        [
            ["云州市各县（市、区）2023年主要经济指标", None, None, None, None],
            ["指　标", "计量单位", "市辖区", "县", None],
            [None, None, "城东区", "青河县", "白石县"],
            [REVENUE, "万元", 427000, 165200, 248000],
            ["　　比上年增长", "%", 5.3, 7.6, 5.9],
            ["固定资产投资比上年增长", "%", 5.1, 7.3, "…"],
            ["年末常住人口", "万人", 71.8, 57.2, 42.3],
        ],
        merged=["A1:E1", "A2:A3", "B2:B3", "D2:E2"],
    )
    found = extract_grid([table], "表.xlsx")
    assert found.frame.place == "云州市"
    assert {
        (s.cell, s.subject, s.indicator, s.measure, s.value, s.unit)
        for s in found.statements
        if s.cell and s.cell[0] == "D"
    } == {
        ("D4", "青河县", REVENUE, "level", Decimal(1652000000), "元"),
        ("D5", "青河县", REVENUE, "growth", Decimal("7.6"), "%"),
        ("D6", "青河县", "固定资产投资", "growth", Decimal("7.3"), "%"),
        ("D7", "青河县", "年末常住人口", "level", Decimal(572000), "人"),
    }
    assert len(found.statements) == 11
    assert reasons(found) == {}


def test_last_year_this_year_growth_and_then_places_s10() -> None:
    table = sheet(
        [
            ["云州市各县（市、区）主要经济指标", None, None, None, None, None],
            ["指标", "单位", "2022年", "2023年", "2023年比2022年增长(%)", "2023年"],
            [None, None, None, None, None, "青河县"],
            ["年末户籍总人口", "人", 1254463, 1312941, 4.7, 219343],
        ],
        merged=["A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3"],
    )
    found = extract_grid([table], "表.xlsx")
    assert [(s.subject, s.measure, s.value, s.unit, s.period) for s in found.statements] == [
        ("云州市", "level", Decimal(1254463), "人", "2022"),
        ("云州市", "level", Decimal(1312941), "人", "2023"),
        ("云州市", "growth", Decimal("4.7"), "%", "2023"),
        ("青河县", "level", Decimal(219343), "人", "2023"),
    ]


def test_years_in_the_header_win_over_the_title_s11() -> None:
    header = ["镇", f"{REVENUE}（万元）2022年", f"{REVENUE}（万元）2023年", "上年同期", "增长%"]
    found = town_table(header, ["石桥镇", 1, 2, 3, 4], title="青河县各镇主要经济指标（2023年）")
    assert [(s.indicator, s.period, s.measure) for s in found.statements] == [
        (REVENUE, "2022", "level"),
        (REVENUE, "2023", "level"),
        (REVENUE, "2022", "level"),
        (REVENUE, "2023", "growth"),
    ]


def test_one_sheet_a_year_takes_its_period_from_its_own_title_s12() -> None:
    sheets = [
        sheet([[f"青河县各镇主要经济指标（{year}年）"], ["镇", f"{REVENUE}（万元）"], ["石桥镇", value]], name=name)
        for name, year, value in (("Sheet1", 2023, 2), ("Sheet10", 2021, 1), ("2030", 2022, 3))
    ]
    found = extract_grid(sheets, "表.xlsx")
    assert [(s.sheet, s.period) for s in found.statements] == [
        ("Sheet1", "2023"),
        ("Sheet10", "2021"),
        ("2030", "2022"),
    ]
    assert found.frame.reporting_period is None


@pytest.mark.parametrize(("name", "file_name"), [("2023年", "表.xlsx"), ("Sheet1", "各镇2023.xlsx")])
def test_a_title_without_a_year_takes_it_from_sheet_or_file(name: str, file_name: str) -> None:
    table = sheet([["青河县各镇主要经济指标"], ["镇", f"{REVENUE}（万元）"], ["石桥镇", 1]], name=name)
    assert extract_grid([table], file_name).statements[0].period == "2023"


def test_another_table_under_the_same_sheet_name_is_unknown_s13() -> None:
    table = sheet([["青河县各镇户籍迁移情况（2023年）"], ["镇", "迁入人数（人）"], ["石桥镇", 120]])
    assert reasons(extract_grid([table], "各镇主要经济指标.xlsx")) == {"B3": "unknown_block"}


def test_a_continuation_below_goes_on_under_the_same_title_s6() -> None:
    rows = [
        [TITLE],
        ["镇", f"{REVENUE}（万元）"],
        ["石桥镇", 1],
        ["河口镇", 2],
        ["续表"],
        ["镇", "粮食总产量（吨）"],
        ["石桥镇", 3],
        ["河口镇", 4],
    ]
    found = extract_grid([sheet(rows)], "表.xlsx")
    assert [(s.cell, s.indicator, s.period) for s in found.statements] == [
        ("B3", REVENUE, "2023"),
        ("B4", REVENUE, "2023"),
        ("B7", "粮食总产量", "2023"),
        ("B8", "粮食总产量", "2023"),
    ]


def test_ranks_beside_values_s17() -> None:
    found = town_table(["镇", f"{REVENUE}（万元）", "全县位次"], ["石桥镇", 4321, 3])
    rank = at(found, "C3")
    assert (rank.indicator, rank.measure, rank.value, rank.unit, rank.scope) == (
        REVENUE,
        "rank",
        Decimal(3),
        None,
        "全县",
    )


def test_spaces_inside_names_and_around_them_l1() -> None:
    found = town_table(["镇", f"{REVENUE}（万元）"], ["石　桥　镇", 1], [" 河口镇\u3000", 2])
    assert [s.subject for s in found.statements] == ["石桥镇", "河口镇"]
    assert found.statements[0].header_path[-1] == "石　桥　镇"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1 234", "1234"),
        ("12. 18", "12.18"),
        ("１２３４", "1234"),
        ("1,234.5", "1234.5"),
        ("－0.4", "-0.4"),
        (" 88", "88"),
    ],
)
def test_numbers_as_text_with_spaces_and_full_width_digits_n1_n2(cell: str, value: str) -> None:
    found = town_table(["镇", "粮食总产量（吨）"], ["石桥镇", cell])
    assert (found.statements[0].value, found.statements[0].text) == (Decimal(value), cell)


@pytest.mark.parametrize("cell", ["7.8S", "1084..10", "217E", "1,24", "约12"])
def test_damaged_numbers_are_rejected_not_repaired_n3(cell: str) -> None:
    assert reasons(town_table(["镇", "粮食总产量（吨）"], ["石桥镇", cell], ["河口镇", 1])) == {"B3": "unreadable"}


@pytest.mark.parametrize("mark", ["…", "...", "-", "—", "", "/", "NA", "无"])
def test_marks_for_no_figure_make_no_statement_n4(mark: str) -> None:
    found = town_table(["镇", "粮食总产量（吨）"], ["石桥镇", mark], ["河口镇", 1])
    assert figures(found) == {"B4": Decimal(1)}
    assert found.rejections == ()


def test_notes_are_skipped_with_a_reason_n6() -> None:
    notes = [["注：1.收入为镇级口径。"], ["　　2.产量为2023年抽样数。"], ["资料来源：统计站"]]
    found = town_table(["镇", f"{REVENUE}（万元）"], ["石桥镇", 1], *notes)
    assert len(found.statements) == 1
    assert reasons(found) == {"A4": "footnote", "A5": "footnote"}


def test_serial_numbers_are_no_figures() -> None:
    found = town_table(["序号", "镇", f"{REVENUE}（万元）"], [1, "石桥镇", 4321])
    assert [(s.cell, s.subject) for s in found.statements] == [("C3", "石桥镇")]
    assert reasons(found) == {"A3": "list_number"}


def test_section_rows_without_figures_are_passed_over_s14() -> None:
    found = town_table(["镇", f"{REVENUE}（万元）"], ["东部乡镇"], ["石桥镇", 1], ["西部乡镇"], ["河口镇", 2])
    assert [(s.subject, s.indicator) for s in found.statements] == [("石桥镇", REVENUE), ("河口镇", REVENUE)]


def test_statements_come_in_the_order_of_rows_and_columns() -> None:
    found = town_table(["镇", f"{REVENUE}（万元）", "粮食总产量（吨）"], ["石桥镇", 1, 2], ["河口镇", 3, 4])
    assert [s.cell for s in found.statements] == ["B3", "C3", "B4", "C4"]
