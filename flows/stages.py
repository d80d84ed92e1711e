"""The stages from an intake to a published release, one task each, and the one path on which all flows take them.

Each task calls one function of the library; the tasks share the run's one open warehouse, so they run in this
process, in this order. Caching and retries are off: stages skip what is done by content, and a repeated run
converges to the same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.exceptions import TerminationSignal
from prefect.states import Completed, Failed

from flows import artifacts, flow_logs, stop_signals
from gongbao import churn, curation, ingest, logs, normalise, publish, run_page, runs, storage_errors, validate
from gongbao.errors import GongbaoError, ReleaseHeld, is_interrupt
from gongbao.extract.sheets.template import templates
from gongbao.ingest import quarantine
from gongbao.publish.diff_page import in_words
from gongbao.reference import checks
from gongbao.settings import Settings
from gongbao.stopwatch import Stopwatch
from gongbao.validate.verdict import WHEN_HELD
from gongbao.warehouse import Warehouse
from gongbao.workers import Workers

Intake = Callable[[Warehouse, Settings, Workers], ingest.IngestReport]
"""What a flow takes in before the stages that all flows share."""

_log = logging.getLogger("gongbao.flows")
RETRY_DELAYS = (60.0, 300.0)
"""Seconds before each further try at a site that did not answer."""

stage = task(cache_policy=NO_CACHE, persist_result=False)


def visit(
    warehouse: Warehouse,
    configured: Settings,
    sources: Sequence[ingest.Source],
    named: Sequence[str] | None = None,
    workers: Workers | None = None,
) -> ingest.IngestReport:
    """Ask these sources, under the clock, limits and hosts that are configured; only those `named`, if any."""
    return ingest.ingest(
        warehouse,
        sources,
        configured.clock(),
        configured.parse_limits(),
        only_hosts=configured.allow_hosts,
        contact=configured.contact,
        named=named,
        workers=workers,
    )


@stage
def ingest_sources(warehouse: Warehouse, configured: Settings, workers: Workers) -> ingest.IngestReport:
    """Sources to documents: blobs, texts and grids, and the quarantine."""
    return visit(warehouse, configured, configured.sources(), workers=workers)


@task(cache_policy=NO_CACHE, persist_result=False, retries=len(RETRY_DELAYS), retry_delay_seconds=list(RETRY_DELAYS))
def reach_again(warehouse: Warehouse, configured: Settings, reports: list[ingest.IngestReport]) -> None:
    """Sites that did not answer, once more: the one stage that can do better by itself in a few minutes.

    All others compute: what failed in them fails again, and the next night goes on from where this one stopped. What
    each try brings is put into `reports`; fails while a site does not answer.
    """
    before = reports[-1]
    again = visit(warehouse, configured, configured.sources(), before.passing)
    reports.append(ingest.merged(before, again))
    if reports[-1].passing:
        raise GongbaoError(f"not reached: {', '.join(reports[-1].passing)}", "it is tried again, then the next night")


@stage
def extract_documents(warehouse: Warehouse, workers: Workers) -> normalise.ExtractReport:
    """Texts and grids to statements, skipping those that this extractor has read already."""
    return normalise.extract_pending(warehouse, workers)


@stage
def normalise_statements(warehouse: Warehouse, configured: Settings) -> normalise.NormaliseReport:
    """Statements to facts and targets, with a curator's corrections."""
    return normalise.normalise(warehouse, configured.read_corrections())


@stage
def validate_core(warehouse: Warehouse, run_id: str) -> validate.Verdict:
    """Facts and targets through their suites and cross-row rules."""
    return validate.validate_core(warehouse, run_id)


@stage
def stage_marts(warehouse: Warehouse) -> None:
    """The marts, built inside the database where nobody reads them yet."""
    publish.stage_marts(warehouse)


@stage
def validate_marts(warehouse: Warehouse, run_id: str) -> validate.Verdict:
    """The staged marts through their own suites."""
    return validate.validate_marts(warehouse, run_id)


@stage
def prepare_release(warehouse: Warehouse, verdicts: tuple[validate.Verdict, ...]) -> publish.Candidate:
    """The staged marts to Parquet, in a folder that nobody reads, compared with the current release."""
    return publish.prepare(warehouse, verdicts)


@stage
def judge_changes(warehouse: Warehouse, run_id: str, candidate: publish.Candidate) -> validate.Verdict:
    """What would be gone, or read otherwise, against the limits of expectations/churn.yaml."""
    return churn.judge(warehouse, run_id, candidate)


