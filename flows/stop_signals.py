"""A signal that stops a night is heard wherever it strikes.

Prefect's handler of SIGTERM, as Python's own of Ctrl-C, raises an exception in whatever the main thread is at. Where
that is the end of an object or of a weak reference (SQLAlchemy has many), Python tells of the exception and goes on:
the night would do the rest and publish, and the signal would be lost.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prefect.exceptions import TerminationSignal

PAUSE = 0.05
"""Seconds after which it is sent again: Python is long done with that object."""


@contextmanager
def heard() -> Iterator[None]:
    """Within it, a signal whose exception was ignored is sent again; nothing is told of the ignored one."""
    before = sys.unraisablehook

    def hear(ignored: sys.UnraisableHookArgs) -> None:
        number = _signal_of(ignored.exc_value)
        if number is None:
            before(ignored)
        else:  # not by `threading`: what was interrupted may hold its locks
            _thread.start_new_thread(_send_again, (number,))

    sys.unraisablehook = hear
    try:
        yield
    finally:
        sys.unraisablehook = before


def _signal_of(error: BaseException | None) -> int | None:
    if isinstance(error, TerminationSignal):
        return error.signal
    return signal.SIGINT if isinstance(error, KeyboardInterrupt) else None


def _send_again(number: int) -> None:
    time.sleep(PAUSE)
    os.kill(os.getpid(), number)
