"""A clean warehouse of the samples, a defect put into a copy of it, and the gate run from there on.

The copy is of the database's file, so that nothing of one defect is left for the next. An expectation whose columns are
as in the clean warehouse has its answer from there: Great Expectations is asked about what was harmed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from gongbao import churn, relations
from gongbao.publish import prepare, publish, stage_marts
from gongbao.validate import CheckResult, Verdict, plausible, quality, stock, validate_core, validate_marts
from gongbao.validate import gate as judging
from gongbao.validate.bad_rows import columns_of
from gongbao.validate.suites import Suite
from gongbao.warehouse import DATABASE, Warehouse
from tests.seeded_defects.defect import Defect

RUN = "seeded"
SEVERITIES = {"held": {"critical"}, "withheld": {"critical"}, "caveat": {"warning"}, "reported": {"warning", "info"}}
Check = tuple[str, str]
"""A check by its suite and its name."""
Answers = dict[str, stock.Judged]
Values = tuple[Any, ...]


@dataclass(frozen=True)
class Clean:
    """A warehouse of the samples that was judged and published; `core`, `marts`: what the gate says of it."""

    root: Path
    core: Verdict
    marts: Verdict


@dataclass(frozen=True)
class Caught:
    """What the gate says otherwise than of the clean warehouse; `harmed`: the ids by which a check may name the row."""

    results: Mapping[Check, CheckResult]
    harmed: frozenset[str]

    def by(self, defect: Defect) -> CheckResult | None:
        """The result of the check that is named for the defect, where it says anything new of the harmed row."""
        result = self.results.get((defect.suite, defect.rule))
        if result is None or not defect.row or len(result.samples) < (result.rows_failed or 0):
            return result  # of many rows, the first are told
        named = {name for sample in result.samples for name in (sample.row_id, sample.other_id)}
        return result if named & self.harmed else None

    def others(self, defect: Defect) -> set[str]:
        """The names of the other checks that say something new."""
        return {rule for suite, rule in self.results if (suite, rule) != (defect.suite, defect.rule)}


def check(defect: Defect, caught: Caught) -> None:
    """The check named for the defect found it, as grave as it says, and no other said anything new but those named."""
    result = caught.by(defect)
    said = {check: (each.outcome, each.observed) for check, each in caught.results.items()}
    assert result is not None, said
    assert result.outcome == defect.outcome, said
    assert result.severity in SEVERITIES[defect.outcome], said
    assert caught.others(defect) == set(defect.also), said


def clean(night: Path, root: Path) -> Clean:
    """Copy the warehouse of a night on the samples to `root`, judge it, and publish it there."""
    root.mkdir()
    shutil.copyfile(night / DATABASE, root / DATABASE)
    with Warehouse(root) as warehouse:
        core = validate_core(warehouse, RUN)
        stage_marts(warehouse)
        marts = validate_marts(warehouse, RUN)
        publish(warehouse, (core, marts))
        warehouse.checkpoint()
    return Clean(root, core, marts)


def in_core(start: Clean, defect: Defect, root: Path) -> Caught:
    """A defect of core, judged by the suites and rules of core."""
    with _harmed(start, [defect], root) as (warehouse, harmed):
        return Caught(_otherwise(start.core, validate_core(warehouse, RUN)), harmed)


def in_marts(start: Clean, defect: Defect, root: Path) -> Caught:
    """A defect of the staged marts, judged by theirs."""
    with _harmed(start, [defect], root) as (warehouse, harmed):
        return Caught(_otherwise(start.marts, validate_marts(warehouse, RUN)), harmed)


def in_release(start: Clean, defect: Defect, root: Path) -> Caught:
    """A defect between two releases: the marts are built anew from a harmed core, and compared with what is current."""
    with _harmed(start, [defect], root, with_releases=True) as (warehouse, harmed):
        stage_marts(warehouse)
        candidate = prepare(warehouse, (start.core, start.marts))
        verdict = churn.judge(warehouse, RUN, candidate)
        found = {(each.suite, each.expectation): each for each in verdict.results if each.outcome != "passed"}
        return Caught(found, harmed)


@contextmanager
def asking_once() -> Iterator[None]:
    """Within it, files of the checkout are read once, and Great Expectations is asked once about the same values."""
    with (
        patch.object(judging, "load_suites", cache(judging.load_suites)),
        patch.object(judging, "load_rules", cache(judging.load_rules)),
        patch.object(relations, "read_relations", cache(relations.read_relations)),
        patch.object(plausible, "read_ranges", cache(plausible.read_ranges)),
        patch.object(quality, "read_quality", cache(quality.read_quality)),
        patch.object(stock, "judge", _remembering(stock.judge)),
    ):
        yield


def _remembering(judge: Callable[[duckdb.DuckDBPyConnection, Suite], Answers]) -> Callable[..., Answers]:
    known: dict[Values, stock.Judged] = {}

    def remembered(connection: duckdb.DuckDBPyConnection, suite: Suite) -> Answers:
        values = _values(connection, suite)
        unknown = {rule for rule, those in values.items() if those not in known}
        if unknown:
            for rule, answer in judge(connection, _only(suite, unknown)).items():
                known[values[rule]] = answer
        return {rule: known[those] for rule, those in values.items()}

    return remembered


def _values(connection: duckdb.DuckDBPyConnection, suite: Suite) -> dict[str, Values]:
    """By rule, what the answer of Great Expectations follows from: the rows in the columns that the entry names.

    Each column's hash has its name in it, so that values which changed places are others.
    """
    types = {name: type_ for name, type_, *_ in connection.execute(f"describe {suite.relation}").fetchall()}
    named = {
        entry.rule: sorted({*columns_of(entry.kwargs), *_conditioned(entry.kwargs.get("row_condition"))})
        for entry in suite.entries
    }
    hashes = [[f"hash('{name}', {name})" for name in names if name in types] for names in named.values()]
    sums = ", ".join(f"sum(hash({', '.join(each)}))" if each else "null" for each in hashes)
    counted, *rows = connection.execute(f"select count(*), {sums} from {suite.relation}").fetchall()[0]
    return {
        rule: (suite.relation, rule, counted, *(types.get(name) for name in names), those)
        for (rule, names), those in zip(named.items(), rows, strict=True)
    }


def _conditioned(condition: Mapping[str, Any] | None) -> Iterator[str]:
    """The columns of a row condition."""
    if condition is None:
        return
    if "column" in condition:
        yield condition["column"]["name"]
    for part in condition.get("conditions", ()):
        yield from _conditioned(part)


def _only(suite: Suite, rules: Set[str]) -> Suite:
    """The suite with some of its entries."""
    kept = [
        (entry, raw)
        for entry, raw in zip(suite.entries, suite.definition["expectations"], strict=True)
        if entry.rule in rules
    ]
    definition = {**suite.definition, "expectations": [raw for _, raw in kept]}
    return replace(suite, entries=tuple(entry for entry, _ in kept), definition=definition)


def withheld_at_once(start: Clean, defects: Sequence[Defect], root: Path) -> tuple[Verdict, Verdict, set[str]]:
    """Several defects of core at once: the verdicts on core and marts, and which harmed figures the marts hold."""
    with _harmed(start, defects, root) as (warehouse, harmed):
        core = validate_core(warehouse, RUN)
        stage_marts(warehouse)
        published = {
            fact_id for (fact_id,) in warehouse.connection.execute("select fact_id from marts.fact").fetchall()
        }
        return core, validate_marts(warehouse, RUN), published & harmed


@contextmanager
def _harmed(
    start: Clean, defects: Sequence[Defect], root: Path, *, with_releases: bool = False
) -> Iterator[tuple[Warehouse, frozenset[str]]]:
    """A copy of the clean warehouse at `root`, with the defects in it and the ids of the rows that they harm."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    shutil.copyfile(start.root / DATABASE, root / DATABASE)
    if with_releases:
        shutil.copytree(start.root / "releases", root / "releases")
        shutil.copy2(start.root / "current", root / "current", follow_symlinks=False)
    with patch("gongbao.warehouse.confine", _in_haste), Warehouse(root) as warehouse:
        harmed: frozenset[str] = frozenset()
        for defect in defects:
            harmed |= _pick(warehouse.connection, defect) if defect.row else frozenset()
            warehouse.connection.execute(defect.sql)
        yield warehouse, harmed


