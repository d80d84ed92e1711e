"""The gate: judges core and the staged marts, keeps faulty rows out, and says whether the release is held.

`core.withheld` and `core.caveat` are rebuilt by every run; `ops.check_result` keeps each run's results. Nothing here
changes a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from gongbao import relations, storage_errors
from gongbao.errors import GongbaoError, UsageError
from gongbao.validate import plausible, quality, records, stock
from gongbao.validate.bad_rows import bad_rows
from gongbao.validate.rules import Rule, load_rules
from gongbao.validate.suites import Entry, Suite, load_suites
from gongbao.validate.verdict import CheckResult, Outcome, Verdict
from gongbao.warehouse import Warehouse

RULE_COLUMNS = ["fact_id", "detail", "other_id"]


@dataclass(frozen=True, slots=True)
class _Counts:
    """What a row-level check saw: rows in its domain, and bad ones among them."""

    checked: int
    failed: int

    def __str__(self) -> str:
        share = f" ({100 * self.failed / self.checked:.2f} %)" if self.checked else ""
        return f"{self.failed:,} of {self.checked:,} rows{share}"


def validate_core(warehouse: Warehouse, run_id: str) -> Verdict:
    """Judge core: withhold rows that a critical check refuses, put caveats on those that a warning names.

    Held where a critical check breaks beyond its limit. Raises `UsageError` with the file and entry of a suite or
    rule that cannot be used.
    """
    connection = warehouse.connection
    suites, rules = load_suites("core"), load_rules("core")
    records.clear_core(connection)
    plausible.load_ranges(connection)
    quality.load_quality(connection)
    results: list[CheckResult] = []
    for suite in suites:
        results += _judge_suite(connection, suite, in_core=True)
    results += [_judge_rule(connection, rule, in_core=True) for rule in rules if rule.severity == "critical"]
    results += [_share_withheld(connection, suite) for suite in suites if suite.max_withheld]
    records.drop_caveats_of_withheld(connection)
    others = [rule for rule in rules if rule.severity != "critical"]
    _build_what_they_read(connection, others)
    results += [_judge_rule(connection, rule, in_core=True) for rule in others]
    return _conclude(warehouse, run_id, "core", results)


def validate_marts(warehouse: Warehouse, run_id: str) -> Verdict:
    """Judge the marts staged in schema `marts`: there is no withholding here, a critical failure holds the release.

    A mart without a suite, and a suite without its mart, hold it too. Raises `UsageError` as `validate_core` does.
    """
    connection = warehouse.connection
    suites = load_suites("marts")
    staged = records.relations(connection, "marts")
    results = [_pairing(suites, staged)]
    for suite in suites:
        if suite.relation in staged:
            results += _judge_suite(connection, suite, in_core=False)
    # A rule over a mart that was not built cannot run; that it is missing holds the release already.
    absent = {suite.relation for suite in suites} - staged
    for rule in load_rules("marts"):
        if not absent & relations.reads(connection, rule.sql):
            results.append(_judge_rule(connection, rule, in_core=False))
    return _conclude(warehouse, run_id, "marts", results)


def _conclude(warehouse: Warehouse, run_id: str, schema: str, results: Sequence[CheckResult]) -> Verdict:
    records.write_results(warehouse, run_id, schema, results)
    passed = sum(result.outcome == "passed" for result in results)
    withheld, caveats = records.counts(warehouse.connection) if schema == "core" else (0, 0)
    return Verdict(
        held=any(result.outcome == "held" for result in results),
        passed=passed,
        failed=len(results) - passed,
        results=tuple(results),
        withheld=withheld,
        caveats=caveats,
    )


def _judge_suite(connection: duckdb.DuckDBPyConnection, suite: Suite, *, in_core: bool) -> list[CheckResult]:
    """All entries of a suite through Great Expectations, and the rows that break them through our own SQL."""
    judged = stock.judge(connection, suite)
    return [
        _row_result(connection, suite, entry, judged[entry.rule], in_core=in_core)
        if judged[entry.rule].rows_failed is not None
        else _table_result(suite, entry, judged[entry.rule])
        for entry in suite.entries
    ]


def _table_result(suite: Suite, entry: Entry, judged: stock.Judged) -> CheckResult:
    # An entry that could not be judged is never a pass: what it would have found is unknown.
    failed: Outcome = "held" if entry.severity == "critical" or judged.crashed else "reported"
    return CheckResult(
        suite=suite.relation,
        expectation=entry.rule,
        target=entry.target,
        severity=entry.severity,
        success=judged.success,
        outcome="passed" if judged.success else failed,
        observed=judged.observed,
        limit=stock.table_entry_limit(entry),
        rows_checked=None,
        rows_failed=None,
        note_zh=entry.note_zh,
        note_en=entry.note_en,
    )


def _row_result(
    connection: duckdb.DuckDBPyConnection, suite: Suite, entry: Entry, judged: stock.Judged, *, in_core: bool
) -> CheckResult:
    counts = _Counts(judged.rows_checked or 0, judged.rows_failed or 0)
    outcome = _outcome(counts, entry.severity, entry.mostly, suite.tolerated_rows, in_core=in_core)
    if counts.failed:
        sql, parameters = bad_rows(suite.relation, suite.row_id, entry.type, entry.kwargs)
        found = records.stage_bad_rows(connection, sql, parameters)
        if found != counts.failed:
            raise GongbaoError(
                f"{suite.relation} {entry.rule}: Great Expectations counts {counts.failed} bad rows, the SQL {found}",
                "mend gongbao/validate/bad_rows.py: the two must mean the same",
            )
        if in_core:
            _act(connection, entry.severity, entry.rule, entry.caveat, suite.row_id)
    return CheckResult(
        suite=suite.relation,
        expectation=entry.rule,
        target=entry.target,
        severity=entry.severity,
        success=judged.success,
        outcome=outcome,
        observed=str(counts),
        limit=_limit(entry.severity, entry.mostly, suite.tolerated_rows),
        rows_checked=counts.checked,
        rows_failed=counts.failed,
        note_zh=entry.note_zh,
        note_en=entry.note_en,
        samples=records.samples(connection, suite.row_id) if counts.failed else (),
    )


def _build_what_they_read(connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> None:
    """The relations of sql/2_core on which the rules look: findings are judged once, there, for rules and marts."""
    read: set[str] = set()
    for rule in rules:
        try:
            read |= relations.reads(connection, rule.sql)
        except duckdb.Error as error:
            if storage_errors.is_of_storage(error):
                raise
            raise _unusable(rule, error) from error
    relations.build(connection, relations.upstream(relations.read_relations(), read))


def _unusable(rule: Rule, error: duckdb.Error) -> UsageError:
    return UsageError(f"{rule.where} cannot be run: {' '.join(str(error).split())}", "mend the query")


def _judge_rule(connection: duckdb.DuckDBPyConnection, rule: Rule, *, in_core: bool) -> CheckResult:
    try:
        columns = [name for name, *_ in connection.execute(f"describe {rule.sql}").fetchall()]
        if columns != RULE_COLUMNS:
            raise UsageError(f"{rule.where} returns {', '.join(columns)}", f"it must return {', '.join(RULE_COLUMNS)}")
        query = f"select fact_id::varchar as key, detail, other_id from (\n{rule.sql}\n)"
        failed = records.stage_bad_rows(connection, query, [])
        checked = sum(records.count(connection, relation) for relation in rule.relations)
    except duckdb.Error as error:
        if storage_errors.is_of_storage(error):  # no mistake of the query's
            raise
        raise _unusable(rule, error) from error
    counts = _Counts(checked, failed)
    outcome = _outcome(counts, rule.severity, rule.mostly, rule.tolerated_rows, in_core=in_core)
    if failed and in_core:
        _act(connection, rule.severity, rule.name, rule.caveat, "fact_id")
    return CheckResult(
        suite=f"{rule.relations[0].split('.')[0]}.rules",
        expectation=rule.name,
        target=", ".join(rule.relations),
        severity=rule.severity,
        success=failed <= (1 - rule.mostly) * checked,
        outcome=outcome,
        observed=str(counts),
        limit=_limit(rule.severity, rule.mostly, rule.tolerated_rows),
        rows_checked=checked,
        rows_failed=failed,
        note_zh=rule.note_zh,
        note_en=rule.note_en,
        samples=records.samples(connection, "fact_id") if failed else (),
    )


def _act(connection: duckdb.DuckDBPyConnection, severity: str, rule: str, caveat: str, row_id: str) -> None:
    if severity == "critical":
        records.withhold(connection, rule, row_id)
    elif severity == "warning":
        records.put_caveat(connection, rule, caveat, row_id)


def _outcome(counts: _Counts, severity: str, mostly: float, tolerated_rows: int, *, in_core: bool) -> Outcome:
    """What follows from so many bad rows; `mostly` and `tolerated_rows` as in the suites' format."""
    if not counts.failed:
        return "passed"
    if severity != "critical":
        return "caveat" if severity == "warning" and in_core else "reported"
    beyond_share = counts.failed > (1 - mostly) * counts.checked
    beyond_tolerance = mostly == 1 or counts.failed > tolerated_rows
    return "held" if not in_core or (beyond_share and beyond_tolerance) else "withheld"


