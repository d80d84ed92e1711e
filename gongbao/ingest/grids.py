"""Grids in the warehouse: sheets to rows of `raw.cell` and back.

Only filled cells are stored, each with what it covers; `load_grid` gives back sheets equal in content and merges,
ragged rows padded. A grid's id is the sha256 of that content, so the same table saved twice is one text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import duckdb

from gongbao.extract.grid import Cell, Sheet, cell_address

_EMPTY = Cell("")


def grid_id(sheets: Sequence[Sheet]) -> str:
    """The sha256 of the grid's content: sheets, filled cells, what they cover."""
    fields = ("sheet_no", "sheet", "cell", "content", "is_number", "row_span", "column_span")
    canonical = [[row[field] for field in fields] for row in cells(sheets)]
    return hashlib.sha256(b"grid\0" + json.dumps(canonical, ensure_ascii=False).encode()).hexdigest()


def cells(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """The filled cells as rows of `raw.cell`, without their `text_id`, in reading order."""
    found = []
    for sheet_no, sheet in enumerate(sheets, start=1):
        spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet.merged}
        for row_no, row in enumerate(sheet.rows, start=1):
            for column_no, cell in enumerate(row, start=1):
                if cell.text:
                    row_span, column_span = spans.get((row_no, column_no), (1, 1))
                    found.append(
                        {
                            "sheet_no": sheet_no,
                            "sheet": sheet.name,
                            "row_no": row_no,
                            "column_no": column_no,
                            "cell": cell_address(row_no, column_no),
                            "content": cell.text,
                            "is_number": cell.is_number,
                            "row_span": row_span,
                            "column_span": column_span,
                        }
                    )
    return found


def load_grid(connection: duckdb.DuckDBPyConnection, text_id: str) -> tuple[Sheet, ...]:
    """The sheets stored under `text_id`, in the workbook's order; none where there is no such grid."""
    rows = connection.execute(
        """
        select sheet_no, sheet, row_no, column_no, content, is_number, row_span, column_span
        from raw.cell where text_id = ? order by sheet_no, row_no, column_no
        """,
        [text_id],
    ).fetchall()
    return tuple(_sheet(name, list(group)) for (_, name), group in groupby(rows, key=lambda row: (row[0], row[1])))


def _sheet(name: str, rows: Sequence[tuple[Any, ...]]) -> Sheet:
    filled = {(row_no, column_no): Cell(content, is_number) for _, _, row_no, column_no, content, is_number, *_ in rows}
    merged = tuple(
        (row_no, column_no, row_no + row_span - 1, column_no + column_span - 1)
        for _, _, row_no, column_no, _, _, row_span, column_span in rows
        if (row_span, column_span) != (1, 1)
    )
    height = max([row_no for row_no, _ in filled] + [bottom for _, _, bottom, _ in merged])
    width = max([column_no for _, column_no in filled] + [right for _, _, _, right in merged])
    grid = tuple(tuple(filled.get((r, c), _EMPTY) for c in range(1, width + 1)) for r in range(1, height + 1))
    return Sheet(name, grid, merged)
