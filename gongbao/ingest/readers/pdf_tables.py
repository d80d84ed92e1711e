"""Ruled tables: lines that cross make a grid, a grid makes cells, cells take the characters inside them.

A table open at its sides is closed where its horizontal lines end. A cell over several columns or rows stands in the
first of them and the others are empty, so that a column stays a column. Where only the columns are ruled, one cell
holds a stack of values: rows are then told apart by the lines that the values stand on.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongbao.ingest.readers.pdf_glyphs import Glyph
from gongbao.ingest.readers.pdf_lines import HEADING, Segment, compose, first_word, rows_of, segments, words
from gongbao.ingest.readers.pdf_rulings import Edge

_SNAP = 3.0
_TOUCH = 3.0
_NARROWEST = 5.0
_TIGHT = 1.7  # sizes from line to line where one text is broken
_MOST_SLOTS = 100_000
_MOST_LINES = 4_000
_IN_WORD = 0.1
_MOST_CUT = 0.1
_VALUE = re.compile(r"[-–—+±]?[0-9０-９][0-9０-９,，.．%％]*|[-–—…]+|#?\S{0,2}")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table, each the texts of its cells, and where it lies."""

    rows: tuple[tuple[str, ...], ...]
    left: float
    right: float
    top: float
    bottom: float


def ruled_tables(edges: Sequence[Edge], glyphs: Sequence[Glyph]) -> tuple[list[Table], list[Glyph]]:
    """The tables that the edges rule, from the top down, and the glyphs that lie in none of them, in their order."""
    tables, rest = [], list(glyphs)
    merged = _merged(edges)
    for group in _connected(merged) if len(merged) <= _MOST_LINES else ():
        grid = _grid(group)
        if grid is None:
            continue
        inside, outside = _split(rest, grid)
        if _cuts_words(grid, rest):
            continue
        for divide in (_unmerged, _divided):
            divided = divide(grid, inside)
            if divided is not grid:
                grid = divided
                inside, outside = _split(rest, grid)
        rows = _rows(grid, inside)
        if rows:
            xs, ys = grid.xs, grid.ys
            tables.append(Table(rows, xs[0], xs[-1], ys[0], ys[-1]))
            rest = outside
    return sorted(tables, key=lambda table: table.top), rest


@dataclass(frozen=True, slots=True)
class _Grid:
    """Grid lines, and for each slot (row, column) the slot that its cell begins in."""

    xs: list[float]
    ys: list[float]
    first: dict[tuple[int, int], tuple[int, int]]


def _merged(edges: Sequence[Edge]) -> list[Edge]:
    """Edges on the same line as one, where they touch."""
    merged: list[Edge] = []
    for across in (True, False):
        lines: dict[int, list[Edge]] = defaultdict(list)
        at = None
        for edge in sorted((edge for edge in edges if edge.across == across), key=lambda edge: edge.at):
            if at is None or edge.at - at > _SNAP:
                at = edge.at
            lines[round(at * 100)].append(edge)
        for on_line in lines.values():
            position = sum(edge.at for edge in on_line) / len(on_line)
            on_line.sort(key=lambda edge: edge.start)
            start, end = on_line[0].start, on_line[0].end
            for edge in on_line[1:]:
                if edge.start > end + _TOUCH:
                    merged.append(Edge(across, position, start, end))
                    start, end = edge.start, edge.end
                end = max(end, edge.end)
            merged.append(Edge(across, position, start, end))
    return merged


def _connected(edges: list[Edge]) -> list[list[Edge]]:
    """Groups of edges that touch one another."""
    across = sorted((edge for edge in edges if edge.across), key=lambda edge: edge.at)
    down = [edge for edge in edges if not edge.across]
    heights = [edge.at for edge in across]
    parent = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for number, vertical in enumerate(down, len(across)):
        index = bisect_right(heights, vertical.start - _TOUCH)
        while index < len(across) and heights[index] <= vertical.end + _TOUCH:
            if across[index].start - _TOUCH <= vertical.at <= across[index].end + _TOUCH:
                parent[root(index)] = root(number)
            index += 1
    groups: dict[int, list[Edge]] = defaultdict(list)
    for index, edge in enumerate([*across, *down]):
        groups[root(index)].append(edge)
    return [group for group in groups.values() if len(group) >= 3]


