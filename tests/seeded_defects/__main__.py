"""The table of defects: which rule caught each, how grave, what followed; ends with 1 where one slipped through."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.conftest import run_night
from tests.seeded_defects import core, gate, marts, planted, releases


def main() -> int:
    """Run the night on the samples, put in one defect after the other, print the table."""
    number = caught = 0
    with tempfile.TemporaryDirectory(prefix="gongbao-defects-") as scratch, gate.asking_once():
        night = run_night(Path(scratch) / "night", GONGBAO_NOW="2026-11-01T20:00:00Z")
        start = gate.clean(night.warehouse, Path(scratch) / "clean")
        print("| defect | rule that caught it | severity | outcome |\n| --- | --- | --- | --- |")
        for inject, defects in (
            (gate.in_core, core.DEFECTS),
            (gate.in_marts, marts.DEFECTS),
            (gate.in_release, releases.DEFECTS),
        ):
            for defect in defects:
                result = inject(start, defect, Path(scratch) / "harmed").by(defect)
                number += 1
                if result is None:
                    print(f"| {defect.name} | NOT CAUGHT by {defect.suite} {defect.rule} | | |")
                    continue
                caught += 1
                print(f"| {defect.name} | {defect.suite} {defect.rule} | {result.severity} | {result.outcome} |")
    alarms = sorted(planted.found(start) - planted.expected())
    for rule, detail in alarms:
        print(f"false alarm: {rule}: {detail}")
    checks = len(start.core.results) + len(start.marts.results)
    print(
        f"\n{caught} of {number} defects caught; {len(alarms)} false alarms of {checks} checks on the clean warehouse, "
        f"which find the {len(planted.expected())} sides of contradictions that are planted in it"
    )
    return 0 if caught == number and not alarms else 1


if __name__ == "__main__":
    sys.exit(main())
