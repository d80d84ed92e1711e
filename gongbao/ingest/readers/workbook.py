"""Workbooks, xlsx, xls and ods, to sheets of cells. Runs in the parser process: a crafted file can fell any parser.

Numbers are printed with 15 significant digits, as many as Excel itself keeps: what lies beyond is noise of the
binary fraction (0.1 + 0.2). Formulas count by their cached value. Hidden sheets are left out, with a warning: they
hold drafts and old figures. So are sheets of macros, of which many old workbooks hold a virus: nothing is run here.

Warnings: hidden_sheet, macro_sheet, formula_without_value, formula_error (#DIV/0!, which is no figure), external_link
(a formula that reads another workbook: its cached value counts), dimension_mismatch (the sheet declares another extent
than it has; all of it is read), number_as_text (5,210 stored as text), many_sheets.
"""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine as calamine

from gongbao.errors import UnreadableDocument
from gongbao.grid import PackedRows, Sheet, packed_rows
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.container import opened
from gongbao.ingest.readers.formulas import without_figures
from gongbao.ingest.readers.locked import unlocked
from gongbao.ingest.readers.opendocument import Corners, Layout, is_opendocument, read_layouts
from gongbao.ingest.readers.workbook_parts import declared_extents, links_elsewhere
from gongbao.ingest.sniff import sniff

NAME = "workbook"

_KEPT = frozenset((str, float, int))  # True is equal to 1
_GROUPED = re.compile(r"\s*-?\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,20})?\s*")
_MANY_SHEETS = 100
_UNLOCKED = "save it again without a password"


def read_workbook(path: Path, name: str, limits: Limits) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """The visible sheets of the workbook at `path`, in their order, and warning codes.

    Raises `UnreadableDocument`: oversize, damaged, unsafe_container, password_protected, macros, unsupported_format,
    empty.
    """
    data = path.read_bytes()
    try:
        return _read(data, name, limits)
    except calamine.CalamineError as error:
        unlocked_data = unlocked(data, name)
        if unlocked_data is None:
            raise _damaged(name, error) from None
    # What was inside may be anything.
    if (found := sniff(unlocked_data, name)).format != "workbook":
        raise UnreadableDocument("unsupported_format", f"{name} is a locked file of {found.media_type}", _UNLOCKED)
    try:
        return _read(unlocked_data, name, limits)
    except calamine.CalamineError as error:
        raise _damaged(name, error) from None


def _read(data: bytes, name: str, limits: Limits) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """The sheets and warning codes of a workbook that is not locked. Raises `CalamineError` where it is."""
    layouts: dict[str, Layout] = {}
    extents: dict[str, tuple[int, int]] = {}
    lacking = failed = linked = False
    if zipfile.is_zipfile(io.BytesIO(data)):
        with opened(io.BytesIO(data), name, limits) as archive:
            if is_opendocument(archive):
                layouts = read_layouts(archive, name, limits)
                lacking = any(layout.lacks_values for layout in layouts.values())
            else:
                lacking, failed = without_figures(archive)
                linked = links_elsewhere(archive)
                extents = declared_extents(archive)
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        sheets, left_out = _visible_sheets(workbook, layouts, name, limits)
    if not any(sheet.is_filled for sheet in sheets):
        raise _without_cells(name, left_out)
    texts = {text for sheet in sheets for text in packed_rows(sheet).texts}
    odd = {
        "formula_without_value": lacking,
        "formula_error": failed,
        "external_link": linked,
        "dimension_mismatch": any(_differs(sheet, extents.get(sheet.name), limits) for sheet in sheets),
        "number_as_text": any(map(_GROUPED.fullmatch, texts)),
        "many_sheets": len(sheets) > _MANY_SHEETS,
    }
    warnings = [code for code, is_so in odd.items() if is_so]
    return sheets, tuple(dict.fromkeys((*warnings, *(code for code in left_out if code != "chart_sheet"))))


def _differs(sheet: Sheet, declared: tuple[int, int] | None, limits: Limits) -> bool:
    """Whether a sheet says that it is smaller than it is, or larger than any that is let in."""
    if declared is None:
        return False
    rows, columns = declared
    codes = packed_rows(sheet).codes
    is_beyond = len(codes) > rows or max(map(len, codes), default=0) > columns
    return is_beyond or rows * columns > limits.sheet_cells


