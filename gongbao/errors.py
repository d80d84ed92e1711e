"""The errors a user can act on: each says what is wrong, where, and what to do.

A `GongbaoError` is printed as one line without a traceback; anything else that escapes is a defect of the program.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """What the process answers to its caller; stable for schedulers."""

    DONE = 0
    INTERNAL = 1
    USAGE = 2
    DONE_WITH_FAULTS = 3
    HELD = 4
    LOCKED = 5
    INTERRUPTED = 130  # as shells say it of Ctrl-C


class GongbaoError(Exception):
    """What is wrong, and the remedy.

    `what` names the thing and its place (file, document and span, sheet and cell); `remedy` is what the reader
    should do next. `exit_code` is what a command ends with when the error reaches it.
    """

    exit_code = ExitCode.INTERNAL

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}: {self.remedy}" if self.remedy else self.what

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.what, self.remedy)


class UsageError(GongbaoError):
    """Wrong use of a command, or settings and vocabulary that cannot be read."""

    exit_code = ExitCode.USAGE


class WarehouseLocked(GongbaoError):
    """Another run holds the warehouse."""

    exit_code = ExitCode.LOCKED


class ReleaseHeld(GongbaoError):
    """The gate held the release; `current` is as it was.

    `findings` are the checks' own words, the gravest first; `held_by` names the checks that held it.
    """

    exit_code = ExitCode.HELD

    def __init__(
        self, what: str, remedy: str = "", findings: tuple[str, ...] = (), held_by: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what, remedy)
        self.findings = findings
        self.held_by = held_by

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.what, self.remedy, self.findings, self.held_by)


class WarehouseDamaged(GongbaoError):
    """The warehouse's state cannot be trusted: schema of a newer version, or a blob that is not its hash."""


class UnreadableDocument(GongbaoError):
    """A document that goes to quarantine: `reason` is the code that stands in `ops.quarantine`."""

    def __init__(self, reason: str, what: str, remedy: str = "") -> None:
        super().__init__(what, remedy)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.reason, self.what, self.remedy)


def is_interrupt(error: BaseException) -> bool:
    """Whether it is Ctrl-C or SIGTERM: what comes in the middle of a query DuckDB tells by an error of its own."""
    return isinstance(error, KeyboardInterrupt) or (type(error) is RuntimeError and str(error) == "Query interrupted")
