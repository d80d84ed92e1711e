"""Grids in the warehouse: sheets to the rows of `raw.cell`, as columns, and back.

Only filled cells are stored, each with what it covers; `load_grid` gives back sheets equal in content and merges,
short rows padded. The cells of a ragged row cover no column (`column_span` 0): nobody can tell which. A grid's id is
the sha256 of that content, so the same table saved twice is one text.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from itertools import accumulate, chain
from json.encoder import encode_basestring

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from gongbao import memory
from gongbao.grid import PackedRows, Sheet, cell_address, pack

_CHUNK = 1 << 16  # rows whose texts are laid out at once
_COLUMNS = 1 << 20  # more than any sheet has
_NO_TEXT = pa.scalar(None, pa.string())
_NO_COLUMN = pa.scalar(0, pa.int32())
_NAMED = pa.dictionary(pa.int32(), pa.string())
_SCHEMA = pa.schema(
    {
        "sheet_no": pa.int32(),
        "sheet": _NAMED,
        "row_no": pa.int32(),
        "column_no": pa.int32(),
        "cell": pa.string(),
        "content": _NAMED,
        "is_number": pa.bool_(),
        "row_span": pa.int32(),
        "column_span": pa.int32(),
    }
)


def cell_columns(sheets: Sequence[Sheet]) -> pa.Table:
    """The filled cells in reading order: the columns of `raw.cell` but `text_id`, a chunk for each sheet."""
    batches = [_batch(sheet_no, sheet) for sheet_no, sheet in enumerate(sheets, start=1)]
    return pa.Table.from_batches([batch for batch in batches if batch.num_rows], _SCHEMA)


def grid_id(cells: pa.Table) -> str:
    """The sha256 of a grid's content, of its `cell_columns`: sheets, filled cells, what they cover.

    What is hashed is `grid`, NUL, and the JSON of `[[sheet_no, sheet, cell, content, is_number, row_span,
    column_span], …]`: warehouses hold such ids.
    """
    digest = hashlib.sha256(b"grid\0[")
    is_first = True
    for sheet in cells.to_batches():
        names, contents = (_quoted(sheet.column(column).dictionary) for column in ("sheet", "content"))
        for start in range(0, sheet.num_rows, _CHUNK):
            chunk = sheet.slice(start, _CHUNK)
            listed = pc.binary_join_element_wise(
                pc.binary_join_element_wise(", [", _printed(chunk.column("sheet_no")), ""),
                names.take(chunk.column("sheet").indices),
                pc.binary_join_element_wise('"', chunk.column("cell"), '"', ""),
                contents.take(chunk.column("content").indices),
                pc.if_else(chunk.column("is_number"), "true", "false"),
                _printed(chunk.column("row_span")),
                pc.binary_join_element_wise(_printed(chunk.column("column_span")), "]", ""),
                ", ",
            )
            written = _bytes(listed)
            digest.update(written[len(", ") :] if is_first else written)
            is_first = False
    digest.update(b"]")
    return digest.hexdigest()


def _bytes(texts: pa.Array) -> memoryview:
    """The texts one behind another: Arrow keeps them so."""
    _, offsets, data = texts.buffers()
    first, last = (memoryview(offsets).cast("i")[at] for at in (texts.offset, texts.offset + len(texts)))
    return memoryview(data)[first:last]


def insert_cells(connection: duckdb.DuckDBPyConnection, grids: Sequence[tuple[str, pa.Table]]) -> None:
    """Insert grids into `raw.cell`: the id and the `cell_columns` of each."""
    tables = [cells.append_column(pa.field("text_id", _NAMED), _same(text_id, cells)) for text_id, cells in grids]
    if not tables:
        return
    connection.register("_cells", pa.concat_tables(tables))
    try:
        connection.execute("insert into raw.cell by name select * from _cells")
    finally:
        connection.unregister("_cells")
    memory.give_back()


def load_grid(connection: duckdb.DuckDBPyConnection, text_id: str) -> tuple[Sheet, ...]:
    """The sheets stored under `text_id`, in the workbook's order; none where there is no such grid."""
    connection.complete()  # what was executed before and not fetched to its end
    found: pa.Table = connection.sql(
        """
        select sheet_no, sheet, row_no, column_no, content, is_number, row_span, column_span
        from raw.cell where text_id = ?
        """,
        params=[text_id],
    ).to_arrow_table()
    sheets = []
    for sheet_no in sorted(pc.unique(found.column("sheet_no")).to_pylist()):
        cells = found.filter(pc.equal(found.column("sheet_no"), sheet_no))
        sheets.append(_sheet(cells.column("sheet")[0].as_py(), cells))
        del cells
    del found
    memory.give_back()
    return tuple(sheets)


