"""Great Expectations without gongbao, as a reader of a release would use it: the recipe of expectations/README.md.

It must count what the gate counts: on the sample release, and on one in which a row breaks each expectation, since
equal noughts would prove little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pytest

from gongbao import project
from gongbao.validate import records, stock
from gongbao.validate.suites import Entry, Suite, load_suites
from tests.conftest import ROOT

README = (ROOT / "expectations" / "README.md").read_text("utf-8")
SECTION = README.partition("## With Great Expectations alone\n")[2]
RECIPE = "\n".join(line[4:] for line in SECTION.splitlines() if line.startswith("    "))
Counts: TypeAlias = dict[tuple[str, str], tuple[bool, int | None, int | None]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the suites, in which `warehouse/current` is still to be made."""
    (tmp_path / "expectations").symlink_to(project.folder("expectations"))
    (tmp_path / "warehouse").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "false")
    return tmp_path


@pytest.fixture
def marts() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with an empty schema `marts`."""
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        yield connection


def test_the_recipe_counts_what_the_gate_counts(
    home: Path, sample_marts: Path, marts: duckdb.DuckDBPyConnection
) -> None:
    (home / "warehouse" / "current").symlink_to(sample_marts)
    _load(marts, sample_marts)
    found = _by_the_recipe()
    assert found == _by_the_gate(marts)
    assert all(success for success, _, _ in found.values())


def test_the_recipe_counts_as_many_bad_rows_as_the_gate(
    home: Path, sample_marts: Path, marts: duckdb.DuckDBPyConnection
) -> None:
    _load(marts, sample_marts)
    for suite in load_suites("marts"):
        _fill_up(marts, suite.relation, rows=2 * len(suite.entries))
        for number, entry in enumerate(suite.entries):
            _break(marts, suite, entry, row=2 * number)
    (home / "warehouse" / "current").mkdir()
    for suite in load_suites("marts"):
        marts.execute(f"copy {suite.relation} to 'warehouse/current/{suite.relation.removeprefix('marts.')}.parquet'")
    found = _by_the_recipe()
    assert found == _by_the_gate(marts)
    assert [key for key, (success, _, _) in found.items() if success] == []


@pytest.mark.parametrize("schema", ["core", "marts"])
def test_the_readme_names_every_rule_that_the_stock_tool_cannot_see(schema: str) -> None:
    listed = re.search(rf"in `{schema}/rules/`([^;.]+)", SECTION)
    assert listed
    rules = sorted(path.stem for path in (project.folder("expectations") / schema / "rules").glob("*.sql"))
    assert re.findall(r"`([a-z_]+)`", listed[1]) == rules


def _by_the_recipe() -> Counts:
    """What the recipe finds in `warehouse/current`: success, rows judged, bad rows, by suite and rule."""
    names: dict[str, Any] = {}
    exec(compile(RECIPE, "expectations/README.md", "exec"), names)
    counts: Counts = {}
    for mart, judged in names["results"].items():
        for answer in (each.to_json_dict() for each in judged.results):
            assert not _exceptions(answer["exception_info"]), (mart, answer)
            checked, result = None, answer["result"]
            if "unexpected_count" in result:
                checked = result["element_count"] - (result.get("missing_count") or 0)
            rule = answer["expectation_config"]["meta"]["rule"]
            counts[f"marts.{mart}", rule] = answer["success"], checked, result.get("unexpected_count")
    return counts


def _exceptions(information: Mapping[str, Any]) -> bool:
    records = [information] if "raised_exception" in information else list(information.values())
    return any(record["raised_exception"] for record in records)


def _by_the_gate(marts: duckdb.DuckDBPyConnection) -> Counts:
    return {
        (suite.relation, rule): (judged.success, judged.rows_checked, judged.rows_failed)
        for suite in load_suites("marts")
        for rule, judged in stock.judge(marts, suite).items()
    }


def _load(marts: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for path in sorted(folder.glob("*.parquet")):
        marts.execute(f"create table marts.{path.stem} as from read_parquet($path)", {"path": str(path)})


def _fill_up(marts: duckdb.DuckDBPyConnection, relation: str, rows: int) -> None:
    """Repeat the rows of a mart that has too few to break each expectation by a row of its own."""
    while records.count(marts, relation) < rows:
        assert marts.execute(f"insert into {relation} from {relation}").fetchall() != [(0,)], f"{relation} is empty"


def _break(marts: duckdb.DuckDBPyConnection, suite: Suite, entry: Entry, row: int) -> None:
    """Change a row, and with it what the entry's condition asks for, so that it breaks the entry."""
    kwargs = entry.kwargs
    column = kwargs.get("column")
    changes = dict(_met(kwargs["row_condition"])) if "row_condition" in kwargs else {}
    match entry.type:
        case "expect_column_values_to_not_be_null":
            changes[column] = None
        case "expect_column_values_to_be_null":
            changes[column] = 1
        case "expect_column_values_to_be_unique" | "expect_compound_columns_to_be_unique":
            names = [column] if column else kwargs["column_list"]
            changes |= _row(marts, suite.relation, names, row + 1)
        case "expect_column_values_to_be_in_set":
            changes[column] = "unheard of"
        case "expect_column_values_to_match_regex":
            changes[column] = "３７１６２１１０４"
        case "expect_column_values_to_be_between" if "max_value" in kwargs:
            changes[column] = kwargs["max_value"] + 1
        case "expect_column_values_to_be_between":
            changes[column] = kwargs["min_value"] - 1
        case "expect_column_pair_values_a_to_be_greater_than_b":
            changes |= _reversed(marts, suite.relation, kwargs["column_A"], kwargs["column_B"])
        case _:
            raise AssertionError(f"say how a row breaks {entry.type}")
    assignments = ", ".join(f"{name} = ?" for name in changes)
    changed = marts.execute(f"update {suite.relation} set {assignments} where rowid = ?", [*changes.values(), row])
    assert changed.fetchall() == [(1,)]


def _met(condition: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values with which a row meets the condition."""
    if condition["type"] == "and":
        for part in condition["conditions"]:
            yield from _met(part)
        return
    value = condition.get("parameter", None if condition.get("is_null") else "filled")
    yield condition["column"]["name"], value[0] if condition.get("operator") == "IN" else value


def _row(marts: duckdb.DuckDBPyConnection, relation: str, names: list[str], row: int) -> dict[str, Any]:
    values = marts.execute(f"select {', '.join(names)} from {relation} where rowid = ?", [row]).fetchone()
    assert values
    return dict(zip(names, values, strict=True))


def _reversed(marts: duckdb.DuckDBPyConnection, relation: str, greater: str, lesser: str) -> dict[str, Any]:
    query = f"select {lesser}, {greater} from {relation} where {greater} > {lesser} limit 1"
    values = marts.execute(query).fetchone()
    assert values
    return dict(zip((greater, lesser), values, strict=True))
