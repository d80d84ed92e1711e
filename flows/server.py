"""A Prefect server of one's own on loopback: Prefect's own command in a process of its own, with settings that hold.

Nothing of Prefect is imported here: it reads its settings when it is first imported, so whoever serves or asks sets
them before.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from flows import server_log
from gongbao.errors import GongbaoError, UsageError, WarehouseLocked
from gongbao.warehouse import hold_lock

HOST = "127.0.0.1"
START_SECONDS = 180.0
"""How long a server may take until it answers: 15 s the first time on an idle machine, far more on a busy one."""
STOP_SECONDS = 30.0
RESTARTS = 3
_GLANCE = 0.5
"""Seconds between two looks whether the server is there."""
LOCK = ".server-lock"
"""Held by the server for as long as it lives, with its pid in it, whatever becomes of the one that started it."""
PASSWORD, PASSWORD_OF_CLIENTS = "PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"
ORIGINS = "PREFECT_SERVER_CORS_ALLOWED_ORIGINS"
"""By Prefect's default any page in a browser may ask the server."""
PRIVATE = 0o700
"""The folder of a server is its account's alone: blocks, which may hold secrets, lie in it beside the key to them."""
LOG_BYTES = 10_000_000
"""A longer `server.log` is put aside when the server starts, in the place of the one before."""

SETTINGS: Mapping[str, str] = {
    # Killed hard, worker and server with it, a run holds the deployment's only slot for ever by Prefect's defaults:
    # the lease must outlive the server, and a run must be known by its silence (flows/automations.py).
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    # The server's database grows without end else; runs go after 90 days. `ops.run` is the ledger that stays.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    # By default a run is late after 15 s, which a busy machine needs to start one.
    "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "300",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # A page that someone opens in a browser on this machine could else start runs and read blocks here.
    "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
    # Who has lost the address of the server must not run on one of its own that nobody sees.
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
}
"""What server, workers and runs need to have in their environment; docs/operations.md says why, too."""


def environment(folder: Path, port: int) -> dict[str, str]:
    """The variables of a server on `port` with its files in `folder`, and of all that ask it.

    Of this process's own environment hold the server's password (`PREFECT_SERVER_API_AUTH_STRING`), which those who ask
    are told, and the origins that browsers may come from, where a proxy stands before the server.
    """
    password = os.environ.get(PASSWORD)
    return {
        **SETTINGS,
        ORIGINS: os.environ.get(ORIGINS) or f"http://{HOST}:{port}",
        **_no_proxy(),
        **({PASSWORD_OF_CLIENTS: password} if password else {}),
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": f"http://{HOST}:{port}/api",
    }


@contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start the server, wait until it answers, and stop it at the end of the block.

    What it says goes to `folder/server.log`. Raises `UsageError` where something listens on the port, `WarehouseLocked`
    where a server is at work on the folder, `GongbaoError` where it ends or does not answer in `START_SECONDS`.
    """
    _refuse_taken(port)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PRIVATE)
    log = folder / "server.log"
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    logging = folder / "server-logging.yml"
    server_log.write(logging)
    with hold_lock(folder / LOCK, f"another server is at work on {folder}") as lock, log.open("ab") as said:
        lock.truncate(0)  # no pid is better than that of another process
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)],
            env=os.environ | environment(folder, port) | _logged_as(logging),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,  # Ctrl-C is for the one who serves: runs are stopped before their server
            pass_fds=[lock.fileno()],
        )
        lock.write(f"{server.pid}\n")
    try:
        _wait_until_it_answers(server, port, log)
        yield server
    finally:
        stop(server)


@dataclass(frozen=True, slots=True)
class Starting:
    """A server that was told to start.

    `environment`: what those need who ask it. `wait` returns when it answers; raises `GongbaoError` where it ends or
    does not answer in `START_SECONDS`.
    """

    environment: Mapping[str, str]
    wait: Callable[[], None]


@contextmanager
def temporary(folder: Path) -> Iterator[Starting]:
    """A server for the runs of this process alone: it answers, and does nothing by itself.

    The block begins while the server starts, which takes as long as importing what will ask it. It ends with the block,
    or with this process, whatever becomes of that; one that ends before is started again, as a run that finds none
    waits for many minutes. What it says goes to `folder/server.log`.
    """
    if not folder.exists():  # else perhaps Prefect's own, of another use
        folder.mkdir(parents=True)
        folder.chmod(PRIVATE)
    log, port = folder / "server.log", _free_port()
    own = {"PREFECT_HOME": str(folder), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1", **_no_proxy()}
    # Whatever opens another server in this environment, this one is for this run alone.
    own[PASSWORD_OF_CLIENTS] = f"gongbao:{secrets.token_urlsafe()}"
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"} | own | _imported()
    environment |= {PASSWORD: own[PASSWORD_OF_CLIENTS], ORIGINS: f"http://{HOST}:{port}"}

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "flows.temporary_server", HOST, str(port), str(os.getpid())],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,  # Ctrl-C is for the run, which has its server told
            )

    log.unlink(missing_ok=True)
    with ExitStack() as at_work:
        server = start()
        at_work.callback(stop, server)

        def wait() -> None:
            _wait_until_it_answers(server, port, log)
            at_work.enter_context(_kept(server, start))

        yield Starting(own | {"PREFECT_API_URL": f"http://{HOST}:{port}/api"}, wait)


@contextmanager
def _kept(process: subprocess.Popen[bytes], start: Callable[[], subprocess.Popen[bytes]]) -> Iterator[None]:
    """Within the block, start another in the place of a process that ends, at most `RESTARTS` times; stop the last."""
    is_over = threading.Event()
    is_changing = threading.Lock()
    others: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        kept = process
        for _ in range(RESTARTS):
            while kept.poll() is None:  # `wait` would hold a lock that forks of this process need
                if is_over.wait(_GLANCE):
                    return
            with is_changing:
                if is_over.is_set():
                    return
                kept = start()
                others.append(kept)

    threading.Thread(target=keep, daemon=True).start()
    try:
        yield
    finally:
        with is_changing:
            is_over.set()
        for other in others:
            stop(other)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process: asked first, killed with its whole session where it does not follow in `STOP_SECONDS`."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def left_behind(folder: Path) -> int | None:
    """The pid of the server at work on `folder`, None where none is; asked by whoever alone may start one there.

    The lock goes with the server: while it is held, the number in the file has not been given to another process.
    """
    file = folder / LOCK
    if not file.exists():
        return None
    written = file.read_text("utf-8").strip()
    try:
        hold_lock(file).close()
    except WarehouseLocked:
        if written.isdigit():
            return int(written)
        what = f"a Prefect server that was left behind holds {file}, and its pid is not there"
        raise GongbaoError(what, f"stop it (`fuser {file}` names it), then start again") from None
    return None


def stop_left_behind(folder: Path) -> None:
    """End that server and wait for it: asked first, killed with its session where it does not follow.

    Raises `GongbaoError` where it does not end.
    """
    for told in (signal.SIGTERM, signal.SIGKILL):
        patience = time.monotonic() + STOP_SECONDS
        if (pid := left_behind(folder)) is None:
            return
        try:
            os.killpg(pid, told)
        except PermissionError:
            what = f"the Prefect server that was left behind (pid {pid}) is another user's"
            raise GongbaoError(what, "stop it as that user, then start again") from None
        except ProcessLookupError:
            pass  # it has just ended
        while left_behind(folder) is not None and time.monotonic() < patience:
            time.sleep(0.1)
    if (pid := left_behind(folder)) is not None:
        raise GongbaoError(f"the Prefect server that was left behind (pid {pid}) does not end", "restart the machine")


def _logged_as(file: Path) -> dict[str, str]:
    """What the server alone needs: its logging, and the module of its filter."""
    return {"PREFECT_LOGGING_SETTINGS_PATH": str(file)} | _imported()


def _no_proxy() -> dict[str, str]:
    """Prefect's clients would ask a server on loopback, with its password, through the proxy of the environment."""
    spared = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    told = ",".join([spared, HOST] if spared else [HOST])
    return {"no_proxy": told, "NO_PROXY": told}


def _imported() -> dict[str, str]:
    """So that this package is imported from any folder."""
    checkout = str(Path(__file__).resolve().parents[1])
    searched = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": os.pathsep.join([checkout, searched] if searched else [checkout])}


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        port: int = asked.getsockname()[1]
        return port


def _refuse_taken(port: int) -> None:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server itself binds
        try:
            tried.bind((HOST, port))
        except OSError as error:
            raise UsageError(
                f"port {port} of {HOST} cannot be had ({error.strerror})",
                "stop what listens there, perhaps another `gongbao serve`, or name another with --port",
            ) from error


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    patience = time.monotonic() + START_SECONDS
    while time.monotonic() < patience:
        if (code := server.poll()) is not None:
            raise GongbaoError(f"Prefect's server ended with {code} before it answered", f"its last words: {log}")
        try:
            if httpx.get(f"http://{HOST}:{port}/api/health", timeout=5, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass  # it does not listen yet
        time.sleep(0.2)
    raise GongbaoError(f"Prefect's server has not answered within {START_SECONDS:.0f} s", f"its last words: {log}")
