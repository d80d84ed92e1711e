"""The statements of a workbook as columns of core.statement: what many share goes to the warehouse once.

No statement is made on the way: half a million of them would be half a gigabyte.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gongbao.extract.sheets import SheetStatements
from gongbao.extract.sheets.statements import Shared
from gongbao.grid import cell_address
from gongbao.normalise.combinations import combinations
from gongbao.personal_numbers import covered
from gongbao.warehouse import Coded, Column, Hashed, Joined

CHUNK = 4 * 122_880
"""So many statements are columns at once: whole row groups of the database, which writes several side by side."""
_ROWS, _COLUMNS = 1 << 30, 1 << 20
"""More than any sheet has."""


def sheet_columns(
    text_id: str, statements: SheetStatements, told: Mapping[str, Sequence[Any]]
) -> Iterator[dict[str, Column]]:
    """The columns of core.statement, at most `CHUNK` statements at once; `told` are those of the wordings."""
    marks, again = _again(statements)
    for first in range(0, len(statements), CHUNK):
        part = statements[first : first + CHUNK] if len(statements) > CHUNK else statements
        yield _columns(text_id, part, told, Coded(marks, again.slice(first, CHUNK)))


def _columns(
    text_id: str, statements: SheetStatements, told: Mapping[str, Sequence[Any]], again: Coded
) -> dict[str, Column]:
    wording, places, numbers = _integers(statements.wordings.codes), statements.places, statements.numbers
    sheets, cells = Coded(told["sheet"], wording), _cells(statements)
    paths = Coded([f"{path} / " if path else "" for path in told["header_path"]], wording)
    labels = Coded([covered(label) for label in statements.labels.values], _integers(statements.labels.codes))
    return {
        **{name: Coded(values, wording) for name, values in told.items()},
        "statement_id": Hashed((f"{text_id}\0", sheets, "!", *cells, again)),
        "subject": Coded([subject and covered(subject) for subject, _ in places.values], _integers(places.codes)),
        "ref_area": _coded(places, 1),
        "quote": _coded(numbers, 0),
        "value": _coded(numbers, 1),
        "header_path": Joined((paths, labels)),
        "cell": Joined(cells),
    }


def _coded(column: Shared[tuple[Any, Any]], part: int) -> Coded:
    return Coded([value[part] for value in column.values], _integers(column.codes))


def _integers(codes: array[int]) -> pa.Array:
    return pa.Array.from_buffers(pa.int32(), len(codes), [None, pa.py_buffer(codes)])


def _cells(statements: SheetStatements) -> tuple[Coded, Coded]:
    """The letters and the numbers of the addresses, as `cell_address` writes them."""
    letters = [cell_address(1, wording.column)[:-1] for wording in statements.wordings.values]
    rows = list(map(str, range(max(statements.row, default=0) + 1)))
    return Coded(letters, _integers(statements.wordings.codes)), Coded(rows, _integers(statements.row))


def _again(statements: SheetStatements) -> Coded:
    """What tells the statements of one cell apart: nothing for the first, `#2` for the second."""
    sheets: dict[str | None, int] = {}
    wordings = statements.wordings.values
    sheet = pa.array([sheets.setdefault(each.statement.sheet, len(sheets)) for each in wordings], pa.int64())
    column = pa.array([each.column for each in wordings], pa.int64())
    wording, row = _integers(statements.wordings.codes), _integers(statements.row).cast(pa.int64())
    rows = pc.add(pc.multiply(sheet.take(wording), _ROWS), row)
    places = pc.add(pc.multiply(rows, _COLUMNS), column.take(wording))
    if pc.all(pc.less(places[:-1], places[1:])).as_py() is not False:  # in reading order, as they nearly always are
        return Coded([""], pa.repeat(pa.scalar(0, pa.int8()), len(statements)))
    first, codes = combinations([places])
    counts = [0] * len(first)
    times = array("i")
    for code in codes.to_pylist():
        counts[code] += 1
        times.append(counts[code])
    return Coded(["", "", *(f"#{time}" for time in range(2, max(counts) + 1))], _integers(times))
