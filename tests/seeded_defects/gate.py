"""A clean warehouse of the samples, a defect put into a copy of it, and the gate run from there on.

The copy is of the database's file, so that nothing of one defect is left for the next. A suite over a relation whose
rows are those of the clean warehouse has its answer from there: Great Expectations is asked about what was harmed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from gongbao import churn, relations
from gongbao.publish import prepare, publish, stage_marts
from gongbao.validate import CheckResult, Verdict, stock, validate_core, validate_marts
from gongbao.validate import gate as judging
from gongbao.warehouse import DATABASE, Warehouse
from tests.seeded_defects.defect import Defect

RUN = "seeded"
Check = tuple[str, str]
"""A check by its suite and its name."""


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
    """Within it, files of the checkout are read once, and Great Expectations is asked once about the same rows."""
    with (
        patch.object(judging, "load_suites", cache(judging.load_suites)),
        patch.object(relations, "read_relations", cache(relations.read_relations)),
        patch.object(stock, "judge", _remembering(stock.judge)),
    ):
        yield


def _remembering(judge: Callable[..., Any]) -> Callable[..., Any]:
    answers: dict[tuple[Any, ...], Any] = {}

    def remembered(connection: duckdb.DuckDBPyConnection, suite: Any) -> Any:
        types = connection.execute(f"describe {suite.relation}").fetchall()
        rows = connection.execute(
            f"select count(*), bit_xor(hash(judged)), sum(hash(judged)) from {suite.relation} as judged"
        ).fetchall()
        key = (suite.relation, *types, *rows)
        if key not in answers:
            answers[key] = judge(connection, suite)
        return answers[key]

    return remembered


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
    with Warehouse(root) as warehouse:
        # The copy is thrown away: it is not written to the disk at the end.
        warehouse.connection.execute("pragma disable_checkpoint_on_shutdown")
        warehouse.connection.execute("set threads = 1")
        harmed: frozenset[str] = frozenset()
        for defect in defects:
            harmed |= _pick(warehouse.connection, defect) if defect.row else frozenset()
            warehouse.connection.execute(defect.sql)
        yield warehouse, harmed


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