@stage
def publish_release(warehouse: Warehouse, candidate: publish.Candidate, keep: int) -> publish.Release:
    """`current` switched in one step, and the oldest releases removed."""
    release = publish.make_current(warehouse, candidate)
    publish.prune(warehouse, keep)
    return release


def state_of(run: Callable[[], runs.Summary]) -> State[runs.Summary]:
    """The state in which a flow ends: what a user can act on is a failed state that carries the error itself."""
    flow_logs.set_up()
    try:
        with stop_signals.heard():
            summary = run()
    except ReleaseHeld as error:
        return Failed(name="Held", message=str(error), data=error)
    except GongbaoError as error:
        return Failed(message=str(error), data=error)
    if summary.outcome == "done_with_faults":
        faults = "; ".join((f"{summary.quarantined} inputs quarantined", *summary.notes, _published(summary)))
        return Completed(name="CompletedWithFaults", message=faults, data=summary)
    return Completed(message=_published(summary), data=summary)


def check_curated(configured: Settings) -> None:
    """Tell a curator's slip before hours of work. Raises `UsageError` with file and line."""
    checks.check_overlay()
    templates()
    configured.read_corrections()


def take_in(warehouse: Warehouse, configured: Settings, workers: Workers) -> ingest.IngestReport:
    """What all sources that are due hold; sites that do not answer are asked again in a while."""
    reports = [ingest_sources(warehouse, configured, workers)]
    if reports[0].passing:
        sites, minutes = ", ".join(reports[0].passing), " and ".join(f"{delay / 60:g}" for delay in RETRY_DELAYS)
        _log.warning("no answer from %s: asked again at once, then after %s minutes", sites, minutes)
        reach_again(warehouse, configured, reports, return_state=True)  # what stays unreached is in the report
    return reports[-1]


def _published(summary: runs.Summary) -> str:
    """What a night's release changes, in a line for the page of its run."""
    if not summary.release_is_new:
        return f"release {summary.release_id} as before"
    if summary.changes is None:
        return f"release {summary.release_id} is new"
    return f"release {summary.release_id} against {summary.previous_release}: {in_words(summary.changes)}"


@dataclass(frozen=True)
class _Run:
    """A run at work: what it works on, what it is called, and its watch."""

    warehouse: Warehouse
    configured: Settings
    flow: runs.Flow
    run_id: str
    watch: Stopwatch

    def end(self, outcome: runs.Outcome, summary: runs.Summary | None, error: BaseException | None) -> None:
        """Close the ledger, and leave the pages of the run."""
        held_by = error.held_by if isinstance(error, ReleaseHeld) else ()
        told = None if error is None else str(error) or type(error).__name__
        if isinstance(error, TerminationSignal):
            told = "stopped by SIGTERM; run again"
        elif error is not None and is_interrupt(error):
            told = "stopped by hand (Ctrl-C); run again"
        runs.end(
            self.warehouse,
            self.run_id,
            outcome,
            self.configured.clock(),
            summary,
            stages=self.watch.stages,
            held_by=held_by,
            error=told,
        )
        answer, notes = (told or "", ()) if summary is None else (_published(summary), summary.notes)
        _log.info("%s %s: %s", self.flow, outcome, answer, extra={"outcome": outcome, "held_by": held_by})
        page = run_page.summary_markdown(self.flow, self.run_id, outcome, answer, self.watch.stages, notes)
        artifacts.leave_summary(page)
        artifacts.leave_quarantine(run_page.quarantine_table(quarantine.standing(self.warehouse.connection)))


def night(warehouse: Warehouse, configured: Settings, intake: Intake, flow: runs.Flow) -> runs.Summary:
    """From what `intake` brings to a published release, told in the run ledger.

    Raises `ReleaseHeld` where the gate or the limits of change hold the release; `current` is then as before.
    """
    run = _Run(warehouse, configured, flow, runs.begin(warehouse, configured.clock(), flow), Stopwatch())
    with logs.bound(run_id=run.run_id, flow=flow), artifacts.showing_progress():
        try:
            with storage_errors.explained(warehouse.root):
                summary = _through(run, intake)
        except BaseException as error:
            try:
                run.end("held" if isinstance(error, ReleaseHeld) else "failed", None, error)
            except Exception as second:  # a full disk: what stopped the night is the error to tell
                error.add_note(f"the run ledger could not be closed either: {second}")
            raise
        run.end(summary.outcome, summary, None)
        warehouse.checkpoint()
    return summary


