"""A real Prefect server and process worker on loopback, which the tests start, ask, kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient

from flows import server
from tests.conftest import ROOT

POOL = "gongbao"
PATIENCE = 300.0
"""Seconds until a test gives up: many times what an idle machine needs."""
T = TypeVar("T")
# A port is bound long after it was chosen. So each process of tests has a block of its own, below those that the system
# gives to connections, and names each once.
_BLOCK = 40
_PORTS = iter(range(10_000 + os.getpid() % 500 * _BLOCK, 32_768))


def free_port() -> int:
    """A port on which nothing listens, and which no test beside this one will choose."""
    for port in _PORTS:
        with socket.socket() as tried, suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((server.HOST, port))
            return port
    raise AssertionError("no free port is left")


def eventually(what: str, ask: Callable[[], T | None]) -> T:
    """Ask until there is an answer, which is returned."""
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        if answer := ask():
            return answer
        time.sleep(0.3)
    raise AssertionError(f"{what}: not within {PATIENCE:.0f} s")


@dataclass(frozen=True)
class Site:
    """Where a server and its worker have their files, and what they find in their environment."""

    folder: Path
    port: int
    variables: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        settings = server.environment(self.folder, self.port) | {"PREFECT_WORKER_QUERY_SECONDS": "2"}
        return {**os.environ, "PYTHONPATH": str(ROOT), **settings, **self.variables}

    @property
    def api(self) -> SyncPrefectClient:
        return SyncPrefectClient(f"http://{server.HOST}:{self.port}/api")

    def state(self, run: UUID) -> str:
        state = self.api.read_flow_run(run).state
        return state.name if state else ""

    def ended(self, run: UUID) -> str:
        """The state in which a run ended, once it has."""

        def final() -> str | None:
            state = self.api.read_flow_run(run).state
            return state.name if state and state.is_final() else None

        return eventually(f"the end of run {run}", final)

    def prefect(self, *arguments: str) -> str:
        """Prefect's own command line, as an operator uses it in the checkout."""
        ended = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        with (self.folder / "worker.log").open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL],
                cwd=ROOT,
                env=self.environment,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            server.stop(process)


@dataclass
class Serving:
    """The server and the worker of a site, as often as they are killed and started again."""

    site: Site
    stack: ExitStack
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        self.processes = [self.stack.enter_context(server.running(self.site.folder, self.site.port))]

    def start_worker(self) -> None:
        self.processes.append(self.stack.enter_context(self.site.worker()))

    def kill_with(self, *pids: int) -> None:
        """SIGKILL for both and for these processes, at once."""
        for pid in (*(process.pid for process in self.processes), *pids):
            os.kill(pid, signal.SIGKILL)
        for process in self.processes:
            process.wait()
