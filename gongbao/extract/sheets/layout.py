"""Blocks in a sheet: where a known table begins, how far its header goes, which rows are figures and which notes.

A block begins at the cell that the template calls its anchor (the head of the row labels). Its title is what stands
above, down from the block before; its header ends where the first labelled row with figures begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongbao.extract.grid import Cell, Sheet
from gongbao.extract.sheets import words
from gongbao.extract.sheets.template import Layout, Template
from gongbao.extract.sheets.words import TableUnit

_DEEPEST_HEADER = 6
_ANCHOR_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled row of figures: `section` is the heading above it that has no figures of its own."""

    number: int
    label: str
    section: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """A table in a sheet. Rows and columns count from 1; `headers` maps a column to its labels, outermost first.

    `title` holds the title rows as written, `units` those of a 单位 row, `unit_line` that row's words. `rows` are the
    rows of figures, `notes` the rows of notes, `first` and `last` bound all that belongs to the block.
    """

    template: Template
    layout: Layout
    title: tuple[str, ...]
    units: tuple[TableUnit, ...]
    unit_line: str | None
    stub: int
    headers: dict[int, tuple[str, ...]]
    header_rows: range
    rows: tuple[Row, ...]
    notes: tuple[int, ...]
    first: int
    last: int


class Grid:
    """A sheet with its merged cells filled; rows and columns count from 1."""

    def __init__(self, sheet: Sheet) -> None:
        self.name = sheet.name
        self.height = len(sheet.rows)
        self.width = max((len(row) for row in sheet.rows), default=0)
        self._rows = sheet.rows
        self._covered: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in sheet.merged:
            for row in range(top, min(bottom, self.height) + 1):
                for column in range(left, min(right, self.width) + 1):
                    self._covered[row, column] = (top, left)

    def cell(self, row: int, column: int) -> Cell:
        """The cell as stored: a merged range has its text in its first cell only."""
        cells = self._rows[row - 1]
        return cells[column - 1] if column <= len(cells) else Cell("")

    def label(self, row: int, column: int) -> str:
        """The text that a reader sees at this place, in one line: that of the merged range, if it lies in one."""
        text = self.cell(*self._covered.get((row, column), (row, column))).text
        return "".join(text.splitlines()).strip() if "\n" in text or "\r" in text else text.strip()

    def spread(self, row: int, column: int) -> bool:
        """Whether the place lies in a merged range that spans columns."""
        origin = self._covered.get((row, column))
        return origin is not None and any(
            self._covered.get((row, other)) == origin for other in (column - 1, column + 1)
        )

    def texts(self, row: int) -> list[str]:
        """The different texts of a row, left to right, without spaces around."""
        found = (self.label(row, column) for column in range(1, self.width + 1))
        return list(dict.fromkeys(text for text in found if text))

    def has_number(self, row: int) -> bool:
        """Whether any cell of the row is a number."""
        return any(is_number(self.cell(row, column)) for column in range(1, self.width + 1))


def is_number(cell: Cell) -> bool:
    """Whether a cell holds a number, stored or printed."""
    return cell.is_number or (any(c.isdigit() for c in cell.text) and words.number(words.fold(cell.text)) is not None)


def find_blocks(grid: Grid, known: Sequence[Template], file_stem: str) -> list[Block]:
    """The blocks of the sheet that a template knows by anchor, title and header, top to bottom."""
    blocks: list[Block] = []
    row = 1
    while row <= grid.height:
        block = _block_at(grid, row, known, file_stem, blocks[-1] if blocks else None)
        if block is not None:
            blocks.append(block)
            row = block.last
        row += 1
    return blocks


def title_rows(grid: Grid, anchor_row: int, above: int) -> list[int]:
    """The rows of the title over `anchor_row`: those without numbers below row `above`."""
    rows = []
    for row in range(anchor_row - 1, above, -1):
        if grid.has_number(row):
            break
        rows.append(row)
    return rows[::-1]


