"""Which addresses the processes of a command ask for: each Python among them tells a file, before it connects."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import ROOT

_WATCH = """
import os, sys

def watch(event, values):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        told = values[1] if event != "socket.getaddrinfo" else values[0]
        line = f"{event} {told!r}\\n".encode()
        file = os.open(os.environ["WATCHED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, line)
        os.close(file)

sys.addaudithook(watch)
"""
_HERE = re.compile(
    r"socket\.(connect|sendto) (\('(127\.0\.0\.1|::1)', .*|b?'.*')"
    r"|socket\.getaddrinfo (None|b?'(127\.0\.0\.1|::1|localhost)')"
)
"""Loopback, and sockets of the file system."""


def watching(folder: Path) -> dict[str, str]:
    """The variables by which a command and all that it starts are watched."""
    modules = folder / "watch"
    modules.mkdir()
    (modules / "sitecustomize.py").write_text(_WATCH, "utf-8")
    return {"PYTHONPATH": f"{modules}:{ROOT}", "WATCHED": str(folder / "watched")}


def asked(folder: Path) -> list[str]:
    """The addresses so far. Fails where there are none: a watch that saw nothing proves nothing."""
    lines = (folder / "watched").read_text("utf-8").splitlines()
    assert lines
    return lines


def beyond_this_machine(folder: Path) -> list[str]:
    """Those that are not of this machine itself."""
    return [line for line in asked(folder) if not _HERE.match(line)]