def _in_haste(connection: duckdb.DuckDBPyConnection, *_: object) -> None:
    """What a confined database would refuse. The copy is thrown away: it is not written to the disk at the end."""
    connection.execute("pragma disable_checkpoint_on_shutdown")
    connection.execute("set threads = 1")


def _pick(connection: duckdb.DuckDBPyConnection, defect: Defect) -> frozenset[str]:
    picked = connection.execute(f"""
        select figure.fact_id, figure.statement_id, figure.document_id, statement.text_id
        from core.figure as figure
        inner join core.statement as statement on statement.statement_id = figure.statement_id
        inner join raw.document as document on document.document_id = figure.document_id
        where {defect.row} order by figure.fact_id limit 1
    """).fetchone()
    if picked is None:
        raise LookupError(f"{defect.name}: the samples have no figure where {defect.row}")
    for name, value in zip(("fact", "statement", "document", "text"), picked, strict=True):
        connection.execute(f"set variable {name} = '{value}'")
    fact_id, statement_id, *_ = picked
    return frozenset({fact_id, statement_id})


def _otherwise(before: Verdict, after: Verdict) -> dict[Check, CheckResult]:
    """The results of `after` that say something else than the same check before."""
    said = {(each.suite, each.expectation): _finding(each) for each in before.results}
    return {
        (each.suite, each.expectation): each
        for each in after.results
        if said.get((each.suite, each.expectation)) != _finding(each)
    }


def _finding(result: CheckResult) -> tuple[str, int]:
    """What a check says: what follows, and from how many rows, which a check that passed may count too."""
    return result.outcome, 0 if result.outcome == "passed" else result.rows_failed or 0
