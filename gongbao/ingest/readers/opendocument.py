"""What calamine does not tell of an OpenDocument spreadsheet: merged cells, and how large its sheets really are.

A row or a column may be repeated by a number; a few bytes so claim a million rows. They are counted here, as they
stream by, before calamine lays them out.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_MANIFEST = "META-INF/manifest.xml"

Corners = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet's merged ranges, and whether a formula has no value.

    A range is its first and its last cell, row and column counted from 0.
    """

    merged: tuple[Corners, ...]
    lacks_values: bool


def is_opendocument(archive: zipfile.ZipFile) -> bool:
    """Whether the archive is an OpenDocument file."""
    return "content.xml" in archive.namelist()


def read_layouts(archive: zipfile.ZipFile, name: str, limits: Limits) -> dict[str, Layout]:
    """The layout of each sheet by its name. Raises `UnreadableDocument`: oversize, damaged, password_protected."""
    if _MANIFEST in archive.namelist() and b"encryption-data" in archive.read(_MANIFEST):
        raise UnreadableDocument(
            "password_protected", f"{name} is locked with a password", "save it again without a password"
        )
    with archive.open("content.xml") as content:
        try:
            return dict(_layouts(content, name, limits))
        except (etree.XMLSyntaxError, ValueError) as error:
            raise UnreadableDocument(
                "damaged",
                f"{name} is no readable workbook ({error})",
                "open it in a spreadsheet program and save it again",
            ) from None


def _layouts(content: Any, name: str, limits: Limits) -> Iterator[tuple[str, Layout]]:
    reading: _Table | None = None
    depth = 0  # a table inside a cell is no sheet
    for event, element in etree.iterparse(
        content, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    ):
        if element.tag == f"{_TABLE}table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                reading = _Table(str(element.get(f"{_TABLE}name")))
            elif depth == 0 and reading is not None:
                yield reading.name, Layout(tuple(reading.merged), reading.lacks_values)
                reading = None
        elif event == "end" and reading is not None and depth == 1:
            if element.tag in _CELLS:
                reading.take_cell(element)
            elif element.tag == f"{_TABLE}table-row":
                reading.end_row(_count(element, "number-rows-repeated"))
                element.clear()
                if reading.height * reading.width > limits.sheet_cells or reading.width > limits.sheet_columns:
                    raise UnreadableDocument(
                        "oversize",
                        f"{name}: sheet {reading.name} is {reading.height:,} rows by {reading.width:,} columns",
                        "delete the empty part",
                    )


class _Table:
    """A sheet while it streams by: `height` and `width` reach to the last filled cell."""

    def __init__(self, name: str) -> None:
        self.name, self.height, self.width = name, 0, 0
        self.merged: list[Corners] = []
        self.lacks_values = False
        self._row = self._column = self._filled = 0

    def take_cell(self, cell: Any) -> None:
        repeated = _count(cell, "number-columns-repeated")
        rows, columns = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if (rows, columns) != (1, 1):
            last = (self._row + rows - 1, self._column + columns - 1)
            self.merged.append(((self._row, self._column), last))
        self._column += repeated
        has_type = cell.get(f"{_OFFICE}value-type") is not None
        if has_type or len(cell):
            self._filled = self._column
        self.lacks_values = self.lacks_values or (not has_type and cell.get(f"{_TABLE}formula") is not None)

    def end_row(self, repeated: int) -> None:
        self._row += repeated
        if self._filled:
            self.height, self.width = self._row, max(self.width, self._filled)
        self._column = self._filled = 0


def _count(element: Any, attribute: str) -> int:
    return max(1, int(element.get(f"{_TABLE}{attribute}", "1")))