def _visible_sheets(
    workbook: calamine.CalamineWorkbook, layouts: Mapping[str, Layout], name: str, limits: Limits
) -> tuple[tuple[Sheet, ...], list[str]]:
    """The visible sheets of cells, and a code for each of the others."""
    sheets, left_out = [], []
    for metadata in workbook.sheets_metadata:
        if metadata.typ in (calamine.SheetTypeEnum.MacroSheet, calamine.SheetTypeEnum.Vba):
            left_out.append("macro_sheet")
        elif metadata.typ != calamine.SheetTypeEnum.WorkSheet:
            left_out.append("chart_sheet")
        elif metadata.visible != calamine.SheetVisibleEnum.Visible:
            left_out.append("hidden_sheet")
        else:
            sheet = workbook.get_sheet_by_name(metadata.name)
            layout = layouts.get(metadata.name)
            sheets.append(_sheet(sheet, layout.merged if layout else sheet.merged_cell_ranges or (), name, limits))
    return tuple(sheets), left_out


def _damaged(name: str, error: calamine.CalamineError) -> UnreadableDocument:
    return UnreadableDocument(
        "damaged", f"{name} is no readable workbook ({error})", "open it in a spreadsheet program and save it again"
    )


def _without_cells(name: str, left_out: Sequence[str]) -> UnreadableDocument:
    if "macro_sheet" in left_out:
        return UnreadableDocument("macros", f"{name} holds macros and no filled cell", "send the tables as .xlsx")
    if "chart_sheet" in left_out:
        what, remedy = "holds charts and no filled cell", "send the tables that the charts were drawn from"
    elif "hidden_sheet" in left_out:
        what, remedy = "has no filled cell on a visible sheet", "show the sheets that count, then save it again"
    else:
        what, remedy = "has no filled cell", "send the filled workbook"
    return UnreadableDocument("empty", f"{name} {what}", remedy)


def _sheet(sheet: calamine.CalamineSheet, merged: Sequence[Corners], name: str, limits: Limits) -> Sheet:
    if sheet.end is None:
        return Sheet(sheet.name, ())
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height * width > limits.sheet_cells or width > limits.sheet_columns:
        raise UnreadableDocument(
            "oversize", f"{name}: sheet {sheet.name} is {height:,} rows by {width:,} columns", "delete the empty part"
        )
    codes = _Codes()
    rows = [codes.row(row) for row in sheet.to_python(skip_empty_area=False)]
    return Sheet(sheet.name, codes.packed(rows), tuple(_within(sorted(merged), height, width)))


def _within(merged: Sequence[Corners], height: int, width: int) -> Iterator[tuple[int, int, int, int]]:
    """Ranges counted from 1, cut off where the filled part of the sheet ends."""
    for (top, left), (bottom, right) in merged:
        if top < height and left < width and (top, left) != (bottom, right):
            yield top + 1, left + 1, min(bottom + 1, height), min(right + 1, width)


class _Codes(dict[Any, int]):
    """The codes of texts and numbers as `PackedRows` has them, by what calamine gives: equal cells have one code."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[str, int] = {}
        self._numbers: dict[str, int] = {}

    def row(self, values: Sequence[Any]) -> list[int]:
        """The codes of a row as calamine gives it."""
        if _KEPT.issuperset(map(type, values)):
            return list(map(self.__getitem__, values))
        return [self[value] if type(value) in _KEPT else self._text(_printed(value)) for value in values]

    def packed(self, rows: list[list[int]]) -> PackedRows:
        """The rows of codes with what they stand for."""
        return PackedRows(list(self._texts), list(self._numbers), rows)

    def __missing__(self, value: Any) -> int:
        if value == 0:  # 0.0 and -0.0 are equal, and printed apart
            return self._number("0" if math.copysign(1, value) > 0 else print_number(value))
        code = self[value] = self._text(value) if isinstance(value, str) else self._number(print_number(value))
        return code

    def _text(self, text: str) -> int:
        return self._texts.setdefault(text, len(self._texts))

    def _number(self, text: str) -> int:
        return ~self._numbers.setdefault(text, len(self._numbers))


def _printed(value: Any) -> str:
    """What calamine gives besides texts and numbers, as text."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value) if isinstance(value, datetime.timedelta) else str(value.isoformat())


def print_number(value: float) -> str:
    """A stored number as digits, without exponent and trailing zeros: `5533.0` → `5533`."""
    text = format(value, ".15g")
    if "e" not in text and "n" not in text:  # no exponent, no nan, no inf
        return text
    text = format(Decimal(text), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
