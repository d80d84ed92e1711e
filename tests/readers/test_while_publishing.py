"""Fifty releases are published while readers read: no error, no torn mart, a whole release for whoever asks for one.

The marts are filled by hand, with as many rows of the same lengths in each set of rows: what is of another set does
not show by its size.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path

import duckdb
import polars
import pyarrow.dataset

from gongbao.publish import Release, prune, publish
from gongbao.publish.contract import Column, Mart, marts
from gongbao.warehouse import Warehouse
from tests.readers.reading import HOLDERS, answer, hold, loop, started

PUBLISHES, SETS, KEPT = 50, 20, 3
ROWS = 60
HELD, HELD_ROWS = "coverage", 600_000
"""The mart that is held open: its readers read three of its five row groups ahead, the others long after."""
BATCH = HELD_ROWS // PUBLISHES
CHANGING = {"fact": ROWS, "place": ROWS}
LOOPS = ["pyarrow", "polars", "duckdb"]
MARTS = [mart.name for mart in marts()]


def release(warehouse: Warehouse, rows: dict[str, int], number: int) -> Release:
    """The set of rows of that number, for the marts that `rows` names, published."""
    for mart in marts():
        if mart.name in rows:
            _fill(warehouse.connection, mart, number, rows[mart.name])
    return publish(warehouse, ())


def _fill(connection: duckdb.DuckDBPyConnection, mart: Mart, number: int, rows: int) -> None:
    def value(column: Column) -> str:
        if column.name == mart.order[0]:
            return "format('{:06}', row)"
        if column.type == "VARCHAR":
            return f"md5('{number} ' || row)" if column.name in mart.key else f"'{number:02}'"
        return f"date '2024-01-01' + {number}" if column.type == "DATE" else str(number)

    columns = ", ".join(f"cast({value(column)} as {column.type}) as {column.name}" for column in mart.staged)
    connection.execute(f"create or replace table marts.{mart.name} as select {columns} from range({rows}) as t(row)")


def test_readers_are_undisturbed_by_fifty_releases(tmp_path: Path) -> None:
    with ExitStack() as stack:
        warehouse = stack.enter_context(Warehouse(tmp_path / "warehouse"))
        warehouse.connection.execute("create schema marts")
        first = release(warehouse, {**dict.fromkeys(MARTS, ROWS), HELD: HELD_ROWS}, 0)
        held = (warehouse.current / f"{HELD}.parquet").resolve()
        holders = {name: stack.enter_context(started(hold, name, held, BATCH)) for name in HOLDERS}
        read = dict.fromkeys(HOLDERS, 0)

        def read_a_batch() -> bool:
            before = sum(read.values())
            for holder in holders.values():
                holder.send(True)
            for name, holder in holders.items():
                rows, releases = answer(holder)
                assert releases <= {first.release_id}, name
                read[name] += rows
            return sum(read.values()) > before

        read_a_batch()
        published = {release(warehouse, {HELD: ROWS}, 0).release_id}
        loops = {name: stack.enter_context(started(loop, name, warehouse.current, MARTS)) for name in LOOPS}
        for each in loops.values():
            assert answer(each) == "ready"
        for number in range(PUBLISHES):
            published.add(release(warehouse, CHANGING, 1 + number % SETS).release_id)
            prune(warehouse, KEPT)
            read_a_batch()
        while read_a_batch():
            pass
        for each in loops.values():
            with suppress(BrokenPipeError):  # it has ended with an error, which is its answer
                each.send("end")
        rounds = {name: answer(each) for name, each in loops.items()}
        assert not first.path.exists()  # most of it was read after its removal
    assert read == dict.fromkeys(HOLDERS, HELD_ROWS)
    assert len(published) == 1 + SETS
    for name, seen in rounds.items():
        assert seen.torn == [], name
        assert len(seen.releases) > 1, name
        assert seen.releases <= published, name


def test_what_is_planned_over_a_resolved_folder_reads_that_release(warehouse: Warehouse) -> None:
    """Readers that plan first and read later open a file twice: under `current/` these may be two files."""
    warehouse.connection.execute("create schema marts")
    first = release(warehouse, dict.fromkeys(MARTS, ROWS), 0)
    fact = warehouse.current.resolve() / "fact.parquet"
    dataset = pyarrow.dataset.dataset(fact)
    frame = polars.scan_parquet(fact).select("release_id")
    relation = duckdb.read_parquet(str(fact)).project("release_id")
    assert release(warehouse, CHANGING, 1).release_id != first.release_id
    planned = {
        "pyarrow": dataset.to_table(["release_id"]).column(0).to_pylist(),
        "polars": frame.collect()["release_id"].to_list(),
        "duckdb": [release_id for (release_id,) in relation.fetchall()],
    }
    assert planned == dict.fromkeys(planned, [first.release_id] * ROWS)
