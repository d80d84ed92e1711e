"""What Prefect's server may write into its log: no address of a receiver, which often is itself the secret."""

from __future__ import annotations

import logging
import traceback
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import yaml

_QUEUE = "prefect.server.utilities.messaging.memory"
"""Who logs an action that failed, with the error's own words."""
_NOTIFYING = {"notify", "anotify"}


class NoAddresses(logging.Filter):
    """A notification that failed is told without its address: httpx names it in full."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the traceback of such a record by a line; every record passes."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and any(at.name in _NOTIFYING for at in traceback.extract_tb(error.__traceback__)):
            status = f" {error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else ""
            record.msg, record.args = "a notification was not delivered: %s%s", (type(error).__name__, status)
            record.exc_info = record.exc_text = None
        return True


def configuration() -> dict[str, Any]:
    """Prefect's own logging, with this filter: what goes into the file of `PREFECT_LOGGING_SETTINGS_PATH`."""
    found = find_spec("prefect")  # not imported: it would read its settings
    if found is None or found.origin is None:
        raise ModuleNotFoundError("prefect")
    told: dict[str, Any] = yaml.safe_load((Path(found.origin).parent / "logging" / "logging.yml").read_text("utf-8"))
    told.setdefault("filters", {})["no_addresses"] = {"()": f"{__name__}.{NoAddresses.__name__}"}
    told["loggers"].setdefault(_QUEUE, {})["filters"] = ["no_addresses"]
    return told


def write(file: Path) -> None:
    """Write it where the server reads it."""
    file.write_text(yaml.safe_dump(configuration(), allow_unicode=True), "utf-8")


if __name__ == "__main__":  # for a server of one's own
    print(yaml.safe_dump(configuration(), allow_unicode=True), end="")
