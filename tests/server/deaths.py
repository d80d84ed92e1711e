"""A night that dies by SIGKILL in the middle of a stage: what tests run in processes of their own.

The stages are those of the flows, in the flows' order. "In the middle" is counted, not timed: so many of the steps are
made at which the stage, in an undisturbed night, turns to the database or changes a file.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from prefect import Task

from flows import stages
from gongbao import settings, workers
from gongbao.warehouse import Warehouse
from tests.server.site import PATIENCE

STAGES = tuple(name for name, each in vars(stages).items() if isinstance(each, Task) and not each.retries)
"""The stages of a night whose sources are all reached, as its tasks are called."""
_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.symlink", "os.rmdir", "os.link"}


@dataclass(frozen=True)
class Death:
    """Before which of a stage's steps to end; 0 is its beginning. One that waits there is killed by the test."""

    stage: str
    step: int
    waits: bool = False


@dataclass(frozen=True)
class Dying:
    """A night about to end: of which death, its process, and how many processes work for it."""

    death: Death
    pid: int
    workers: int


class Told:
    """A file in which a watched night tells how it went."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def steps(self) -> dict[str, int]:
        """The steps of each stage that ended."""
        steps: dict[str, int] = self._read()["steps"]
        return steps

    @property
    def dying(self) -> Dying | None:
        """Null until it is about to end."""
        told = self._read().get("dying")
        return told and Dying(Death(**told["death"]), told["pid"], told["workers"])

    def tell(self, **told: Any) -> None:
        partial = self._file.with_suffix(".partial")
        partial.write_text(json.dumps(self._read() | told), "utf-8")
        partial.replace(self._file)

    def _read(self) -> dict[str, Any]:
        return dict(json.loads(self._file.read_text("utf-8"))) if self._file.exists() else {}


class _NoArtifacts:
    """There is no page of a run to leave anything on."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *given, **named: nullcontext()


class _Steps:
    """The steps of the stage at work, counted up to the last one."""

    def __init__(self, told: Told, death: Death | None) -> None:
        self._told, self._death = told, death
        self._stage = ""
        self._of_stage: dict[str, int] = {}

    def enter(self, stage: str) -> None:
        self._stage = stage
        self._of_stage[stage] = -1
        self.take()

    def leave(self) -> None:
        self._stage = ""
        self._told.tell(steps=self._of_stage)

    def take(self) -> None:
        if not self._stage:
            return
        self._of_stage[self._stage] += 1
        if self._death and (self._stage, self._of_stage[self._stage]) == (self._death.stage, self._death.step):
            self._stage = ""
            self._die(self._death)

    def hear(self, event: str, given: tuple[Any, ...]) -> None:
        """An audit hook of the interpreter: what is done to files."""
        if event in _CHANGES or (event == "open" and given[1] is not None and set(given[1]) & set("wax+")):
            self.take()

    def _die(self, death: Death) -> None:
        self._told.tell(dying=asdict(Dying(death, os.getpid(), len(multiprocessing.active_children()))))
        if death.waits:
            time.sleep(PATIENCE)
        os.kill(os.getpid(), signal.SIGKILL)


class _Counted:
    """A connection to the database that counts what is asked of it."""

    def __init__(self, connection: Any, steps: _Steps) -> None:
        self._connection, self._steps = connection, steps

    def __getattr__(self, name: str) -> Any:
        self._steps.take()
        return getattr(self._connection, name)


def watch(told: Path, death: Death | None) -> None:
    """Have the stages of this process tell their steps in the file `told`, and die where `death` says."""
    steps = _Steps(Told(told), death)
    for name in STAGES:
        task = vars(stages)[name]
        task.fn = _watched(name, task.fn, steps)
    sys.addaudithook(steps.hear)


def _watched(name: str, stage: Callable[..., Any], steps: _Steps) -> Callable[..., Any]:
    @wraps(stage)  # Prefect asks for its parameters
    def run(warehouse: Warehouse, *given: Any, **named: Any) -> Any:
        if not isinstance(warehouse.connection, _Counted):
            vars(warehouse)["_connection"] = _Counted(warehouse.connection, steps)
        steps.enter(name)
        try:
            return stage(warehouse, *given, **named)
        finally:
            steps.leave()

    return run


@dataclass(frozen=True)
class Asked:
    """What a night is told: its folders, where to tell of itself, how to end, and a pipe for its standard output."""

    inbox: str
    warehouse: str
    told: str
    death: Death | None
    processes: int
    output: str

    @classmethod
    def of(cls, text: str) -> Asked:
        slots = json.loads(text)
        return cls(**slots | {"death": slots["death"] and Death(**slots["death"])})


def night(asked: Asked) -> None:
    """Run a watched night without Prefect's engine around its stages; others are given texts however few there are."""
    output = os.open(asked.output, os.O_WRONLY)
    os.dup2(output, 1)
    os.close(output)
    watch(Path(asked.told), asked.death)
    vars(stages)["artifacts"] = _NoArtifacts()
    for name in STAGES:
        vars(stages)[name] = vars(stages)[name].fn
    workers.START_SECONDS = 0.0
    configured = settings.load(
        source=settings.inbox_sources((Path(asked.inbox),)), warehouse=Path(asked.warehouse), processes=asked.processes
    )
    with Warehouse(configured.warehouse) as opened:
        stages.night(opened, configured, vars(stages)["ingest_sources"], "nightly")