def _batch(sheet_no: int, sheet: Sheet) -> pa.RecordBatch:
    _, texts, numbers, rows, _, ragged = pack(sheet)
    contents = [*texts, *reversed(numbers)]
    codes = pa.array(list(chain.from_iterable(rows)), pa.int32())
    begins = pa.array(list(accumulate(map(len, rows), initial=0)), pa.int32())
    row = pc.list_parent_indices(pa.ListArray.from_arrays(begins, codes)).cast(pa.int32())
    column = pc.subtract(pa.array(range(len(codes)), pa.int32()), begins.take(row))
    is_number = pc.less(codes, 0)
    codes = pc.if_else(is_number, pc.add(codes, len(contents)), codes)
    is_filled = pa.array([bool(text) for text in contents], pa.bool_()).take(codes)
    codes, is_number, row, column = (each.filter(is_filled) for each in (codes, is_number, row, column))
    letters = pa.array([cell_address(1, at)[:-1] for at in range(1, max(map(len, rows), default=0) + 1)], pa.string())
    row_no, column_no = pc.add(row, 1), pc.add(column, 1)
    row_spans, column_spans = _spans(sheet, row_no, column_no)
    if ragged:
        column_spans = pc.if_else(pc.is_in(row_no, pa.array(ragged, pa.int32())), _NO_COLUMN, column_spans)
    return pa.RecordBatch.from_arrays(
        [
            pa.repeat(pa.scalar(sheet_no, pa.int32()), len(codes)),
            _repeated(sheet.name, len(codes)),
            row_no,
            column_no,
            pc.binary_join_element_wise(letters.take(column), _printed(row_no), ""),
            pa.DictionaryArray.from_arrays(codes.cast(pa.int32()), pa.array(contents, pa.string())),
            is_number,
            row_spans,
            column_spans,
        ],
        schema=_SCHEMA,
    )


def _spans(sheet: Sheet, row_no: pa.Array, column_no: pa.Array) -> tuple[pa.Array, pa.Array]:
    """How many rows and columns each cell covers."""
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet.merged}
    begins = pa.array([top * _COLUMNS + left for top, left in spans], pa.int64())
    at = pc.index_in(pc.add(pc.multiply(row_no.cast(pa.int64()), _COLUMNS), column_no.cast(pa.int64())), begins)
    heights = pa.array([height for height, _ in spans.values()], pa.int32())
    widths = pa.array([width for _, width in spans.values()], pa.int32())
    return heights.take(at).fill_null(1), widths.take(at).fill_null(1)


def _same(value: str, cells: pa.Table) -> pa.ChunkedArray:
    """The value in all rows, in the chunks of the others."""
    chunks = [_repeated(value, batch.num_rows) for batch in cells.to_batches()]
    return pa.chunked_array(chunks, type=_NAMED)


def _repeated(value: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), count), pa.array([value], pa.string()))


def _quoted(texts: pa.Array) -> pa.Array:
    return pa.array(list(map(encode_basestring, texts.to_pylist())), pa.string())


def _printed(numbers: pa.Array) -> pa.Array:
    return numbers.cast(pa.string())


def _sheet(name: str, cells: pa.Table) -> Sheet:
    row_no, column_no, row_span, column_span = (
        cells.column(each) for each in ("row_no", "column_no", "row_span", "column_span")
    )
    ragged = pc.unique(row_no.filter(pc.equal(column_span, _NO_COLUMN))).to_pylist()
    column_span = pc.max_element_wise(column_span, 1)
    last_row, last_column = (
        pc.subtract(pc.add(at, span), 1) for at, span in ((row_no, row_span), (column_no, column_span))
    )
    height, width = pc.max(last_row).as_py(), pc.max(last_column).as_py()
    is_merged = pc.or_(pc.greater(row_span, 1), pc.greater(column_span, 1))
    merged = [each.filter(is_merged).to_pylist() for each in (row_no, column_no, last_row, last_column)]
    content, is_number = (cells.column(name).combine_chunks() for name in ("content", "is_number"))
    texts = pc.if_else(is_number, _NO_TEXT, content).dictionary_encode()
    numbers = pc.if_else(is_number, content, _NO_TEXT).dictionary_encode()
    codes = pc.if_else(is_number, pc.subtract(-1, numbers.indices), pc.add(texts.indices, 1))
    places = pc.add(pc.multiply(pc.subtract(row_no, 1), width), pc.subtract(column_no, 1))
    grid = array("i", bytes(4 * height * width))
    for place, code in zip(places.to_pylist(), codes.to_pylist(), strict=True):
        grid[place] = code
    rows = [grid[start : start + width] for start in range(0, height * width, width)]
    return Sheet(
        name,
        PackedRows(["", *texts.dictionary.to_pylist()], numbers.dictionary.to_pylist(), rows),
        tuple(zip(*merged, strict=True)),
        tuple(sorted(ragged)),
    )
