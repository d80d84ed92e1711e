"""A signal that stops a night is heard where Python ignores what its handler raises.

Prefect's handler of SIGTERM, as Python's own of Ctrl-C, raises an exception in whatever the main thread is at. Where
that is the end of an object or of a weak reference (SQLAlchemy has many), Python tells of the exception and goes on:
the night would do the rest and publish, and the signal would be lost. The end of a flow's time (SIGALRM) is not sent
again: Prefect raises it once.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from prefect.exceptions import TerminationSignal

PAUSE = 0.05
"""Seconds after which it is sent again: Python is long done with that object."""


@contextmanager
def heard() -> Iterator[None]:
    """Within it, a signal whose exception was ignored is sent again, at the latest at its end."""
    before = sys.unraisablehook
    ignored: list[int] = []

    def hear(told: sys.UnraisableHookArgs) -> None:
        number = _signal_of(told.exc_value)
        if number is None:
            before(told)
        else:
            ignored.append(number)
            _thread.start_new_thread(_wait_and_send, (ignored,))  # `threading` has locks, which may be held just now

    sys.unraisablehook = hear
    try:
        yield
    finally:
        sys.unraisablehook = before
        _send_again(ignored)


def _signal_of(error: BaseException | None) -> int | None:
    """The signal of which an exception tells; one of another thread is nobody's Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        return None
    if isinstance(error, TerminationSignal):
        return error.signal
    return signal.SIGINT if isinstance(error, KeyboardInterrupt) else None


def _wait_and_send(ignored: list[int]) -> None:
    time.sleep(PAUSE)
    _send_again(ignored)


def _send_again(ignored: list[int]) -> None:
    """Each of them once, whichever thread comes first."""
    with suppress(IndexError):
        while ignored:
            os.kill(os.getpid(), ignored.pop())
