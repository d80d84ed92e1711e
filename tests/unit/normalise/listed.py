"""Columns as lists: what the warehouse makes of them, without one."""

from __future__ import annotations

import hashlib
from itertools import cycle
from typing import Any

import pyarrow as pa

from gongbao.warehouse import Coded, Hashed, Joined


def listed(column: Any) -> list[Any]:
    """The values of a column, row by row; tests/unit/test_warehouse.py tells that DuckDB makes the same of it."""
    if isinstance(column, Coded):
        return [column.values[code] for code in column.codes.to_pylist()]
    if isinstance(column, Joined | Hashed):
        parts = [cycle([part]) if isinstance(part, str) else listed(part) for part in column.parts]
        joined = ["".join(part or "" for part in row) for row in zip(*parts, strict=False)]
        if isinstance(column, Joined):
            return [text or None for text in joined]
        return [hashlib.sha256(text.encode()).hexdigest()[:24] for text in joined]
    return column.to_pylist() if isinstance(column, pa.Array) else list(column)
