"""Which rows break an expectation: the same expectation once more, as SQL that names them.

Great Expectations counts bad rows and shows some of their values, but not reliably their keys: its index query drops
the row condition, and fails for compound keys. So each kind of row-level expectation that suites may use has its SQL
here; `KINDS` is the whole list. Both must count the same rows, which the gate checks whenever there are any.

As in Great Expectations, an empty value breaks nothing but `expect_column_values_to_not_be_null`. Pairs must say so
(`ignore_row_if: either_value_is_missing`): its engines differ on pairs with one empty value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of expectation: the arguments it needs and those it may have."""

    needs: frozenset[str]
    may: frozenset[str]


def _kind(needs: str, may: str = "") -> Kind:
    return Kind(frozenset(needs.split()), frozenset(f"{may} mostly row_condition".split()))


KINDS: Mapping[str, Kind] = {
    "expect_column_values_to_not_be_null": _kind("column"),
    "expect_column_values_to_be_null": _kind("column"),
    "expect_column_values_to_be_unique": _kind("column"),
    "expect_compound_columns_to_be_unique": _kind("column_list"),
    "expect_column_values_to_be_in_set": _kind("column value_set"),
    "expect_column_values_to_not_be_in_set": _kind("column value_set"),
    "expect_column_values_to_be_between": _kind("column", "min_value max_value strict_min strict_max"),
    "expect_column_values_to_match_regex": _kind("column regex"),
    "expect_column_values_to_not_match_regex": _kind("column regex"),
    "expect_column_pair_values_a_to_be_greater_than_b": _kind("column_A column_B ignore_row_if", "or_equal"),
}

_OPERATORS = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def columns_of(kwargs: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that an expectation judges; none for one about the table."""
    if "column_list" in kwargs:
        return tuple(kwargs["column_list"])
    return tuple(kwargs[name] for name in ("column", "column_A", "column_B") if name in kwargs)


def bad_rows(relation: str, row_id: str, type_: str, kwargs: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """SQL (and its parameters) that returns `key`, `detail`, `other_id` of the rows that break the expectation.

    `detail` states the judged values (`comparator = about`). Raises `ValueError` for a kind that is not in `KINDS`
    or a name that is no identifier.
    """
    columns = columns_of(kwargs)
    for name in (relation, row_id, *columns):
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a relation or column")
    parameters: list[Any] = []
    # Parameters are bound in the order of the text: the predicate stands before the domain.
    bad = _predicate(type_, kwargs, parameters)
    domain = _condition(kwargs["row_condition"], parameters) if kwargs.get("row_condition") else "true"
    detail = " || ', ' || ".join(f"'{column} = ' || {_as_text(column)}" for column in columns)
    sql = (
        f"select {row_id}::varchar as key, {detail} as detail, null::varchar as other_id "
        f"from (select *, {bad} as is_bad from (select * from {relation} where {domain})) where is_bad"
    )
    return sql, parameters


def _predicate(type_: str, kwargs: Mapping[str, Any], parameters: list[Any]) -> str:
    column = kwargs.get("column")
    match type_:
        case "expect_column_values_to_not_be_null":
            return f"{column} is null"
        case "expect_column_values_to_be_null":
            return f"{column} is not null"
        case "expect_column_values_to_be_unique":
            return f"{column} is not null and count(*) over (partition by {column}) > 1"
        case "expect_compound_columns_to_be_unique":
            key = ", ".join(kwargs["column_list"])
            complete = " and ".join(f"{name} is not null" for name in kwargs["column_list"])
            return f"{complete} and count(*) over (partition by {key}) > 1"
        case "expect_column_values_to_be_in_set":
            return f"{column} not in ({_markers(kwargs['value_set'], parameters)})"
        case "expect_column_values_to_not_be_in_set":
            return f"{column} in ({_markers(kwargs['value_set'], parameters)})"
        case "expect_column_values_to_be_between":
            return _outside(kwargs, parameters)
        case "expect_column_values_to_match_regex":
            parameters.append(kwargs["regex"])
            return f"not regexp_full_match({column}, ?)"
        case "expect_column_values_to_not_match_regex":
            parameters.append(kwargs["regex"])
            return f"regexp_full_match({column}, ?)"
        case "expect_column_pair_values_a_to_be_greater_than_b":
            operator = "<" if kwargs.get("or_equal") else "<="
            return f"{kwargs['column_A']} {operator} {kwargs['column_B']}"
        case _:
            raise ValueError(f"no SQL names the rows that break {type_}")


def _outside(kwargs: Mapping[str, Any], parameters: list[Any]) -> str:
    column, bounds = kwargs["column"], []
    if kwargs.get("min_value") is not None:
        parameters.append(kwargs["min_value"])
        bounds.append(f"{column} {'<=' if kwargs.get('strict_min') else '<'} ?")
    if kwargs.get("max_value") is not None:
        parameters.append(kwargs["max_value"])
        bounds.append(f"{column} {'>=' if kwargs.get('strict_max') else '>'} ?")
    return f"({' or '.join(bounds)})"


def _condition(condition: Mapping[str, Any], parameters: list[Any]) -> str:
    """A row condition as Great Expectations serialises it (comparison, nullity, and) → SQL."""
    if condition["type"] == "and":
        return " and ".join(_condition(part, parameters) for part in condition["conditions"])
    column = condition["column"]["name"]
    if not NAME.fullmatch(column):
        raise ValueError(f"{column!r} is no name of a column")
    if condition["type"] == "nullity":
        return f"{column} is {'' if condition['is_null'] else 'not '}null"
    operator = condition["operator"]
    if operator in ("IN", "NOT_IN"):
        return f"{column} {'not ' if operator == 'NOT_IN' else ''}in ({_markers(condition['parameter'], parameters)})"
    parameters.append(condition["parameter"])
    return f"{column} {_OPERATORS[operator]} ?"


def _markers(values: Any, parameters: list[Any]) -> str:
    parameters.extend(values)
    return ", ".join("?" for _ in values)


def _as_text(column: str) -> str:
    """A column as a person writes it: decimals without their trailing noughts."""
    text = f"{column}::varchar"
    decimal = f"rtrim(rtrim({text}, '0'), '.')"
    return f"coalesce(case when typeof({column}) like 'DECIMAL%' then {decimal} else {text} end, 'null')"
