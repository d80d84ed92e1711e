"""The run ledger: what each night did, in `ops.run` and, outliving the database, in `ledger/runs.jsonl`.

A run is written twice to the ledger file, when it begins and when it ends: a beginning without an end is a night
that was killed. `gongbao.run_history` reads it.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from gongbao import metrics, project, run_history
from gongbao.run_history import Run
from gongbao.stopwatch import Stage
from gongbao.warehouse import Warehouse, insert

_log = logging.getLogger(__name__)
KILLED = "killed: its process is gone; run again"
_NAMED = 10
"""Names that a note gives; the rest is counted."""
Outcome = Literal["done", "done_with_faults", "held", "failed"]
Flow = Literal["nightly", "backfill", "ingest_one", "publish", "validate"]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a person wants to know of a night; counts are of the whole warehouse unless they say `new`.

    `statements` = `facts` + `targets` + `project_figures` + `unresolved`, over the documents that were accepted and
    contribute. `refused` are numerals that state nothing (slogans, dates, ordinals), `withheld` are facts and
    targets that a critical rule kept out of the marts. `quarantined` are the refused inputs that lie in the inboxes,
    and texts that broke the extractor. `changes` counts the rows added, changed and removed by mart against
    `previous_release`, which was current before; null where the release is the same. `notes` are what the operator
    should know besides the checks' findings.
    """

    run_id: str
    outcome: Outcome
    documents: int
    new_documents: int
    extracted: int
    statements: int
    facts: int
    targets: int
    project_figures: int
    unresolved: int
    refused: int
    quarantined: int
    withheld: int
    review_items: int
    checks_passed: int
    checks_failed: int
    release_id: str | None
    release_is_new: bool
    marts: str | None
    previous_release: str | None = None
    changes: Mapping[str, Mapping[str, int]] | None = None
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def begin(warehouse: Warehouse, now: datetime, flow: Flow = "nightly") -> str:
    """Open a run in the ledger and return its id: the moment it began, and a count among runs of that moment.

    What a lost database no longer tells of earlier runs is filled in from the ledger. Whoever begins holds the
    warehouse, so an earlier run without an end was killed: this one takes over from it, and says so.
    """
    history = run_history.read(warehouse.root)
    forgotten = _restore(warehouse, history)
    stem = now.strftime("%Y%m%dT%H%M%SZ")
    earlier = {run.run_id for run in history}
    number = 1
    while (run_id := f"{stem}-{number}") in earlier:
        number += 1
    told = {each for entry in warehouse.read_ledger("runs") for each in entry.get("took_over", ())}
    killed = [run.run_id for run in history if run.ended_at is None and run.run_id not in told]
    if killed:
        _log.warning("the lock of %s, which never ended, is taken over: run %s goes on", _listed(tuple(killed)), run_id)
    row = {"run_id": run_id, "flow": flow, "code_version": project.code_version()}
    if forgotten:
        _log.warning(
            "the database knows nothing of %s, which published: it was lost, or put back from a copy, and is made up "
            "for from ledger/ and blobs/",
            _listed(forgotten),
        )
    line = {**row, "event": "begin", "at": now.isoformat(), "pid": os.getpid()}
    found = {"took_over": killed, "forgotten": list(forgotten)}
    warehouse.append_ledger("runs", [line | {name: told for name, told in found.items() if told}])
    insert(warehouse.connection, "ops.run", [{**row, "started_at": now}])
    return run_id


def end(
    warehouse: Warehouse,
    run_id: str,
    outcome: Outcome,
    now: datetime,
    summary: Summary | None,
    release_id: str | None = None,
    *,
    stages: Sequence[Stage] = (),
    held_by: Sequence[str] = (),
    error: str | None = None,
) -> None:
    """Close a run: outcome, release, stages and summary, in the database and in the ledger file; then the metrics.

    `release_id` is the release that a run without a summary published, `held_by` are the checks that held one, `error`
    says what ended the run and what to do.
    """
    release_id = summary.release_id if summary else release_id
    text = json.dumps(asdict(summary), ensure_ascii=False, sort_keys=True) if summary else None
    did = [stage.entry() for stage in stages]
    warehouse.connection.execute(
        """
        update ops.run set ended_at = ?, outcome = ?, release_id = ?, summary = ?, held_by = ?, error = ?, stages = ?
        where run_id = ?
        """,
        [now, outcome, release_id, text, _json(held_by), error, _json(did), run_id],
    )
    line = {"run_id": run_id, "event": "end", "at": now.isoformat(), "outcome": outcome, "release_id": release_id}
    warehouse.append_ledger("runs", [line | {"held_by": list(held_by), "error": error, "stages": did}])
    _tell_metrics(warehouse)


def close_killed(warehouse: Warehouse, now: datetime, reason: str | None = None) -> list[str]:
    """Close the runs that never ended, as failed; returns their ids, none where all are closed.

    Whoever closes them holds the warehouse, so none is at work, whatever process has its number now. `reason` is told
    of the newest: of those before it nothing is known but that they were killed.
    """
    unended = [run.run_id for run in run_history.read(warehouse.root) if run.ended_at is None]
    for run_id in unended:
        is_newest = run_id == unended[-1]
        end(warehouse, run_id, "failed", now, None, error=reason if reason and is_newest else KILLED)
    return unended


