"""`gongbao run` as a process group of its own that tells its pid and holds itself to limits: `-m … ASKED`.

What it says passes through the process that started it, which no limit binds: a night on a full disk can still speak.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

_CAPABILITIES = 0x20080522, 0, 0, 0, 0, 0, 0, 0
"""The header of `capset`: version 3, this process; then none of the 64 privileges."""


@dataclass(frozen=True)
class Asked:
    """What a night is told: its command line, where to write its pid, and how many bytes a file of it may have."""

    arguments: tuple[str, ...]
    pid: str
    file_bytes: int | None = None


def main(asked: Asked) -> None:
    """Have a child be the night, pass on what it says, and end as it does."""
    said, say = os.pipe()
    night = os.fork()
    if not night:
        os.dup2(say, 2)
        for end in (said, say):
            os.close(end)
        be(asked)
    os.close(say)
    while words := os.read(said, 1 << 16):
        os.write(2, words)
    code = os.waitstatus_to_exitcode(os.waitpid(night, 0)[1])
    if code < 0:
        os.kill(os.getpid(), -code)
    sys.exit(code)


def be(asked: Asked) -> None:
    """The night itself, to its exit."""
    from gongbao import cli

    os.setsid()
    _obey_permissions()
    told = Path(asked.pid)
    partial = told.with_name(f"{told.name}.{os.getpid()}")
    partial.write_text(str(os.getpid()), "utf-8")
    partial.replace(told)
    if asked.file_bytes is not None:
        limit_files(os.getpid(), asked.file_bytes)
    cli.main(list(asked.arguments))


def limit_files(pid: int, most: int) -> None:
    """Let that process write no file beyond so many bytes: it is refused as by a full disk, root too."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))


def kill_group(pid: int) -> None:
    """SIGKILL for a night and all that work for it."""
    os.killpg(pid, signal.SIGKILL)


def _obey_permissions() -> None:
    """Without root's privilege to pass over the permissions of files; whoever has none gives up nothing."""
    libc = ctypes.CDLL(None, use_errno=True)
    words = (ctypes.c_uint32 * len(_CAPABILITIES))(*_CAPABILITIES)
    if libc.capset(ctypes.byref(words), ctypes.byref(words, 8)):
        raise OSError(ctypes.get_errno(), "capset")


if __name__ == "__main__":
    main(Asked(**json.loads(sys.argv[1])))
