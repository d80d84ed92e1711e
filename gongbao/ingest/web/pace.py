"""How often a host is asked: a pause between the end of one request to it and the start of the next."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Pace:
    """The moments, on the monotonic clock, at which the last request to each host ended."""

    def __init__(self) -> None:
        self._ended: dict[str, float] = {}

    @contextmanager
    def turn(self, host: str, interval_seconds: float) -> Iterator[None]:
        """Wait until the host may be asked again; the block is the request."""
        ended = self._ended.get(host)
        if ended is not None:
            time.sleep(max(0.0, ended + interval_seconds - time.monotonic()))
        try:
            yield
        finally:
            self._ended[host] = time.monotonic()
