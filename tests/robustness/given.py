"""A small inbox, nights over it as processes that can be killed and starved, and warehouses that one has prepared."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import CompletedProcess

from tests.forks import Forks, forks
from tests.robustness.invariants import Bytes, published
from tests.robustness.night import Asked
from tests.server.site import PATIENCE

NOW = "2026-11-01T20:00:00Z"
TEXT = "惠民县{0}{1}年工作总结\n\n山东省惠民县{0}人民政府\n\n{1}年,一般公共预算收入{2}万元。新增城镇就业{3}人。{4}年,力争实现一般公共预算收入6000万元。\n"  # noqa: E501
PAGE = "<!DOCTYPE html><meta charset='utf-8'><title>{0}</title><h1>{0}</h1><p>{1}</p>"
SHEET = "单位:万元\n乡镇,一般公共预算收入,财政支出\n姜楼镇,5533,8120\n李庄镇,6120,9240\n"


@dataclass(frozen=True)
class Ended:
    """How a night ended, and what it said."""

    exit_code: int
    out: str
    err: str
    seconds: float

    @property
    def last_line(self) -> str:
        lines = [line for line in self.err.splitlines() if line.strip()]
        return lines[-1] if lines else ""


@dataclass(frozen=True)
class Nights:
    """Nights as forks of one process that has all imported; they share one Prefect server."""

    first: Forks
    inbox: Path
    scratch: Path

    def __call__(
        self,
        warehouse: Path,
        *options: str,
        kill: tuple[float, signal.Signals] | None = None,
        meanwhile: Callable[[int, Path], None] | None = None,
        file_bytes: int | None = None,
        inbox: Path | None = None,
        **environment: str,
    ) -> Ended:
        """Run one to its end; `kill` signals its whole group so many seconds after it began, `meanwhile` gets its pid
        and the file in which its standard error can be read. A file of it may have `file_bytes`.
        """
        told = self.scratch / "pid"
        told.unlink(missing_ok=True)
        arguments = ("run", "--json", "--inbox", str(inbox or self.inbox), "--warehouse", str(warehouse), *options)
        asked = Asked(arguments, str(told), file_bytes)
        ended = threading.Event()

        def act() -> None:
            while not told.exists():
                if ended.wait(0.02):
                    return
            pid = int(told.read_text("utf-8"))
            if meanwhile:
                meanwhile(pid, self.first.err)
            if kill and not ended.wait(kill[0]):
                with suppress(ProcessLookupError):
                    os.killpg(pid, kill[1])

        acting = threading.Thread(target=act)
        acting.start()
        begun = time.monotonic()
        try:
            done: CompletedProcess[str] = self.first(
                self.scratch, "-m", "tests.robustness.night", json.dumps(asdict(asked)), **ENVIRONMENT | environment
            )
        finally:
            ended.set()
            acting.join()
        return Ended(done.returncode, done.stdout, done.stderr, time.monotonic() - begun)


ENVIRONMENT = {"GONGBAO_NOW": NOW, "GONGBAO_PROCESSES": "1"}


def write_inbox(folder: Path, first: int = 0, texts: int = 4) -> Path:
    """Texts of two towns, a page and a table, numbered from `first` on."""
    folder.mkdir(exist_ok=True)
    for number in range(first, first + texts):
        place, year = ("姜楼镇", "李庄镇")[number % 2], 2023 - number // 2
        text = TEXT.format(place, year, 5533 - number, 98 + number, year + 1)
        (folder / f"{place}{year}.txt").write_text(text, "utf-8")
    said = f"2022年,全镇一般公共预算收入{4100 + first}万元,新增城镇就业{120 + first}人。"
    (folder / f"胡集镇{first}.html").write_text(PAGE.format("惠民县胡集镇2022年工作总结", said), "utf-8")
    (folder / f"财政{first}.csv").write_text(f"惠民县2022年财政情况\n{SHEET}", "utf-8")
    return folder


@contextmanager
def nights(folder: Path, prefect: Path, **environment: str) -> Iterator[Nights]:
    """Start the first process and the server; the inbox is written."""
    with forks(prefect, "tests.flows.command", str(prefect), **environment) as first:
        yield Nights(first, write_inbox(folder / "inbox"), folder)


def when_it_begins(stage: str, said: Path) -> None:
    """Wait until a night tells in its log that this stage begins."""
    patience = time.monotonic() + PATIENCE
    while f'"{stage} begins"' not in said.read_text("utf-8"):
        assert time.monotonic() < patience, f"{stage} has not begun"
        time.sleep(0.02)


@dataclass(frozen=True)
class Prepared:
    """A warehouse after one night; what an undisturbed second night over more inputs makes of it, and those inputs."""

    warehouse: Path
    before: Bytes
    second: Path
    after: Bytes
    inbox: Path

    def copy(self, place: Path) -> Path:
        """The warehouse after the first night, to do damage to."""
        return Path(shutil.copytree(self.warehouse, place, symlinks=True))


def prepare(nights: Nights) -> Prepared:
    """Two undisturbed nights."""
    warehouse = nights.scratch / "prepared"
    first = nights(warehouse)
    assert first.exit_code == 0, first.err
    inbox = Path(shutil.copytree(nights.inbox, nights.scratch / "more"))
    write_inbox(inbox, first=4)
    second = Path(shutil.copytree(warehouse, nights.scratch / "second", symlinks=True))
    other = nights(second, inbox=inbox)
    assert other.exit_code == 0, other.err
    return Prepared(warehouse, published(warehouse), second, published(second), inbox)
