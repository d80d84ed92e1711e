"""The gate of changes: a release in which too much of the current one is gone or reads otherwise waits for a person.

`expectations/churn.yaml` says for each mart that is judged:

    fact:
      grain: [ref_area, indicator_id, …]   # what a figure is about
      figure: [obs_value, unit_measure, …] # what it says; none: only what is gone counts
      max_share: 0.1                       # so many of the current release's rows may go or change
      minimum_rows: 500                    # a mart with fewer rows is not judged: one document is a large share of it
      severity: critical                   # critical holds the release; warning and info report
      note_zh, note_en                     # what it means, for people
      whole_places:                        # may be left out: no place may vanish from the mart whole
        area_level: county                 # which places, of those that the mart's own column names
        minimum_rows: 5                    # what had fewer rows may go: a stray figure of a neighbour, set right
        note_zh, note_en

A row of the current release stands where the staged mart has a row of the same grain and figure, whatever their ids:
figures that a revised bulletin states again are neither gone nor changed, ranks and caveats that a neighbour's bulletin
moves are no change, and rows that are new are never counted. What is judged holds the release only where code and
vocabulary are those of the current release: after an upgrade, or an answer to a question, much may change rightly, and
it is reported.

A place that vanishes whole holds the release whatever the code and however small the mart: a county is a small share of
all rows, and when the last of its figures goes, something was lost on the way. A place counts as gone where the staged
mart has no row of its code, whatever else that row says.

The results stand in `ops.check_result` as those of suite `release.MART`. They depend on what was published before, so
they are no part of the manifest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import yaml

from gongbao import project, yaml_text
from gongbao.errors import UsageError
from gongbao.publish import contract, diff, pair, published
from gongbao.publish.published import Published
from gongbao.publish.release import Candidate
from gongbao.validate import CheckResult, Sample, Verdict, records
from gongbao.validate.suites import SEVERITIES
from gongbao.validate.verdict import Outcome, Severity
from gongbao.warehouse import Warehouse

FILE = "churn.yaml"
SCHEMA, EXPECTATION, WHOLE_PLACES = "release", "published_rows_stand", "whole_places_stand"
_KEYS = frozenset({"grain", "figure", "max_share", "minimum_rows", "severity", "note_zh", "note_en"})
_LEVELS = ("province", "prefecture", "county", "township", "zone")
_PLACE_COLUMNS = ("ref_area", "name_zh", "area_level")
_WHOLE_PLACES_KEYS = frozenset({"area_level", "minimum_rows", "note_zh", "note_en"})


@dataclass(frozen=True, slots=True)
class WholePlaces:
    """Places of a level of administration, of so many rows or more, of which none may vanish from a mart."""

    area_level: str
    minimum_rows: int
    note_zh: str
    note_en: str


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of a mart may go or change; `figure` is empty where only what is gone counts."""

    mart: str
    grain: tuple[str, ...]
    figure: tuple[str, ...]
    max_share: float
    minimum_rows: int
    severity: Severity
    note_zh: str
    note_en: str
    whole_places: WholePlaces | None = None


