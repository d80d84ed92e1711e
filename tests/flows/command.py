"""`python -m gongbao` many times over, as a process each, for the price of its imports once.

Importing Prefect and Great Expectations and starting Prefect's server take most of a small night. A first process does
both; each command is a fork of it, with a folder, an environment and streams of its own. The sample night is run
without this, as a user runs it.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import Night


class Commands:
    """The first process, and the address of the Prefect server that all its commands share."""

    def __init__(self, process: subprocess.Popen[str], scratch: Path, server: str) -> None:
        self._process, self._scratch, self.server = process, scratch, server

    def __call__(self, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """What `python -m gongbao ARGUMENTS` in that folder returns and prints."""
        out, err = self._scratch / "stdout", self._scratch / "stderr"
        asked = {
            "arguments": arguments,
            "folder": str(folder),
            "environment": environment,
            "streams": [os.devnull, str(out), str(err)],
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = int(_line(self._process))
        return subprocess.CompletedProcess(arguments, code, out.read_text("utf-8"), err.read_text("utf-8"))

    def night(self, warehouse: Path, *options: str, **environment: str) -> Night:
        """A finished `gongbao run`, begun in the folder where the warehouse lies."""
        ended = self(warehouse.parent, "run", "--json", "--warehouse", str(warehouse), *options, **environment)
        assert ended.returncode in {0, 3}, ended.stderr
        return Night(ended.returncode, json.loads(ended.stdout), warehouse, (warehouse / "current").resolve())


@contextmanager
def commands(scratch: Path) -> Iterator[Commands]:
    """Start the first process; it ends, and its server, when its input does."""
    here = [sys.executable, "-m", __name__, str(scratch)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(here, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Commands(process, scratch, _line(process))


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the process of which commands are forks has ended"
    return line.strip()


def _serve(scratch: Path) -> None:
    from gongbao.cli import _quiet_in_process_prefect

    _quiet_in_process_prefect(scratch)
    import great_expectations  # noqa: F401
    from prefect.server.api.server import SubprocessASGIServer

    import flows.nightly  # noqa: F401
    import gongbao.asof
    import gongbao.doctor  # noqa: F401

    server = SubprocessASGIServer()
    server.start(timeout=120)
    # What is imported outlives every command: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    print(server.api_url, flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            # The server is the first process's to stop.
            atexit._clear()
            _become(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    server.stop()


def _become(asked: dict[str, Any]) -> None:
    """Be the command that was asked for, to its exit."""
    for number, path in enumerate(asked["streams"]):
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(asked["folder"])
    os.environ |= asked["environment"]
    sys.argv = ["gongbao", *asked["arguments"]]
    runpy.run_module("gongbao", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