def _block_at(grid: Grid, row: int, known: Sequence[Template], file_stem: str, before: Block | None) -> Block | None:
    for template in known:
        for layout in template.layouts:
            for column in range(1, min(_ANCHOR_COLUMNS, grid.width) + 1):
                if layout.anchor.search(words.fold(grid.cell(row, column).text)):
                    block = _block(grid, row, column, template, layout, file_stem, before)
                    if block is not None:
                        return block
    return None


def _block(
    grid: Grid, row: int, stub: int, template: Template, layout: Layout, file_stem: str, before: Block | None
) -> Block | None:
    title: list[str] = []
    units: tuple[TableUnit, ...] = ()
    unit_line: str | None = None
    for title_row in title_rows(grid, row, before.last if before else 0):
        for text in grid.texts(title_row):
            found = words.unit_line(words.fold(text))
            if found is None:
                title.append(text)
            else:
                units, unit_line = found, text
    continues = before is not None and (not title or template.continuation.search(words.fold(title[-1])))
    if before is not None and continues:
        title, units, unit_line = list(before.title), units or before.units, unit_line or before.unit_line
    if not template.title.search(words.fold("".join(title) or file_stem)):
        return None
    first_data = _header_end(grid, row, stub)
    header_rows = range(row, first_data)
    headers = _headers(grid, header_rows, stub)
    if not any(template.header.search(words.fold(text)) for text in _labels(grid, headers, layout, stub, first_data)):
        return None
    rows, notes, last = _body(grid, first_data, stub, template, layout)
    if not rows:
        return None
    return Block(
        template, layout, tuple(title), units, unit_line, stub, headers, header_rows, rows, notes,
        first=before.last + 1 if before else 1, last=last,
    )  # fmt: skip


def _labels(grid: Grid, headers: dict[int, tuple[str, ...]], layout: Layout, stub: int, first_data: int) -> list[str]:
    """The labels that name indicators: header labels, or row labels where the places stand in the header."""
    if layout.areas == "rows":
        return [label for path in headers.values() for label in path]
    return [grid.label(row, stub) for row in range(first_data, grid.height + 1)]


def _header_end(grid: Grid, row: int, stub: int) -> int:
    """The first row below the header: one with a row label of its own."""
    anchor = grid.label(row, stub)
    for below in range(row + 1, min(row + _DEEPEST_HEADER, grid.height) + 1):
        label = grid.label(below, stub)
        if label and label != anchor:
            return below
    return min(row + 1, grid.height + 1)


def _headers(grid: Grid, rows: range, stub: int) -> dict[int, tuple[str, ...]]:
    """Each column's labels, outermost first; a label that a merged range repeats counts once.

    A header whose merges were lost on the way is filled to the right, every row but the last.
    """
    merged = any(grid.spread(row, column) for row in rows for column in range(1, grid.width + 1))
    found = {}
    for column in range(1, grid.width + 1):
        if column == stub:
            continue
        labels = []
        for row in rows:
            text = grid.label(row, column)
            if not text and not merged and row != rows[-1] and grid.label(rows[-1], column):
                text = next((t for c in range(column - 1, stub, -1) if (t := grid.label(row, c))), "")
            if text and text not in labels:
                labels.append(text)
        if labels:
            found[column] = tuple(labels)
    return found


def _body(
    grid: Grid, first: int, stub: int, template: Template, layout: Layout
) -> tuple[tuple[Row, ...], tuple[int, ...], int]:
    """The rows of figures, the rows of notes, and the block's last row."""
    rows: list[Row] = []
    notes: list[int] = []
    section: str | None = None
    last = first - 1
    for row in range(first, grid.height + 1):
        texts = grid.texts(row)
        if not texts:
            continue
        label = grid.label(row, stub)
        folded = words.fold(texts[0])
        if template.notes.search(folded) or (notes and not grid.has_number(row)):
            notes.append(row)
        elif notes or layout.anchor.search(words.fold(label)) or template.continuation.search(folded):
            break
        elif len(texts) == 1 and label:
            section = label
            continue  # the title of a block that follows looks the same: only what has figures below is the block's
        elif label:
            rows.append(Row(row, label, section))
        last = row
    return tuple(rows), tuple(notes), last
