"""One file a relation: the order is what the queries read, whatever the files are called."""

from __future__ import annotations

from graphlib import CycleError
from pathlib import Path

import duckdb
import pytest

from gongbao.relations import build, create, read_relations, upstream


@pytest.fixture
def sql(tmp_path: Path) -> Path:
    for folder in ("1_raw", "2_core", "3_marts"):
        (tmp_path / folder).mkdir()
    return tmp_path


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    opened.execute("create schema raw; create schema core; create schema marts; create table raw.n as select 2 as n")
    return opened


def write(sql: Path, **queries: str) -> None:
    for name, query in queries.items():
        folder, _, stem = name.partition("__")
        (sql / {"core": "2_core", "marts": "3_marts"}[folder] / f"{stem}.sql").write_text(query, "utf-8")


def test_a_relation_follows_what_it_reads(sql: Path) -> None:
    write(sql, core__a="select * from core.z", core__z="select * from raw.n", marts__a="select * from core.a as q")
    assert [relation.name for relation in read_relations(sql)] == ["core.z", "core.a", "marts.a"]


def test_a_circle_is_refused(sql: Path) -> None:
    write(sql, core__a="select * from core.b", core__b="select * from core.a")
    with pytest.raises(CycleError):
        read_relations(sql)


def test_reads_are_qualified_names_without_aliases_or_quotes(sql: Path) -> None:
    write(sql, core__a="with own as (select 1 as x) select * from raw.document as document, own, core.target as t")
    (relation,) = read_relations(sql)
    assert relation.reads == {"raw.document", "core.target"}


IN_PARTS = """
-- in parts of raw.n by n
select n, m from raw.n where n between getvariable('first') and getvariable('last')
"""


@pytest.fixture
def in_parts(sql: Path, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Core.kept, in parts of three rows at most; its values are 3 3 1 2 2 2 2 1."""
    monkeypatch.setattr("gongbao.relations.ROWS_AT_ONCE", 3)
    monkeypatch.setattr("gongbao.relations.SORTED_AT_ONCE", 3)
    connection.execute(
        "create or replace table raw.n as select * from (values (3, 9), (3, 8), (1, 7), (2, 6)) as t (n, m)"
    )
    connection.execute("insert into raw.n values (2, 5), (2, 4), (2, 3), (1, 2)")
    write(sql, core__kept=IN_PARTS)
    return sql


def test_a_table_in_parts_has_each_row_once_and_its_parts_in_order(
    in_parts: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    build(connection, read_relations(in_parts))
    assert connection.execute("select n from core.kept").fetchall() == [(n,) for n in (1, 1, 2, 2, 2, 2, 3, 3)]


def test_what_is_put_in_order_is_in_order_over_all_its_parts(
    in_parts: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    (kept,) = read_relations(in_parts)
    create(connection, kept, "core.kept", order=["n", "m"])
    rows = connection.execute("select n, m from core.kept").fetchall()
    assert rows == [(1, 2), (1, 7), (2, 3), (2, 4), (2, 5), (2, 6), (3, 8), (3, 9)]


def test_a_table_in_parts_of_nothing_has_its_columns_and_no_row(
    in_parts: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("delete from raw.n")
    build(connection, read_relations(in_parts))
    assert connection.execute("select n, m from core.kept").fetchall() == []


def test_what_is_put_in_order_is_copied_byte_for_byte_alike_by_however_many_threads(
    sql: Path, connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Releases are copied as they were staged, without another sort: groups of rows must not follow the threads."""
    monkeypatch.setattr("gongbao.relations.SORTED_AT_ONCE", 200_000)
    connection.execute("create or replace table raw.n as select i % 5 as n, hash(i) as m from range(450_000) as t (i)")
    write(sql, core__kept=IN_PARTS)
    (kept,) = read_relations(sql)
    copies = set()
    for threads in (1, 4):
        connection.execute(f"set threads = {threads}")
        create(connection, kept, "core.kept", order=["n", "m"])
        connection.execute(f"copy core.kept to '{tmp_path}/kept.parquet' (format parquet, row_group_size 100_000)")
        copies.add((tmp_path / "kept.parquet").read_bytes())
    assert len(copies) == 1
    rows = connection.execute(f"select n, m from '{tmp_path}/kept.parquet'").fetchall()
    assert rows == sorted(rows)


def test_a_query_is_a_view_or_where_the_file_says_so_a_table(sql: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(
        sql,
        core__double="select n * 2 as n from raw.n",
        core__kept="-- materialised\nselect n from core.double",
        marts__m="select n from core.kept",
    )
    build(connection, read_relations(sql))
    assert connection.execute("select * from marts.m").fetchall() == [(4,)]
    kinds = connection.execute(
        "select table_name, table_type from information_schema.tables where table_schema = 'core' order by all"
    ).fetchall()
    assert kinds == [("double", "VIEW"), ("kept", "BASE TABLE")]


def test_a_view_that_becomes_a_table_takes_the_old_ones_place(sql: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(sql, core__a="select 1 as x")
    build(connection, read_relations(sql))
    write(sql, core__a="-- materialised\nselect 2 as x")
    build(connection, read_relations(sql))
    assert connection.execute("select x from core.a").fetchall() == [(2,)]


def test_upstream_of_a_relation_is_what_it_reads_and_what_that_reads(sql: Path) -> None:
    write(sql, core__a="select * from raw.n", core__b="select * from core.a", core__c="select * from core.a")
    needed = upstream(read_relations(sql), ["core.b", "raw.n"])
    assert [relation.name for relation in needed] == ["core.a", "core.b"]
