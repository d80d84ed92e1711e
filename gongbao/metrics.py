"""What a monitoring system reads of the runs: one file in the format of Prometheus, replaced as each run ends.

    warehouse/metrics/gongbao.prom    for node_exporter's textfile collector, or whatever reads that format

It is made anew from the whole run ledger each time, so that it tells the same after a lost file. Moments are those of
the run ledger, in seconds since 1970. Series of a flow or an outcome that never was are absent; `gongbao_runs_unended`
never is, so that the rule for a late night finds by it a warehouse in which none was ever done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from gongbao.run_history import Run

OUTCOMES = ("done", "done_with_faults", "held", "failed")


def path(root: Path) -> Path:
    """The file of a warehouse."""
    return root / "metrics" / "gongbao.prom"


def write(root: Path, runs: Sequence[Run]) -> None:
    """Write the file in one step: a scrape sees the old one or the new one. Raises `OSError`."""
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry = CollectorRegistry()

    def gauge(name: str, help_: str, *labels: str) -> Gauge:
        return Gauge(f"gongbao_{name}", help_, labels, registry=registry)

    began = gauge("run_last_begin_timestamp_seconds", "When the last run of a flow began.", "flow")
    ended = gauge("run_last_end_timestamp_seconds", "When the last run of a flow ended that did end.", "flow")
    last_of = gauge("run_last_timestamp_seconds", "When a run of a flow last ended so.", "flow", "outcome")
    outcome = gauge("run_last_outcome", "1 for the outcome of the last run of a flow, else 0.", "flow", "outcome")
    seconds = gauge("run_stage_seconds", "Seconds of a stage in the last run of a flow.", "flow", "stage")
    counts = gauge("run_stage_count", "What a stage counted in the last run of a flow.", "flow", "stage", "what")
    unended = gauge("runs_unended", "Runs in the ledger that began and have no end: at work, or killed.")
    for run in runs:  # oldest first: the last one of each flow stays
        began.labels(run.flow).set(_seconds(run.started_at))
        if run.ended_at is not None:
            ended.labels(run.flow).set(_seconds(run.ended_at))
            last_of.labels(run.flow, run.standing).set(_seconds(run.ended_at))
    for run in {run.flow: run for run in runs if run.ended_at is not None}.values():
        for name in OUTCOMES:
            outcome.labels(run.flow, name).set(name == run.standing)
        for stage in run.stages:
            seconds.labels(run.flow, stage.name).set(round(stage.seconds, 3))
            for what, number in stage.counts.items():
                counts.labels(run.flow, stage.name, what).set(number)
    unended.set(sum(run.ended_at is None for run in runs))
    file = path(root)
    file.parent.mkdir(exist_ok=True)
    write_to_textfile(str(file), registry)
    file.parent.chmod(0o755)  # for Prometheus, another account
    file.chmod(0o644)


def _seconds(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp()
