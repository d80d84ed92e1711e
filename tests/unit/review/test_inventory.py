"""What became of each block, file by file, with totals."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console

from gongbao.errors import UnreadableDocument
from gongbao.extract.statement import Extraction, Frame, Identity, SheetBlock
from gongbao.review import inventory

FRAME = Frame(None, "table", None, None, (), None, None, None, ())
READ = SheetBlock(
    "2022", "A1:H17", "各区人口", "read", "f1", 72, 70, "county_population@1",
    identities=(Identity("a + b = c", 12, 0), Identity("totals", 6, 1, "known")),
)  # fmt: skip
WRONG_UNIT = "C21: its unit cell holds no unit; D21: its unit cell holds no unit; the label 性别比 is new"
LEFT = SheetBlock("2021", "A1:H18", "各区人口", "not_covered", "f2", 80, 0, "county_population@1", WRONG_UNIT)
ROWS = [
    *inventory.rows_of("population.xlsx", Extraction(FRAME, blocks=(READ, LEFT))),
    *inventory.rows_of("locked.xls", UnreadableDocument("password_protected", "locked.xls is locked", "unlock it")),
    *inventory.rows_of("empty.xlsx", Extraction(FRAME)),
]


def test_a_block_is_a_row_with_its_identities_counted() -> None:
    assert [(row.file, row.cells, row.status, row.numbers, row.figures, row.held, row.failed) for row in ROWS] == [
        ("population.xlsx", "A1:H17", "read", 72, 70, 18, 1),
        ("population.xlsx", "A1:H18", "not_covered", 80, 0, 0, 0),
        ("locked.xls", None, "quarantined", 0, 0, 0, 0),
        ("empty.xlsx", None, "empty", 0, 0, 0, 0),
    ]
    assert ROWS[2].reason == "password_protected: locked.xls is locked"


def test_totals_count_files_blocks_and_numbers() -> None:
    assert inventory.totals(ROWS) == inventory.Totals(
        files=3, quarantined=1, blocks=2, statuses=(("not_covered", 1), ("read", 1)), numbers=152, figures=70, held=18,
        failed=1,
    )  # fmt: skip


def test_the_page_fits_and_tells_what_several_cells_have_in_common_once() -> None:
    for width in (60, 80, 120):
        console = Console(width=width)
        with console.capture() as captured:
            console.print(inventory.page(ROWS, width))
        shown = captured.get().splitlines()
        assert max(map(cell_len, shown)) <= width
        text = " ".join(" ".join(shown).split())
        assert "C21, D21: its unit cell holds no unit the label 性别比 is new" in text
        assert "county_population@1" in text
        assert "46.1 % of the numbers" in text
