"""Trying again: what a server asks for in Retry-After, how long to wait, when to stop."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

import tenacity

from gongbao.ingest.web.outcome import Passing
from gongbao.ingest.web.policy import WebLimits

T = TypeVar("T")

_SECONDS = re.compile(r"[0-9]{1,300}")
# A try begins only if this share of the time for an address is left: a fraction of a second serves nobody.
_WORTH_A_TRY = 0.05


class Budget:
    """What is left of the seconds that requests for one address, and the waits between them, may take."""

    def __init__(self, limits: WebLimits) -> None:
        self._requests = limits.seconds
        self._waits = limits.wait_seconds
        self._least = limits.seconds * _WORTH_A_TRY

    @contextmanager
    def request(self) -> Iterator[float]:
        """A request: gives the moment on the monotonic clock until which it may last."""
        started = time.monotonic()
        try:
            yield started + max(0.0, self._requests)
        finally:
            self._requests -= time.monotonic() - started

    def wait(self, seconds: float) -> None:
        """Wait between two tries."""
        self._waits -= seconds
        time.sleep(seconds)

    def is_spent(self, seconds: float) -> bool:
        """Whether a wait of so many seconds and a try after it are no longer possible."""
        return seconds > self._waits or self._requests < self._least


def tried(request: Callable[[], T], limits: WebLimits, budget: Budget) -> T:
    """Make the request until it gives no `Passing` failure, at most `limits.tries` times; then the last one rises."""
    doubling = tenacity.wait_exponential(multiplier=limits.first_wait_seconds, max=limits.wait_seconds)

    def wait(state: tenacity.RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.after if isinstance(failure, Passing) else None
        return max(doubling(state), asked or 0.0)

    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(Passing),
        wait=wait,
        stop=lambda state: state.attempt_number >= limits.tries or budget.is_spent(state.upcoming_sleep),
        sleep=budget.wait,
        reraise=True,
    )(request)


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds of Retry-After, given as such or as a date; null where it is absent, past or nonsense.

    A date is compared with the server's own clock where the answer tells it, so that a wrong clock here does no harm.
    """
    value = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    until = _moment(value)
    if until is None:
        return None
    seconds = (until - (_moment(headers.get("Date", "")) or datetime.now(UTC))).total_seconds()
    return seconds if seconds > 0 else None


def _moment(value: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):  # no date: as if nothing were said
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
