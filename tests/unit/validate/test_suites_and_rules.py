"""The loaders name the file and the entry at fault; the stock tool takes the suites as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from gongbao import project, reference
from gongbao.errors import UsageError
from gongbao.validate.plausible import read_ranges
from gongbao.validate.rules import load_rules
from gongbao.validate.suites import load_suites

SCHEMAS = ("core", "marts")
ENTRY = """
  - type: expect_column_values_to_be_in_set
    kwargs: {column: comparator, value_set: [eq]}
    severity: critical
    meta: {rule: comparator_known, note_zh: 不在词表内。, note_en: Not in its list.}
"""
SUITE = f"name: core.fact\nmeta: {{row_id: fact_id}}\nexpectations:{ENTRY}"
RULE = """-- relation: core.fact
-- severity: warning
-- note_zh: 说明。
-- note_en: What it means.
select fact_id, '' as detail, null::varchar as other_id from core.fact
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with empty sql/ and expectations/; answers the latter."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "expectations" / "core" / "rules").mkdir(parents=True)
    monkeypatch.setenv("GONGBAO_HOME", str(tmp_path))
    return tmp_path / "expectations"


def test_a_suite_is_read(checkout: Path) -> None:
    (checkout / "core" / "fact.yaml").write_text(SUITE, "utf-8")
    (suite,) = load_suites("core")
    assert (suite.relation, suite.row_id, suite.entries[0].rule) == ("core.fact", "fact_id", "comparator_known")
    assert suite.entries[0].target == "comparator"
    assert suite.entries[0].mostly == 1


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("name: core.fact", "name: core.facts", "core/fact.yaml: name is 'core.facts'"),
        ("row_id: fact_id", "row: fact_id", "core/fact.yaml, meta: unknown key 'row'"),
        ("severity: critical", "severity: fatal", r"entry 1 \(comparator_known\): severity is 'fatal'"),
        ("severity: critical", "weight: 1", "entry 1: unknown key 'weight'"),
        ("note_zh: 不在词表内。, ", "", "entry 1, meta: 'note_zh' is missing"),
        ("value_set: [eq]", "values: [eq]", r"entry 1 \(comparator_known\), kwargs: unknown key 'values'"),
        (", value_set: [eq]", "", r"entry 1 \(comparator_known\), kwargs: 'value_set' is missing"),
        ("column: comparator", "column: 比较", "is no name of a column"),
        ("value_set: [eq]", "value_set: [eq], mostly: 95", "mostly is 95"),
        ("to_be_in_set", "to_be_nice", "the gate does not know the type 'expect_column_values_to_be_nice'"),
        ("expectations:", "expectations: [", "core/fact.yaml is no YAML"),
        (SUITE, SUITE + ENTRY, "two entries have the rule name comparator_known"),
        (
            "expect_column_values_to_be_in_set\n    kwargs: {column: comparator, value_set: [eq]}",
            "expect_column_values_to_match_regex\n    kwargs: {column: comparator, regex: eq}",
            "regular expression 'eq' is not anchored",
        ),
    ],
)
def test_a_fault_in_a_suite_is_named_with_its_place(checkout: Path, before: str, after: str, message: str) -> None:
    assert before in SUITE
    (checkout / "core" / "fact.yaml").write_text(SUITE.replace(before, after), "utf-8")
    with pytest.raises(UsageError, match=message):
        load_suites("core")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("-- severity: warning\n", "", "core/rules/law.sql: the header has no 'severity'"),
        ("warning", "grave", "core/rules/law.sql: severity is 'grave'"),
        ("-- severity: warning\n", "-- severity: warning\n-- action: hold\n", "unknown header 'action'"),
        ("-- severity: warning\n", "-- severity: warning\n-- severity: info\n", "'severity' twice"),
        ("-- severity: warning\n", "-- severity: warning\n-- mostly: most\n", "mostly is 'most'"),
        ("core.fact\n", "core.fact;core.target\n", "is no relation"),
    ],
)
def test_a_fault_in_a_rule_is_named_with_its_place(checkout: Path, before: str, after: str, message: str) -> None:
    (checkout / "core" / "rules" / "law.sql").write_text(RULE.replace(before, after, 1), "utf-8")
    with pytest.raises(UsageError, match=message):
        load_rules("core")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n", "the header is not"),
        ("gdp,CNY,village,1,2,why\n", "line 2: area_level is 'village'"),
        ("gdp,CNY,county,2,1,why\n", "line 2: lowest is above highest"),
        ("gdp,CNY,county,one,2,why\n", "line 2: lowest is 'one'"),
        ("gdp,CNY,county,1,2,why,not\n", "line 2: not as many cells"),
        ("gdp,CNY,county,1,2,why\ngrp;gdp,CNY,county,1,3,why\n", "line 3: gdp, CNY, county has a row above"),
    ],
)
def test_a_fault_in_the_plausible_ranges_is_named_with_its_line(checkout: Path, text: str, message: str) -> None:
    header = "" if text.startswith("a,b") else "indicator_id,unit_measure,area_level,lowest,highest,reason\n"
    (checkout / "plausible_ranges.csv").write_text(header + text, "utf-8")
    with pytest.raises(UsageError, match=message):
        read_ranges()


