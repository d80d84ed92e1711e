"""What Prefect costs: nights on 10, 200 and 2,000 documents by the library alone, and as flows.

Each night is a process of its own, from its start to its end, its imports included, into a warehouse of its own.
*alone* calls what the tasks of flows/stages.py call, in their order, and knows no Prefect. *in-process* is
`gongbao run`, which starts a server for itself; *with a server* is the flow as a worker runs it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from prefect.client.orchestration import SyncPrefectClient
from rich.console import Console
from rich.table import Table

from flows import server
from tests.bench_inbox import inbox
from tests.conftest import ROOT
from tests.server.site import free_port

SIZES = (10, 200, 2000)
TIMES = 2
"""The best of so many nights of each kind counts, in turns, so that a busy minute strikes all."""
IN_PROCESS_SECONDS, WITH_SERVER_SECONDS, TASK_RUN_SECONDS = 20.0, 10.0, 0.03
"""What the overhead may be: constants, and so much for each task run."""
FLOW = "import sys; from flows.nightly import nightly; nightly(inbox=[sys.argv[1]], warehouse=sys.argv[2])"


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print seconds of each kind of night, what the flows take beyond the library, and what they may."""
    table = Table("documents", "night", "s", "overhead s", "task runs", "may be s")
    with tempfile.TemporaryDirectory() as name:
        scratch, port = Path(name), free_port()
        with server.running(scratch / "prefect", port):
            for size in sizes:
                documents = inbox(scratch / f"inbox{size}", size)
                measured = _nights(scratch / str(size), documents, port)
                alone = measured["alone"]
                runs = _task_runs(port)
                table.add_row(f"{size:,}", "alone", f"{alone:.1f}", "", "", "")
                for kind, constant in (("in-process", IN_PROCESS_SECONDS), ("with a server", WITH_SERVER_SECONDS)):
                    limit = constant + TASK_RUN_SECONDS * runs
                    over = measured[kind] - alone
                    table.add_row("", kind, f"{measured[kind]:.1f}", f"{over:.1f}", str(runs), f"{limit:.1f}")
    Console(highlight=False).print(table)


def _nights(scratch: Path, documents: Path, port: int) -> dict[str, float]:
    """Seconds of each kind of night."""
    python = [sys.executable]
    kinds = {
        "alone": [*python, "-m", "tests.bench_night_alone", str(documents)],
        "in-process": [*python, "-m", "gongbao", "run", "--json", "--inbox", str(documents), "--warehouse"],
        "with a server": [*python, "-c", FLOW, str(documents)],
    }
    asked = {"with a server": server.environment(scratch.parent / "prefect", port)}
    best: dict[str, float] = {}
    for number in range(TIMES):
        for kind, command in kinds.items():
            environment = {**os.environ, "PYTHONPATH": str(ROOT), **asked.get(kind, {})}
            begun = time.perf_counter()
            ended = subprocess.run(
                [*command, str(scratch / f"{kind} {number}")], env=environment, capture_output=True, text=True, cwd=ROOT
            )
            seconds = time.perf_counter() - begun
            if ended.returncode not in {0, 3}:
                raise SystemExit(ended.stderr)
            best[kind] = min(seconds, best.get(kind, seconds))
    return best


def _task_runs(port: int) -> int:
    """Of the last night that the server knows."""
    api = SyncPrefectClient(f"http://{server.HOST}:{port}/api")
    last = max(api.read_flow_runs(), key=lambda run: str(run.start_time))
    return sum(each.flow_run_id == last.id for each in api.read_task_runs())


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
