"""A block of a sheet as a person sees it in the workbook: addresses at the margins, its head and its foot.

Columns that have no room are left out before the last one, rows of the body before the last ones. A text goes on into
empty neighbours, as it does on a screen; a long label of the header goes on below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.text import Text

from gongbao.grid import cell_address
from gongbao.harmless import harmless
from gongbao.review.questions import Window, WindowCell

_GAP = 2
_WIDEST = 16
_LINES = 3
"""Lines that a label of the header may have."""
_BODY = 4
"""Rows of figures shown after the header, and rows shown at the end."""
_FOOT = 3
_MARKED = 6
_WORD = re.compile(r"[!-~‰]+\s*|.\s*")
_MARGIN = "bright_black"


class _Grid(NamedTuple):
    window: Window
    cells: dict[tuple[int, int], WindowCell]
    covered: frozenset[tuple[int, int]]


def picture(window: Window, width: int, marked: Iterable[str] = ()) -> list[Text]:
    """The block in lines of at most `width` cells of a terminal; the addresses `marked` stand out in red."""
    grid = _Grid(window, {(cell.row, cell.column): cell for cell in window.cells}, _covered(window))
    head = _head(grid)
    red = frozenset(marked)
    of_red = sorted({row for row, column in grid.cells if cell_address(row, column) in red})
    rows = _rows(grid, head, of_red)
    margin = max(len(str(row)) for row in rows if row is not None)
    columns, widths = _columns(grid, rows, head, width - margin - _GAP)
    lines = [_letters(columns, widths, margin)]
    for row in rows:
        if row is None:
            lines.append(Text(f"{'⋮':>{margin}}", style=_MARGIN))
        else:
            is_words = row < head or not any(_is_number(cell) for cell in window.cells if cell.row == row)
            lines += _drawn(grid, row, columns, widths, margin, width, red, _LINES if is_words else 1)
    return lines


def _covered(window: Window) -> frozenset[tuple[int, int]]:
    """The places that a merged cell covers beside its own."""
    return frozenset(
        (row, column)
        for cell in window.cells
        if cell.rows * cell.columns > 1
        for row in range(cell.row, min(cell.row + cell.rows, window.bottom + 1))
        for column in range(cell.column, min(cell.column + cell.columns, window.right + 1))
        if (row, column) != (cell.row, cell.column)
    )


def _head(grid: _Grid) -> int:
    """The first row of figures: half of its cells and more are numbers, the first one apart."""
    for row in range(grid.window.top, grid.window.bottom + 1):
        found = [cell for (number, column), cell in grid.cells.items() if number == row and column > grid.window.left]
        if found and 2 * sum(_is_number(cell) for cell in found) >= len(found) and not _are_years(found):
            return row
    return grid.window.top


def _is_number(cell: WindowCell) -> bool:
    return cell.is_number or bool(re.fullmatch(r"[-−]?[\d, ]+(\.\d+)?%?", cell.text.strip()))


def _are_years(cells: Sequence[WindowCell]) -> bool:
    return all(re.fullmatch(r"(19|20)\d\d年?", cell.text.strip()) for cell in cells)


def _rows(grid: _Grid, head: int, marked: Sequence[int]) -> list[int | None]:
    """The rows to draw, empty ones left out: head, foot, and those that are marked; None stands for those between."""
    top, bottom = grid.window.top, grid.window.bottom
    filled = {row for row, _ in grid.cells}
    above = [row for row in range(top, min(head + _BODY, bottom + 1)) if row in filled]
    figures = [
        row
        for row in range(head, bottom + 1)
        if any(_is_number(cell) for (number, column), cell in grid.cells.items() if number == row and column > 1)
    ]
    last = max(figures, default=bottom)
    below = [row for row in range(last, bottom + 1) if row in filled][:_FOOT]
    shown: list[int | None] = []
    before = top
    for row in sorted({*above, *marked[:_MARKED], *below}):
        if any(between in filled or between not in grid.window.rows for between in range(before + 1, row)):
            shown.append(None)
        shown.append(row)
        before = row
    return shown


def _columns(grid: _Grid, rows: Sequence[int | None], head: int, room: int) -> tuple[list[int | None], dict[int, int]]:
    """The columns that fit, the last one always; None stands for those left out. And their widths."""
    window = grid.window
    # No sheet is so wide on a terminal that more than these columns have room.
    near = [*range(window.left, min(window.right, window.left + room) + 1)]
    if window.right not in near:
        near.append(window.right)
    widths = {column: _wanted(grid, rows, column, head) for column in near}
    if sum(widths.values()) + _GAP * len(widths) <= room and len(near) == window.right - window.left + 1:
        return [*near], widths
    left = room - widths[window.right] - 1 - 2 * _GAP
    shown: list[int | None] = []
    for column in near[:-1]:
        left -= widths[column] + _GAP
        if left < 0 and shown:
            break
        shown.append(column)
    return [*shown, None, window.right], widths


def _wanted(grid: _Grid, rows: Sequence[int | None], column: int, head: int) -> int:
    """The width of a column's texts; those that may go on to the right or below ask for less."""
    wanted = len(cell_address(1, column)) - 1
    for row in rows:
        cell = grid.cells.get((row, column)) if row is not None else None
        if cell is None or row is None:
            continue
        size = cell_len(_line(cell.text))
        if row < head:
            size = min((n for n in range(8, size) if len(_wrapped(_line(cell.text), n)) <= _LINES), default=size)
        if not _goes_on(grid, row, column):
            wanted = max(wanted, size)
    return max(3, min(wanted, _WIDEST))


