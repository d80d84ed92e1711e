"""Workbooks that are web pages: tables named .xls by the program that wrote them, and Excel's own exports.

A sheet for each data table: the innermost tables of two rows and two columns or more. What lays out the page around
them is unfolded. Lines of text and small tables (a title, a unit, notes) stand as rows above the table that follows
them, and below the last: as Excel shows such a page. Runs in the parser process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree, html

from gongbao.errors import UnreadableDocument
from gongbao.grid import Cell, Sheet
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.html_charset import decode_page
from gongbao.ingest.readers.html_lines import PAGE_CHARACTERS
from gongbao.ingest.readers.workbook import print_number

NAME = "html_workbook"

_MOST_COLUMNS_SPANNED = 1_000  # what browsers take
_UNSHOWN = frozenset(
    ("script", "style", "head", "title", "template", "select", "option", "noscript", "xml", "svg", "math", "object")
)
_BLOCKS = frozenset(
    (
        *("html", "body", "div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "center"),
        *("form", "section", "article", "header", "footer", "pre", "hr", "blockquote", "caption", "address"),
    )
)
_ROW_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|mso-hide\s{0,3}:\s{0,3}all", re.I)
_SPILLS = re.compile(r"mso-ignore\s{0,3}:\s{0,3}colspan", re.I)
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_NAMES = re.compile(r"<x:ExcelWorksheet>\s{0,20}<x:Name>([^<>]{1,100})</x:Name>", re.I)
_LINKED_SHEETS = re.compile(r"<x:WorksheetSource\b|<frameset\b", re.I)
_EMPTY = Cell("")


@dataclass(slots=True)
class _Grid:
    """A table laid out: the filled cells of each row by their column, and merged ranges counted from 0."""

    rows: list[dict[int, Cell]] = field(default_factory=list)
    width: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def is_data(self) -> bool:
        """Whether two rows and two columns or more are filled."""
        columns = {column for row in self.rows for column in row}
        return len(columns) > 1 and sum(bool(row) for row in self.rows) > 1


def read_html_workbook(
    data: bytes, name: str, limits: Limits, charset: str | None = None
) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """The sheets of the page's bytes, none where it holds no data table, and warning codes.

    Raises `UnreadableDocument`: those of `decode_page`, oversize, damaged, empty (its sheets are other files).
    """
    source = decode_page(data, name, charset)
    if len(source.content) > PAGE_CHARACTERS:
        raise UnreadableDocument("oversize", f"{name} is a page of over {PAGE_CHARACTERS:,} characters", "split it")
    page = _parsed(source.content, name)
    reading = _Reading(name, limits)
    parts = _gathered(reading.parts(page))
    if not parts and _LINKED_SHEETS.search(source.content):
        raise UnreadableDocument(
            "empty", f"{name} is only the frame of a workbook: its sheets are files beside it", "save it as .xlsx"
        )
    names = _NAMES.findall(source.content)
    if len(names) != len(parts):
        names = [f"表{number}" for number in range(1, len(parts) + 1)]
    sheets = tuple(_sheet(sheet_name, grids, name, limits) for sheet_name, grids in zip(names, parts, strict=True))
    hidden = ("hidden_text",) if reading.hides_text else ()
    return sheets, (*source.warnings, *hidden)


def _parsed(source: str, name: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(source.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableDocument(
            "damaged", f"{name} is no readable page ({error})", "open it in a spreadsheet program, save it as .xlsx"
        ) from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):  # what is deeper was left out
        raise UnreadableDocument("oversize", f"{name} has tags too deep inside each other", "save it as .xlsx")
    return page


def _gathered(parts: Iterator[_Grid]) -> list[list[_Grid]]:
    """The grids of each sheet: one of data, those before it, and after the last also those that follow."""
    sheets: list[list[_Grid]] = []
    waiting: list[_Grid] = []
    for grid in parts:
        waiting.append(grid)
        if grid.is_data():
            sheets.append(waiting)
            waiting = []
    if sheets:
        sheets[-1].extend(waiting)
    return sheets


def _sheet(sheet_name: str, grids: Sequence[_Grid], name: str, limits: Limits) -> Sheet:
    height, width = sum(len(grid.rows) for grid in grids), max(grid.width for grid in grids)
    if height * width > limits.sheet_cells or width > limits.sheet_columns:
        raise UnreadableDocument(
            "oversize", f"{name}: a table is {height:,} rows by {width:,} columns", "split the table"
        )
    rows: list[tuple[Cell, ...]] = []
    merged = []
    for grid in grids:
        first, last = len(rows) + 1, len(rows) + len(grid.rows)
        rows.extend(tuple(row.get(column, _EMPTY) for column in range(width)) for row in grid.rows)
        for top, left, bottom, right in grid.merged:
            covered = (first + top, left + 1, min(first + bottom, last), right + 1)
            if covered[:2] != covered[2:]:
                merged.append(covered)
    return Sheet(sheet_name, tuple(rows), tuple(sorted(merged)))


class _Reading:
    """One page: its lines of text and its tables, as grids in their order."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._limits = name, limits
        self.hides_text = False

    def parts(self, element: Any) -> Iterator[_Grid]:
        """A grid for each table, and one of a single cell for each line of text outside them."""
        line: list[str] = []
        yield from self._parts(element, line)
        yield from _line(line)

    def _parts(self, element: Any, line: list[str]) -> Iterator[_Grid]:
        """The parts inside an element; `line` holds the text since the last of them."""
        if self._is_unshown(element):
            return
        if element.tag == "table":
            yield from _line(line)
            yield from self._table(element)
            return
        is_block = element.tag in _BLOCKS
        if is_block or element.tag == "br":
            yield from _line(line)
        yield from self._inside(element, line)
        if is_block:
            yield from _line(line)

    def _inside(self, element: Any, line: list[str]) -> Iterator[_Grid]:
        line.append(element.text or "")
        for child in element:
            yield from self._parts(child, line)
            line.append(child.tail or "")

    def _table(self, table: Any) -> Iterator[_Grid]:
        if any(self._laid_out(inner).is_data() for inner in table.iterdescendants("table") if not _holds_table(inner)):
            for row in _rows(table):
                for cell in row:
                    if cell.tag in ("td", "th"):
                        line: list[str] = []
                        yield from self._inside(cell, line)
                        yield from _line(line)
            return
        for caption in table.iterchildren("caption"):
            yield from self.parts(caption)
        grid = self._laid_out(table)
        if grid.rows:
            yield grid

    def _laid_out(self, table: Any) -> _Grid:
        """The table's cells in their places, as a browser lays them out."""
        grid = _Grid()
        taken: list[int] = []  # how many more rows of each column a cell from above covers
        for at, row in enumerate(_rows(table)):
            cells: dict[int, Cell] = {}
            column = 0
            is_hidden = self._is_unshown(row)
            for element in row:
                if element.tag not in ("td", "th"):
                    continue
                while column < len(taken) and taken[column]:
                    column += 1
                columns, rows = _spans(element)
                taken.extend([0] * (column + columns - len(taken)))
                taken[column : column + columns] = [rows] * columns
                if not is_hidden and not self._is_unshown(element) and (cell := self._cell(element)).text:
                    cells[column] = cell
                    if (columns > 1 and not _SPILLS.search(element.get("style", ""))) or rows > 1:
                        grid.merged.append((at, column, at + rows - 1, column + columns - 1))
                column += columns
            taken = [max(0, left - 1) for left in taken]
            grid.rows.append(cells)
            grid.width = max(grid.width, len(taken))
            if grid.width > self._limits.sheet_columns or grid.width * len(grid.rows) > self._limits.sheet_cells:
                raise UnreadableDocument(
                    "oversize",
                    f"{self._name}: a table is {len(grid.rows):,} rows by {grid.width:,} columns",
                    "split the table",
                )
        while grid.rows and not grid.rows[-1]:
            grid.rows.pop()
        return grid

    def _cell(self, element: Any) -> Cell:
        pieces: list[str] = []
        self._gather(element, pieces)
        lines = (_plain("".join(piece)) for piece in "".join(pieces).split("\0"))
        text = "\n".join(line for line in lines if line)
        stored = element.get("x:num")
        if stored is None:
            return Cell(text)
        try:  # Excel states the number where the printed one is rounded
            return Cell(print_number(float(stored or text.replace(",", ""))), is_number=True)
        except ValueError:
            return Cell(text)

    def _gather(self, element: Any, pieces: list[str]) -> None:
        """The element's text; NUL, which no page holds, where a line ends."""
        ends_line = element.tag in _BLOCKS or element.tag in ("br", "tr")
        pieces.append(("\0" if ends_line else "") + (element.text or ""))
        for child in element:
            if not self._is_unshown(child):
                self._gather(child, pieces)
            pieces.append(child.tail or "")
        if ends_line:
            pieces.append("\0")

    def _is_unshown(self, element: Any) -> bool:
        if element.tag in _UNSHOWN:
            return True
        if not _HIDDEN.search(element.get("style", "")):
            return False
        self.hides_text = self.hides_text or bool("".join(element.itertext()).strip())
        return True


def _line(line: list[str]) -> Iterator[_Grid]:
    """The text gathered, as a grid of one cell where there is any; nothing is left in `line`."""
    text = _plain("".join(line))
    line.clear()
    if text:
        yield _Grid([{0: Cell(text)}], 1)


def _plain(text: str) -> str:
    """Source line ends mean nothing, no-break spaces are blanks; what indents a label stays."""
    spaced = _BLANKS.sub(" ", text).strip(" ").replace("\xa0", " ").rstrip()
    return spaced if spaced.strip() else ""


def _rows(table: Any) -> Iterator[Any]:
    """The rows of this table, not of tables inside it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from child.iterchildren("tr")


def _holds_table(table: Any) -> bool:
    return next(table.iterdescendants("table"), None) is not None


def _spans(cell: Any) -> tuple[int, int]:
    """How many columns and rows a cell covers."""
    return min(_number(cell.get("colspan")), _MOST_COLUMNS_SPANNED), min(_number(cell.get("rowspan")), 65_534)


def _number(attribute: str | None) -> int:
    stated = (attribute or "").strip()[:9]  # no span is longer, and Python reads no number of 5,000 digits
    return max(1, int(stated)) if stated.isdecimal() else 1
