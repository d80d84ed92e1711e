"""`make fuzz`: every target for its share of SECONDS, two at a time on two cores, and a table of what came of it.

    python -m tests.fuzz [SECONDS [TARGET…]]

Guided by coverage (atheris) where that can be had, else Hypothesis alone. What was kept, and the findings, stay in
build/fuzz/TARGET. How to read the table: docs/fuzzing.md.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec

from hypothesis import HealthCheck, given, settings
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from tests.conftest import ROOT
from tests.fuzz import inputs
from tests.fuzz.target import judge
from tests.fuzz.targets import FORMATS, TARGETS

FOLDER = ROOT / "build" / "fuzz"
SECONDS = 600
_FEATURES = re.compile(r"cov: (\d+) ft: (\d+)")
_RUNS = re.compile(r"#(\d+)\s")
_NEW = re.compile(r"^#\d+\s+NEW ", re.M)
_PEAK = re.compile(r"rss: (\d+)Mb")


@dataclass(frozen=True)
class Outcome:
    """What fuzzing one target came to: `died` counts parsers that took their process along, `hung` what never ended."""

    name: str
    executions: int
    seconds: float
    edges: int
    features: int
    kept: int
    findings: tuple[str, ...]
    died: int
    hung: int
    peak: int


def main() -> int:
    """Fuzz, print the table, and tell by the exit code whether there were findings."""
    total = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    names = sys.argv[2:] or list(TARGETS)
    cores = os.cpu_count() or 1
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    is_guided = find_spec("atheris") is not None
    share = max(5.0, total * (cores if is_guided else 1) / len(names))
    if is_guided:
        with ThreadPoolExecutor(cores) as pool:
            outcomes = list(pool.map(lambda name: guided(name, share), names))
    else:
        console.print(
            "There is no atheris for this platform: Hypothesis alone, on one core, which looks at no coverage"
        )
        outcomes = [unguided(name, share) for name in names]
    console.print(table(outcomes, share))
    for outcome in outcomes:
        for finding in outcome.findings:
            console.print(
                f"{outcome.name}: {finding}: {FOLDER.relative_to(ROOT) / outcome.name / 'findings' / finding}"
            )
    is_sound = not any(each.findings or each.hung or (each.died and each.name not in FORMATS) for each in outcomes)
    return 0 if is_sound else 1


def guided(name: str, share: float) -> Outcome:
    """Processes one after the other until the time is up: each goes on with the inputs that the others kept."""
    folder = FOLDER / name
    findings = folder / "findings"
    findings.mkdir(parents=True, exist_ok=True)
    for old in (*findings.iterdir(), *folder.glob("*-*")):
        old.unlink()
    begun, printed, executions, kept = time.monotonic(), "", 0, 0
    while (left := int(share - (time.monotonic() - begun))) > 0:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.guided", name, str(folder), str(left)],
            cwd=ROOT,
            env={**os.environ, "GONGBAO_COMPILED": "0", "RUST_BACKTRACE": "0"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        runs = _RUNS.findall(ended.stderr)
        if not runs:
            raise RuntimeError(f"{name} could not be fuzzed:\n{ended.stderr[-500:]}")
        executions += int(runs[-1])
        kept += len(_NEW.findall(ended.stderr))
        printed += ended.stderr
    features = [(int(edges), int(all_)) for edges, all_ in _FEATURES.findall(printed)]
    edges, most = max(features, default=(0, 0))
    return Outcome(
        name, executions, time.monotonic() - begun, edges, most, kept,
        tuple(sorted(path.name for path in findings.iterdir())),
        len([*folder.glob("crash-*"), *folder.glob("oom-*")]), len(list(folder.glob("timeout-*"))),
        max(map(int, _PEAK.findall(printed)), default=0),
    )  # fmt: skip


def unguided(name: str, share: float) -> Outcome:
    """Hypothesis with as many examples as the time allows, other ones every time; it stops at the first finding."""
    target, begun, executions, findings = TARGETS[name], time.monotonic(), 0, []
    last = FOLDER / name / "findings" / "last"
    last.parent.mkdir(parents=True, exist_ok=True)
    while time.monotonic() - begun < share and not findings:

        @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(inputs.of(target))
        def holds(data: bytes) -> None:
            nonlocal executions
            executions += 1
            last.write_bytes(data)
            judge(target, data)

        try:
            holds()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            findings.append(last.rename(last.with_name(type(error).__name__)).name)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Outcome(name, executions, time.monotonic() - begun, 0, 0, 0, tuple(findings), 0, 0, peak)


def table(outcomes: list[Outcome], share: float) -> Table:
    """One line a target."""
    found = Table(title=f"{share:,.0f} seconds a target", title_justify="left", box=SIMPLE)
    found.add_column("", no_wrap=True)
    for name in ("executions", "a second", "edges", "features", "new kept", "findings", "died", "hung", "peak MiB"):
        found.add_column(name, justify="right", no_wrap=True)
    for each in outcomes:
        found.add_row(
            each.name, f"{each.executions:,}", f"{each.executions / each.seconds:,.0f}", f"{each.edges:,}",
            f"{each.features:,}", f"{each.kept:,}", str(len(each.findings)), str(each.died), str(each.hung),
            f"{each.peak:,}",
        )  # fmt: skip
    return found


if __name__ == "__main__":
    sys.exit(main())
