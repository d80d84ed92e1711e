"""The dialect lends out the pipeline's connection and leaves its transaction alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa

from gongbao.validate.duckdb_dialect import URL, engine_arguments


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create schema core")
        opened.execute("create table core.fact (fact_id varchar not null, obs_value decimal(38, 10), period_end date)")
        yield opened


@pytest.fixture
def engine(connection: duckdb.DuckDBPyConnection) -> Any:
    return sa.create_engine(URL, **engine_arguments(connection))


def _count(engine: Any) -> int:
    with engine.connect() as lent:
        return int(lent.execute(sa.text("select count(*) from core.fact")).scalar())


def test_rows_that_are_not_committed_yet_are_seen(connection: duckdb.DuckDBPyConnection, engine: Any) -> None:
    connection.begin()
    connection.execute("insert into core.fact values ('a', 1, null)")
    assert _count(engine) == 1


def test_neither_commit_nor_rollback_nor_close_reach_the_lender(
    connection: duckdb.DuckDBPyConnection, engine: Any
) -> None:
    connection.begin()
    connection.execute("insert into core.fact values ('a', 1, null)")
    with engine.begin() as lent:
        lent.execute(sa.text("insert into core.fact values ('b', 2, null)"))
    with engine.connect() as lent:
        lent.execute(sa.text("select 1"))
        lent.rollback()
    engine.dispose()
    assert connection.execute("select count(*) from core.fact").fetchone() == (2,)
    connection.rollback()
    assert connection.execute("select count(*) from core.fact").fetchone() == (0,)


def test_a_result_is_still_there_after_the_next_statement(engine: Any) -> None:
    with engine.connect() as lent:
        first = lent.execute(sa.text("select range from range(3) order by 1"))
        second = lent.execute(sa.text("select 'other'"))
        assert first.fetchmany(2) == [(0,), (1,)]
        assert first.fetchall() == [(2,)]
        assert second.fetchone() == ("other",)
        assert second.fetchone() is None


def test_parameters_are_bound_by_number(connection: duckdb.DuckDBPyConnection, engine: Any) -> None:
    connection.execute("insert into core.fact values ('o''clock', 1, null)")
    fact = sa.table("fact", sa.column("fact_id"), schema="core")
    with engine.connect() as lent:
        found = lent.execute(sa.select(fact).where(fact.c.fact_id == "o'clock", fact.c.fact_id.in_(["o'clock", "x"])))
        assert found.fetchall() == [("o'clock",)]


def test_reflection_reads_duckdb(connection: duckdb.DuckDBPyConnection, engine: Any) -> None:
    connection.execute("create view core.admitted as select fact_id from core.fact")
    inspector = sa.inspect(engine)
    assert "core" in inspector.get_schema_names()
    assert inspector.get_table_names("core") == ["admitted", "fact"]
    assert inspector.has_table("fact", "core")
    assert not inspector.has_table("fact", "main")
    columns = inspector.get_columns("fact", "core")
    assert [(column["name"], str(column["type"]), column["nullable"]) for column in columns] == [
        ("fact_id", "VARCHAR", False),
        ("obs_value", "NUMERIC(38, 10)", True),
        ("period_end", "DATE", True),
    ]
    assert inspector.get_pk_constraint("fact", "core")["constrained_columns"] == []


def test_another_database_of_the_connection_is_not_reflected(
    connection: duckdb.DuckDBPyConnection, engine: Any
) -> None:
    connection.execute("attach ':memory:' as other")
    connection.execute("create table other.main.stray (x integer)")
    assert not sa.inspect(engine).has_table("stray", "main")
