"""Memory where records are made by the hundred thousand: garbage is looked for rarely, free memory is given back.

None of those records is garbage in a cycle, so Python's search through them finds nothing. What Arrow and the C library
keep of freed memory is never taken up again by the other of them, nor by DuckDB: a night would hold it three times.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import pyarrow as pa

RECORDS = 200_000
"""So many more records than were freed, before Python looks through the youngest of them; 700 is its own measure."""


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Within it, or in a function that it decorates, garbage in cycles is looked for rarely; the rest goes as ever."""
    before = gc.get_threshold()
    gc.set_threshold(RECORDS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def imports_that_last() -> Iterator[None]:
    """What is imported within it is never looked through for garbage: it stays until the process ends.

    Prefect, Great Expectations and pandas are half a million objects; each search through them takes a third of a
    second, and there were nine in a small night.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def give_back() -> None:
    """Give the system what is free but kept: by Arrow, and by the C library where it is GNU's."""
    pa.default_memory_pool().release_unused()
    trim = _trimming()
    if trim is not None:
        trim(0)


@cache
def _trimming() -> Callable[[int], int] | None:
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
