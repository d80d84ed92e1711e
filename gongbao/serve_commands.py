"""`gongbao serve`: Prefect's server, the schedule and the deployments on this machine, for as long as it runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from gongbao.errors import ExitCode, GongbaoError, WarehouseLocked
from gongbao.options import WarehouseFolder

FOLDER = ".prefect-server"
"""The server's own files in the warehouse: its database is not that of the runs of `gongbao run`."""
Port = Annotated[int, Parameter(name="--port", help="The port on 127.0.0.1.")]


def serve(*, port: Port = 4200, warehouse: WarehouseFolder = None) -> int:
    """Start Prefect's server on 127.0.0.1 with the nightly schedule and the deployments, until Ctrl-C or SIGTERM.

    Example: gongbao serve --port 4200
    """
    from gongbao import settings

    configured = settings.load(warehouse=warehouse)
    configured.read_corrections()
    folder = configured.warehouse.resolve() / FOLDER
    from flows import server

    signal.signal(signal.SIGTERM, _interrupt)  # while the server starts, too: it must not be left behind
    try:
        with _alone(folder), server.running(folder, port) as process:
            # Read by Prefect when it is first imported, and handed on to the runs.
            os.environ |= server.environment(folder, port) | {"GONGBAO_WAREHOUSE": str(configured.warehouse.resolve())}
            from flows.serve import serve_deployments

            print(f"gongbao: serving on http://{server.HOST}:{port}, Ctrl-C to stop", file=sys.stderr, flush=True)
            stopping = threading.Event()
            threading.Thread(target=_end_with, args=(process, stopping), daemon=True).start()
            try:
                serve_deployments(configured.notify)
            except (SystemExit, KeyboardInterrupt):
                pass  # the ways in which it is told to stop
            finally:
                stopping.set()
            if process.poll() is not None:
                what = f"Prefect's server ended with {process.returncode}"
                raise GongbaoError(what, f"its last words: {folder / 'server.log'}; `gongbao serve` starts it again")
    except KeyboardInterrupt:
        pass  # before it served
    return ExitCode.DONE


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One `gongbao serve` a warehouse: two servers would write one database."""
    from gongbao.warehouse import hold_lock

    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = hold_lock(folder / ".lock")
    except WarehouseLocked:
        raise WarehouseLocked(
            f"another `gongbao serve` serves the warehouse {folder.parent}", "stop it, or leave this one be"
        ) from None
    with lock:
        yield


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _end_with(server: subprocess.Popen[bytes], stopping: threading.Event) -> None:
    """Without its server nothing is served: whoever watches this process must see it end."""
    server.wait()
    if not stopping.is_set():
        os.kill(os.getpid(), signal.SIGTERM)