def _grid(group: list[Edge]) -> _Grid | None:
    across, down = [edge for edge in group if edge.across], [edge for edge in group if not edge.across]
    if len(across) < 2 or not down:
        return None
    xs = _positions([*(edge.at for edge in down), min(e.start for e in across), max(e.end for e in across)])
    ys = _positions([*(edge.at for edge in across), min(e.start for e in down), max(e.end for e in down)])
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 2 or height * width > _MOST_SLOTS:
        return None
    walls = {(row, column) for edge in down for row, column in _covered(edge, xs, ys)}
    floors = {(row, column) for edge in across for column, row in _covered(edge, ys, xs)}
    parent = {(row, column): (row, column) for row in range(height) for column in range(width)}

    def root(slot: tuple[int, int]) -> tuple[int, int]:
        while parent[slot] != slot:
            parent[slot] = parent[parent[slot]]
            slot = parent[slot]
        return slot

    for row in range(height):
        for column in range(width):
            for other, is_parted in (
                ((row, column + 1), (row, column + 1) in walls),
                ((row + 1, column), (row + 1, column) in floors),
            ):
                if other in parent and not is_parted:
                    one, two = sorted((root((row, column)), root(other)))
                    parent[two] = one
    return _Grid(xs, ys, {slot: root(slot) for slot in parent})


def _positions(found: list[float]) -> list[float]:
    positions: list[float] = []
    for at in sorted(found):
        if not positions or at - positions[-1] > _NARROWEST:
            positions.append(at)
    return positions


def _covered(edge: Edge, along: list[float], stations: list[float]) -> list[tuple[int, int]]:
    """For each interval of `stations` whose middle the edge passes: (interval, index of the edge's own grid line)."""
    line = min(range(len(along)), key=lambda index: abs(along[index] - edge.at))
    found = []
    for index in range(len(stations) - 1):
        middle = (stations[index] + stations[index + 1]) / 2
        if edge.start - _TOUCH <= middle <= edge.end + _TOUCH:
            found.append((index, line))
    return found


def _split(glyphs: list[Glyph], grid: _Grid) -> tuple[dict[tuple[int, int], list[Glyph]], list[Glyph]]:
    inside: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    outside = []
    for glyph in glyphs:
        slot = _slot(glyph, grid)
        if slot is None:
            outside.append(glyph)
        else:
            inside[slot].append(glyph)
    return inside, outside


def _slot(glyph: Glyph, grid: _Grid) -> tuple[int, int] | None:
    """The first slot of the cell that the middle of a glyph lies in."""
    column = bisect_right(grid.xs, (glyph.left + glyph.right) / 2) - 1
    row = bisect_right(grid.ys, glyph.base - 0.3 * glyph.size) - 1
    return grid.first.get((row, column))


_Slot = tuple[int, int]
_Places = list[tuple[float, float]]  # of words, from left to right
_Lines = list[list[Segment]]


def _rows(grid: _Grid, inside: dict[_Slot, list[Glyph]]) -> tuple[tuple[str, ...], ...]:
    """The rows that hold text, without the columns that hold none; nothing if it is no table."""
    cells = {slot: rows_of(segments(glyphs)) for slot, glyphs in inside.items()}
    columns = sorted({column for _, column in cells})
    if len(columns) < 2 or len(cells) < 3:
        return ()
    ends = _ends(grid)
    rights = {slot: grid.xs[ends[slot][1] + 1] for slot in cells}
    found = []
    for group in _groups(cells, ends):
        for row in _unstacked(group, rights):
            texts = {column: _cell(lines, rights[slot]) for column, (slot, lines) in row.items()}
            ordered = [texts.get(column, "") for column in columns]
            while ordered and not ordered[-1]:
                ordered.pop()
            found.append(tuple(ordered))
    return tuple(row for row in found if row)


