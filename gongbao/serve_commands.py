"""`gongbao serve`: Prefect's server, the schedule and the deployments on this machine, for as long as it runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Annotated

from cyclopts import Parameter

from gongbao.errors import ExitCode, GongbaoError
from gongbao.options import WarehouseFolder, warn_of_root

FOLDER = ".prefect-server"
"""The server's own files in the warehouse: its database is not that of the runs of `gongbao run`."""
Port = Annotated[int, Parameter(name="--port", help="The port on 127.0.0.1.")]


def serve(*, port: Port = 4200, warehouse: WarehouseFolder = None) -> int:
    """Start Prefect's server on 127.0.0.1 with the nightly schedule and the deployments, until Ctrl-C or SIGTERM.

    A server that a killed `gongbao serve` left behind is stopped first.

    Example: gongbao serve --port 4200
    """
    from gongbao import settings

    configured = settings.load(warehouse=warehouse)
    configured.read_corrections()
    warn_of_root()
    folder = configured.warehouse.resolve() / FOLDER
    from flows import server

    # While the server starts, too: it must not be left behind.
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup has it
        signal.signal(signal.SIGHUP, _interrupt)
    try:
        with _alone(folder):
            _stop_left_behind(folder)
            with server.running(folder, port) as process:
                # Read by Prefect when it is first imported, and handed on to the runs.
                warehouse_of_runs = {"GONGBAO_WAREHOUSE": str(folder.parent)}
                os.environ |= server.environment(folder, port) | warehouse_of_runs
                print(f"gongbao: serving on http://{server.HOST}:{port}, Ctrl-C to stop", file=sys.stderr, flush=True)
                _serve_until_told(process, configured.notify, folder / "server.log")
    except KeyboardInterrupt:
        pass  # before it served
    return ExitCode.DONE


def _serve_until_told(server: subprocess.Popen[bytes], notify: str | None, log: Path) -> None:
    from flows.serve import serve_deployments

    stopping = threading.Event()
    threading.Thread(target=_end_with, args=(server, stopping), daemon=True).start()
    try:
        serve_deployments(server, notify)
    except (SystemExit, KeyboardInterrupt):
        pass  # the ways in which it is told to stop
    finally:
        stopping.set()
    if server.poll() is not None:
        what = f"Prefect's server ended with {server.returncode}"
        raise GongbaoError(what, f"its last words: {log}; `gongbao serve` starts it again")


def _alone(folder: Path) -> IO[str]:
    """One `gongbao serve` a warehouse: two servers would write one database."""
    from gongbao.warehouse import hold_lock

    folder.mkdir(parents=True, exist_ok=True)
    return hold_lock(
        folder / ".lock",
        f"another `gongbao serve` serves the warehouse {folder.parent}",
        "stop it, or leave this one be",
    )


def _stop_left_behind(folder: Path) -> None:
    """The server of a `gongbao serve` that was killed still has the port, and would write the same database."""
    from flows import server

    if (pid := server.left_behind(folder)) is not None:
        said = f"gongbao: stopping the Prefect server (pid {pid}) that a killed `gongbao serve` left behind"
        print(said, file=sys.stderr, flush=True)
        server.stop_left_behind(folder)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _end_with(server: subprocess.Popen[bytes], stopping: threading.Event) -> None:
    """Without its server nothing is served: whoever watches this process must see it end."""
    server.wait()
    if not stopping.is_set():
        os.kill(os.getpid(), signal.SIGTERM)
