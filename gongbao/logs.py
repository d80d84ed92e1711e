"""Logs of the library: JSON lines where standard error goes to a file or a pipe, lines to read on a terminal.

    {"at": "2026-11-01T18:15:02.120Z", "level": "info", "logger": "gongbao.stopwatch", "message": "extract ended after
     3.1 s", "run_id": "20261101T181500Z-1", "stage": "extract", "seconds": 3.1, "counts": {"extracted": 12}}

Whatever a line is about stands in slots of its own: `run_id` (bound for the whole run), `document_id`, `stage`. Modules
log through `logging.getLogger(__name__)` with `extra`; structlog would bring a second way of doing that and no line
more than `JsonLines` has.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from gongbao.harmless import harmless_json, harmless_lines

_bound: ContextVar[dict[str, Any] | None] = ContextVar("bound", default=None)
_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


@contextmanager
def bound(**slots: Any) -> Iterator[None]:
    """Put these slots into every line that is logged inside the block."""
    token = _bound.set({**(_bound.get() or {}), **slots})
    try:
        yield
    finally:
        _bound.reset(token)


class JsonLines(logging.Formatter):
    """One JSON object a line, in UTC; slots given as `extra` stand beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. What JSON has no word for is told as text."""
        slots: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **(_bound.get() or {}),
        }
        slots |= {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}
        if record.exc_info:
            slots["exception"] = self.formatException(record.exc_info)
        return harmless_json(json.dumps(slots, ensure_ascii=False, default=str))


class Lines(logging.Formatter):
    """Lines to read on a terminal, which no document steers."""

    def format(self, record: logging.LogRecord) -> str:
        """The message, and a traceback below it."""
        return harmless_lines(super().format(record))


def set_up() -> None:
    """Send the library's logs to standard error, once: all as JSON lines, or what is amiss to a person's terminal."""
    logger = logging.getLogger("gongbao")
    if any(handler.name == __name__ for handler in logger.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.set_name(__name__)
    if sys.stderr.isatty():
        handler.setLevel(logging.WARNING)
        handler.setFormatter(Lines("gongbao: %(message)s"))
    else:
        handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
