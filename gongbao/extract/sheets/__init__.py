"""Spreadsheets: grids to statements, by templates that are data (gongbao/reference/sheets/*.yaml).

A sheet is cut into blocks by their shape (layout.py). A block that a template knows (recognition.py), and
accounts for in all its labels and units (mapping.py), becomes statements with cell and header path (figures.py).
Numbers of blocks that no template reads are rejections with reason `unknown_block`, and the block comes back with a
draft of a template (drafts.py): nothing is guessed. A block whose parts do not make its total (totals.py), or whose
figures break an identity (identities.py), is rejected as a whole (`failed_identity`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import PurePosixPath

from gongbao.extract.sheets import words
from gongbao.extract.sheets.filled_grid import Grid, is_number
from gongbao.extract.sheets.layout import Block, find_blocks
from gongbao.extract.sheets.reading import Reading, check_tables, read_block
from gongbao.extract.sheets.statements import SheetStatements, joined
from gongbao.extract.sheets.template import Template, templates
from gongbao.extract.statement import Extraction, Frame, Rejection
from gongbao.grid import Sheet, cell_address

__all__ = ["SheetStatements", "extract_grid", "read_grid_frame"]

# A county or district may have one character before its kind (唐县), the others have two and more: 滨州市 is no 滨州.
_PLACE = re.compile(r"[^省市县\W]{1,8}?(?:县|区)|[^省市县\W]{2,8}?(?:省|市|自治州|地区|州|盟|旗|街道|镇|乡)")
_BEFORE_PLACE = re.compile(
    r"^(?:\(?(?:19|20)\d{2}年?(?:度|上半年|前三季度|\d{1,2}[-—~]\d{1,2}月)?\)?|表?[\d\-.—]{1,8}|附表:?){0,3}"
)
_BEFORE_TOPIC = re.compile(r"(?:[各分]|主要|国民|经济|社会|综合|乡镇|镇街|镇办|街道|(?:19|20)\d{2})")


def extract_grid(sheets: Sequence[Sheet], file_name: str, known: Sequence[Template] | None = None) -> Extraction:
    """The statements and rejections of a workbook in the order of sheets, rows, columns, and what became of its blocks.

    `known` stands in for the templates of the vocabulary. Raises `UsageError` for a template that cannot be read.
    """
    known = templates() if known is None else known
    frame = read_grid_frame(sheets, file_name)
    readings: list[Reading] = []
    rejections: list[Rejection] = []
    before: Block | None = None
    for sheet in sheets:
        grid = Grid(sheet)
        blocks = find_blocks(grid, before)
        before = blocks[-1] if blocks else before
        readings += [read_block(grid, block, known, file_name, frame.place) for block in blocks]
        rejections += _outside(grid, blocks)
    readings = check_tables(readings)
    parts: list[SheetStatements] = []
    for _, of_sheet in groupby(readings, key=lambda each: each.block.sheet):
        blocks_of_sheet = list(of_sheet)
        found = [each.statements for each in blocks_of_sheet if each.statements is not None]
        # Side by side: the order of rows goes before that of blocks.
        parts += found if len(found) < 2 else [joined(found).in_order()]
        rejections += [rejection for each in blocks_of_sheet for rejection in each.rejections]
    records = [each.block for each in readings]
    return Extraction(frame, joined(parts), tuple(_in_order(rejections, sheets)), tuple(records))


def read_grid_frame(sheets: Sequence[Sheet], file_name: str) -> Frame:
    """What a workbook says about itself: the title that its sheets share, and the place that the first one names.

    The file's name stands in for a title that is missing, that is of one sheet among others, or that names no place.
    The period is that of the titles where all sheets agree; most workbooks have a sheet a year.
    """
    stem = PurePosixPath(file_name).stem
    titles = [title for sheet in sheets if (title := _first_title(sheet))]
    first = titles[0] if titles else stem
    title = first if len(set(titles)) == 1 else stem
    places, evidence = _places(first), first
    if not places:
        places, evidence = _places(stem), stem
    periods = {words.period(words.fold(each)) for each in titles}
    return Frame(
        title=title,
        doc_type="table",
        publisher=None,
        place=places[-1] if places else None,
        parent_places=tuple(places[:-1]),
        reporting_period=periods.pop() if len(periods) == 1 else None,
        plan_period=None,
        published_on=None,
        sections=(),
        evidence=(("place", evidence),) if places else (),
    )


def _outside(grid: Grid, blocks: Sequence[Block]) -> list[Rejection]:
    """The numbers outside all blocks; years in a header say when, and are read."""
    within = [(block, {row.number for row in block.rows} | set(block.notes)) for block in blocks]
    found = []
    for row in range(1, grid.height + 1):
        covering = [block for block, rows in within if row in rows]
        if len(covering) == 1 and covering[0].left == 1 and covering[0].right >= grid.width:
            continue
        for column in range(1, grid.width + 1):
            cell = grid.cell(row, column)
            if not is_number(cell) or any(block.left <= column <= block.right for block in covering):
                continue
            heads = any(row in block.header_rows and block.left <= column <= block.right for block, _ in within)
            if not (heads and words.period(words.fold(cell.text))):
                found.append(Rejection(cell.text, "unknown_block", sheet=grid.name, cell=cell_address(row, column)))
    return found


def _position(cell: str) -> tuple[int, int]:
    """Row and column of an address."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(cell[len(letters) :]), column


def _in_order(rejections: Iterable[Rejection], sheets: Sequence[Sheet]) -> list[Rejection]:
    order = {sheet.name: number for number, sheet in enumerate(sheets)}
    return sorted(rejections, key=lambda each: (order[each.sheet or ""], *_position(each.cell or "")))


def _first_title(sheet: Sheet) -> str | None:
    """The first filled cell, if it is words and not the head of a column."""
    for row in sheet.rows[:5]:
        texts = [cell for cell in row if cell.text.strip()]
        if texts:
            return texts[0].text.strip() if len(texts) == 1 and not is_number(texts[0]) else None
    return None


def _places(title: str) -> list[str]:
    """The places named at the head of a title, outermost first: `山东省惠民县各镇…` → 山东省, 惠民县."""
    folded = _BEFORE_PLACE.sub("", words.fold(title))
    topic = _BEFORE_TOPIC.search(folded)
    head = folded[: topic.start()] if topic else ""
    places = _PLACE.findall(head)
    return places if "".join(places) == head else []
