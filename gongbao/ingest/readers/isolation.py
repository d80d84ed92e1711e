"""Files are parsed in another process: one that hangs or dies costs that one file, never the night.

One process serves file after file and is started anew only after a breach: starting it costs more than most files.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.answer import Answer, of_wire

_MODULE = "gongbao.ingest.readers.parser_process"
# Where a library wants a file for what it unlocks; where there is no such folder, the usual one for such files.
_IN_MEMORY = "/dev/shm"
_DYING = 5.0
"""Seconds for a process that has closed its output to be gone."""
KILLED = "parser_killed"
"""The reason of a refusal that is not the file's fault: no reader ends so by itself, nor by its limits."""
_PACKAGE_PARENT = Path(__file__).resolve().parents[3]


class ParserProcess:
    """The process that parses files; started at the first one. Use as a context manager."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._end()

    @property
    def pid(self) -> int | None:
        """The process in service, or null before the first file and after a breach."""
        return self._child.pid if self._child else None

    def read(self, path: Path, name: str, format_: str, charset: str | None = None) -> Answer:
        """What the file at `path` holds, read as `format_`; `charset` is what its server says of it.

        Raises `UnreadableDocument`: what the reader refused, else timeout, oversize, parser_crashed or `KILLED`.
        """
        if self._child is not None and self._child.poll() is not None:
            self._end()  # it died between two files: no fault of this one
        try:
            child = self._child or self._start()
            self._send(child, {"path": str(path), "name": name, "format": format_, "charset": charset})
            line = self._receive(child, name)
        except BrokenPipeError:
            line = b""
        except BaseException:  # no memory, Ctrl-C: what is still to come of this file is no answer to the next request
            self._end()
            raise
        if not line.endswith(b"\n"):
            was_killed = self._child is not None and _ended(self._child) == -signal.SIGKILL
            self._end()
            if was_killed:
                raise UnreadableDocument(
                    KILLED,
                    f"the parser was killed from outside, by hand or for want of memory, while it read {name}",
                    "see to the machine's memory; the next night reads the file again",
                )
            raise UnreadableDocument(
                "parser_crashed", f"{name} brought the parser down", "open it in its own program and save it anew"
            )
        return of_wire(json.loads(line))

    def _start(self) -> subprocess.Popen[bytes]:
        # No environment of ours: a parser needs none, and what is not there cannot leak.
        environment = {"PYTHONPATH": str(_PACKAGE_PARENT), "PATH": os.defpath, "PYTHONUTF8": "1", "TMPDIR": _IN_MEMORY}
        self._child = subprocess.Popen(
            [sys.executable, "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._send(self._child, asdict(self._limits))
        return self._child

    def _send(self, child: subprocess.Popen[bytes], message: Mapping[str, Any]) -> None:
        assert child.stdin is not None
        child.stdin.write(json.dumps(message).encode() + b"\n")
        child.stdin.flush()

    def _receive(self, child: subprocess.Popen[bytes], name: str) -> bytes:
        """One line of the answer; whatever came before the process ended, where it ended."""
        assert child.stdout is not None
        deadline = time.monotonic() + self._limits.read_seconds
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while not received.endswith(b"\n"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    self._end()
                    raise UnreadableDocument(
                        "timeout", f"{name} was not read within {self._limits.read_seconds:g} s", "split the file"
                    )
                chunk = os.read(child.stdout.fileno(), 1 << 20)
                if not chunk:
                    break
                received += chunk
                if len(received) > self._limits.answer_bytes:
                    self._end()
                    raise UnreadableDocument(
                        "oversize", f"{name} holds over {self._limits.answer_bytes:,} bytes of text", "split the file"
                    )
        return bytes(received)

    def _end(self) -> None:
        if self._child is None:
            return
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # the request that it never read
        self._child.wait()
        self._child = None


def _ended(child: subprocess.Popen[bytes]) -> int | None:
    """With what a process ends that has closed its output; None where it lives on."""
    try:
        return child.wait(_DYING)
    except subprocess.TimeoutExpired:
        return None
