"""A target of fuzzing, and the judgement that all of them share: no surprise, no hang, the same answer twice."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SECONDS = 10.0
"""CPU seconds for one input of a few kilobytes: what takes longer hangs."""


class Hang(BaseException):
    """One input took more than `SECONDS`. No Exception: a reader that swallows those must not swallow it."""


@dataclass(frozen=True)
class Target:
    """What is fuzzed.

    `run` takes any bytes and returns what they came to, a refusal too; whatever it raises is a finding. `seeds` are
    what mutations begin with, `words` what they put in. `largest` is the most bytes that one input has.
    """

    name: str
    run: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]
    words: tuple[str, ...] = ()
    largest: int = 4096


def judge(target: Target, data: bytes, times: int = 2) -> object:
    """What an input comes to. Raises what `run` raises, `Hang`, or AssertionError where a second run differs."""
    with limited(SECONDS):
        found = target.run(data)
        for _ in range(times - 1):
            again = target.run(data)
            assert found == again, f"two runs differ: {found!r} and {again!r}"
    return found


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `Hang` after so many CPU seconds."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Hang(f"over {seconds:g} CPU seconds")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
