"""Blocks: where the tables of a sheet lie, found by their shape, whatever they are about.

A block hangs on the head of its row labels (地区, 指标): its title is what stands above, its header reaches down to the
first labelled row with numbers, its body down to the notes or to the next block. Blocks may stand below one another
and side by side, their rows out of step. A table without such a head hangs on its first row of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gongbao.extract.sheets import words
from gongbao.extract.sheets.filled_grid import Grid, is_figure, is_number
from gongbao.extract.sheets.shapes import shapes
from gongbao.extract.sheets.words import TableUnit
from gongbao.grid import Cell

_DEEPEST_HEADER: Final = 8
_LOOKED_AT: Final = 12
_TITLE_ROWS: Final = 4
_MOST_HEADS: Final = 200
"""A sheet with more is a list of such words, not so many tables; each is looked at beside the others."""
_MARKS: Final = re.compile(r"[-—–.…·*/x×]+|NA|N/A|无")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled row of figures: `label` as written, `path` the plain labels it stands under, its own last.

    It stands under the heading above it that has no figures (`section`), and under the rows that it is indented below.
    """

    number: int
    label: str
    path: tuple[str, ...]
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A table in a sheet. Rows and columns count from 1; `headers` maps a column to its labels, outermost first.

    `title` holds the title rows as written, `units` those of a 单位 row, `unit_line` that row's words. `head` is the
    plain label at the head of `stub`, the column of row labels; `label_columns` are all columns of words. `rows` are
    the rows of figures, `notes` the rows of notes; `first` and `last`, `left` and `right` bound all that belongs to
    the block.
    """

    sheet: str
    title: tuple[str, ...]
    units: tuple[TableUnit, ...]
    unit_line: str | None
    head: str
    stub: int
    label_columns: tuple[int, ...]
    headers: dict[int, tuple[str, ...]]
    header_rows: range
    rows: tuple[Row, ...]
    notes: tuple[int, ...]
    first: int
    last: int
    left: int
    right: int


def find_blocks(grid: Grid, before: Block | None = None) -> list[Block]:
    """The blocks of the sheet, in the order of their first rows; `before` is the last block of the sheet before it.

    A block whose title only says that it goes on (续表) bears the title of the one before.
    """
    heads = _heads(grid)
    blocks: list[Block] = []
    for position, (row, column) in enumerate(heads):
        last = blocks[-1] if blocks else before
        if not any(_within(block, row, column) for block in blocks):
            block = _block(grid, row, column, heads[:position] + heads[position + 1 :], blocks, last)
            if block is not None:
                blocks.append(block)
    return blocks


def _within(block: Block, row: int, column: int) -> bool:
    return block.first <= row <= block.last and block.left <= column <= block.right


# ── the heads of row labels ────────────────────────────────────────────────────────────────────────────────────────


def _heads(grid: Grid) -> list[tuple[int, int]]:
    """The cells that head a column of row labels, top to bottom; the first row of numbers where there is none above."""
    candidates = []
    for row, column in _called_heads(grid):
        if _labels_below(grid, row, column):
            candidates.append((row, column))
            if len(candidates) == _MOST_HEADS:
                break
    found: list[tuple[int, int]] = []
    for row, column in candidates:
        right = _next_head(candidates, row, column, grid)
        if _heads_labels(grid, row, column, right) and not _beside(grid, found, row, column):
            found.append((row, column))
    first_number = _first_numbers(grid)
    if first_number and (not found or first_number[0] + 1 < found[0][0]):
        found.insert(0, first_number)
    return _left_to_right(found)


def _called_heads(grid: Grid) -> Iterator[tuple[int, int]]:
    """The cells that hold a word which heads labels elsewhere."""
    called = {code for code, cell in enumerate(grid.cells) if _is_head(cell)}
    for row in range(1, grid.height + 1):
        if not called.isdisjoint(grid.codes(row)):
            yield from ((row, column) for column, code in enumerate(grid.codes(row), start=1) if code in called)


def _is_head(cell: Cell) -> bool:
    if not cell.text or cell.is_number or len(cell.text) >= 60:
        return False
    return shapes().heads.fullmatch(words.plain(cell.text)) is not None


def _left_to_right(heads: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Heads side by side come left to right, though their rows are out of step: the first has the title."""
    bands: list[list[tuple[int, int]]] = []
    for head in heads:
        if not bands or head[0] - bands[-1][-1][0] > _DEEPEST_HEADER:
            bands.append([])
        bands[-1].append(head)
    return [head for band in bands for head in sorted(band, key=lambda each: (each[1], each[0]))]


