"""Sheets to rows of the warehouse and back, and from process to process."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from gongbao.grid import Cell, Sheet, pack, unpack
from gongbao.ingest.grids import cell_columns, grid_id, insert_cells, load_grid
from gongbao.warehouse import Warehouse
from tests.unit.ingest.conftest import rows

SHEETS = (
    Sheet("乙", ((Cell("题"), Cell("")), (Cell(""), Cell("5", is_number=True))), ((1, 1, 1, 2),)),
    Sheet("空", ()),
    Sheet('甲 "1"', ((Cell('行\n"\\'), Cell("5"), Cell("5", is_number=True)), (), (Cell("末"),))),
)
CELLS = st.builds(Cell, st.sampled_from(["", "镇", "5", "5.0"]), st.booleans())
GRIDS = st.lists(st.lists(CELLS, max_size=4).map(tuple), max_size=4).map(lambda each: Sheet("表", tuple(each)))


def identity(sheets: Sequence[Sheet]) -> str:
    return grid_id(cell_columns(sheets))


def test_the_ids_that_warehouses_hold_do_not_change() -> None:
    assert identity(SHEETS) == "ff5ffe4b424c192d73f966c1e456c7d43ca8770c9dfdf69a46fc64ef16207aa9"
    assert identity(()) == "4c1431d3119e66a019ab65a3befd1cc049a4914985be2cb4575fb401a47fb1c2"


def test_a_grid_comes_back_from_the_warehouse_as_it_went_in(warehouse: Warehouse) -> None:
    sheets = (SHEETS[0], Sheet("甲", ((Cell("x"),),)))
    insert_cells(warehouse.connection, [(identity(sheets), cell_columns(sheets))])
    assert load_grid(warehouse.connection, identity(sheets)) == sheets
    assert load_grid(warehouse.connection, "none") == ()


def test_a_grid_is_loaded_while_another_result_waits(warehouse: Warehouse) -> None:
    insert_cells(warehouse.connection, [("1", cell_columns(SHEETS[:1]))])
    warehouse.connection.execute("select 1 union all select 2").fetchone()
    assert load_grid(warehouse.connection, "1") == SHEETS[:1]


def test_every_filled_cell_is_a_row_with_its_address(warehouse: Warehouse) -> None:
    insert_cells(warehouse.connection, [("1", cell_columns(SHEETS[:1])), ("2", cell_columns(SHEETS[2:]))])
    insert_cells(warehouse.connection, [])
    assert rows(warehouse, "from raw.cell order by text_id, row_no, column_no") == [
        ("1", 1, "乙", 1, 1, "A1", "题", False, 1, 2),
        ("1", 1, "乙", 2, 2, "B2", "5", True, 1, 1),
        ("2", 1, '甲 "1"', 1, 1, "A1", '行\n"\\', False, 1, 1),
        ("2", 1, '甲 "1"', 1, 2, "B1", "5", False, 1, 1),
        ("2", 1, '甲 "1"', 1, 3, "C1", "5", True, 1, 1),
        ("2", 1, '甲 "1"', 3, 1, "A3", "末", False, 1, 1),
    ]


def test_a_grid_is_known_by_its_content() -> None:
    one = Sheet("甲", ((Cell("5"), Cell("")),))
    padded = Sheet("甲", ((Cell("5"), Cell("")), (Cell(""), Cell(""))))
    other = Sheet("甲", ((Cell(""), Cell("5")),))
    assert identity([one]) == identity([padded]) != identity([other])


@given(GRIDS)
def test_a_sheet_is_the_same_in_another_process(sheet: Sheet) -> None:
    assert pickle.loads(pickle.dumps(sheet)) == unpack(*pack(sheet)) == sheet


def test_equal_cells_of_a_sheet_travel_once() -> None:
    cell = Cell("镇" * 1000)
    assert len(pickle.dumps(Sheet("表", ((cell,) * 100,) * 100))) < 50_000
