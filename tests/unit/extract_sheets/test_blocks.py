"""Known and unknown blocks, the frame of a workbook, and laws that hold for any grid."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao.extract.sheets import extract_grid, read_grid_frame
from gongbao.extract.sheets.filled_grid import is_number
from gongbao.grid import Cell, Sheet
from tests.unit.extract_sheets.tables import TITLE, reasons, sheet

REVENUE = "一般公共预算收入（万元）"


@pytest.mark.parametrize(
    "title",
    [
        "青河县各镇（街道）主要经济指标（2023年）",
        "青河县2023年各乡镇经济指标完成情况",
        "2023年青河县各镇办主要经济指标统计表",
        "青河县各镇、街道2023年国民经济主要指标",
        "青河县2023年乡镇主要经济社会发展指标",
    ],
)
def test_titles_of_a_countys_table_of_towns(title: str) -> None:
    found = extract_grid([sheet([[title], ["单位", REVENUE], ["石桥镇", 1]])], "表.xlsx")
    assert [(s.subject, s.period) for s in found.statements] == [("石桥镇", "2023")]
    assert found.frame.place == "青河县"


@pytest.mark.parametrize(
    "title",
    [
        "云州市各县（市、区）主要经济指标（2023年）",
        "2023年云州市分县区主要经济指标",
        "云州市各县区2023年1-9月主要经济指标完成情况",
        "云州市各区县国民经济和社会发展主要指标2023",
    ],
)
def test_titles_of_a_prefectures_table_of_counties(title: str) -> None:
    found = extract_grid([sheet([[title], ["地 区", REVENUE], ["青河县", 1]])], "表.xlsx")
    assert [s.subject for s in found.statements] == ["青河县"]
    assert found.frame.place == "云州市"


@pytest.mark.parametrize(
    "title", ["各区建筑业主要指标（2023）", "青河县各镇人口变动情况", "青河县2023年财政收支", "价目表"]
)
def test_tables_that_no_template_knows_are_rejected_cell_by_cell(title: str) -> None:
    found = extract_grid([sheet([[title], ["地区", REVENUE], ["石桥镇", 1], ["河口镇", "2"]])], "表.xlsx")
    assert not found.statements
    assert reasons(found) == {"B3": "unknown_block", "B4": "unknown_block"}


def test_an_inserted_column_without_a_head_costs_the_block_of_any_table() -> None:
    rows = [[TITLE], ["镇", REVENUE, "粮食总产量（吨）"], ["石桥镇", 77, 1, 3], ["河口镇", 88, 2, 4]]
    found = extract_grid([sheet(rows)], "表.xlsx")
    assert not found.statements
    assert [(block.status, block.detail) for block in found.blocks] == [("not_covered", "D2: no label")]


def test_numbers_beside_a_known_block_are_unknown() -> None:
    rows = [[TITLE], ["镇", REVENUE], ["石桥镇", 1], ["注：镇级口径"], [], ["附：全县耕地", 730]]
    found = extract_grid([sheet(rows)], "表.xlsx")
    assert len(found.statements) == 1
    assert reasons(found) == {"B6": "unknown_block"}


def test_a_workbook_without_a_title_goes_by_its_name() -> None:
    found = extract_grid([sheet([["镇", REVENUE], ["石桥镇", 1]])], "青河县各镇主要经济指标2023.xlsx")
    assert [(s.subject, s.period) for s in found.statements] == [("石桥镇", "2023")]
    assert (found.frame.title, found.frame.place) == ("青河县各镇主要经济指标2023", "青河县")


@pytest.mark.parametrize(
    ("title", "place", "parents"),
    [
        ("青河县各镇主要经济指标", "青河县", ()),
        ("东山省云州市青河县各镇主要经济指标", "青河县", ("东山省", "云州市")),
        ("滨州市各县（市、区）主要经济指标", "滨州市", ()),
        ("2023年唐县各乡镇主要经济指标", "唐县", ()),
        ("表3-1 云州市各县主要经济指标", "云州市", ()),
        ("全市各县主要经济指标", None, ()),
        ("各镇主要经济指标", None, ()),
    ],
)
def test_the_place_that_a_title_names(title: str, place: str | None, parents: tuple[str, ...]) -> None:
    frame = read_grid_frame([sheet([[title], ["镇", REVENUE]])], "表.xlsx")
    assert (frame.title, frame.doc_type, frame.place, frame.parent_places) == (title, "table", place, parents)


def test_a_workbook_of_a_sheet_a_year_is_titled_as_a_whole_and_placed_by_its_first_sheet() -> None:
    titles = ["青河县各镇主要经济指标（2024年）", "青河县各镇主要经济指标（2023年）"]
    sheets = [sheet([[title], ["镇", REVENUE]]) for title in titles]
    frame = read_grid_frame(sheets, "附表二.xlsx")
    assert (frame.title, frame.place) == ("附表二", "青河县")
    assert read_grid_frame(sheets[:1], "附表二.xlsx").title == titles[0]


_CELLS = st.builds(
    Cell,
    st.sampled_from(
        [
            "",
            "镇",
            "指标",
            "地区",
            "单位",
            "石桥镇",
            "合计",
            "1",
            "2.5",
            "…",
            "-",
            TITLE,
            REVENUE,
            "增长%",
            "注：1",
            "续表",
            "2023年",
            "(万元)",
        ]
    ),
)
_GRIDS = st.lists(st.lists(_CELLS, min_size=1, max_size=5), min_size=1, max_size=9)
_MERGES = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 5), st.integers(0, 3), st.integers(0, 3)).map(
        lambda m: (m[0], m[1], m[0] + m[2], m[1] + m[3])
    ),
    max_size=3,
)


@given(_GRIDS, _MERGES)
def test_every_number_ends_as_at_most_one_statement_or_rejection(
    rows: list[list[Cell]], merged: list[tuple[int, int, int, int]]
) -> None:
    width = max(len(row) for row in rows)
    grid = Sheet("甲", tuple((*row, *[Cell("")] * (width - len(row))) for row in rows), tuple(merged))
    found = extract_grid([grid], "表.xlsx")
    cells = [s.cell for s in found.statements] + [r.cell for r in found.rejections]
    assert len(set(cells)) == len(cells)
    texts = {s.cell: s.text for s in found.statements} | {r.cell: r.text for r in found.rejections}
    for row_no, row in enumerate(grid.rows, 1):
        for column_no, cell in enumerate(row, 1):
            address = f"{'ABCDE'[column_no - 1]}{row_no}"
            assert texts.get(address, cell.text) == cell.text
            if address in {s.cell for s in found.statements}:
                assert is_number(cell)


def test_the_same_grid_gives_the_same_extraction() -> None:
    table = sheet([[TITLE], ["镇", REVENUE], ["石桥镇", 1]])
    assert extract_grid([table], "表.xlsx") == extract_grid([table], "表.xlsx")


BY_YEAR = ["指标", "单位", "2022年", "2023年"]


def test_the_plainest_table_of_one_places_years_is_read() -> None:
    found = extract_grid([sheet([BY_YEAR, ["一般公共预算收入", "万元", 5210, 5533]])], "表.xlsx")
    assert [(s.indicator, s.period, int(s.value)) for s in found.statements] == [
        ("一般公共预算收入", "2022", 52_100_000),
        ("一般公共预算收入", "2023", 55_330_000),
    ]


def test_two_columns_headed_alike_cost_the_block() -> None:
    rows = [["指标", "单位", "2023年", "2023年"], ["一般公共预算收入", "万元", 5210, 5533]]
    found = extract_grid([sheet(rows)], "表.xlsx")
    assert not found.statements
    assert "another column is headed '2023年'" in (found.blocks[0].detail or "")


def test_the_figures_of_a_ragged_row_are_refused_and_the_others_read() -> None:
    rows = [BY_YEAR, ["一般公共预算收入", "万元", 5210, 5533], ["工业总产值", "亿元", 31]]
    found = extract_grid([replace(sheet(rows), ragged=(3,))], "表.xlsx")
    assert [s.cell for s in found.statements] == ["C2", "D2"]
    assert reasons(found) == {"C3": "ragged_row"}
