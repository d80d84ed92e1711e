"""The straight lines drawn on a page, as edges of tables: strokes, outlines, and filled boxes thin enough to be lines.

Coordinates are those of `pdf_glyphs`: points from the upper left corner of the page in its reading direction.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongbao.ingest.readers.pdf_glyphs import DEEPEST_FORM, Leaf, turn

# A page with more is a drawing or a map, not a table: its lines are left alone.
_MOST_POINTS = 50_000
_STRAIGHT = 1.0
_SHORTEST = 4.0


@dataclass(frozen=True, slots=True)
class Edge:
    """A line along x (`across`) or y at `at`, from `start` to `end`."""

    across: bool
    at: float
    start: float
    end: float


Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_edges(page: pdfium.PdfPage, leaf: Leaf) -> list[Edge]:
    """The edges on a page as they lie to the text of `leaf`; none where the page has more than a table would."""
    found: list[Edge] = []
    points = 0
    for path, matrix in _paths(page):
        count = raw.FPDFPath_CountSegments(path)
        points += count
        if points > _MOST_POINTS:
            return []
        for one, two in _of_path(path, count, matrix):
            (x0, y0), (x1, y1) = turn(leaf.quarter, *one), turn(leaf.quarter, *two)
            x0, x1, y0, y1 = x0 - leaf.left, x1 - leaf.left, y0 - leaf.top, y1 - leaf.top
            if abs(y0 - y1) <= _STRAIGHT and abs(x0 - x1) >= _SHORTEST:
                found.append(Edge(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x0 - x1) <= _STRAIGHT and abs(y0 - y1) >= _SHORTEST:
                found.append(Edge(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return found


Point = tuple[float, float]


def _paths(page: pdfium.PdfPage) -> Iterator[tuple[Any, Matrix]]:
    """The paths of a page and of the forms on it, each with the matrix that lays it on the page."""
    handle = page.raw
    waiting = [(raw.FPDFPage_GetObject(handle, at), _IDENTITY, 0) for at in range(raw.FPDFPage_CountObjects(handle))]
    for thing, outer, depth in waiting:
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield thing, _times(_matrix(thing), outer)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
            inner, count = _times(_matrix(thing), outer), raw.FPDFFormObj_CountObjects(thing)
            waiting.extend((raw.FPDFFormObj_GetObject(thing, at), inner, depth + 1) for at in range(count))


def _of_path(path: Any, count: int, matrix: Matrix) -> Iterator[tuple[Point, Point]]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if count < 2 or not (fill.value or stroke.value):
        return
    points, curved = _points(path, count, matrix)
    if curved:
        return
    for corners in points:
        if len(corners) < 2:
            continue
        xs, ys = [point[0] for point in corners], [point[1] for point in corners]
        width, height = max(xs) - min(xs), max(ys) - min(ys)
        if len(corners) >= 4 and min(width, height) <= 3.0:  # a thin filled box is a line
            x, y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
            if width >= height:
                yield (min(xs), y), (max(xs), y)
            else:
                yield (x, min(ys)), (x, max(ys))
            continue
        yield from pairwise(corners)


def _points(path: Any, count: int, matrix: Matrix) -> tuple[list[list[Point]], bool]:
    """The corners of each part of the path, closed parts ending where they began; and whether any of it is curved."""
    parts: list[list[Point]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return [], True
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix[0] * x.value + matrix[2] * y.value + matrix[4],
            matrix[1] * x.value + matrix[3] * y.value + matrix[5],
        )
        if kind == raw.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([point])
        else:
            parts[-1].append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            parts[-1].append(parts[-1][0])
    return parts, False


def _matrix(thing: Any) -> Matrix:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
