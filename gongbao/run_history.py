"""The runs of a warehouse as `ledger/runs.jsonl` tells them; needs no database and no lock, a run may be at work.

    {"run_id", "event": "begin", "at", "flow", "pid", "code_version"}
    {"run_id", "event": "end", "at", "outcome", "release_id", "held_by": […], "error", "stages": […]}

A beginning also has "took_over", the runs that it found killed, and "forgotten", those that published and that the
database knew nothing of. Lines of older versions have fewer slots. A beginning
without an end is a run at work, or one that was killed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from gongbao import ledger
from gongbao.stopwatch import Stage

LEDGER = Path("ledger") / "runs.jsonl"
Ending = Literal["done", "done_with_faults", "held", "failed"]
Standing = Literal["done", "done_with_faults", "held", "failed", "running", "killed"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run; moments are in UTC without a zone. `ended_at` is null, and `stages` empty, of one that has no end.

    `held_by` are the checks that held the release, `error` says what ended the run and what to do.
    """

    run_id: str
    flow: str
    started_at: datetime
    code_version: str | None
    standing: Standing
    ended_at: datetime | None = None
    release_id: str | None = None
    held_by: tuple[str, ...] = ()
    error: str | None = None
    stages: tuple[Stage, ...] = ()

    @property
    def new_documents(self) -> int | None:
        """Documents read for the first time; null where the run did not get so far."""
        return self._counted("ingest", "new")

    @property
    def facts(self) -> int | None:
        """Facts of the whole warehouse after this run normalised."""
        return self._counted("normalise", "facts")

    @property
    def targets(self) -> int | None:
        """Targets, likewise."""
        return self._counted("normalise", "targets")

    @property
    def quarantined(self) -> int | None:
        """Refused inputs, and texts that broke the extractor."""
        refused, broken = self._counted("ingest", "quarantined"), self._counted("extract", "failed")
        return None if refused is None else refused + (broken or 0)

    @property
    def seconds(self) -> float:
        """Of all stages together."""
        return sum(stage.seconds for stage in self.stages)

    def _counted(self, name: str, what: str) -> int | None:
        return next((stage.counts[what] for stage in self.stages if stage.name == name and what in stage.counts), None)


def read(root: Path) -> list[Run]:
    """All runs, oldest first; none where there is no ledger. Raises `WarehouseDamaged` with file and line."""
    begun: dict[str, Mapping[str, Any]] = {}
    ended: dict[str, Mapping[str, Any]] = {}
    for entry in ledger.read(root / LEDGER, _checked):
        (begun if entry["event"] == "begin" else ended).setdefault(entry["run_id"], entry)
    holder = _holder(root)
    return [_run(begin, ended.get(run_id), holder) for run_id, begin in begun.items()]


def _checked(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry with its moment read; what is missing in it is told with its line."""
    stages = tuple(map(Stage.of_entry, entry.get("stages") or ()))
    return {**entry, "run_id": entry["run_id"], "at": datetime.fromisoformat(entry["at"]), "stages": stages}


def _run(begin: Mapping[str, Any], end: Mapping[str, Any] | None, holder: int | None) -> Run:
    head = (begin["run_id"], begin.get("flow") or "nightly", begin["at"], begin.get("code_version"))
    if end is None:
        is_at_work = holder is not None and holder == begin.get("pid")
        return Run(*head, standing="running" if is_at_work else "killed")
    return Run(
        *head,
        standing=end["outcome"],
        ended_at=end["at"],
        release_id=end.get("release_id"),
        held_by=tuple(end.get("held_by") or ()),
        error=end.get("error"),
        stages=end["stages"],
    )


def _holder(root: Path) -> int | None:
    """The process that the lock file names, where it lives; taking the lock to know would stop a run that begins."""
    try:
        pid = int((root / ".lock").read_text("utf-8").split()[0])
    except (OSError, ValueError, IndexError):  # no run yet, or one is writing it
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:  # it lives, and is another user's
        return pid
    return pid
