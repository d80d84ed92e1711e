"""A night without Prefect: `python -m tests.bench_night_alone INBOX WAREHOUSE`, for tests/bench_night.py."""

from __future__ import annotations

import sys
from pathlib import Path

from gongbao import churn, curation, ingest, normalise, publish, runs, settings, validate
from gongbao.warehouse import Warehouse


def night(inbox: Path, folder: Path) -> None:
    """What the tasks of flows/stages.py call, and the run ledger around them."""
    configured = settings.load(source=settings.inbox_sources((inbox,)), warehouse=folder)
    with Warehouse(folder) as warehouse:
        run_id = runs.begin(warehouse, configured.clock())
        curation.record(warehouse, configured.clock(), configured.corrections)
        with configured.workers() as workers:
            arrived = ingest.ingest(
                warehouse, configured.sources(), configured.clock(), configured.parse_limits(), workers=workers
            )
            extracted = normalise.extract_pending(warehouse, workers)
        normalised = normalise.normalise(warehouse, configured.read_corrections())
        core = validate.validate_core(warehouse, run_id)
        publish.stage_marts(warehouse)
        marts = validate.validate_marts(warehouse, run_id)
        candidate = publish.prepare(warehouse, (core, marts))
        changes = churn.judge(warehouse, run_id, candidate)
        release = publish.make_current(warehouse, candidate)
        publish.prune(warehouse, configured.keep_releases)
        summary = runs.summarise(
            warehouse,
            run_id,
            new_documents=arrived.new,
            extracted=extracted.extracted,
            aliases=normalised.aliases,
            touched=normalised.touched,
            stale_corrections=normalised.stale_corrections,
            quarantined=arrived.quarantined,
            pending=len(arrived.pending),
            unreached=arrived.unreached,
            checks_passed=core.passed + marts.passed + changes.passed,
            checks_failed=core.failed + marts.failed + changes.failed,
            findings=(),
            release_id=release.release_id,
            release_is_new=release.is_new,
        )
        runs.end(warehouse, run_id, summary.outcome, configured.clock(), summary)
        warehouse.checkpoint()


if __name__ == "__main__":
    night(Path(sys.argv[1]), Path(sys.argv[2]))
