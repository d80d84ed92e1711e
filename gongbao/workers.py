"""Where batches are worked on: in this process, in others of this machine, or wherever an executor's workers are.

One interface, that of `concurrent.futures.Executor`, whoever does the work; the results and their order are the same.
What ends the process that works on it is found by giving its batch, then each half, a process of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from math import inf
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from gongbao import reference
from gongbao.errors import GongbaoError

Item = TypeVar("Item")
Begun = TypeVar("Begun")
Result = TypeVar("Result")
Work = Callable[[Sequence[Item]], Sequence[Result]]
"""From items to their results in the same order; it is sent to other processes, so it is a function of a module."""
Results = Callable[[], Sequence[Result | None]]
"""What comes of a batch; null for an item that ended the process that worked on it."""

START_SECONDS = 2.0
"""What the first processes of this machine cost before they work: the interpreter, and what they import."""
_PRELOADED = ["gongbao.ingest.ahead", "gongbao.normalise.work"]
"""Imported once for all processes, which are forks of one that does nothing else, and opens no database."""
_GLANCE = 5.0
"""Seconds between two looks whether there is still anybody at work."""


def _nothing_to_see() -> None:
    pass


class Workers:
    """`width` batches are worked on at once; 0 where this process does all, each batch when its results are asked for.

    The executor is started with the first batch, which takes `start_seconds`. `lost` are the errors of a batch whose
    worker ended, `look` raises where nobody is left to wait for.
    """

    def __init__(
        self,
        width: int = 0,
        start: Callable[[], Executor] | None = None,
        lost: tuple[type[BaseException], ...] = (BrokenExecutor,),
        look: Callable[[], None] = _nothing_to_see,
        start_seconds: float = 0.0,
    ) -> None:
        self.width = width
        self._start, self._lost, self._look = start, lost, look
        self._start_seconds = start_seconds
        self._executor: Executor | None = None

    @property
    def price(self) -> float:
        """Seconds that the first batch waits for its worker; 0 where they are at work already."""
        return self._start_seconds if self._executor is None else 0.0

    def begin(self, work: Work[Item, Result], items: Sequence[Item]) -> Results[Result]:
        """Begin to work on a batch. What is returned waits for its results.

        That raises what `work` raises, and `GongbaoError` where the workers are gone.
        """
        if self._start is None:
            return lambda: work(items)
        future = self._submit(self._start, work, items)

        def results() -> Sequence[Result | None]:
            try:
                while not wait([future], _GLANCE).done:
                    self._look()
                return future.result()
            except self._lost:
                return _apart(work, items)
            except CancelledError:
                raise GongbaoError(
                    "the workers went away while they worked",
                    "see the scheduler's log, then run again: what was done is kept",
                ) from None

        return results

    def close(self) -> None:
        """Let nobody begin what is no longer wanted, and the executor's processes end."""
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def _submit(
        self, start: Callable[[], Executor], work: Work[Item, Result], items: Sequence[Item]
    ) -> Future[Sequence[Result]]:
        try:
            self._executor = self._executor or start()
            return self._executor.submit(work, items)
        except BrokenExecutor:  # by an earlier batch
            self._executor = start()
            return self._executor.submit(work, items)


HERE = Workers()
"""All in this process."""


@contextmanager
def local(processes: int) -> Iterator[Workers]:
    """So many processes of this machine. Where it is one, that is never sooner done than this process is by itself."""
    price = START_SECONDS if processes > 1 else inf
    workers = Workers(processes, lambda: _pool(processes), start_seconds=price)
    try:
        yield workers
    finally:
        workers.close()


def _weightless(_: object) -> int:
    return 0


def in_advance(
    items: Iterable[Item],
    begin: Callable[[Item], Begun],
    reach: int,
    most: int = 0,
    weight: Callable[[Item], int] = _weightless,
) -> Iterator[Begun]:
    """What `begin` makes of each item, in turn; it is called for `reach` items more than were asked for.

    For fewer where those in hand weigh more than `most`.
    """
    begun: deque[tuple[Begun, int]] = deque()
    weighs = 0
    for item in items:
        begun.append((begin(item), weight(item)))
        weighs += begun[-1][1]
        while begun and (len(begun) > reach or weighs > most):
            weighs -= begun[0][1]
            yield begun.popleft()[0]  # and not held here while it is used
    while begun:
        yield begun.popleft()[0]


def _apart(work: Work[Item, Result], items: Sequence[Item]) -> list[Result | None]:
    """The results of a batch in a process of its own; where that ends, of each half, down to the item at fault.

    Raises `GongbaoError` where a process ends that has nothing to do: then no item is at fault.
    """
    with _pool(1) as pool:
        try:
            return list(pool.submit(work, items).result())
        except BrokenExecutor:
            if len(items) == 1:
                _require_living(work)
                return [None]
    middle = len(items) // 2
    return [*_apart(work, items[:middle]), *_apart(work, items[middle:])]


def _require_living(work: Work[Item, Result]) -> None:
    nothing: tuple[Item, ...] = ()
    with _pool(1) as pool:
        try:
            pool.submit(work, nothing).result()
        except BrokenExecutor:
            raise GongbaoError(
                "the worker processes of this machine end as soon as they begin",
                "see to its memory and to the limits of processes, then run again",
            ) from None


def _pool(processes: int) -> ProcessPoolExecutor:
    # Not forks of this process: they would inherit the database's threads and locks.
    context = _Forks()
    context.set_forkserver_preload(_PRELOADED)
    try:
        return ProcessPoolExecutor(processes, context, _begin_work, (reference.overlay(),))
    except (NotImplementedError, OSError) as error:  # no semaphores
        raise GongbaoError(
            f"this machine lets no worker processes begin ({error})", "see to /dev/shm and the limits, then run again"
        ) from error


class _Fork(ForkServerProcess):
    """A process that does its work and no more: Python would have it run this one's program first.

    That of a deployed night is Prefect's, which takes two seconds to import.
    """

    def start(self) -> None:
        program = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = program


class _Forks(ForkServerContext):
    Process = _Fork


def _begin_work(overlay: Path | None) -> None:
    """In a worker: be as the process that asked, and end when it is gone, or this one would keep its output open."""
    reference.put_on(overlay)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asked
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive, args=(parent,), daemon=True).start()


def _outlive(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
