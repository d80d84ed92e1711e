"""Progress of long stages, told to whoever listens: the command line shows a bar, a flow run an artifact.

A stage calls `advance(stage, done, total)`; without a listener that costs nothing and does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str, int, int], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def advance(stage: str, done: int, total: int) -> None:
    """Say that `done` of `total` units of a stage are finished."""
    listener = _listener.get()
    if listener is not None:
        listener(stage, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send progress to `listener` inside the block, after whoever listens already."""
    outer = _listener.get()

    def tell(stage: str, done: int, total: int) -> None:
        if outer is not None:
            outer(stage, done, total)
        listener(stage, done, total)

    token = _listener.set(tell)
    try:
        yield
    finally:
        _listener.reset(token)