def _limit(severity: str, mostly: float, tolerated_rows: int) -> str:
    if severity != "critical":
        return "none"
    if mostly == 1:
        return "0 rows"
    return f"{100 * (1 - mostly):.4g} % and {tolerated_rows} rows"


def _share_withheld(connection: duckdb.DuckDBPyConnection, suite: Suite) -> CheckResult:
    """All checks together may withhold only so much: many small faults are a large one."""
    counts = _Counts(
        records.count(connection, suite.relation), records.count_withheld(connection, suite.relation, suite.row_id)
    )
    beyond = counts.failed > suite.max_withheld * counts.checked and counts.failed > suite.tolerated_rows
    return CheckResult(
        suite=suite.relation,
        expectation="share_withheld",
        target="table",
        severity="critical",
        success=not beyond,
        outcome="held" if beyond else "passed",
        observed=str(counts),
        limit=_limit("critical", 1 - suite.max_withheld, suite.tolerated_rows),
        rows_checked=counts.checked,
        rows_failed=counts.failed,
        note_zh="全部严重规则合计扣下的行数超过上限。",
        note_en="All critical checks together withhold more rows than the suite allows.",
    )


def _pairing(suites: Iterable[Suite], staged: frozenset[str]) -> CheckResult:
    """Every staged mart has a suite, and every suite its mart."""
    judged = {suite.relation for suite in suites}
    unpaired = [f"{name} has no suite" for name in sorted(staged - judged)]
    unpaired += [f"{name} is not staged" for name in sorted(judged - staged)]
    return CheckResult(
        suite="marts",
        expectation="every_mart_is_judged",
        target="schema",
        severity="critical",
        success=not unpaired,
        outcome="held" if unpaired else "passed",
        observed="; ".join(unpaired) or f"{len(staged)} marts, {len(judged)} suites",
        limit="none unpaired",
        rows_checked=None,
        rows_failed=None,
        note_zh="有数据集市未经检查，或规则所指的数据集市不存在。",
        note_en="A mart would be published unjudged, or one that a suite describes was not built.",
    )
