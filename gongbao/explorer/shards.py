"""The explorer's folder in a release: the page, and its data in files small enough to be read one at a time.

    explorer/index.html, …                             the page, see `gongbao.explorer.page`
    explorer/data/catalogue.js                         places, indicators, and which files there are
    explorer/data/league/<province>-<indicator_id>.js  figures beside their peers' and targets, in one province
    explorer/data/place/<shard>.js                     all figures of a county and its towns, or of a unit above, with
                                                       the sentences that state them
    explorer/data/province/<province>.js               discrepancies, coverage, documents with something amiss

Each is a classic script of ASCII alone, which a page opened by double click may load:

    gongbao.shard("place/371621", "<release_id>", {"fact": "<base64>", …});

and each base64 text one table as a snappy Parquet file. What the tables hold stands in sql/4_explorer/, a query each.
In them a decimal of the marts is an integer of ten-thousandths (INT64), as JavaScript has no decimals; a date is text.
All tables of a kind are in every file, without rows where there is nothing to tell.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from gongbao import project, reference
from gongbao.explorer import page

FOLDER = "explorer"
_ONE = 10_000
_BY_PROVINCE = {"league": "league/{province}-{file}", "place": "place/{file}", "province": "province/{file}"}
"""Where the files of each kind lie."""


def write(connection: duckdb.DuckDBPyConnection, release: Path, release_id: str) -> None:
    """Write the folder of the explorer into that of a release, from the staged marts.

    One province is in memory at a time.
    """
    folder = release / FOLDER
    folder.mkdir()
    for name, content in page.files().items():
        (folder / name).write_bytes(content)
    for kind in ("", *_BY_PROVINCE):
        (folder / "data" / kind).mkdir()
    connection.execute(f"create or replace temp view explorer_place as {_queries('')['place']}")
    for name, tables in _shards(connection, release_id):
        path = folder / "data" / f"{name}.js"
        path.write_text(_script(name, release_id, tables), "ascii")


def _shards(connection: duckdb.DuckDBPyConnection, release_id: str) -> Iterator[tuple[str, Mapping[str, pa.Table]]]:
    catalogue = {name: _rows(connection, query) for name, query in _queries("catalogue").items()}
    told = pa.table({"key": ["release_id", "code_version"], "value": [release_id, project.code_version()]})
    catalogue["release"] = pa.concat_tables([told, catalogue["release"]])
    catalogue["caveat"] = pa.Table.from_pylist(reference.rows("caveats.csv"))
    yield "catalogue", catalogue
    for (province,) in connection.execute(_queries("")["provinces"]).fetchall():
        for kind, place in _BY_PROVINCE.items():
            tables = {name: _rows(connection, query, province=province) for name, query in _queries(kind).items()}
            for file, parts in _by_file(tables, frozenset({province} if kind == "province" else ())):
                yield place.format(province=province, file=file), parts


def _by_file(tables: Mapping[str, pa.Table], always: frozenset[str]) -> Iterator[tuple[str, dict[str, pa.Table]]]:
    """Tables whose rows lie in the order of their column `file`, parted by it; some files are there without rows."""
    parts = {name: dict(_runs(table)) for name, table in tables.items()}
    for file in sorted(always.union(*parts.values())):
        yield (
            file,
            {name: runs.get(file, tables[name].slice(0, 0)).drop_columns(["file"]) for name, runs in parts.items()},
        )


def _runs(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    if not table.num_rows:
        return
    runs = pc.run_end_encode(table["file"].combine_chunks())
    start = 0
    for file, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        yield file, table.slice(start, end - start)
        start = end


def _rows(connection: duckdb.DuckDBPyConnection, query: str, **parameters: str) -> pa.Table:
    """What a query gives, in the types that the page reads."""
    table = connection.sql(query, params=parameters).to_arrow_table()
    return pa.table({field.name: _readable(table[field.name]) for field in table.schema})


def _readable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_decimal(column.type):
        return pc.multiply_checked(column, Decimal(_ONE)).cast(pa.int64())
    return column.cast(pa.string()) if pa.types.is_date(column.type) else column


def _script(name: str, release_id: str, tables: Mapping[str, pa.Table]) -> str:
    encoded = {table: _base64(rows) for table, rows in sorted(tables.items())}
    return f"gongbao.shard({json.dumps(name)}, {json.dumps(release_id)}, {json.dumps(encoded)});\n"


def _base64(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    parquet.write_table(
        table, sink, compression="snappy", version="1.0", store_schema=False, write_statistics=False,
        row_group_size=max(1, table.num_rows),
    )  # fmt: skip
    return base64.b64encode(sink.getvalue()).decode("ascii")


@cache
def _queries(kind: str) -> dict[str, str]:
    """The queries of one kind of file, by the name of their table."""
    paths = sorted((project.folder("sql") / "4_explorer" / kind).glob("*.sql"))
    return {path.stem: path.read_text("utf-8") for path in paths}
