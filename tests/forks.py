"""`python ARGUMENTS` many times over, as a process each, for the price of its imports once.

Importing DuckDB, pandas, Great Expectations or Prefect takes most of a small night. A first process does that; each
command is a fork of it, with a folder, an environment and streams of its own. What a command reads of its environment
while it is imported, and nothing else, is that of the first process: who tests that, or what is imported at all, starts
Python itself.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import runpy
import subprocess
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = (
    "great_expectations",
    "gongbao.asof",
    "gongbao.cli",
    "gongbao.doctor",
    "gongbao.ingest.intake",
    "gongbao.ingest.visits",
    "gongbao.review_commands",
    "gongbao.release_commands",
    "gongbao.validate.gate",
    "tests.unit.past_nights",
    "tests.unit.review.given",
)
"""What the commands of the library's tests import; no Prefect."""


class Forks:
    """The first process. `said` is what it had to say when it was ready."""

    def __init__(self, process: subprocess.Popen[str], scratch: Path) -> None:
        self._process, self._scratch = process, scratch
        self.err = scratch / "stderr"
        """What the command at work, or the last one, has written to its standard error so far."""
        self.said = self._line()

    def __call__(self, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """What `python ARGUMENTS` (`-c SCRIPT …` or `-m MODULE …`) in that folder returns and prints."""
        out, err = self._scratch / "stdout", self.err
        asked = {
            "arguments": arguments,
            "folder": str(folder),
            "environment": environment,
            "streams": [os.devnull, str(out), str(err)],
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = int(self._line())
        return subprocess.CompletedProcess(arguments, code, out.read_text("utf-8"), err.read_text("utf-8"))

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process of which commands are forks has ended"
        return line.strip()


@contextmanager
def forks(scratch: Path, module: str, *arguments: str, **environment: str) -> Iterator[Forks]:
    """Start `module` as the first process, which calls `serve`; it ends when its input does."""
    here = [sys.executable, "-m", module, *arguments]
    told = {**os.environ, **environment}
    with subprocess.Popen(
        here, cwd=ROOT, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Forks(process, scratch)


@cache
def python() -> Forks:
    """That of the library's tests, for as long as this process of pytest runs."""
    scratch = TemporaryDirectory(prefix="gongbao-forks-")
    started = forks(Path(scratch.name), __name__, *LIBRARY)
    atexit.register(scratch.cleanup)
    atexit.register(started.__exit__, None, None, None)
    return started.__enter__()


def serve(said: str) -> None:
    """In the first process, all imported: say so, then be forked for each command."""
    # What is imported outlives every command: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    print(said, flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            atexit._clear()  # what is to be stopped at the end is the first process's to stop
            _become(json.loads(line))
            sys.exit()  # not back to what the first process does when its input ends
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _become(asked: dict[str, Any]) -> None:
    """Be the command that was asked for, to its exit."""
    for number, path in enumerate(asked["streams"]):
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(asked["folder"])
    os.environ |= asked["environment"]
    option, program, *rest = asked["arguments"]
    if option == "-m":
        sys.argv = [program, *rest]
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    else:
        assert option == "-c", option
        sys.argv = ["-c", *rest]
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(program, "<string>", "exec"), vars(main))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        importlib.import_module(name)
    serve("ready")
