"""One file a relation: the order is what the queries read, whatever the files are called."""

from __future__ import annotations

from graphlib import CycleError
from pathlib import Path

import duckdb
import pytest

from gongbao.relations import build, read_relations, upstream


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


def test_a_table_in_parts_has_each_row_once(
    sql: Path, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongbao.relations.ROWS_AT_ONCE", 3)
    connection.execute("insert into raw.n from range(3, 10)")
    selected = "select n from raw.n where n % getvariable('parts') = getvariable('part')"
    write(sql, core__kept=f"-- materialised in parts of raw.n\n{selected}")
    build(connection, read_relations(sql))
    assert connection.execute("select n from core.kept").fetchall() == [(n,) for n in (3, 6, 9, 4, 7, 2, 5, 8)]


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
