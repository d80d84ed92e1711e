"""A page's segments and tables in reading order: columns of print one after the other, rows of unruled tables as rows.

A gutter is a strip that hardly any line crosses and that has running text on both its sides: lines that fill most of
their column, which the cells of a table do not. Lines that cross it (titles, captions) part the page into bands; in a
band the columns are read from left to right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from gongbao.ingest.readers.pdf_lines import Segment, compose, first_word, rows_of
from gongbao.ingest.readers.pdf_tables import Table

_GUTTER = 0.6  # of the size of the text
_CROSSING = 0.12  # share of the lines that may cross a gutter: titles, rules, figures
_COLUMN_WIDTH = 7.0
_COLUMN_LINES = 6
_FULL_LINES = 0.5
_WIDEST = 20_000  # points; wider pages are drawings
_CELL_GAP = 1.6
_LONE_CELL_GAP = 3.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line in reading order: running text, or a table's row, whose cells stand between TABs.

    `column_left` and `column_right` are the margins of the column it stands in, `first_word` the width of what could
    not be parted from its beginning, `depth` its base's distance from the top of the page as a share of its height.
    """

    text: str
    is_row: bool
    left: float
    right: float
    base: float
    size: float
    column_left: float
    column_right: float
    first_word: float
    depth: float


def lay_out(pieces: Sequence[Segment], tables: Sequence[Table], height: float) -> list[Line]:
    """The lines of a page, `height` points high."""
    if not pieces and not tables:
        return []
    gutters = _gutters(pieces, tables)
    lines: list[Line] = []
    for band_pieces, band_tables in _bands(pieces, tables, gutters):
        for column_pieces, column_tables in _columns(band_pieces, band_tables, gutters):
            lines += _column(column_pieces, column_tables, height)
    return lines


Gutters = list[tuple[float, float]]


def _gutters(pieces: Sequence[Segment], tables: Sequence[Table]) -> Gutters:
    """The strips between columns, from left to right."""
    if len(pieces) < 2 * _COLUMN_LINES:
        return []
    size = median(piece.size for piece in pieces)
    width = int(max(piece.right for piece in pieces)) + 2
    if width > _WIDEST:
        return []
    steps = [0] * (width + 1)
    for piece in pieces:
        steps[max(0, int(piece.left))] += 1
        steps[max(0, int(piece.right)) + 1 if piece.right >= 0 else 0] -= 1
    cover, standing = [], 0
    for step in steps:
        standing += step
        cover.append(standing)
    allowed = _CROSSING * max(cover)
    strips, start = [], None
    for x, count in enumerate(cover):
        if count <= allowed and start is None:
            start = x
        elif count > allowed and start is not None:
            if start > 0 and x - start >= _GUTTER * size:
                strips.append((float(start), float(x)))
            start = None
    return _between_running_text(strips, pieces, size)


def _between_running_text(strips: Gutters, pieces: Sequence[Segment], size: float) -> Gutters:
    inner = [piece for piece in pieces if not any(_crosses(piece.left, piece.right, strip) for strip in strips)]
    while strips:
        bounds = [float("-inf"), *((strip[0] + strip[1]) / 2 for strip in strips), float("inf")]
        running = [
            _is_running([piece for piece in inner if low < (piece.left + piece.right) / 2 < high], size)
            for low, high in pairwise(bounds)
        ]
        if all(running):
            return strips
        # A column that is none joins its neighbour: the strip beside it is given up.
        at = running.index(False)
        strips = [strip for index, strip in enumerate(strips) if index != max(0, min(at, len(strips) - 1))]
    return []


def _is_running(pieces: list[Segment], size: float) -> bool:
    if len(pieces) < _COLUMN_LINES:
        return False
    width = max(piece.right for piece in pieces) - min(piece.left for piece in pieces)
    full = sum(piece.right - piece.left > 0.8 * width for piece in pieces)
    return width > _COLUMN_WIDTH * size and full >= _FULL_LINES * len(pieces)


def _crosses(left: float, right: float, strip: tuple[float, float]) -> bool:
    return left < strip[0] - 1 and right > strip[1] + 1


_Part = tuple[list[Segment], list[Table]]


