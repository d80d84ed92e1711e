"""A night that kills itself with SIGKILL in the middle of a stage: what tests run in processes of their own.

The stages are those of the flows, in the flows' order; only Prefect's engine around each is left out. "In the middle"
is counted, not timed: so many of the steps are made at which the stage, in an undisturbed night, turns to the database
or changes a file.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from prefect import Task

from flows import stages
from gongbao import settings
from gongbao.warehouse import Warehouse

STAGES = tuple(name for name, each in vars(stages).items() if isinstance(each, Task) and not each.retries)
"""The stages of a night whose sources are all reached, as its tasks are called."""
_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.symlink", "os.rmdir", "os.link"}


@dataclass(frozen=True)
class Death:
    """Before which of a stage's steps to end; 0 is its beginning."""

    stage: str
    step: int


class _NoArtifacts:
    """There is no page of a run to leave anything on."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *given, **named: nullcontext()


class _Steps:
    """The steps of the stage at work, counted up to the last one."""

    def __init__(self, death: Death | None) -> None:
        self.death = death
        self.stage = ""
        self.of_stage: dict[str, int] = {}

    def enter(self, stage: str) -> None:
        self.stage = stage
        self.of_stage[stage] = -1
        self.take()

    def take(self) -> None:
        if not self.stage:
            return
        self.of_stage[self.stage] += 1
        if self.death == Death(self.stage, self.of_stage[self.stage]):
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(self, event: str, given: tuple[Any, ...]) -> None:
        """An audit hook of the interpreter: what is done to files."""
        if event in _CHANGES or (event == "open" and given[1] is not None and set(given[1]) & set("wax+")):
            self.take()


class _Counted:
    """A connection to the database that counts what is asked of it."""

    def __init__(self, connection: Any, steps: _Steps) -> None:
        self._connection, self._steps = connection, steps

    def __getattr__(self, name: str) -> Any:
        self._steps.take()
        return getattr(self._connection, name)


def night(inbox: Path, warehouse: Path, death: Death | None, counted: Connection | None = None) -> None:
    """Run the night; die where `death` says; send the number of steps of each stage to `counted`."""
    steps = _Steps(death)
    vars(stages)["artifacts"] = _NoArtifacts()
    for name in STAGES:
        vars(stages)[name] = _watched(name, vars(stages)[name].fn, steps)
    sys.addaudithook(steps.hear)
    configured = settings.load(source=settings.inbox_sources((inbox,)), warehouse=warehouse, processes=1)
    with Warehouse(configured.warehouse) as opened:
        vars(opened)["_connection"] = _Counted(opened.connection, steps)
        stages.night(opened, configured, vars(stages)["ingest_sources"], "nightly")
    if counted is not None:
        counted.send(steps.of_stage)


def _watched(name: str, stage: Callable[..., Any], steps: _Steps) -> Callable[..., Any]:
    def run(*given: Any, **named: Any) -> Any:
        steps.enter(name)
        try:
            return stage(*given, **named)
        finally:
            steps.stage = ""

    return run