def load_limits() -> tuple[Limit, ...]:
    """The limits of expectations/churn.yaml. Raises `UsageError` with the mart and key at fault."""
    where = f"expectations/{FILE}"
    try:
        content = yaml_text.read((project.folder("expectations") / FILE).read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise UsageError(f"{where} cannot be read: {' '.join(str(error).split())}", "correct the file") from error
    if not isinstance(content, Mapping):
        raise UsageError(f"{where} is no mapping", "see gongbao/churn.py for the format")
    known = {mart.name: mart for mart in contract.marts()}
    for name in content:
        if name not in known:
            raise UsageError(f"{where}: there is no mart {name}", f"marts are {', '.join(known)}")
    return tuple(_limit(known[name], slots, f"{where}, {name}") for name, slots in content.items())


def judge(warehouse: Warehouse, run_id: str, candidate: Candidate) -> Verdict:
    """Judge a candidate against the current release, and write the results; nothing fails where there is none."""
    limits = load_limits()
    results = _results(warehouse, candidate, limits) if candidate.previous else []
    records.write_results(warehouse, run_id, SCHEMA, results)
    passed = sum(result.outcome == "passed" for result in results)
    held = any(result.outcome == "held" for result in results)
    return Verdict(held, passed, len(results) - passed, tuple(results))


def describe(verdict: Verdict, candidate: Candidate) -> list[str]:
    """The findings for a person, and where the release is held what to do; none where all is well."""
    found = [result for result in verdict.results if result.outcome != "passed"]
    lines = []
    for result in sorted(found, key=lambda result: result.outcome != "held"):
        says = "holds the release" if result.outcome == "held" else "for information"
        line = f"{says}: {result.target}: {result.observed}, limit {result.limit}. {result.note_zh} {result.note_en}"
        if result.samples:
            shown = "; ".join(f"{sample.detail} [{sample.row_id}]" for sample in result.samples[:3])
            line += f" For instance {shown}"
        lines.append(line)
    if verdict.held and candidate.previous:
        before, after = candidate.previous[:8], candidate.release_id[:8]
        lines.append(
            f"what to do: `gongbao diff {before} {after}` shows what would change. Where it is right, "
            f"`gongbao publish {after}` publishes just that; where it is not, mend the source or its settings and run "
            "again. Until then every night that differs as much is held"
        )
    return lines


def _results(warehouse: Warehouse, candidate: Candidate, limits: Sequence[Limit]) -> list[CheckResult]:
    try:
        current = published.read(warehouse.releases / str(candidate.previous))
    except published.DamagedRelease as error:
        return [_not_judged(error)]
    ready = Published(candidate.release_id, candidate.folder, candidate.contents)
    is_of_same_code = current.manifest["code_version"] == ready.manifest["code_version"]
    with pair.opened(current, ready, warehouse.releases) as connection:
        there = pair.columns(connection)
        results = []
        for limit in limits:
            missing = _missing(there, limit)
            if missing:
                results.append(_result(limit, "reported", f"not judged: one of the two releases has no {missing}"))
                continue
            is_same = pair.is_same(limit.mart, current, ready, there)
            lost = (0, 0) if is_same else _stage_lost(connection, limit, there)
            rows = current.marts[limit.mart]["rows"]
            results.append(_judge(connection, limit, rows, lost, is_of_same_code=is_of_same_code))
            if limit.whole_places:
                results.append(_judge_places(connection, limit.mart, limit.whole_places))
        return results


def _judge(
    connection: duckdb.DuckDBPyConnection, limit: Limit, rows: int, went: tuple[int, int], *, is_of_same_code: bool
) -> CheckResult:
    """The finding on a mart of so many rows, of which so many are gone and so many changed, staged in `lost`."""
    gone, changed = went
    lost = gone + changed
    share = f" ({100 * lost / rows:.2f} %)" if rows else ""
    observed = f"{lost:,} of {rows:,} rows{share} went or changed"
    if limit.figure and lost:
        observed += f": {gone:,} gone, {changed:,} changed"
    outcome: Outcome = "passed"
    if rows < limit.minimum_rows:
        observed += f"; not judged below {limit.minimum_rows:,} rows"
    elif lost > limit.max_share * rows:
        outcome = "held" if limit.severity == "critical" and is_of_same_code else "reported"
        observed += "" if is_of_same_code else "; code or vocabulary are others than those of the current release"
    samples = _samples(connection, limit) if outcome != "passed" else ()
    return _result(limit, outcome, observed, rows, lost, samples)


def _judge_places(connection: duckdb.DuckDBPyConnection, mart: str, places: WholePlaces) -> CheckResult:
    """The finding on places of which the current release has rows and the mart that is judged has none."""
    rows = connection.execute(
        f"""
        with
        held as (
            select ref_area, min(name_zh) as name_zh, count(*) as n from prior.{mart}
            where area_level = ? group by ref_area having count(*) >= ?
        )
        select ref_area, name_zh, n, ref_area not in (select ref_area from later.{mart}) as is_gone
        from held order by ref_area
        """,
        [places.area_level, places.minimum_rows],
    ).fetchall()
    gone = [(ref_area, f"{name}, {n:,} rows, is gone whole") for ref_area, name, n, is_gone in rows if is_gone]
    observed = f"{len(gone):,} of {len(rows):,} places of level {places.area_level} are gone whole"
    if gone:
        shown = ", ".join(f"{detail.split(',')[0]} ({ref_area})" for ref_area, detail in gone[: records.SAMPLES])
        observed += f": {shown}"
    return CheckResult(
        suite=f"{SCHEMA}.{mart}",
        expectation=WHOLE_PLACES,
        target=f"marts.{mart}",
        severity="critical",
        success=not gone,
        outcome="held" if gone else "passed",
        observed=observed,
        limit=f"none that had {places.minimum_rows:,} rows or more",
        rows_checked=len(rows),
        rows_failed=len(gone),
        note_zh=places.note_zh,
        note_en=places.note_en,
        samples=tuple(Sample(ref_area, detail) for ref_area, detail in gone[: records.SAMPLES]),
    )


def _missing(there: pair.Columns, limit: Limit) -> str:
    """What one of the releases lacks of what is judged: the mart, or columns of it."""
    lacking: set[str] = set()
    for schema in ("prior", "later"):
        columns = there.get(f"{schema}.{limit.mart}")
        if columns is None:
            return f"mart {limit.mart}"
        wanted = {*limit.grain, *limit.figure, *(_PLACE_COLUMNS if limit.whole_places else ())}
        lacking |= wanted - columns.keys()
    return f"column {', '.join(sorted(lacking))}" if lacking else ""


def _stage_lost(connection: duckdb.DuckDBPyConnection, limit: Limit, there: pair.Columns) -> tuple[int, int]:
    """Fill `lost` with the rows of the current release that stand no more; how many are gone, how many changed."""
    marts = f"prior.{limit.mart} as prior {{}} join later.{limit.mart} as later"
    connection.execute(f"""
        create or replace temp table lost as
        select {_told(there, limit)} from {marts.format("anti")} on {pair.same((*limit.grain, *limit.figure))}
    """)
    lost = records.count(connection, "lost")
    if not lost or not limit.figure:
        return lost, 0
    connection.execute(f"""
        create or replace temp table changed as
        select * from lost as prior semi join later.{limit.mart} as later on {pair.same(limit.grain)}
    """)
    changed = records.count(connection, "changed")
    return lost - changed, changed


def _told(there: pair.Columns, limit: Limit) -> str:
    """The columns of a lost row that are judged, and those that tell a person which it is."""
    columns = there[f"prior.{limit.mart}"]
    key = next(mart.key for mart in contract.marts() if mart.name == limit.mart)
    wanted = dict.fromkeys((*limit.grain, *limit.figure, *key, *diff.TELLING))
    return ", ".join(f'prior."{column}"' for column in wanted if column in columns)


def _samples(connection: duckdb.DuckDBPyConnection, limit: Limit) -> tuple[Sample, ...]:
    there = pair.types(connection, "lost")
    key = next(mart.key for mart in contract.marts() if mart.name == limit.mart)
    named = [each for each in ("name_zh", "indicator_zh", "time_period", "value_text", "file_name") if each in there]
    texts = [f"concat_ws(' ', {', '.join(f'prior.{each}' for each in named)})"]
    texts += [each if each in there else "null" for each in ("document_title", "quote")]
    standing = f"exists (select 1 from later.{limit.mart} as later where {pair.same(limit.grain)})"
    rows = connection.execute(f"""
        select concat_ws(' ', {", ".join(f"prior.{each}" for each in key)}) as row_id, {", ".join(texts)}, is_changed
        from (select *, {standing} as is_changed from lost as prior) as prior
        order by {", ".join(f"prior.{each}" for each in limit.grain)}, row_id limit {records.SAMPLES}
    """).fetchall()
    return tuple(
        Sample(row_id, f"{what} {'reads otherwise' if is_changed and limit.figure else 'is gone'}", None, title, quote)
        for row_id, what, title, quote, is_changed in rows
    )


def _result(
    limit: Limit,
    outcome: Outcome,
    observed: str,
    rows: int | None = None,
    lost: int | None = None,
    samples: tuple[Sample, ...] = (),
) -> CheckResult:
    return CheckResult(
        suite=f"{SCHEMA}.{limit.mart}",
        expectation=EXPECTATION,
        target=f"marts.{limit.mart}",
        severity=limit.severity,
        success=outcome == "passed",
        outcome=outcome,
        observed=observed,
        limit=f"{100 * limit.max_share:.4g} %",
        rows_checked=rows,
        rows_failed=lost,
        note_zh=limit.note_zh,
        note_en=limit.note_en,
        samples=samples,
    )


def _not_judged(error: published.DamagedRelease) -> CheckResult:
    return CheckResult(
        suite=SCHEMA,
        expectation="current_release_is_whole",
        target="current",
        severity="warning",
        success=False,
        outcome="reported",
        observed=error.what,
        limit="none damaged",
        rows_checked=None,
        rows_failed=None,
        note_zh="当前版本已损坏，无法与其比较。",
        note_en="What changed against it was not judged.",
    )


def _limit(mart: contract.Mart, slots: Any, where: str) -> Limit:
    _check_keys(slots, _KEYS, where, may_have={"whole_places"})
    unknown = {*slots["grain"], *slots["figure"]} - {column.name for column in mart.columns}
    if unknown or not slots["grain"]:
        raise UsageError(
            f"{where}: no column {', '.join(sorted(unknown)) or 'in the grain'}", "name columns of the mart"
        )
    if slots["severity"] not in SEVERITIES:
        raise UsageError(f"{where}: severity is {slots['severity']!r}", f"use one of {', '.join(SEVERITIES)}")
    if not 0 <= float(slots["max_share"]) < 1 or int(slots["minimum_rows"]) < 0:
        raise UsageError(
            f"{where}: max_share or minimum_rows is out of bounds", "a share below 1, and a number of rows"
        )
    whole_places = _whole_places(mart, slots["whole_places"], where) if "whole_places" in slots else None
    grain, figure = tuple(slots["grain"]), tuple(slots["figure"])
    return Limit(mart.name, **{**slots, "grain": grain, "figure": figure, "whole_places": whole_places})


def _whole_places(mart: contract.Mart, slots: Any, where: str) -> WholePlaces:
    _check_keys(slots, _WHOLE_PLACES_KEYS, f"{where}, whole_places")
    lacking = {*_PLACE_COLUMNS} - {column.name for column in mart.columns}
    if lacking:
        raise UsageError(
            f"{where}: whole_places needs column {', '.join(sorted(lacking))}", "judge them in a mart that has it"
        )
    if slots["area_level"] not in _LEVELS:
        raise UsageError(
            f"{where}: there is no level of administration {slots['area_level']}", f"use one of {', '.join(_LEVELS)}"
        )
    return WholePlaces(**{**slots, "minimum_rows": int(slots["minimum_rows"])})


def _check_keys(slots: Any, keys: frozenset[str], where: str, may_have: Collection[str] = ()) -> None:
    found = slots.keys() - may_have if isinstance(slots, Mapping) else frozenset()
    if found != keys:
        raise UsageError(f"{where}: keys are missing or unknown: {', '.join(sorted(keys ^ found))}", f"see {FILE}")
