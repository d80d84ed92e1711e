"""Spreadsheets: grids to statements, by templates that are data (gongbao/reference/sheets/*.yaml).

A sheet is cut into blocks; a block that a template knows by its title and header becomes statements, each with its
cell and header path. Numbers of blocks that no template knows are rejections with reason `unknown_block`: nothing is
guessed. A block whose parts do not make its total is rejected as a whole (`failed_identity`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from gongbao.extract.grid import Sheet, cell_address
from gongbao.extract.sheets import words
from gongbao.extract.sheets.figures import percent_as_fraction, read_figures, reject_reason, statement
from gongbao.extract.sheets.layout import Block, Grid, find_blocks, is_number
from gongbao.extract.sheets.template import Template, templates
from gongbao.extract.sheets.totals import totals_hold
from gongbao.extract.statement import Extraction, Frame, Rejection, Statement

__all__ = ["extract_grid", "read_grid_frame"]

# A county or district may have one character before its kind (唐县), the others have two and more: 滨州市 is no 滨州.
_PLACE = re.compile(r"[^省市县\W]{1,8}?(?:县|区)|[^省市县\W]{2,8}?(?:省|市|自治州|地区|州|盟|旗|街道|镇|乡)")
_BEFORE_PLACE = re.compile(
    r"^(?:\(?(?:19|20)\d{2}年?(?:度|上半年|前三季度|\d{1,2}[-—~]\d{1,2}月)?\)?|表?[\d\-.—]{1,8}|附表:?){0,3}"
)
_BEFORE_TOPIC = re.compile(r"(?:[各分]|主要|国民|经济|社会|综合|乡镇|镇街|镇办|街道|(?:19|20)\d{2})")


def extract_grid(sheets: Sequence[Sheet], file_name: str, known: Sequence[Template] | None = None) -> Extraction:
    """The statements and rejections of a workbook, in the order of sheets, rows, columns.

    `known` stands in for the templates of the vocabulary. Raises `UsageError` for a template that cannot be read.
    """
    known = templates() if known is None else known
    frame = read_grid_frame(sheets, file_name)
    statements: list[Statement] = []
    rejections: list[Rejection] = []
    for sheet in sheets:
        grid = Grid(sheet)
        blocks = find_blocks(grid, known, PurePosixPath(file_name).stem)
        for block in blocks:
            found, refused = _read_block(grid, block, _block_period(grid, block, file_name), frame.place)
            statements += found
            rejections += refused
        rejections += _unknown(grid, blocks)
    return Extraction(frame, tuple(statements), tuple(_in_order(rejections, sheets)))


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


def _read_block(
    grid: Grid, block: Block, period: str | None, place: str | None
) -> tuple[list[Statement], list[Rejection]]:
    figures, rejections = read_figures(grid, block, period)
    rejections += _notes(grid, block)
    if not totals_hold(block, figures, place):
        return [], rejections + [_rejection(grid, f.row, f.column, "failed_identity") for f in figures]
    statements = []
    fractions = {(f.row, f.column) for f in percent_as_fraction(figures)}
    for figure in figures:
        reason = "percent_as_fraction" if (figure.row, figure.column) in fractions else reject_reason(figure)
        if reason:
            rejections.append(_rejection(grid, figure.row, figure.column, reason))
        else:
            statements.append(statement(figure, grid.name, place))
    return statements, rejections


def _block_period(grid: Grid, block: Block, file_name: str) -> str | None:
    """The period that the title names; where it names none, the sheet's name, then the file's."""
    candidates = ("".join(block.title), grid.name, PurePosixPath(file_name).stem)
    return next((found for text in candidates if (found := words.period(words.fold(text)))), None)


def _notes(grid: Grid, block: Block) -> list[Rejection]:
    return [
        _rejection(grid, row, column, "footnote")
        for row in block.notes
        for column in range(1, grid.width + 1)
        if re.search(r"\d", grid.cell(row, column).text)
    ]


def _unknown(grid: Grid, blocks: Sequence[Block]) -> list[Rejection]:
    """The numbers outside the figures and notes of known blocks; years in a known header say when, and are read."""
    read = {row.number for block in blocks for row in block.rows} | {n for block in blocks for n in block.notes}
    headers = {row for block in blocks for row in block.header_rows}
    return [
        _rejection(grid, row, column, "unknown_block")
        for row in range(1, grid.height + 1)
        if row not in read
        for column in range(1, grid.width + 1)
        if is_number(cell := grid.cell(row, column)) and not (row in headers and words.period(words.fold(cell.text)))
    ]


def _rejection(grid: Grid, row: int, column: int, reason: str) -> Rejection:
    return Rejection(grid.cell(row, column).text, reason, sheet=grid.name, cell=cell_address(row, column))


def _in_order(rejections: Iterable[Rejection], sheets: Sequence[Sheet]) -> list[Rejection]:
    order = {sheet.name: number for number, sheet in enumerate(sheets)}

    def place(rejection: Rejection) -> tuple[int, int, int]:
        letters = (rejection.cell or "").rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - ord("A") + 1
        return order[rejection.sheet or ""], int((rejection.cell or "")[len(letters) :]), column

    return sorted(rejections, key=place)


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