def _cuts_words(grid: _Grid, glyphs: list[Glyph]) -> bool:
    """Whether the grid's lines run through words: those of a drawing do, those of a table do not."""
    cut = whole = 0
    for before, glyph in pairwise(glyphs):
        gap = glyph.left - before.right
        if abs(glyph.base - before.base) < 1 and -0.3 * glyph.size < gap < _IN_WORD * glyph.size:
            slots = _slot(before, grid), _slot(glyph, grid)
            cut += slots[0] != slots[1]
            whole += slots[0] == slots[1] is not None
    return cut > _MOST_CUT * (cut + whole)


def _ends(grid: _Grid) -> dict[_Slot, _Slot]:
    """The last slot of each cell, by its first."""
    ends: dict[_Slot, _Slot] = {}
    for slot, first in grid.first.items():
        ends[first] = max(ends.get(first, slot), slot)
    return ends


def _unmerged(grid: _Grid, inside: dict[_Slot, list[Glyph]]) -> _Grid:
    """The grid with cells parted that lie over several columns and hold values in each of them, for want of a line.

    What stands in the same columns over such values, their headings, is parted with them.
    """
    ends = _ends(grid)
    wide = {slot: rows_of(segments(glyphs)) for slot, glyphs in inside.items() if ends[slot][1] > slot[1]}
    parted: dict[_Slot, list[int]] = {}
    known: set[int] = set()
    for slot in sorted(wide, key=lambda slot: not _is_values(wide[slot])):
        places = [place for line in wide[slot] for place in words(line)]
        cuts = [
            column
            for column in range(slot[1] + 1, ends[slot][1] + 1)
            if (column in known or (_is_values(wide[slot]) and len(places) > len(wide[slot])))
            and any(right <= grid.xs[column] for _, right in places)
            and any(left >= grid.xs[column] for left, _ in places)
            and not any(left < grid.xs[column] < right for left, right in places)
        ]
        if cuts:
            parted[slot] = cuts
            known.update(cuts)
    if not parted:
        return grid
    first = {}
    for (row, column), (top, left) in grid.first.items():
        cuts = parted.get((top, left), [])
        first[row, column] = (top, max((cut for cut in cuts if cut <= column), default=left))
    return _Grid(grid.xs, grid.ys, first)


def _divided(grid: _Grid, inside: dict[_Slot, list[Glyph]]) -> _Grid:
    """The grid with columns parted in which the values of most lines stand in two columns or more."""
    ends = _ends(grid)
    values: dict[int, list[_Places]] = defaultdict(list)
    others: dict[int, list[_Places]] = defaultdict(list)
    for slot, glyphs in inside.items():
        if ends[slot][1] == slot[1]:
            for line in rows_of(segments(glyphs)):
                (values if _is_values([line]) else others)[slot[1]].append(words(line))
    added = {column: _gaps(found, others[column]) for column, found in values.items()}
    if not any(added.values()):
        return grid
    xs, fresh = [grid.xs[0]], {}
    for column, right in enumerate(grid.xs[1:]):
        fresh[column] = range(len(xs) - 1, len(xs) + len(added.get(column, ())))
        xs += [*added.get(column, ()), right]
    first = {}
    for (row, column), (top, left) in grid.first.items():
        parted = ends[top, left][1] == left and not any(
            piece.left < at < piece.right
            for at in added.get(left, ())
            for piece in segments(inside.get((top, left), ()))
        )
        for new in fresh[column]:
            first[row, new] = (top, new if parted else fresh[left][0])
    return _Grid(xs, grid.ys, first)


def _gaps(lines: list[_Places], others: list[_Places]) -> list[float]:
    """The middles of the gaps that lines with several values have in common, and as far as may be the others too."""
    several = [line for line in lines if len(line) > 1]
    if len(several) < 2 or 2 * len(several) < len(lines):
        return []
    middles = []
    for at in range(min(len(line) for line in several) - 1):
        low, high = max(line[at][1] for line in several), min(line[at + 1][0] for line in several)
        if low >= high:
            continue
        for line in others:
            for before, after in pairwise(line):
                if max(low, before[1]) < min(high, after[0]):
                    low, high = max(low, before[1]), min(high, after[0])
        middles.append((low + high) / 2)
    return middles


_Group = dict[_Slot, _Lines]


