"""The SQL that names bad rows means what Great Expectations means: both count the same rows, kind by kind."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongbao.validate.bad_rows import KINDS, bad_rows
from gongbao.validate.stock import judge
from gongbao.validate.suites import Entry, Suite

WORDS = ["eq", "min", "max", "", "乡镇", "a\nb"]
WHERE = {"type": "comparison", "column": {"name": "word"}, "operator": "==", "parameter": "eq"}
NOT_NULL = {"type": "nullity", "column": {"name": "high"}, "is_null": False}
PAIR = {"column_A": "high", "column_B": "low", "ignore_row_if": "either_value_is_missing"}
CASES: list[tuple[str, dict[str, Any]]] = [
    ("expect_column_values_to_not_be_null", {"column": "word"}),
    ("expect_column_values_to_be_null", {"column": "high"}),
    ("expect_column_values_to_be_unique", {"column": "low"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["word", "low"]}),
    ("expect_column_values_to_be_in_set", {"column": "word", "value_set": ["eq", "乡镇"]}),
    ("expect_column_values_to_not_be_in_set", {"column": "word", "value_set": ["eq", "乡镇"]}),
    ("expect_column_values_to_be_between", {"column": "low", "min_value": 1, "max_value": 3}),
    ("expect_column_values_to_be_between", {"column": "low", "min_value": 1, "strict_min": True}),
    ("expect_column_values_to_be_between", {"column": "low", "max_value": 3, "strict_max": True}),
    ("expect_column_values_to_match_regex", {"column": "word", "regex": "^(eq|m.+)$"}),
    ("expect_column_values_to_not_match_regex", {"column": "word", "regex": "(?s)^.*(乡|b).*$"}),
    ("expect_column_pair_values_a_to_be_greater_than_b", PAIR),
    ("expect_column_pair_values_a_to_be_greater_than_b", PAIR | {"or_equal": True}),
]
CONDITIONS: list[dict[str, Any] | None] = [
    None,
    WHERE,
    NOT_NULL,
    {"type": "and", "conditions": [WHERE, NOT_NULL]},
    {"type": "comparison", "column": {"name": "word"}, "operator": "!=", "parameter": "eq"},
    {"type": "comparison", "column": {"name": "word"}, "operator": "IN", "parameter": ["eq", "min"]},
    {"type": "comparison", "column": {"name": "word"}, "operator": "NOT_IN", "parameter": ["eq", "min"]},
    {"type": "comparison", "column": {"name": "low"}, "operator": ">=", "parameter": 2},
]
ROWS = st.lists(
    st.tuples(st.none() | st.sampled_from(WORDS), st.none() | st.integers(0, 4), st.none() | st.integers(0, 4)),
    max_size=12,
)


def _all_entries() -> dict[str, tuple[str, dict[str, Any]]]:
    """Every case under every condition, by a name of its own."""
    return {
        f"{number}-{where}": (type_, kwargs | ({"row_condition": condition} if condition else {}))
        for number, (type_, kwargs) in enumerate(CASES)
        for where, condition in enumerate(CONDITIONS)
    }


def _suite(entries: dict[str, tuple[str, dict[str, Any]]]) -> Suite:
    definition = {
        "name": "main.judged",
        "expectations": [
            {"type": type_, "kwargs": kwargs, "severity": "critical", "meta": {"rule": rule}}
            for rule, (type_, kwargs) in entries.items()
        ],
    }
    parsed = tuple(Entry(rule, type_, kwargs, "critical", "", "", rule) for rule, (type_, kwargs) in entries.items())
    return Suite("main.judged", "row", 0, 0, parsed, definition)


def test_every_kind_is_compared() -> None:
    assert {type_ for type_, _ in CASES} == set(KINDS)


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS)
def test_both_count_the_same_rows(rows: list[tuple[str | None, int | None, int | None]]) -> None:
    entries = _all_entries()
    with duckdb.connect() as connection:
        connection.execute("create table judged (row integer, word varchar, low decimal(38, 10), high integer)")
        for number, row in enumerate(rows):
            connection.execute("insert into judged values (?, ?, ?, ?)", [number, *row])
        judged = judge(connection, _suite(entries))
        for rule, (type_, kwargs) in entries.items():
            sql, parameters = bad_rows("main.judged", "row", type_, kwargs)
            found = connection.execute(sql, parameters).fetchall()
            assert judged[rule].crashed is None
            assert len(found) == judged[rule].rows_failed, (type_, kwargs, found)


def test_a_bad_row_comes_with_its_id_and_its_values() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table judged as select 7 as row, 1.50::decimal(38, 10) as low, 1.2 as high")
        sql, parameters = bad_rows("main.judged", "row", "expect_column_pair_values_a_to_be_greater_than_b", PAIR)
        assert connection.execute(sql, parameters).fetchall() == [("7", "high = 1.2, low = 1.5", None)]


@pytest.mark.parametrize("name", ["word; drop table judged", 'word"', "Word", ""])
def test_a_name_that_is_no_identifier_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        bad_rows("main.judged", "row", "expect_column_values_to_not_be_null", {"column": name})
