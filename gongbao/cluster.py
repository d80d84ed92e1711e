"""A Dask cluster as workers: one that is named by its scheduler's address, or one that the night starts for itself.

    tcp://HOST:PORT, tls://HOST:PORT   a scheduler that runs already; its workers see the blobs under the same path
    local:N                            a scheduler and N worker processes of this machine, ended with extraction

Dask's client is used as it is: it has the interface of `concurrent.futures`, and its tasks cost a millisecond. A task
of Prefect on Dask costs a hundred, and would need workers that reach Prefect's server, which is on loopback.

A worker must be of this very program, vocabulary and Python, for the results are to be the same to the byte. It keeps
what it has once loaded, so one that was left behind by an update, or by an answer of the curator, is started anew.
"""

from __future__ import annotations

import logging
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from dask import config
from distributed import Client, KilledWorker, LocalCluster, get_worker

from gongbao import project, reference
from gongbao.errors import GongbaoError, UsageError
from gongbao.ingest.reader_versions import readers_version
from gongbao.ingest.store import TEMPORARY
from gongbao.workers import Workers

_log = logging.getLogger(__name__)
LOCAL = "local:"
START_SECONDS = 4.0
"""What `local:N` costs before it works."""
PATIENCE = 60.0
"""Seconds without any worker before the night gives up."""
_CONNECTING = 15.0
"""Seconds for a scheduler to answer, and for the first of its workers to come."""
_SETTINGS = {
    # Each share of documents that is sent is a graph to Dask; a large one is meant.
    "distributed.admin.large-graph-warning-threshold": "1 GB",
    # Of a cluster started here: what ends two workers is looked at in a process of its own, so two are enough.
    "distributed.scheduler.allowed-failures": 1,
}
Result = TypeVar("Result")


@contextmanager
def joined(named: str, warehouse: Path) -> Iterator[Workers]:
    """The workers of the scheduler that is named; those of `local:N` start with the first batch.

    Raises `UsageError` where a scheduler does not answer, or its workers cannot do this warehouse's work.
    """
    # Dask tells on standard error what it does about a lost worker; what comes of it is told by the night.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with config.set(_SETTINGS), ExitStack() as stack:
        cluster = _Cluster(warehouse, stack)
        if named.startswith(LOCAL):
            width = int(named.removeprefix(LOCAL))
            workers = Workers(width, partial(cluster.start, width), (KilledWorker,), cluster.look, START_SECONDS)
        else:
            width, executor = cluster.join(named)
            workers = Workers(width, lambda: executor, (KilledWorker,), cluster.look)
        try:
            yield workers
        finally:
            workers.close()  # before the connection, which the stack closes