def _groups(cells: dict[_Slot, _Lines], ends: dict[_Slot, _Slot]) -> list[_Group]:
    """The cells of ruled rows, those together that a cell over several rows holds together."""
    groups: list[_Group] = []
    last = -1
    for slot in sorted(cells):
        if slot[0] > last:
            groups.append({})
        groups[-1][slot] = cells[slot]
        last = max(last, ends[slot][0])
    return groups


def _unstacked(group: _Group, rights: dict[_Slot, float]) -> list[dict[int, tuple[_Slot, _Lines]]]:
    """The rows of a group: as they are ruled, or as their values stand where a cell holds a stack of them."""
    rows: dict[float, dict[int, tuple[_Slot, _Lines]]] = defaultdict(dict)
    stacked = [lines for lines in group.values() if len(lines) > 1 and _is_stack(lines)]
    if not stacked:
        for slot, lines in group.items():
            rows[slot[0]][slot[1]] = (slot, lines)
        return [rows[row] for row in sorted(rows)]
    size = stacked[0][0][0].size
    values = _clusters([line[0].base for lines in group.values() if _is_values(lines) for line in lines], 0.6 * size)
    step = min((second - first for first, second in pairwise(values)), default=2 * size)
    entries = [(slot, entry) for slot, lines in group.items() for entry in _entries(lines, values, step, rights[slot])]
    middles = [(entry[0][0].base + entry[-1][0].base) / 2 for _, entry in entries]
    strangers = [at for at in middles if all(abs(at - base) > 0.5 * step for base in values)]
    bases = sorted([*values, *_clusters(strangers, 0.8 * step)])
    for (slot, entry), middle in zip(entries, middles, strict=True):
        nearest = min((abs(base - middle), base) for base in bases)[1]
        rows[nearest].setdefault(slot[1], (slot, []))[1].extend(entry)
    return [rows[row] for row in sorted(rows)]


def _entries(lines: _Lines, values: list[float], step: float, right: float) -> list[_Lines]:
    """The lines of a cell in a stacked row, those together that are one text broken over lines."""
    entries: list[_Lines] = []
    leading = min((line[0].base - before[0].base for before, line in pairwise(lines)), default=step)
    for line in lines:
        if entries and not _is_values([line]) and not HEADING.match(compose(line)):
            before = entries[-1][-1]
            gap = line[0].base - before[0].base
            is_near = gap < min(0.75 * step, 1.25 * leading)
            is_full = right - before[-1].right < first_word(line[0].glyphs) + 0.5 * line[0].size
            beside = any(abs(line[0].base - base) < 0.25 * step for base in values)
            if is_near or (is_full and not beside and gap < _TIGHT * line[0].size):
                entries[-1].append(line)
                continue
        entries.append([line])
    return entries


def _clusters(found: list[float], apart: float) -> list[float]:
    """Positions, those nearer than `apart` as the first of them."""
    clusters: list[float] = []
    for at in sorted(found):
        if not clusters or at - clusters[-1] > apart:
            clusters.append(at)
    return clusters


def _is_values(lines: _Lines) -> bool:
    return all(_VALUE.fullmatch(part) for line in lines for part in compose(line).split())


def _is_stack(lines: _Lines) -> bool:
    """Whether every line of a cell is a value of its own; a number broken in two fills its first line."""
    widest = max(line[-1].right - line[0].left for line in lines)
    full = sum(line[-1].right - line[0].left > widest - 0.2 * line[0].size for line in lines[:-1])
    digits = sum(any(char.isdigit() for char in compose(line)) for line in lines)
    return _is_values(lines) and digits >= 2 and (len(lines) > 2 or full == 0 or len(compose(lines[-1])) > 1)


def _cell(lines: _Lines, right: float) -> str:
    """The text of a cell; lines that could not hold the next word go on without a blank."""
    text = compose(lines[0])
    for before, line in pairwise(lines):
        following = compose(line)
        apart = text[-1:].isascii() and following[:1].isascii()
        if apart and text[-1:] not in "([/-" and following[:1] not in ")]/-%":
            is_full = right - before[-1].right < first_word(line[0].glyphs) + line[0].size
            both_numbers = (text[-1:].isdigit() or text[-1:] in ".,") and (
                following[:1].isdigit() or following[:1] in ".,"
            )
            if not (both_numbers and is_full):
                text += " "
        text += following
    return text
