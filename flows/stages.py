"""The stages from an intake to a published release, one task each, and the one path on which all flows take them.

Each task calls one function of the library; the tasks share the run's one open warehouse, so they run in this
process, in this order. Caching and retries are off: stages skip what is done by content, and a repeated run
converges to the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows import artifacts
from gongbao import churn, curation, ingest, normalise, publish, runs, validate
from gongbao.errors import GongbaoError, ReleaseHeld
from gongbao.extract.sheets.template import templates
from gongbao.publish.diff_page import in_words
from gongbao.reference import checks
from gongbao.settings import Settings
from gongbao.validate.verdict import WHEN_HELD
from gongbao.warehouse import Warehouse

Intake = Callable[[Warehouse, Settings], ingest.IngestReport]
"""What a flow takes in before the stages that all flows share."""

stage = task(cache_policy=NO_CACHE, persist_result=False)


@stage
def ingest_sources(warehouse: Warehouse, configured: Settings) -> ingest.IngestReport:
    """Sources to documents: blobs, texts and grids, and the quarantine."""
    return ingest.ingest(
        warehouse,
        configured.sources(),
        configured.clock(),
        configured.parse_limits(),
        only_hosts=configured.allow_hosts,
        contact=configured.contact,
    )


@stage
def extract_documents(warehouse: Warehouse, configured: Settings) -> normalise.ExtractReport:
    """Texts and grids to statements, skipping those that this extractor has read already."""
    return normalise.extract_pending(warehouse, configured.processes)


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
    try:
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


def _published(summary: runs.Summary) -> str:
    """What a night's release changes, in a line for the page of its run."""
    if not summary.release_is_new:
        return f"release {summary.release_id} as before"
    if summary.changes is None:
        return f"release {summary.release_id} is new"
    return f"release {summary.release_id} against {summary.previous_release}: {in_words(summary.changes)}"


def night(warehouse: Warehouse, configured: Settings, intake: Intake) -> runs.Summary:
    """From what `intake` brings to a published release, told in the run ledger.

    Raises `ReleaseHeld` where the gate or the limits of change hold the release; `current` is then as before.
    """
    run_id = runs.begin(warehouse, configured.clock())
    try:
        curation.record(warehouse, configured.clock(), configured.corrections)
        arrived = intake(warehouse, configured)
        extracted = extract_documents(warehouse, configured)
        normalised = normalise_statements(warehouse, configured)
        core = validate_core(warehouse, run_id)
        stage_marts(warehouse)
        marts = validate_marts(warehouse, run_id)
        findings = tuple(validate.describe(core) + validate.describe(marts))
        if core.held or marts.held:
            held = [r.expectation for verdict in (core, marts) for r in verdict.results if r.outcome == "held"]
            page = _report_held(warehouse, (core, marts))
            refusal = ReleaseHeld(
                f"the gate held the release for {', '.join(held)}",
                f"`current` is as before; the rows, and what to do: {page or 'see the findings'}",
                findings,
            )
            artifacts.leave_quality(publish.quality_markdown((core, marts), refusal.what, page, WHEN_HELD))
            raise refusal
        candidate = prepare_release(warehouse, (core, marts))
        changes = judge_changes(warehouse, run_id, candidate)
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
            )
            artifacts.leave_quality(publish.quality_markdown((core, marts, changes), refusal.what, page, told[-1]))
            raise refusal
        release = publish_release(warehouse, candidate, configured.keep_releases)
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
    except BaseException as error:
        outcome: runs.Outcome = "held" if isinstance(error, ReleaseHeld) else "failed"
        try:
            runs.end(warehouse, run_id, outcome, configured.clock(), None)
        except Exception as second:  # a full disk: what stopped the night is the error to tell
            error.add_note(f"the run ledger could not be closed either: {second}")
        raise
    runs.end(warehouse, run_id, summary.outcome, configured.clock(), summary)
    warehouse.checkpoint()
    page = release.path / publish.QUALITY
    artifacts.leave_quality(publish.quality_markdown((core, marts, changes), _published(summary), page))
    return summary


def _report_held(warehouse: Warehouse, verdicts: tuple[validate.Verdict, ...]) -> Path | None:
    """The page of a held night; without it the night is held no less, and the terminal tells the findings."""
    try:
        return publish.report_held(warehouse, verdicts)
    except GongbaoError as error:
        # Critical, as `gongbao run` shows nothing less.
        get_run_logger().critical("%s", error)
        return None
