"""The library's logs inside a flow run: on standard error, and on the page of the run."""

from __future__ import annotations

import logging
import sys

from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogHandler, APILogWorker, PrefectConsoleHandler

from gongbao import logs


def set_up() -> None:
    """Send the library's logs to both; where standard error is no terminal, Prefect's own lines are JSON, too.

    The page gets what a person looks for: documents are named there only where something is amiss.
    """
    logs.set_up()
    logger = logging.getLogger("gongbao")
    if not any(isinstance(handler, APILogHandler) for handler in logger.handlers):
        page = APILogHandler()
        page.addFilter(lambda record: record.levelno > logging.INFO or not hasattr(record, "document_id"))
        logger.addHandler(page)
    if not sys.stderr.isatty():
        for handler in logging.getLogger().handlers:
            if isinstance(handler, PrefectConsoleHandler):
                handler.setFormatter(logs.JsonLines())


def hand_in(seconds: float = 5.0) -> None:
    """Send what waits to be sent, before the server goes; what takes longer is given up."""
    APILogWorker.drain_all(timeout=seconds)
    EventsWorker.drain_all(timeout=seconds)
