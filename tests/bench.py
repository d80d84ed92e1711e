"""`make bench`: what a night costs, as ratios measured in one run, never as a test.

Extraction is told beside a plain regular-expression scan of the same texts (digits or Chinese numerals followed by a
unit); the night through Prefect beside the same stages called one after another. Texts are the real ones of
../shared/corpus/text where they are present, else the bundled samples.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from gongbao import extract, ingest, normalise, publish, reference, settings, validate
from gongbao.ingest.readers import text as text_reader
from gongbao.warehouse import Warehouse
from tests.conftest import ROOT, SHARED


def main() -> None:
    """Print the table of figures."""
    folder = SHARED / "corpus" / "text"
    if not folder.is_dir():
        folder = ROOT / "samples" / "inbox"
    texts = [
        text_reader.decode(path.read_bytes(), path.name).content
        for path in sorted(folder.glob("*.txt"))
        if path.stat().st_size
    ]
    characters = sum(map(len, texts))
    extract.extract_text(texts[0])  # the vocabulary is read and compiled once
    scanned = cpu_seconds(lambda: [sum(1 for _ in plain_scan().finditer(text)) for text in texts])
    extracted = cpu_seconds(lambda: [extract.extract_text(text) for text in texts])
    print(f"texts: {len(texts)} of {folder.name}, {characters:,} characters")
    print(f"plain scan   {scanned:8.2f} CPU s  {characters / scanned:12,.0f} characters a CPU second")
    print(f"extraction   {extracted:8.2f} CPU s  {characters / extracted:12,.0f} characters a CPU second")
    print(f"ratio        {extracted / scanned:8.1f}")
    with tempfile.TemporaryDirectory() as scratch:
        stages = wall_seconds(lambda: night_by_hand(Path(scratch) / "stages"))
        flow = wall_seconds(lambda: night_by_flow(Path(scratch) / "flow"))
    print(f"\nnight on the samples: stages {stages:.1f} s, through Prefect in-process {flow:.1f} s")
    print(f"overhead of the process, its imports and Prefect: {flow - stages:.1f} s")
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def plain_scan() -> re.Pattern[str]:
    """Digits or Chinese numerals followed by any unit of the vocabulary, nothing understood."""
    units = sorted({row["spelling"] for row in reference.rows("units.csv")}, key=lambda unit: (-len(unit), unit))
    return re.compile(
        rf"(?:\d[\d,.]{{0,20}}|[一二三四五六七八九十百千两]{{1,10}})\s?(?:{'|'.join(map(re.escape, units))})"
    )


def night_by_hand(folder: Path) -> None:
    """The stages of flows/nightly.py without Prefect."""
    configured = settings.load(warehouse=folder)
    with Warehouse(folder) as warehouse:
        ingest.ingest(warehouse, configured.sources(), datetime(2026, 11, 1))
        normalise.extract_pending(warehouse, configured.processes)
        normalise.normalise(warehouse)
        core = validate.validate_core(warehouse, "bench")
        publish.stage_marts(warehouse)
        marts = validate.validate_marts(warehouse, "bench")
        publish.publish(warehouse, validate.checks_summary((core, marts)))


def night_by_flow(folder: Path) -> None:
    """The same night as a user runs it."""
    command = [sys.executable, "-m", "gongbao", "run", "--json", "--warehouse", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if ended.returncode not in {0, 3}:
        raise SystemExit(ended.stderr)


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process, the best of three."""
    found = []
    for _ in range(3):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def wall_seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one run."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