def _bands(pieces: Sequence[Segment], tables: Sequence[Table], gutters: Gutters) -> list[_Part]:
    """The page from the top down, parted where a line or table lies across a gutter; such ones stand apart."""
    if not gutters:
        return [(list(pieces), list(tables))]
    things: list[tuple[float, float, Segment | Table]] = [(piece.base, piece.bottom, piece) for piece in pieces]
    things += [(table.top, table.bottom, table) for table in tables]
    things.sort(key=lambda thing: thing[0])
    bands: list[_Part] = []
    was_across: bool | None = None
    for _, _, thing in things:
        across = any(_crosses(thing.left, thing.right, strip) for strip in gutters)
        if across != was_across:
            bands.append(([], []))
            was_across = across
        if isinstance(thing, Table):
            bands[-1][1].append(thing)
        else:
            bands[-1][0].append(thing)
    return bands


def _columns(pieces: list[Segment], tables: list[Table], gutters: Gutters) -> list[_Part]:
    bounds = [(strip[0] + strip[1]) / 2 for strip in gutters]
    things: list[Segment | Table] = [*pieces, *tables]
    across = any(_crosses(thing.left, thing.right, strip) for thing in things for strip in gutters)
    if not gutters or across or len(rows_of(pieces)) < 3:
        return [(pieces, tables)]
    columns: list[_Part] = [([], []) for _ in range(len(bounds) + 1)]
    for piece in pieces:
        columns[sum((piece.left + piece.right) / 2 > bound for bound in bounds)][0].append(piece)
    for table in tables:
        columns[sum((table.left + table.right) / 2 > bound for bound in bounds)][1].append(table)
    return [column for column in columns if column[0] or column[1]]


def _column(pieces: list[Segment], tables: list[Table], height: float) -> list[Line]:
    rows = rows_of(pieces)
    left, right = _margins(rows)
    placed: list[tuple[float, list[Line]]] = []
    for row, cells in zip(rows, _cells(rows), strict=True):
        placed.append((row[0].top, [_line(row, cells, left, right, height)]))
    for table in tables:
        lines = [
            Line("\t".join(cells), True, table.left, table.right, table.top, 0.0, left, right, 0.0, table.top / height)
            for cells in table.rows
        ]
        placed.append((table.top, lines))
    placed.sort(key=lambda place: place[0])
    return [line for _, lines in placed for line in lines]


def _line(row: list[Segment], cells: list[list[Segment]], left: float, right: float, height: float) -> Line:
    text = "\t".join(compose(cell) for cell in cells)
    largest = max(row, key=lambda piece: len(piece.glyphs))
    return Line(
        text=text,
        is_row=len(cells) > 1,
        left=row[0].left,
        right=max(piece.right for piece in row),
        base=largest.base,
        size=largest.size,
        column_left=left,
        column_right=right,
        first_word=first_word(row[0].glyphs),
        depth=largest.base / height,
    )


def _cells(rows: list[list[Segment]]) -> list[list[list[Segment]]]:
    """Each row's cells. A gap makes a cell where a neighbouring row has one too, or where it is very wide."""
    loose = [_parted(row, _CELL_GAP) for row in rows]
    found = []
    for index, cells in enumerate(loose):
        beside = max((len(loose[at]) for at in (index - 1, index + 1) if 0 <= at < len(loose)), default=1)
        letterspaced = all(len(piece.glyphs) == 1 for piece in rows[index][1:])
        if len(cells) > 1 and not letterspaced and (len(cells) > 2 or beside > 1):
            found.append(cells)
        elif len(cells) > 1 and letterspaced and beside <= 1:
            found.append([rows[index]])
        else:
            found.append(cells if letterspaced else _parted(rows[index], _LONE_CELL_GAP))
    return found


def _parted(row: list[Segment], gap: float) -> list[list[Segment]]:
    cells = [[row[0]]]
    for before, piece in pairwise(row):
        if piece.left - before.right > gap * max(before.size, piece.size):
            cells.append([])
        cells[-1].append(piece)
    return cells


def _margins(rows: list[list[Segment]]) -> tuple[float, float]:
    """The left and right margin that the lines of a column keep: the outermost that two lines agree in, if any do."""
    lefts = sorted(row[0].left for row in rows)
    rights = sorted((row[-1].right for row in rows), reverse=True)
    if not lefts:
        return 0.0, 0.0
    size = median(row[0].size for row in rows)
    return _outermost(lefts, size), _outermost(rights, size)


def _outermost(ordered: list[float], size: float) -> float:
    for first, second in pairwise(ordered):
        if abs(first - second) < 0.6 * size:
            return first
    return ordered[0]
