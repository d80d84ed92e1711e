"""`python -m gongbao` many times over, as a process each, for the price of its imports and of one server.

Starting Prefect's server takes most of a small night: the first process starts one that all its commands share. The
sample night is run without this, as a user runs it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tests.conftest import Night
from tests.forks import Forks, forks, serve


class Commands:
    """The first process, and the address, with its password, of the Prefect server that all its commands share."""

    def __init__(self, first: Forks) -> None:
        self._first, self.server = first, first.said

    def __call__(self, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """What `python -m gongbao ARGUMENTS` in that folder returns and prints."""
        return self._first(folder, "-m", "gongbao", *arguments, **environment)

    def night(self, warehouse: Path, *options: str, **environment: str) -> Night:
        """A finished `gongbao run`, begun in the folder where the warehouse lies."""
        ended = self(warehouse.parent, "run", "--json", "--warehouse", str(warehouse), *options, **environment)
        assert ended.returncode in {0, 3}, ended.stderr
        return Night(ended.returncode, json.loads(ended.stdout), warehouse, (warehouse / "current").resolve())


@contextmanager
def commands(scratch: Path, **environment: str) -> Iterator[Commands]:
    """Start the first process; it ends, and its server, when its input does."""
    with forks(scratch, __name__, str(scratch), **environment) as first:
        yield Commands(first)


def _serve(scratch: Path) -> None:
    from flows import server

    with server.temporary(scratch) as starting:
        told = starting.environment
        os.environ |= {"PREFECT_LOGGING_LEVEL": "CRITICAL", **told}
        import great_expectations  # noqa: F401

        import flows.nightly  # noqa: F401
        import gongbao.asof
        import gongbao.doctor  # noqa: F401

        starting.wait()
        vars(server)["temporary"] = lambda _: nullcontext(server.Starting(told, lambda: None))
        serve(told["PREFECT_API_URL"].replace("//", f"//{told['PREFECT_API_AUTH_STRING']}@", 1))


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
