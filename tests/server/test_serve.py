"""`gongbao serve`: server, schedule and deployments by one command, and nothing left of it when it stops."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
from prefect.client.orchestration import SyncPrefectClient

from flows import server
from gongbao.errors import ExitCode
from tests.conftest import ROOT
from tests.server.site import eventually, free_port

TEXT = "惠民县姜楼镇2023年工作总结\n\n山东省惠民县姜楼镇人民政府\n\n2023年,一般公共预算收入5533万元。\n"


def served(folder: Path, port: int) -> subprocess.Popen[bytes]:
    with (folder / "said.log").open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "gongbao", "serve", "--port", str(port), "--warehouse", "warehouse"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PREFECT_RUNNER_POLL_FREQUENCY": "2"},
            stdout=said,
            stderr=said,
        )


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://{server.HOST}:{port}/api/health", trust_env=False).is_success
    except httpx.TransportError:
        return False


def test_it_serves_the_deployments_runs_what_is_asked_for_and_stops_with_all_its_processes(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "姜楼镇.txt").write_text(TEXT, "utf-8")
    port = free_port()
    process = served(tmp_path, port)
    try:
        said = tmp_path / "said.log"
        eventually("serving", lambda: b"serving on" in said.read_bytes() or process.poll() is not None or None)
        assert process.poll() is None, said.read_text("utf-8")
        api = SyncPrefectClient(f"http://{server.HOST}:{port}/api")

        def registered() -> bool | None:
            deployed = {f"{each.name}" for each in api.read_deployments()}
            return "nightly" in deployed or None

        eventually("the deployments", registered)
        nightly = api.read_deployment_by_name("nightly/nightly")
        assert [(each.schedule.cron, each.schedule.timezone) for each in nightly.schedules] == [
            ("15 2 * * *", "Asia/Shanghai")
        ]
        assert nightly.concurrency_options is not None
        assert nightly.concurrency_options.collision_strategy == "CANCEL_NEW"

        second = served(tmp_path, free_port())
        assert second.wait() == ExitCode.LOCKED

        run = api.create_flow_run_from_deployment(nightly.id, parameters={"inbox": ["inbox"]})

        def final() -> str | None:
            state = api.read_flow_run(run.id).state
            return state.name if state and state.is_final() else None

        assert eventually("the end of the run", final) == "Completed"
        assert (tmp_path / "warehouse" / "current" / "fact.parquet").is_file()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == ExitCode.DONE, said.read_text("utf-8")
        assert not answers(port)
        assert "Traceback" not in said.read_text("utf-8")
    finally:
        process.terminate()
        process.wait()


def test_a_taken_port_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        process = served(tmp_path, taken.getsockname()[1])
        assert process.wait() == ExitCode.USAGE
    assert "name another with --port" in (tmp_path / "said.log").read_text("utf-8").replace("\n", " ")