def _through(run: _Run, intake: Intake) -> runs.Summary:
    warehouse, configured, run_id, timed = run.warehouse, run.configured, run.run_id, run.watch.stage
    curation.record(warehouse, configured.clock(), configured.corrections)
    with configured.workers() as workers:
        with timed("ingest") as counts:
            arrived = intake(warehouse, configured, workers)
            counts |= {name: getattr(arrived, name) for name in _ARRIVED} | {"pending": len(arrived.pending)}
        with timed("extract") as counts:
            extracted = extract_documents(warehouse, workers)
            counts |= {"extracted": extracted.extracted, "unchanged": extracted.unchanged}
            counts |= {"statements": extracted.statements, "failed": len(extracted.failures)}
    for failure in extracted.failures:
        _log.warning("not extracted: %s", failure.detail, extra={"document_id": failure.document_id})
    with timed("normalise") as counts:
        normalised = normalise_statements(warehouse, configured)
        counts |= {"normalised": normalised.normalised, "unchanged": normalised.unchanged}
        standing = {"facts": "fact", "targets": "target", "project_figures": "project", "unresolved": "unresolved"}
        counts |= {name: runs.count(warehouse, f"core.{relation}") for name, relation in standing.items()}
    with timed("validate_core") as counts:
        core = validate_core(warehouse, run_id)
        counts |= _judged(core)
    with timed("stage_marts"):
        stage_marts(warehouse)
    with timed("validate_marts") as counts:
        marts = validate_marts(warehouse, run_id)
        counts |= _judged(marts)
    findings = tuple(validate.describe(core) + validate.describe(marts))
    if core.held or marts.held:
        held = [r.expectation for verdict in (core, marts) for r in verdict.results if r.outcome == "held"]
        page = _report_held(warehouse, (core, marts))
        refusal = ReleaseHeld(
            f"the gate held the release for {', '.join(held)}",
            f"`current` is as before; the rows, and what to do: {page or 'see the findings'}",
            findings,
            tuple(held),
        )
        artifacts.leave_quality(publish.quality_markdown((core, marts), refusal.what, page, WHEN_HELD), page)
        raise refusal
    with timed("prepare_release"):
        candidate = prepare_release(warehouse, (core, marts))
    artifacts.leave_release_diff(warehouse.root, candidate)
    with timed("judge_changes") as counts:
        changes = judge_changes(warehouse, run_id, candidate)
        counts |= _judged(changes)
    told = churn.describe(changes, candidate)
    findings = (*told, *findings)
    if changes.held:
        publish.hold(warehouse, candidate)
        page = _report_held(warehouse, (core, marts, changes))
        lost = [result.target for result in changes.results if result.outcome == "held"]
        refusal = ReleaseHeld(
            f"too much is gone or reads otherwise in {', '.join(lost)}: release {candidate.release_id} is held",
            f"`current` is as before; what would be gone: {page or 'see the findings'}; where that is right, "
            f"`gongbao publish {candidate.release_id[:8]}`",
            findings,
            tuple(f"{result.expectation} ({result.target})" for result in changes.results if result.outcome == "held"),
        )
        artifacts.leave_quality(publish.quality_markdown((core, marts, changes), refusal.what, page, told[-1]), page)
        raise refusal
    with timed("publish") as counts:
        release = publish_release(warehouse, candidate, configured.keep_releases)
        counts["new_releases"] = int(release.is_new)
    summary = runs.summarise(
        warehouse,
        run_id,
        new_documents=arrived.new,
        extracted=extracted.extracted,
        aliases=normalised.aliases,
        touched=normalised.touched,
        stale_corrections=normalised.stale_corrections,
        quarantined=arrived.quarantined + len(extracted.failures),
        pending=len(arrived.pending),
        unreached=arrived.unreached,
        checks_passed=core.passed + marts.passed + changes.passed,
        checks_failed=core.failed + marts.failed + changes.failed,
        findings=findings,
        release_id=release.release_id,
        release_is_new=release.is_new,
        previous_release=release.previous,
        changes=release.changes,
    )
    page = release.path / publish.QUALITY
    artifacts.leave_quality(publish.quality_markdown((core, marts, changes), _published(summary), page), page)
    return summary


_ARRIVED = ("seen", "new", "unchanged", "revised", "duplicate", "quarantined", "replayed")


def _judged(verdict: validate.Verdict) -> dict[str, int]:
    return {
        "passed": verdict.passed, "failed": verdict.failed, "withheld": verdict.withheld, "caveats": verdict.caveats,
    }  # fmt: skip


def _report_held(warehouse: Warehouse, verdicts: tuple[validate.Verdict, ...]) -> Path | None:
    """The page of a held night; without it the night is held no less, and the terminal tells the findings."""
    try:
        return publish.report_held(warehouse, verdicts)
    except GongbaoError as error:
        # Critical, as `gongbao run` shows nothing less.
        get_run_logger().critical("%s", error)
        return None