def _next_head(candidates: Sequence[tuple[int, int]], row: int, column: int, grid: Grid) -> int:
    """The last column before another head to the right, in about the same row, with figures between the two."""
    near = sorted({right for other, right in candidates if right > column and abs(other - row) <= _DEEPEST_HEADER})
    for right in near:
        if any(is_figure(grid.cell(below, c)) for below in _below(grid, row) for c in range(column + 1, right)):
            return right - 1
    return grid.width


def _below(grid: Grid, row: int) -> range:
    return range(row + 1, min(row + _LOOKED_AT, grid.height) + 1)


def _labels_below(grid: Grid, row: int, column: int) -> bool:
    """Whether words or years stand below in the column, rather than numbers."""
    cells = [grid.cell(below, column) for below in _below(grid, row)]
    filled = [cell for cell in cells if cell.text.strip() and not _MARKS.fullmatch(cell.text.strip())]
    return sum(not is_figure(cell) for cell in filled) * 2 > len(filled)


def _heads_labels(grid: Grid, row: int, column: int, right: int) -> bool:
    """Whether a cell is the head of labels: words below it, header words and no figures beside it, figures below."""
    beside = range(column + 1, right + 1)
    if any(is_figure(grid.cell(row, other)) for other in beside):
        return False
    header_rows = range(max(1, row - 2), min(row + 3, grid.height) + 1)
    # A row of the header with a label of its own in the column is no header row any more.
    named = any(grid.label(near, other) for near in header_rows if near == row or not grid.cell(near, column).text
                for other in beside)  # fmt: skip
    return named and any(
        is_figure(grid.cell(below, other)) or _MARKS.fullmatch(grid.cell(below, other).text.strip())
        for below in _below(grid, row)
        for other in beside
    )


def _beside(grid: Grid, found: Sequence[tuple[int, int]], row: int, column: int) -> bool:
    """Whether a head belongs to a block already found: no figures stand between the two columns."""
    for other, left in found:
        if (
            left < column
            and abs(other - row) <= _DEEPEST_HEADER
            and not any(
                is_figure(grid.cell(below, between))
                for below in _below(grid, row)
                for between in range(left + 1, column)
            )
        ):
            return True
    return False


def _first_numbers(grid: Grid) -> tuple[int, int] | None:
    """The place above the first row label that has a figure to its right; null where no row has one."""
    for row in range(1, grid.height + 1):
        for column in range(1, grid.width + 1):
            cell = grid.cell(row, column)
            if is_figure(cell):
                label = next((c for c in range(1, column) if grid.label(row, c)), None)
                return (max(row - 1, 1), label) if label else None
    return None


# ── a block around its head ────────────────────────────────────────────────────────────────────────────────────────


