"""Work that ends its process, on whichever worker it runs; and bulletins enough to be shared out."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from gongbao import reference
from gongbao.ingest import ahead
from gongbao.ingest.limits import Limits
from gongbao.normalise import work
from tests.generated import bulletin

DEADLY = "致命"
"""A text or a file's name with this in it ends the process that reads it."""


def inbox(folder: Path, files: int) -> Path:
    """So many bulletins, as texts and web pages in turn."""
    folder.mkdir()
    for number in range(files):
        text = bulletin(number, sentences=6)
        if number % 2:
            (folder / f"{number:03}.txt").write_text(text, "utf-8")
        else:
            title, *lines = text.splitlines()
            body = "".join(f"<p>{line}</p>" for line in lines)
            page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
            (folder / f"{number:03}.html").write_text(page, "utf-8")
    return folder


def extract_share(tasks: Sequence[work.Task]) -> list[work.Outcome]:
    for task in tasks:
        _end_if(DEADLY in (task.content or ""))
    return work.extract_share(tasks)


def read_share(blobs: Path, limits: Limits, contents: Sequence[ahead.Content]) -> list[ahead.Read]:
    for content in contents:
        _end_if(DEADLY in content.name)
    return ahead.read_share(blobs, limits, contents)


def double_after_one_death(items: Sequence[tuple[int, Path]]) -> list[int]:
    """Twice each number; the first process that is given it is killed in the middle of the batch."""
    doubled = []
    for number, marker in items:
        if not marker.exists():
            marker.touch()
            _end_if(True)
        doubled.append(2 * number)
    return doubled


def _end_if(is_deadly: bool) -> None:
    if is_deadly:
        os.kill(os.getpid(), signal.SIGKILL)


def sleep(items: Sequence[float]) -> list[None]:
    """Seconds to sleep, one after another."""
    for seconds in items:
        time.sleep(seconds)
    return [None for _ in items]


def overlay_of(items: Sequence[int]) -> list[Path | None]:
    """The curator's overlay that the process has."""
    return [reference.overlay() for _ in items]
