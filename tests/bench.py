"""`make bench`: what extraction and the readers cost, then what a night costs, measured in one run, never as a test.

The night on the bundled samples is told through Prefect, as a user runs it, beside the same stages called one after
another. How to read the tables: docs/measuring.md.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from rich.console import Console

from gongbao import ingest, normalise, publish, settings, validate
from gongbao.warehouse import Warehouse
from tests import bench_extract, bench_readers
from tests.conftest import ROOT


def main() -> None:
    """Print the tables of extraction and of the readers, and the night's figures."""
    bench_extract.main()
    bench_readers.main()
    with tempfile.TemporaryDirectory() as scratch:
        stages = wall_seconds(lambda: night_by_hand(Path(scratch) / "stages"))
        flow = wall_seconds(lambda: night_by_flow(Path(scratch) / "flow"))
    console = Console(highlight=False)
    console.print(f"Night on the samples: stages {stages:.1f} s, through Prefect in-process {flow:.1f} s")
    console.print(f"Overhead of the process, its imports and Prefect: {flow - stages:.1f} s")


def night_by_hand(folder: Path) -> None:
    """The stages of flows/stages.py without Prefect."""
    configured = settings.load(warehouse=folder)
    with Warehouse(folder) as warehouse:
        ingest.ingest(warehouse, configured.sources(), datetime(2026, 11, 1))
        with configured.workers() as workers:
            normalise.extract_pending(warehouse, workers)
        normalise.normalise(warehouse)
        core = validate.validate_core(warehouse, "bench")
        publish.stage_marts(warehouse)
        marts = validate.validate_marts(warehouse, "bench")
        publish.publish(warehouse, (core, marts))


def night_by_flow(folder: Path) -> None:
    """The same night as a user runs it."""
    command = [sys.executable, "-m", "gongbao", "run", "--json", "--warehouse", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if ended.returncode not in {0, 3}:
        raise SystemExit(ended.stderr)


def wall_seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one run."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
