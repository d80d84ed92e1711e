"""The deployments of prefect.yaml on a real server and worker: registered, started, refused, killed, started again.

A page that does not answer holds a night in the middle of its first stage for as long as a test needs it there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
)
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.schedules import CronSchedule

from flows import automations, server
from gongbao.errors import ExitCode
from tests.conftest import ROOT
from tests.server.site import POOL, Site, eventually, free_port
from tests.web_server import Exchange, WebServer

DECLARED = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))
PAGE = "/jianglou.html"
BODY = (
    "<html><body><h1>惠民县姜楼镇2023年工作总结</h1><p>山东省惠民县姜楼镇人民政府</p>"
    "<p>2023年,一般公共预算收入5533万元。新增城镇就业312人。</p></body></html>"
)


@dataclass
class World:
    """A server and a worker that serve the deployments, and a site that the nights ask."""

    site: Site
    pages: WebServer
    warehouse: Path
    answers: threading.Event = field(default_factory=threading.Event)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        self.processes = [self.stack.enter_context(server.running(self.site.folder, self.site.port))]
        automations.set_up(self.site.api, silent_seconds=90)

    def start_worker(self) -> None:
        self.processes.append(self.stack.enter_context(self.site.worker()))

    def deployment(self, name: str) -> UUID:
        return self.site.api.read_deployment_by_name(f"nightly/{name}").id

    def begin(self, name: str, warehouse: Path) -> FlowRun:
        """Trigger a night through the API."""
        parameters = {"warehouse": str(warehouse)}
        return self.site.api.create_flow_run_from_deployment(self.deployment(name), parameters=parameters)

    def state(self, run: UUID) -> str:
        state = self.site.api.read_flow_run(run).state
        return state.name if state else ""

    def ended(self, run: UUID) -> str:
        """The state in which a run ended, once it has."""

        def final() -> str | None:
            state = self.site.api.read_flow_run(run).state
            return state.name if state and state.is_final() else None

        return eventually(f"the end of run {run}", final)

    def runs(self, name: str, *states: str) -> list[FlowRun]:
        of_deployment = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[self.deployment(name)]))
        return [run for run in self.site.api.read_flow_runs(flow_run_filter=of_deployment) if run.state_name in states]

    def artifact(self, run: UUID, key: str) -> Any:
        of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run]))
        (data,) = (each.data for each in self.site.api.read_artifacts(artifact_filter=of_run) if each.key == key)
        return data

    def holder(self, warehouse: Path) -> int:
        """The process of the night that is about to begin, once it waits for the page in the middle of its stage."""
        asked = len(self.pages.asked(PAGE))

        def pid() -> int | None:
            lock = warehouse / ".lock"
            written = lock.read_text("utf-8").strip() if lock.exists() else ""
            return int(written) if written and len(self.pages.asked(PAGE)) > asked else None

        return eventually("a night that asks the page", pid)


def marts(warehouse: Path) -> dict[str, str]:
    files = sorted((warehouse / "current").glob("*.parquet"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("server")
    with WebServer() as pages, ExitStack() as stack:
        source = {
            "name": "site",
            "urls": [pages.url(PAGE)],
            "private_hosts": [pages.place],
            "limits": {"seconds": 600, "interval_seconds": 0},
        }
        variables = {
            "GONGBAO_SOURCE": json.dumps([source]),
            "GONGBAO_WAREHOUSE": str(folder / "warehouse"),
            "GONGBAO_PROCESSES": "1",
        }
        site = Site(folder / "prefect", free_port(), variables)
        made = World(site, pages, folder / "warehouse", stack=stack)

        def when_it_may(exchange: Exchange) -> None:
            while not made.answers.wait(0.1) and not pages.stopping.is_set():
                pass
            exchange.answer(200, BODY.encode(), {"Content-Type": "text/html; charset=utf-8"})

        pages.reply(PAGE, when_it_may)
        made.start()
        by_hand = {**DECLARED["deployments"][0], "name": "by-hand", "schedules": []}
        file = folder / "prefect.yaml"
        declared = {**DECLARED, "deployments": [*DECLARED["deployments"], by_hand]}
        file.write_text(yaml.safe_dump(declared, allow_unicode=True), "utf-8")
        site.prefect("work-pool", "create", POOL, "--type", "process")
        site.prefect("deploy", "--all", "--prefect-file", str(file))
        made.start_worker()
        yield made


@dataclass(frozen=True)
class Killed:
    """A scheduled night of which nothing was left running."""

    run: UUID
    pid: int


@pytest.fixture(scope="module")
def killed(world: World) -> Killed:
    """A night that its schedule began, killed with its worker and server; the two are started again."""
    world.answers.clear()
    every_minute = CronSchedule(cron="* * * * *", timezone="Asia/Shanghai")
    world.site.api.create_deployment_schedules(world.deployment("nightly"), [(every_minute, True)])
    pid = world.holder(world.warehouse)
    (run,) = world.runs("nightly", "Running")
    for process in world.processes:
        os.kill(process.pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    for process in world.processes:
        process.wait()
    world.answers.set()
    world.start()
    world.start_worker()
    return Killed(run.id, pid)


def test_every_deployment_is_registered_with_its_schedule_and_limit(world: World) -> None:
    for declared in DECLARED["deployments"]:
        registered = world.site.api.read_deployment_by_name(f"{declared['name']}/{declared['name']}")
        schedules = [(each.schedule.cron, each.schedule.timezone, each.active) for each in registered.schedules]
        assert schedules == [(each["cron"], each["timezone"], True) for each in declared.get("schedules", [])]
        assert registered.concurrency_options is not None
        assert registered.concurrency_options.collision_strategy == declared["concurrency_limit"]["collision_strategy"]
        assert registered.global_concurrency_limit is not None
        assert registered.global_concurrency_limit.limit == declared["concurrency_limit"]["limit"]


def test_a_scheduled_run_fires_and_dies_with_its_worker_and_server(world: World, killed: Killed) -> None:
    assert world.state(killed.run) == "Running"
    assert world.site.api.read_flow_run(killed.run).auto_scheduled


@pytest.fixture(scope="module")
def undisturbed(world: World, killed: Killed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The marts of a night that the command line triggered with parameters."""
    warehouse = tmp_path_factory.mktemp("undisturbed") / "warehouse"
    parameter = f"warehouse={json.dumps(str(warehouse))}"
    said = world.site.prefect("deployment", "run", "nightly/by-hand", "--param", parameter)
    run = UUID(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", said)[0])
    assert world.ended(run) == "Completed"
    assert "release" in world.artifact(run, "quality")
    return marts(warehouse)


def test_the_command_line_triggers_a_night_with_parameters(undisturbed: dict[str, str]) -> None:
    assert "fact.parquet" in undisturbed


def test_of_two_nights_at_once_one_is_cancelled_and_one_ends_with_5_and_nothing_is_lost(
    world: World, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    world.answers.clear()
    first = world.begin("by-hand", warehouse)
    world.holder(warehouse)
    second = world.begin("by-hand", warehouse)
    assert world.ended(second.id) == "Cancelled"
    outside = subprocess.run(
        [sys.executable, "-m", "gongbao", "run", "--warehouse", str(warehouse)],
        cwd=tmp_path,
        env=world.site.environment,
        capture_output=True,
        text=True,
    )
    assert outside.returncode == ExitCode.LOCKED, outside.stderr
    world.answers.set()
    assert world.ended(first.id) == "Completed"
    assert "release" in world.artifact(first.id, "quality")
    assert marts(warehouse) == undisturbed


def test_after_a_killed_flow_the_next_night_completes_with_the_same_marts(
    world: World, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    world.answers.clear()
    run = world.begin("by-hand", warehouse)
    os.kill(world.holder(warehouse), signal.SIGKILL)
    assert world.ended(run.id) == "Crashed"
    world.answers.set()
    assert world.ended(world.begin("by-hand", warehouse).id) == "Completed"
    assert marts(warehouse) == undisturbed


def test_the_slot_of_a_run_that_died_with_its_server_is_freed_and_the_next_scheduled_night_completes(
    world: World, killed: Killed, undisturbed: dict[str, str]
) -> None:
    assert world.ended(killed.run) == "Crashed"
    completed: Callable[[], list[FlowRun]] = lambda: world.runs("nightly", "Completed")  # noqa: E731
    (run, *_) = eventually("a scheduled night that completes", completed)
    assert run.auto_scheduled
    assert "release" in world.artifact(run.id, "quality")
    assert marts(world.warehouse) == undisturbed
