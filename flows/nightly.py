"""The night: ingest, extract, normalise, validate, publish, one task a stage.

Each task calls one function of the library; the tasks share the run's one open warehouse, so they run in this
process, in this order. Caching and retries are off: stages skip what is done by content, and a repeated run
converges to the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from gongbao import churn, curation, ingest, normalise, publish, runs, settings, validate
from gongbao.errors import GongbaoError, ReleaseHeld
from gongbao.extract.sheets.template import templates
from gongbao.publish.diff_page import in_words
from gongbao.reference import checks
from gongbao.settings import Settings
from gongbao.validate.verdict import WHEN_HELD
from gongbao.warehouse import Warehouse

ARTIFACT = "quality"
"""Under this key each night leaves an artifact; Prefect's pages show the newest, and those before it."""

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


@flow(name="nightly", persist_result=False, timeout_seconds=6 * 3600)
def nightly(inbox: list[str] | None = None, warehouse: str | None = None) -> State[runs.Summary]:
    """Run the whole night on the configured sources, or on the inboxes named.

    Args:
        inbox: Folders of bulletins and workbooks (收件箱); the configured sources where none is named.
        warehouse: The warehouse folder (仓库); the configured one where none is named.

    """
    try:
        configured = settings.load(
            source=settings.inbox_sources(tuple(Path(folder) for folder in inbox or ())),
            warehouse=Path(warehouse) if warehouse else None,
        )
        checks.check_overlay()  # a curator's slip, here and in the next two, is told before hours of work
        templates()
        configured.read_corrections()
        with Warehouse(configured.warehouse) as opened:
            summary = _night(opened, configured)
    except ReleaseHeld as error:
        return Failed(name="Held", message=str(error), data=error)
    except GongbaoError as error:
        return Failed(message=str(error), data=error)
    if summary.outcome == "done_with_faults":
        faults = "; ".join((f"{summary.quarantined} inputs quarantined", *summary.notes, _published(summary)))
        return Completed(name="CompletedWithFaults", message=faults, data=summary)
    return Completed(message=_published(summary), data=summary)


def _published(summary: runs.Summary) -> str:
    """What a night's release changes, in a line for the page of its run."""
    if not summary.release_is_new:
        return f"release {summary.release_id} as before"
    if summary.changes is None:
        return f"release {summary.release_id} is new"
    return f"release {summary.release_id} against {summary.previous_release}: {in_words(summary.changes)}"


def _night(warehouse: Warehouse, configured: Settings) -> runs.Summary:
    run_id = runs.begin(warehouse, configured.clock())
    try:
        curation.record(warehouse, configured.clock(), configured.corrections)
        arrived = ingest_sources(warehouse, configured)
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
            _leave_artifact(publish.quality_markdown((core, marts), refusal.what, page, WHEN_HELD))
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
            _leave_artifact(publish.quality_markdown((core, marts, changes), refusal.what, page, told[-1]))
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
    _leave_artifact(publish.quality_markdown((core, marts, changes), _published(summary), page))
    return summary


def _report_held(warehouse: Warehouse, verdicts: tuple[validate.Verdict, ...]) -> Path | None:
    """The page of a held night; without it the night is held no less, and the terminal tells the findings."""
    try:
        return publish.report_held(warehouse, verdicts)
    except GongbaoError as error:
        # Critical, as `gongbao run` shows nothing less.
        get_run_logger().critical("%s", error)
        return None


def _leave_artifact(markdown: str) -> None:
    """What the checks found, for the page of the run. Without it the night is no less what the run ledger says."""
    try:
        create_markdown_artifact(markdown, key=ARTIFACT, description="质量 what the checks found in a night")
    except Exception as error:  # the server is away: whatever its client raises
        # Critical, as `gongbao run` shows nothing less.
        get_run_logger().critical("the artifact %s of this night could not be written: %r", ARTIFACT, error)