def test_a_plausible_range_may_stand_for_several_indicators(checkout: Path) -> None:
    header = "indicator_id,unit_measure,area_level,lowest,highest,reason\n"
    (checkout / "plausible_ranges.csv").write_text(header + "gdp;va_primary,CNY,county,,2,why\n", "utf-8")
    assert [(row["indicator_id"], row["lowest"], row["highest"]) for row in read_ranges()] == [
        ("gdp", None, 2),
        ("va_primary", None, 2),
    ]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_stock_tool_takes_every_suite_as_it_stands(schema: str) -> None:
    import great_expectations

    paths = sorted((project.folder("expectations") / schema).glob("*.yaml"))
    assert paths
    for path in paths:
        stock = great_expectations.ExpectationSuite(**yaml.safe_load(path.read_text("utf-8")))
        assert len(stock.expectations) == len(yaml.safe_load(path.read_text("utf-8"))["expectations"])


def test_names_are_given_once_in_a_schema() -> None:
    for schema in SCHEMAS:
        rules = [rule.name for rule in load_rules(schema)]
        in_suites = {entry.rule for suite in load_suites(schema) for entry in suite.entries}
        assert len(rules) == len(set(rules))
        assert not in_suites & set(rules)


def test_every_caveat_stands_in_the_vocabulary() -> None:
    known = {row["code"] for row in reference.rows("caveats.csv")}
    suites, rules = load_suites("core"), load_rules("core")
    put = {entry.caveat for suite in suites for entry in suite.entries if entry.severity == "warning"}
    put |= {rule.caveat for rule in rules if rule.severity == "warning"}
    assert put <= known


def test_every_plausible_range_is_of_the_catalogue() -> None:
    indicators = {row["id"]: row["canonical_unit"] for row in reference.rows("indicators.csv")}
    units = {row["canonical_unit"] for row in reference.rows("units.csv")}
    for row in read_ranges():
        assert row["unit_measure"] in units
        assert row["indicator_id"] == "*" or row["unit_measure"] == indicators[row["indicator_id"]]


def test_a_column_of_a_suite_is_a_column_of_its_relation(warehouse: object) -> None:
    from gongbao.warehouse import Warehouse

    assert isinstance(warehouse, Warehouse)
    for suite in load_suites("core"):
        columns = {name for name, *_ in warehouse.connection.execute(f"describe {suite.relation}").fetchall()}
        used = {name for entry in suite.entries for name in entry.target.split(", ")} - {"table"}
        assert used | {suite.row_id} <= columns
