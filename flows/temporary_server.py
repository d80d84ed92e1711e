"""What `flows.server.temporary` starts: Prefect's API on HOST and PORT, until told to stop or PARENT is gone.

Prefect starts such a server by itself for a flow that finds none, but in the group of the flow's process: Ctrl-C ends
both, and the flow then waits minutes for a server that is gone; SIGKILL leaves the server behind, with the flow's
output open.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import uvicorn
from prefect.server.api.server import create_app

_GLANCE = 1.0
"""Seconds between two looks whether the process that asked is there."""


def serve(host: str, port: int, parent: int) -> None:
    """Answer; without services, as nothing is scheduled on this server."""
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    uvicorn.run(create_app(ephemeral=True, final=True), host=host, port=port, log_level="error", lifespan="on")


def _end_with(parent: int) -> None:
    # Its number is told: who asks here, after seconds of imports, may find that it is gone already.
    while os.getppid() == parent:
        time.sleep(_GLANCE)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    serve(sys.argv[1], *map(int, sys.argv[2:]))