def _block(
    grid: Grid, row: int, stub: int, others: Sequence[tuple[int, int]], blocks: Sequence[Block], before: Block | None
) -> Block | None:
    left = _left(stub, row, others)
    right = _right(stub, row, others, grid.width)
    above = max((b.last for b in blocks if b.right >= left and b.left <= right and b.last < row), default=0)
    first_data = _header_end(grid, row, stub, right)
    header_top = _header_top(grid, row, stub, right, above)
    body, notes, last = _body(grid, first_data, stub, left, right, [r for r, c in others if left <= c <= right])
    if not body:
        return None
    header_rows = range(header_top, first_data)
    figure_columns = _figure_columns(grid, stub, right, body, header_rows)
    title, units, unit_line = _title(grid, above, header_top, left, right)
    right = max((stub, *figure_columns))
    label_columns = tuple(
        c for c in range(left, right + 1) if c not in figure_columns and any(grid.label(r.number, c) for r in body)
    )
    headers = _headers(grid, header_rows, stub, figure_columns)
    headers |= {c: labels for c, labels in _headers(grid, header_rows, 0, label_columns).items() if labels}
    repeats = before is not None and not title and _repeats(before, headers, body, figure_columns)
    if before is not None and not repeats and _goes_on(title, before, grid.name, left, above):
        title = [*before.title]
        units, unit_line = units or before.units, unit_line or before.unit_line
    return Block(
        grid.name, tuple(title), units, unit_line, grid.plain(row, stub), stub, label_columns, headers,
        range(header_top, first_data), body, notes, above + 1, last, left, right,
    )  # fmt: skip


def _left(stub: int, row: int, others: Sequence[tuple[int, int]]) -> int:
    """Columns to the left belong to the block, unless another block has its labels there."""
    beside = [c for r, c in others if c < stub and abs(r - row) <= _DEEPEST_HEADER]
    return stub if beside else 1


def _right(stub: int, row: int, others: Sequence[tuple[int, int]], width: int) -> int:
    return min((c for r, c in others if c > stub and abs(r - row) <= _DEEPEST_HEADER), default=width + 1) - 1


def _header_end(grid: Grid, row: int, stub: int, right: int) -> int:
    """The first row below the header: a label of its own, and figures or nothing beside it."""
    head = grid.label(row, stub)
    if not head:
        return row + 1 if not grid.has_number(row, stub + 1, right) else row
    for below in range(row + 1, min(row + _DEEPEST_HEADER, grid.height) + 1):
        label = grid.label(below, stub)
        if label and label != head:
            beside = grid.texts(below, stub + 1, right)
            named = [text for text in beside if not _MARKS.fullmatch(text)]
            if not named or grid.has_number(below, stub + 1, right) or len(named) < 2:
                return below
    return min(row + 1, grid.height + 1)


def _header_top(grid: Grid, row: int, stub: int, right: int, above: int) -> int:
    """The first row of the header: rows above the head that hold the labels of more than one column."""
    top = row
    for candidate in range(row - 1, max(above, row - _DEEPEST_HEADER), -1):
        if grid.is_blank(candidate, stub, right) and candidate > above + 1:
            continue  # blank rows may part the header; the rows above them show whether they do
        if grid.has_number(candidate, stub, right) or not _names_columns(grid, candidate, stub, right):
            break
        top = candidate
    return top


def _names_columns(grid: Grid, row: int, stub: int, right: int) -> bool:
    labels = [text for text in grid.texts(row, stub + 1, right) if words.unit_line(words.fold(text)) is None]
    return len(labels) >= 2 and not grid.cell(row, stub).text.strip()


def _figure_columns(grid: Grid, stub: int, right: int, body: Sequence[Row], header_rows: range) -> tuple[int, ...]:
    """The columns with a number in the body, and those with a head and nothing below: words make a column of labels."""
    found = []
    for column in range(stub + 1, right + 1):
        if any(is_number(grid.cell(row.number, column)) for row in body):
            found.append(column)
            continue
        first = [grid.cell(row.number, column).text.strip() for row in body[:_LOOKED_AT]]
        blank = all(not text or _MARKS.fullmatch(text) for text in first)
        if blank and any(grid.label(row, column) for row in header_rows):
            found.append(column)
    return tuple(found)


