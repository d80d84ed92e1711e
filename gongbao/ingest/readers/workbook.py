"""Workbooks, xlsx and xls, to sheets of cells. Runs in the parser process: a crafted file can take any parser down.

Numbers are printed with 15 significant digits, as many as Excel itself keeps: what lies beyond is noise of the
binary fraction (0.1 + 0.2). Formulas count by their cached value. Hidden sheets are left out, with a warning: they
hold drafts and old figures.
"""

from __future__ import annotations

import datetime
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine as calamine

from gongbao.errors import UnreadableDocument
from gongbao.extract.grid import Cell, Sheet
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.container import check_container

NAME = "workbook"


def read_workbook(path: Path, name: str, limits: Limits) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """The visible sheets of the workbook at `path`, in their order, and warning codes.

    Raises `UnreadableDocument`: oversize, damaged, unsafe_container, password_protected, empty.
    """
    if zipfile.is_zipfile(path):
        check_container(path, name, limits)
    try:
        with path.open("rb") as handle, calamine.CalamineWorkbook.from_filelike(handle) as workbook:
            sheets, hidden = _visible_sheets(workbook, name, limits)
    except calamine.PasswordError:
        raise _password(name) from None
    except calamine.CalamineError as error:
        if _locked_biff(path):
            raise _password(name) from None
        raise UnreadableDocument(
            "damaged", f"{name} is no readable workbook ({error})", "open it in a spreadsheet program and save it again"
        ) from None
    if not any(cell.text for sheet in sheets for row in sheet.rows for cell in row):
        raise UnreadableDocument("empty", f"{name} has no filled cell on a visible sheet", "send the filled workbook")
    return sheets, ("hidden_sheet",) if hidden else ()


def _visible_sheets(
    workbook: calamine.CalamineWorkbook, name: str, limits: Limits
) -> tuple[tuple[Sheet, ...], list[str]]:
    sheets, hidden = [], []
    for metadata in workbook.sheets_metadata:
        if metadata.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        if metadata.visible != calamine.SheetVisibleEnum.Visible:
            hidden.append(metadata.name)
            continue
        sheets.append(_sheet(workbook.get_sheet_by_name(metadata.name), name, limits))
    return tuple(sheets), hidden


def _sheet(sheet: calamine.CalamineSheet, name: str, limits: Limits) -> Sheet:
    if sheet.end is None:
        return Sheet(sheet.name, ())
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height * width > limits.sheet_cells or width > limits.sheet_columns:
        raise UnreadableDocument(
            "oversize", f"{name}: sheet {sheet.name} is {height:,} rows by {width:,} columns", "delete the empty part"
        )
    rows = tuple(tuple(_cell(value) for value in row) for row in sheet.to_python(skip_empty_area=False))
    merged = tuple(
        (top + 1, left + 1, min(bottom + 1, height), min(right + 1, width))
        for (top, left), (bottom, right) in sorted(sheet.merged_cell_ranges or ())
        if top < height and left < width and (top, left) != (bottom, right)
    )
    return Sheet(sheet.name, rows, merged)


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return Cell(value)
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return Cell(print_number(value), is_number=True)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return Cell(value.date().isoformat())
    if isinstance(value, datetime.timedelta):
        return Cell(str(value))
    return Cell(value.isoformat())


def print_number(value: float) -> str:
    """A stored number as digits, without exponent and trailing zeros: `5533.0` → `5533`."""
    text = format(Decimal(format(value, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _locked_biff(path: Path) -> bool:
    """Whether an xls's workbook stream begins with a FILEPASS record (0x002F) soon after its first record."""
    head = path.read_bytes()
    start = head.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")  # BOF of BIFF8, workbook globals
    return start >= 0 and b"\x2f\x00\x36\x00" in head[start : start + 256]


def _password(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        "password_protected",
        f"{name} is locked (with Excel's built-in key, or a password)",
        "save it as .xlsx unlocked",
    )