def _restore(warehouse: Warehouse, history: Sequence[Run]) -> tuple[str, ...]:
    """Fill `ops.run` from the ledger; the runs that published and were not there.

    A run's end is in the database before it is in the ledger: who is missing was there once.
    """
    known = {run_id for (run_id,) in warehouse.connection.execute("select run_id from ops.run").fetchall()}
    rows = [
        {
            "run_id": run.run_id,
            "flow": run.flow,
            "started_at": run.started_at,
            "ended_at": run.ended_at,
            "outcome": None if run.ended_at is None else run.standing,
            "release_id": run.release_id,
            "code_version": run.code_version or "unknown",
            "held_by": _json(run.held_by),
            "error": run.error,
            "stages": _json([stage.entry() for stage in run.stages]),
        }
        for run in history
        if run.run_id not in known
    ]
    insert(warehouse.connection, "ops.run", rows)
    return tuple(run.run_id for run in history if run.run_id not in known and run.release_id is not None)


def _tell_metrics(warehouse: Warehouse) -> None:
    try:
        metrics.write(warehouse.root, run_history.read(warehouse.root))
    except OSError as error:  # a full disk: the run is what it is
        _log.warning("the metrics %s could not be written (%s)", metrics.path(warehouse.root), error.strerror)


def _json(value: Sequence[object]) -> str:
    return json.dumps(list(value), ensure_ascii=False, sort_keys=True)


def count(warehouse: Warehouse, relation: str, condition: str = "true") -> int:
    """Rows of a relation that meet a condition; both are the program's own words, never a user's."""
    row = warehouse.connection.execute(f"select count(*) from {relation} where {condition}").fetchone()
    return int(row[0]) if row else 0


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED:,} more" if len(names) > _NAMED else shown


def summarise(
    warehouse: Warehouse,
    run_id: str,
    *,
    new_documents: int,
    extracted: int,
    aliases: tuple[str, ...],
    touched: tuple[str, ...],
    stale_corrections: tuple[str, ...],
    quarantined: int,
    pending: int,
    unreached: tuple[tuple[str, str], ...],
    checks_passed: int,
    checks_failed: int,
    findings: tuple[str, ...],
    release_id: str,
    release_is_new: bool,
    previous_release: str | None = None,
    changes: Mapping[str, Mapping[str, int]] | None = None,
) -> Summary:
    """Count the warehouse after a night that published.

    `aliases` are the curator's that changed, `touched` the files that were normalised anew for it.
    `stale_corrections` says which corrections fit no more.
    `quarantined` counts this night's refusals, `pending` the pages that could not be had now, `unreached` holds
    (source, reason). Each makes the outcome `done_with_faults`, and so does a warehouse in which no document has ever
    arrived.
    """
    facts, targets, projects, unresolved = (
        count(warehouse, f"core.{relation}") for relation in ("fact", "target", "project", "unresolved")
    )
    statements = facts + targets + projects + unresolved
    documents = count(warehouse, "raw.document", "ingest_status in ('accepted', 'accepted_with_warning')")
    begun = [entry for entry in warehouse.read_ledger("runs") if entry["run_id"] == run_id]
    killed = [each for entry in begun for each in entry.get("took_over", ())]
    notes = [f"killed before its end, and taken over from by this run: {_listed(tuple(killed))}"] if killed else []
    if forgotten := tuple(each for entry in begun for each in entry.get("forgotten", ())):
        notes.append(f"the database had lost, and this run made up for: {_listed(forgotten)}")
    notes += [f"source {name} was not reached: {reason}" for name, reason in unreached]
    if aliases or touched:
        which = f"aliases that changed: {_listed(aliases)}" if aliases else "aliases changed before a night that failed"
        notes.append(f"{which}; normalised anew for it: {_listed(touched) or 'nothing'}")
    if stale_corrections:
        notes.append(f"corrections that were not applied: {'; '.join(stale_corrections[:_NAMED])}")
        if len(stale_corrections) > _NAMED:
            notes.append(f"and {len(stale_corrections) - _NAMED:,} more: `gongbao review list --kind stale_correction`")
    if pending:
        notes.append(f"{pending:,} pages could not be had now: the next night asks again, what they said before stands")
    if not documents:
        notes.append("no document has arrived yet: the release is empty; put bulletins into the inboxes")
    elif statements and not facts and not targets:
        notes.append(
            f"none of {statements:,} statements became a fact or a target: does each source name its place in "
            "gongbao.toml? `gongbao explain STATEMENT_ID` says what is missing"
        )
    return Summary(
        run_id=run_id,
        outcome="done_with_faults" if quarantined or pending or unreached or not documents else "done",
        documents=documents,
        new_documents=new_documents,
        extracted=extracted,
        statements=statements,
        facts=facts,
        targets=targets,
        project_figures=projects,
        unresolved=unresolved,
        refused=count(warehouse, "core.rejection"),
        quarantined=quarantined,
        withheld=count(warehouse, "core.withheld"),
        review_items=count(warehouse, "ops.review_item", "status = 'open'"),
        checks_passed=checks_passed,
        checks_failed=checks_failed,
        release_id=release_id,
        release_is_new=release_is_new,
        marts=str(warehouse.current),
        previous_release=previous_release,
        changes=changes,
        findings=findings,
        notes=tuple(notes),
    )
