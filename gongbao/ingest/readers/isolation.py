"""Workbooks are parsed in another process: one that hangs or dies costs that one file, never the night.

One process serves file after file and is started anew only after a breach: starting it costs more than most files.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from gongbao.errors import UnreadableDocument
from gongbao.extract.grid import Cell, Sheet
from gongbao.ingest.limits import Limits

_MODULE = "gongbao.ingest.readers.parser_process"
_PACKAGE_PARENT = Path(__file__).resolve().parents[3]


class ParserProcess:
    """The process that parses workbooks; started at the first one. Use as a context manager."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._end()

    @property
    def pid(self) -> int | None:
        """The process in service, or null before the first workbook and after a breach."""
        return self._child.pid if self._child else None

    def read(self, path: Path, name: str) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
        """The sheets of the workbook at `path`, and warning codes.

        Raises `UnreadableDocument`: what the reader refused, else timeout or parser_crashed.
        """
        if self._child is not None and self._child.poll() is not None:
            self._end()  # it died between two files: no fault of this one
        child = self._child or self._start()
        try:
            self._send(child, {"path": str(path), "name": name})
            line = self._receive(child, name)
        except BrokenPipeError:
            line = b""
        if not line.endswith(b"\n"):
            self._end()
            raise UnreadableDocument(
                "parser_crashed", f"{name} brought the parser down", "open it in a spreadsheet program and save it anew"
            )
        return _sheets(json.loads(line))

    def _start(self) -> subprocess.Popen[bytes]:
        # No environment of ours: a parser needs none, and what is not there cannot leak.
        environment = {"PYTHONPATH": str(_PACKAGE_PARENT), "PATH": os.defpath, "PYTHONUTF8": "1"}
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
                        "timeout", f"{name} was not read within {self._limits.read_seconds:g} s", "split the workbook"
                    )
                chunk = os.read(child.stdout.fileno(), 1 << 20)
                if not chunk:
                    break
                received += chunk
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


def _sheets(answer: Mapping[str, Any]) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    if "refused" in answer:
        raise UnreadableDocument(**answer["refused"])
    sheets = tuple(
        Sheet(
            sheet["name"],
            tuple(
                tuple(Cell(c) if isinstance(c, str) else Cell(c[0], is_number=True) for c in row)
                for row in sheet["rows"]
            ),
            tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merged"]),
        )
        for sheet in answer["sheets"]
    )
    return sheets, tuple(answer["warnings"])
