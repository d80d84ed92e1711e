"""Seconds and counts of the stages of a run, for the run ledger; they enter no release."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that ended, well or not: its name, wall-clock seconds, and what it counted (nothing where it failed)."""

    name: str
    seconds: float
    counts: Mapping[str, int]

    def entry(self) -> dict[str, Any]:
        """As the run ledger has it."""
        return {"stage": self.name, "seconds": round(self.seconds, 3), "counts": dict(self.counts)}

    @classmethod
    def of_entry(cls, entry: Mapping[str, Any]) -> Stage:
        """The stage that the run ledger tells of. Raises KeyError, TypeError or ValueError."""
        counts = {str(name): int(number) for name, number in entry["counts"].items()}
        return cls(str(entry["stage"]), float(entry["seconds"]), counts)


class Stopwatch:
    """The stages of one run so far, in their order."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[dict[str, int]]:
        """Time the block, which puts what it counted into the dictionary; begin and end are logged."""
        counts: dict[str, int] = {}
        _log.info("%s begins", name, extra={"stage": name})
        began = time.perf_counter()
        try:
            yield counts
        finally:
            seconds = time.perf_counter() - began
            self.stages.append(Stage(name, seconds, counts))
            told = {"stage": name, "seconds": round(seconds, 3), "counts": counts}
            _log.info("%s ended after %.1f s", name, seconds, extra=told)
