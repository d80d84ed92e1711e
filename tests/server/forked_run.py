"""The command by which a worker starts a run, where runs are forks of one process: each begins without its imports.

python -I -S forked_run.py SOCKET         what the worker starts; it ends as the fork does, by the same signal
python -m tests.server.forked_run SOCKET  the process that is forked
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

STREAMS = (0, 1, 2)


def ask(address: str) -> None:
    """Have a fork be the run of this environment, and end as it does."""
    asked = json.dumps({"environment": dict(os.environ), "folder": os.getcwd()}).encode()  # noqa: PTH109
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(address)
        socket.send_fds(asking, [len(asked).to_bytes(4, "big")], STREAMS)
        asking.sendall(asked)
        code = int(asking.makefile().readline() or "1")
    if code < 0:
        os.kill(os.getpid(), -code)
    sys.exit(code)


def serve(address: str) -> None:
    """Be forked for whoever asks, until this process is ended."""
    import gc
    import runpy

    import prefect.deployments.steps.core
    import prefect.engine
    import prefect.flow_engine
    import prefect.runner
    import prefect.task_engine
    import prefect.utilities.visualization  # noqa: F401

    import tests.server.dying_night
    import tests.server.night_imported  # noqa: F401

    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listening:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait
        listening.bind(address)
        listening.listen()
        while True:
            asking, _ = listening.accept()
            if not os.fork():
                listening.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                if run := os.fork():  # one waits for it, while the first process listens
                    code = os.waitstatus_to_exitcode(os.waitpid(run, 0)[1])
                    with suppress(BrokenPipeError):  # who asked was killed with the worker
                        asking.sendall(f"{code}\n".encode())
                    os._exit(0)
                _become(asking)
                runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)
                sys.exit()
            asking.close()


def _become(asking: socket.socket) -> None:
    head, streams, _, _ = socket.recv_fds(asking, 4, len(STREAMS))
    asked: dict[str, Any] = json.loads(asking.makefile("rb").read(int.from_bytes(head, "big")))
    for number, stream in zip(STREAMS, streams, strict=True):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["prefect.engine"]


if __name__ == "__main__":
    (serve if __spec__ else ask)(sys.argv[1])