def _goes_on(grid: _Grid, row: int, column: int) -> bool:
    """Whether a text may run into the cell to its right: it is empty, and the text no number."""
    beside = (row, column + 1)
    cell = grid.cells[row, column]
    return not _is_number(cell) and column < grid.window.right and beside not in grid.cells


def _letters(columns: Sequence[int | None], widths: dict[int, int], margin: int) -> Text:
    names = ["…" if each is None else f"{cell_address(1, each)[:-1]:^{widths[each]}}" for each in columns]
    return Text((" " * _GAP).join([" " * margin, *names]).rstrip(), style=_MARGIN)


def _drawn(
    grid: _Grid,
    row: int,
    columns: Sequence[int | None],
    widths: dict[int, int],
    margin: int,
    room: int,
    red: frozenset[str],
    most: int,
) -> list[Text]:
    """A row as lines of at most `room`: one, or up to `most` where its labels need them."""
    pieces: list[tuple[int, list[str], bool, bool]] = []  # width, its lines, a number, marked
    position = 0
    while position < len(columns):
        column = columns[position]
        position += 1
        if column is None:
            pieces.append((1, ["…" if _has_more(grid, row, columns) else ""], False, False))
            continue
        cell, width = grid.cells.get((row, column)), widths[column]
        if cell is None:
            pieces.append((width, [""], False, False))
            continue
        text = _line(cell.text)
        while cell_len(text) > width and not _is_number(cell) and position < len(columns):
            beside = columns[position]
            if beside is None and _has_more(grid, row, columns):
                break
            if beside is not None and ((row, beside) in grid.cells or not _free(grid, cell, row, beside)):
                break
            width += _GAP + (1 if beside is None else widths[beside])
            position += 1
        if position == len(columns) and columns[-1] != column and not _is_number(cell):
            width = room - margin - _GAP - sum(each + _GAP for each, *_ in pieces)  # nothing stands to its right
        pieces.append((width, _cut(text, width, most), _is_number(cell), cell_address(row, column) in red))
    lines = []
    for number in range(max(len(texts) for _, texts, _, _ in pieces)):
        line = Text(f"{row if number == 0 else '':>{margin}}", style=_MARGIN)
        for width, texts, is_number, is_marked in pieces:
            shown = texts[number] if number < len(texts) else ""
            fitted = " " * (width - cell_len(shown)) + shown if is_number else set_cell_size(shown, width)
            line.append(" " * _GAP)
            line.append(fitted, style="bold red" if is_marked else "default")
        line.rstrip()
        lines.append(line)
    return lines


def _free(grid: _Grid, cell: WindowCell, row: int, column: int) -> bool:
    """Whether the text may run there: no other merged cell covers the place."""
    own = cell.column + cell.columns > column and cell.row + cell.rows > row
    return own or (row, column) not in grid.covered


def _has_more(grid: _Grid, row: int, columns: Sequence[int | None]) -> bool:
    shown = {column for column in columns if column is not None}
    return any(number == row and column not in shown for number, column in grid.cells)


def _cut(text: str, width: int, most: int) -> list[str]:
    """The text in at most `most` lines of the width; what has no room there is …"""
    if cell_len(text) <= width:
        return [text]
    lines = _wrapped(text, width) if most > 1 else chop_cells(text, width)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], set_cell_size(lines[most - 1], width - 1).rstrip() + "…"]


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines: broken between words, and anywhere between Chinese characters."""
    lines = [""]
    for word in _WORD.findall(text):
        if cell_len(lines[-1] + word.rstrip()) <= width:
            lines[-1] += word
            continue
        if lines[-1].strip() and cell_len(word) <= width:
            lines.append(word)
            continue
        first, *rest = chop_cells(lines[-1] + word, width)
        lines[-1:] = [first, *rest]
    return [line.strip() for line in lines]


def _line(text: str) -> str:
    return harmless(" ".join(text.split()))
