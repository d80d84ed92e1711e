"""The statements of a workbook as columns of core.statement: what many share goes to the warehouse once.

No statement is made on the way: half a million of them would be half a gigabyte.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gongbao.extract.grid import cell_address
from gongbao.extract.sheets import SheetStatements
from gongbao.extract.sheets.statements import Shared
from gongbao.normalise.combinations import combinations
from gongbao.warehouse import Coded, Column, Hashed

CHUNK = 1 << 19
"""So many statements are columns at once."""


def sheet_columns(
    text_id: str, statements: SheetStatements, told: Mapping[str, Sequence[Any]]
) -> Iterator[dict[str, Column]]:
    """The columns of core.statement, at most `CHUNK` statements at once; `told` are those of the wordings."""
    again = _again(statements)
    for first in range(0, len(statements), CHUNK):
        part = statements[first : first + CHUNK] if len(statements) > CHUNK else statements
        yield _columns(text_id, part, told, again.slice(first, CHUNK))


def _columns(
    text_id: str, statements: SheetStatements, told: Mapping[str, Sequence[Any]], again: pa.Array
) -> dict[str, Column]:
    wording, places, numbers = _integers(statements.wordings.codes), statements.places, statements.numbers
    cells, sheets = _cells(statements), _spread(told["sheet"], wording)
    paths = _spread([f"{path} / " if path else "" for path in told["header_path"]], wording)
    labels = _spread(statements.labels.values, _integers(statements.labels.codes))
    anchors = pc.binary_join_element_wise(pc.binary_join_element_wise(sheets, cells, "!"), again, "")
    return {
        **{name: Coded(values, wording) for name, values in told.items()},
        "statement_id": Hashed(pc.binary_join_element_wise(text_id, anchors, "\0")),
        "subject": _coded(places, 0),
        "ref_area": _coded(places, 1),
        "quote": _coded(numbers, 0),
        "value": _coded(numbers, 1),
        "header_path": pc.binary_join_element_wise(paths, labels, ""),
        "cell": cells,
    }


def _coded(column: Shared[tuple[Any, Any]], part: int) -> Coded:
    return Coded([value[part] for value in column.values], _integers(column.codes))


def _spread(texts: Sequence[str | None], codes: pa.Array) -> pa.Array:
    """A column of texts, row by row."""
    return pa.array(texts, pa.string()).take(codes)


def _integers(codes: array[int]) -> pa.Array:
    return pa.Array.from_buffers(pa.int32(), len(codes), [None, pa.py_buffer(codes)])


def _cells(statements: SheetStatements) -> pa.Array:
    """The addresses, as `cell_address` writes them."""
    letters = pa.array(
        [cell_address(1, at)[:-1] for at in range(1, max(statements.column, default=0) + 1)], pa.string()
    )
    column, row = _integers(statements.column), _integers(statements.row)
    return pc.binary_join_element_wise(letters.take(pc.subtract(column, 1)), row.cast(pa.string()), "")


def _again(statements: SheetStatements) -> pa.Array:
    """What tells the statements of one cell apart: nothing for the first, `#2` for the second."""
    if not len(statements):
        return pa.array([], pa.string())
    sheets = _spread([each.sheet for each in statements.wordings.values], _integers(statements.wordings.codes))
    first, codes = combinations([sheets, _integers(statements.row), _integers(statements.column)])
    if len(first) == len(statements):
        return pa.repeat("", len(statements))
    counts = [0] * len(first)
    marks = []
    for code in codes.to_pylist():
        counts[code] += 1
        marks.append("" if counts[code] == 1 else f"#{counts[code]}")
    return pa.array(marks, pa.string())
