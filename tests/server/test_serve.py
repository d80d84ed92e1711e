"""`gongbao serve`: server, schedule and deployments by one command, and nothing left of it when it stops."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.responses import DeploymentResponse

from flows import server
from gongbao.errors import ExitCode
from gongbao.serve_commands import FOLDER
from gongbao.warehouse import hold_lock
from tests.conftest import ROOT
from tests.server.site import PATIENCE, eventually, free_port
from tests.web_server import WebServer

PASSWORD = "admin:SECRET-canary-91c"
"""Asked for by the server, told to the runs, and written nowhere."""
TEXT = "惠民县姜楼镇2023年工作总结\n\n山东省惠民县姜楼镇人民政府\n\n2023年,一般公共预算收入5533万元。\n"


NO_NOHUP = ("env", "--default-signal=HUP")
"""So that a terminal's closing is heard, though the tests themselves may run by nohup."""


def served(folder: Path, port: int, *through: str, **variables: str) -> subprocess.Popen[bytes]:
    with (folder / "said.log").open("ab") as said:
        return subprocess.Popen(
            [*through, sys.executable, "-m", "gongbao", "serve", "--port", str(port), "--warehouse", "warehouse"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PREFECT_RUNNER_POLL_FREQUENCY": "2", **variables},
            stdout=said,
            stderr=said,
        )


def what_it_said(folder: Path) -> str:
    return " ".join((folder / "said.log").read_text("utf-8").split())


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://{server.HOST}:{port}/api/health", trust_env=False).is_success
    except httpx.TransportError:
        return False


def pid_of_server(files: Path, process: subprocess.Popen[bytes]) -> int | None:
    lock = files / server.LOCK
    written = lock.read_text("utf-8") if lock.exists() else ""
    return int(written) if written.endswith("\n") and int(written) != process.pid else None


def nightly(
    port: int, process: subprocess.Popen[bytes], folder: Path, password: str | None = None
) -> tuple[SyncPrefectClient, DeploymentResponse]:
    """The deployment, once it is served on the port."""
    announced = f"serving on http://{server.HOST}:{port}"
    eventually("serving", lambda: announced in what_it_said(folder) or process.poll() is not None)
    assert process.poll() is None, what_it_said(folder)
    api = SyncPrefectClient(f"http://{server.HOST}:{port}/api", auth_string=password)
    eventually("the deployments", lambda: "nightly" in {each.name for each in api.read_deployments()})
    return api, api.read_deployment_by_name("nightly/nightly")


def test_it_runs_what_is_asked_for_and_stops_with_all_its_processes_when_its_terminal_closes(
    tmp_path: Path, migrated: Callable[[Path], Path]
) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "姜楼镇.txt").write_text(TEXT, "utf-8")
    log = migrated(tmp_path / "warehouse" / FOLDER) / "server.log"
    log.write_bytes(bytes(server.LOG_BYTES + 1))
    port = free_port()
    process = served(tmp_path, port, *NO_NOHUP, **{server.PASSWORD: PASSWORD})
    try:
        api, deployment = nightly(port, process, tmp_path, PASSWORD)
        assert log.with_name("server.log.1").stat().st_size > server.LOG_BYTES > log.stat().st_size
        assert [(each.schedule.cron, each.schedule.timezone) for each in deployment.schedules] == [
            ("15 2 * * *", "Asia/Shanghai")
        ]
        assert deployment.concurrency_options is not None
        assert deployment.concurrency_options.collision_strategy == "CANCEL_NEW"

        assert served(tmp_path, free_port()).wait() == ExitCode.LOCKED
        assert f"another `gongbao serve` serves the warehouse {tmp_path}/warehouse (pid {process.pid})" in (
            what_it_said(tmp_path)
        )

        run = api.create_flow_run_from_deployment(deployment.id, parameters={"inbox": ["inbox"]})

        def final() -> str | None:
            state = api.read_flow_run(run.id).state
            return state.name if state and state.is_final() else None

        assert eventually("the end of the run", final) == "Completed"
        assert (tmp_path / "warehouse" / "current" / "fact.parquet").is_file()
        process.send_signal(signal.SIGHUP)
        assert process.wait(PATIENCE) == ExitCode.DONE, what_it_said(tmp_path)
        assert not answers(port)
        assert "Traceback" not in what_it_said(tmp_path)
        secret = PASSWORD.partition(":")[2].encode()
        assert not [path for path in tmp_path.rglob("*") if path.is_file() and secret in path.read_bytes()]
    finally:
        process.terminate()
        process.wait()


def test_what_a_kill_left_behind_is_stopped_by_the_next_which_ends_with_its_server_whatever_is_at_work(
    tmp_path: Path, migrated: Callable[[Path], Path]
) -> None:
    files = migrated(tmp_path / "warehouse" / FOLDER)
    killed = served(tmp_path, free_port())
    try:
        left = eventually("its server", lambda: pid_of_server(files, killed))
    finally:
        killed.kill()
        killed.wait()
    with WebServer() as pages:
        pages.reply("/never.html", lambda exchange: pages.stopping.wait() and None)
        source = {"name": "site", "urls": [pages.url("/never.html")], "private_hosts": [pages.place]}
        port = free_port()
        process = served(tmp_path, port, "nohup", GONGBAO_SOURCE=json.dumps([source]))
        try:
            api, deployment = nightly(port, process, tmp_path)
            assert f"stopping the Prefect server (pid {left}) that a killed `gongbao serve` left behind" in (
                what_it_said(tmp_path)
            )
            process.send_signal(signal.SIGHUP)  # nohup has it ignored
            api.create_flow_run_from_deployment(deployment.id)
            eventually("a night at work", lambda: pages.asked("/never.html"))
            os.kill(eventually("its server", lambda: pid_of_server(files, process)), signal.SIGKILL)
            assert process.wait(PATIENCE) == ExitCode.INTERNAL
            assert "Prefect's server ended with -9" in what_it_said(tmp_path)
            hold_lock(tmp_path / "warehouse" / ".lock").close()  # the night is gone with it
        finally:
            process.terminate()
            process.wait()
            server.stop_left_behind(files)


def test_a_taken_port_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        process = served(tmp_path, taken.getsockname()[1])
        assert process.wait() == ExitCode.USAGE
    assert "name another with --port" in (tmp_path / "said.log").read_text("utf-8").replace("\n", " ")