def _headers(grid: Grid, rows: range, stub: int, columns: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Each column's labels, outermost first; a label that a merged range repeats counts once.

    A header whose merges were lost on the way is filled to the right, every row but the last.
    """
    merged = any(grid.spread(row, column) for row in rows for column in columns)
    found = {}
    for column in columns:
        labels: list[str] = []
        for row in rows:
            text = grid.label(row, column)
            if not text and stub and not merged and row != rows[-1] and grid.label(rows[-1], column):
                text = next((t for c in range(column - 1, stub, -1) if (t := grid.label(row, c))), "")
            if text and text not in labels:
                labels.append(text)
        found[column] = tuple(labels)
    return found


def _title(
    grid: Grid, above: int, header_top: int, left: int, right: int
) -> tuple[list[str], tuple[TableUnit, ...], str | None]:
    """The texts above the header, down from the block before, and the units that one of them states."""
    title: list[str] = []
    units: tuple[TableUnit, ...] = ()
    unit_line: str | None = None
    for row in range(above + 1, header_top):
        if grid.has_number(row, left, right):
            title, units, unit_line = [], (), None
            continue
        for text in grid.texts(row, left, right):
            found = words.unit_line(words.fold(text))
            if found is None:
                title.append(text)
            elif found or unit_line is None:
                units, unit_line = found, text
    return title, units, unit_line


def _repeats(before: Block, headers: dict[int, tuple[str, ...]], body: Sequence[Row], columns: Sequence[int]) -> bool:
    """Whether a block has the heads and the rows of the one before: it is another table of the same places."""
    heads = {headers[column] for column in columns}
    earlier = {path for column, path in before.headers.items() if column not in before.label_columns}
    return heads == earlier and bool({row.label for row in body} & {row.label for row in before.rows})


def _goes_on(title: Sequence[str], before: Block, sheet: str, left: int, above: int) -> bool:
    """Whether a block goes on with the one before: it says so, or it has no title and stands beside or below it.

    A title in another language is a title: only beside a 续表 it translates it.
    """
    if not title:
        return before.sheet == sheet and (left > before.right or above > 0)
    rest = [text for text in title if not shapes().continuation.search(words.plain(text))]
    return len(rest) < len(title) and not any(_CHINESE.search(text) for text in rest)


def _body(
    grid: Grid, first: int, stub: int, left: int, right: int, heads: Sequence[int]
) -> tuple[tuple[Row, ...], tuple[int, ...], int]:
    """The rows of figures, the rows of notes, and the block's last row."""
    rows: list[Row] = []
    notes: list[int] = []
    headings: list[str] = []
    under: list[tuple[int, str]] = []
    last = first - 1
    for row in range(first, grid.height + 1):
        if row in heads and row > first:
            break
        label = grid.cell(row, stub).text.rstrip()
        if not label and grid.is_blank(row, left, right):
            continue
        opening = label.strip() or next(iter(grid.texts(row, left, right)))
        has_number = grid.has_number(row, stub + 1, right)
        is_note = shapes().notes.match(words.fold(opening)) is not None
        goes_on = shapes().continuation.search(words.plain(opening)) is not None
        # What stands unindented right above the next head is that table's title, not the note before it.
        heads_next = not words.indent(label) and any(row < head <= row + _TITLE_ROWS for head in heads)
        if is_note or (notes and row == last + 1 and not has_number and not goes_on and not heads_next):
            notes.append(row)
            last = row
            continue
        if notes or goes_on:
            break
        plain = words.plain(label)
        if label and grid.is_blank(row, stub + 1, right):
            if _CHINESE.search(label):  # else it is the translation of the label above
                headings, under = [plain], []
            continue  # the title of a block that follows looks the same: only what has figures below is the block's
        if label:
            depth = words.indent(label)
            under = [(d, text) for d, text in under if d < depth]
            path = (*headings, *(text for _, text in under), plain)
            rows.append(Row(row, words.one_line(label), path, next(iter(headings), None)))
            under.append((depth, plain))
            last = row
        elif has_number:
            rows.append(Row(row, "", (*headings, "")))
            last = row
    return tuple(rows), tuple(notes), last