class _Cluster:
    """A connection to a scheduler, closed with the stack."""

    def __init__(self, warehouse: Path, stack: ExitStack) -> None:
        self._warehouse, self._stack = warehouse, stack
        self._client: Client | None = None
        self._seen = time.monotonic()

    def start(self, width: int) -> Executor:
        """Start a scheduler and its workers in this machine, heard on loopback alone."""
        cluster = LocalCluster(
            n_workers=width,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            local_directory=str(self._warehouse / ".dask"),
        )
        self._stack.enter_context(cluster)
        self._client = self._stack.enter_context(Client(cluster, set_as_default=False))
        return _Elsewhere(self._client)

    def join(self, address: str) -> tuple[int, Executor]:
        """How many batches the workers of that scheduler take at once, and they. Raises `UsageError`."""
        try:
            client = Client(address, timeout=_CONNECTING, set_as_default=False)
        except (OSError, TypeError, ValueError) as error:  # TypeError: tls:// without certificates
            raise UsageError(
                f"the Dask scheduler {address} does not answer ({_first_line(error)})",
                "start it (`dask scheduler`), correct GONGBAO_DASK or `dask` in gongbao.toml, or leave it out: the "
                "night then works with processes of this machine",
            ) from None
        self._client = self._stack.enter_context(client)
        try:
            client.wait_for_workers(1, timeout=_CONNECTING)
        except TimeoutError:
            raise UsageError(
                f"the Dask scheduler {address} has no workers",
                f"start some: `dask worker {address} --nthreads 1 --nworkers N`, from a checkout like this one",
            ) from None
        self._require_fit(client)
        self._seen = time.monotonic()
        return sum(client.nthreads().values()), _Elsewhere(client)

    def look(self) -> None:
        """Raises `GongbaoError` where there has been no worker for a while."""
        if self._client is None or self._has_workers(self._client):
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > PATIENCE:
            raise GongbaoError(
                f"the Dask cluster has had no worker for {PATIENCE:.0f} s",
                "start workers, then run again: what was done is kept",
            )

    @staticmethod
    def _has_workers(client: Client) -> bool:
        try:
            return bool(client.nthreads())
        except OSError:  # the scheduler itself is gone
            return False

    def _require_fit(self, client: Client) -> None:
        """Raises `UsageError` for workers of another version, or that do not see the blobs."""
        with _probe(self._warehouse / "blobs") as (probe, token):
            ask = partial(client.run, tell, reference.overlay(), probe, on_error="return")
            told = ask()
            stale = [worker for worker, answer in told.items() if not _is_of(answer)]
            if stale:
                told = _restarted(client, stale, len(told), ask)
        for worker, answer in sorted(told.items()):
            if not isinstance(answer, Told):
                raise UsageError(
                    f"the Dask worker {worker} cannot work for gongbao ({_first_line(answer)})",
                    "start it from a checkout like this one, in an environment made from its requirements.lock",
                )
            if not _is_of(answer):
                raise _other_version(worker, answer.version)
            if answer.token != token:
                raise UsageError(
                    f"the Dask worker {worker} does not see the folder {self._warehouse / 'blobs'} of this warehouse",
                    "share it with every worker under this very path (GONGBAO_WAREHOUSE names another place for it)",
                )


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker says of itself: its version, and the content of the file it was asked for, null where it is not."""

    version: str
    token: str | None


def tell(overlay: Path | None, probe: Path) -> Told:
    """On a worker: what it is, once it has the curator's overlay that is in force."""
    reference.put_on(overlay)
    try:
        token = probe.read_text()
    except OSError:
        token = None
    return Told(_version(), token)


class _Elsewhere(Executor):
    """Dask's executor, each of whose tasks begins with a look at the worker: one may have joined, or been restarted."""

    def __init__(self, client: Client) -> None:
        self._inner = client.get_executor(pure=False)
        self._overlay = reference.overlay()
        self._expected = _version()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As any executor does."""
        future: Future[Any] = self._inner.submit(_work, self._overlay, self._expected, function, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As any executor does; the cluster is another's to close."""
        self._inner.shutdown(wait=wait and not cancel_futures)


def _work(overlay: Path | None, expected: str, function: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """On a worker: the function, where it is the same there as here."""
    reference.put_on(overlay)
    found = _version()
    if found != expected:
        raise _other_version(get_worker().address, found)
    return function(*args, **kwargs)


def _version() -> str:
    """What decides the results of this process."""
    python = ".".join(map(str, sys.version_info[:2]))
    return f"{project.code_version()}, readers {readers_version()}, Python {python}"


def _restarted(client: Client, stale: list[str], number: int, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the workers say once those left behind are started anew. Raises `UsageError` where none comes back."""
    client.restart_workers(stale, timeout=_CONNECTING, raise_for_error=False)
    try:
        client.wait_for_workers(number, timeout=_CONNECTING)
    except TimeoutError:  # one that is started without a nanny ends
        there = len(client.nthreads())
        told = f"{number - there} of {number} Dask workers were of another version and did not come back"
        if not there:
            raise UsageError(told, "start them anew, with their nanny: `dask worker` without --no-nanny") from None
        _log.warning("%s: the others do the work; start them anew", told)
    return ask()


def _is_of(answer: object) -> bool:
    return isinstance(answer, Told) and answer.version == _version()


def _other_version(worker: str, version: str) -> UsageError:
    own = _version()
    return UsageError(
        f"the Dask worker {worker} is of another version ({version}) than this program ({own})",
        "bring its checkout, its libraries and the vocabulary folder that it sees up to date, and start it anew",
    )


@contextmanager
def _probe(blobs: Path) -> Iterator[tuple[Path, str]]:
    """A file in the store that nobody else's store has, and what it holds; a killed run's is swept with the others."""
    token = secrets.token_hex(16)
    probe = blobs / f".{token}{TEMPORARY}"
    probe.write_text(token)
    try:
        yield probe, token
    finally:
        probe.unlink(missing_ok=True)


def _first_line(error: object) -> str:
    return str(error).partition("\n")[0]
