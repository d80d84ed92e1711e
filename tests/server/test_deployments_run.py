"""The deployments of prefect.yaml on a real server and worker: registered, started, refused, killed, started again.

A page that does not answer holds a night in the middle of its first stage for as long as a test needs it there; the
page before it is no document, and is refused.
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
import time
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

from flows import automations
from flows.artifacts import LONG_SECONDS
from gongbao.errors import ExitCode
from tests.conftest import ROOT
from tests.server.receiver import BLOCK, Receiver
from tests.server.site import POOL, Serving, Site, eventually, free_port
from tests.web_server import Exchange, WebServer, page

DECLARED = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))
PAGE, BROKEN = "/jianglou.html", "/broken.pdf"
TOWN = (
    "惠民县李庄镇2023年工作总结\n\n山东省惠民县李庄镇人民政府\n\n2023年,一般公共预算收入4820万元。新增城镇就业98人。\n"
)
BODY = (
    "<html><body><h1>惠民县姜楼镇2023年工作总结</h1><p>山东省惠民县姜楼镇人民政府</p>"
    "<p>2023年,一般公共预算收入5533万元。新增城镇就业312人。</p></body></html>"
)
LEFT = {"summary", "quality", "quality-page", "quarantine", "release-diff"}
"""What every run that publishes leaves; besides, on a busy machine, the progress of any stage that took long."""


@dataclass
class World(Serving):
    """A server and a worker that serve the deployments, a site that the nights ask, and a receiver of alarms."""

    pages: WebServer = field(kw_only=True)
    receiver: Receiver = field(kw_only=True)
    warehouse: Path = field(kw_only=True)
    answers: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        super().start()
        self.receiver.introduce(self.site)
        automations.set_up(self.site.api, BLOCK, silent_seconds=90)

    def deployment(self, name: str) -> UUID:
        return self.site.api.read_deployment_by_name(f"nightly/{name}").id

    def begin(self, warehouse: Path, **parameters: Any) -> UUID:
        """Trigger a night through the API."""
        parameters = {"warehouse": str(warehouse), **parameters}
        return self.site.api.create_flow_run_from_deployment(self.deployment("by-hand"), parameters=parameters).id

    def runs(self, name: str, *states: str) -> list[FlowRun]:
        of_deployment = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[self.deployment(name)]))
        return [run for run in self.site.api.read_flow_runs(flow_run_filter=of_deployment) if run.state_name in states]

    def artifacts(self, run: UUID) -> dict[str, Any]:
        """What a run left, by key; the rows of tables."""
        of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run]))
        left = self.site.api.read_artifacts(artifact_filter=of_run)
        keys = [str(each.key) for each in left]
        assert len(set(keys)) == len(keys)
        return {str(each.key): json.loads(each.data) if each.type == "table" else each.data for each in left}

    def holder(self, warehouse: Path) -> int:
        """The process of the night that is about to begin, once it waits for the page in the middle of its stage."""
        asked = len(self.pages.asked(PAGE))

        def pid() -> int | None:
            lock = warehouse / ".lock"
            # The page first: a night that asks it holds the lock, and before it the lock may name the last one.
            if len(self.pages.asked(PAGE)) == asked:
                return None
            return int(lock.read_text("utf-8"))

        return eventually("a night that asks the page", pid)


def release(warehouse: Path) -> str:
    return (warehouse / "current").resolve().name


def marts(warehouse: Path) -> dict[str, str]:
    files = sorted((warehouse / "current").glob("*.parquet"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, migrated: Callable[[Path], Path], short_gate: Path
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("server")
    with WebServer() as pages, ExitStack() as stack:
        source = {
            "name": "site",
            "urls": [pages.url(BROKEN), pages.url(PAGE)],
            "private_hosts": [pages.place],
            "limits": {"seconds": 600, "interval_seconds": 0},
        }
        variables = {
            "GONGBAO_SOURCE": json.dumps([source]),
            "GONGBAO_WAREHOUSE": str(folder / "warehouse"),
            "GONGBAO_PROCESSES": "1",
            "GONGBAO_HOME": str(short_gate),
        }
        site = Site(migrated(folder / "prefect"), free_port(), variables)
        made = World(site, stack, pages=pages, receiver=Receiver(pages), warehouse=folder / "warehouse")

        def when_it_may(exchange: Exchange) -> None:
            while not made.answers.wait(0.1) and not pages.stopping.is_set():
                pass
            exchange.answer(200, BODY.encode(), {"Content-Type": "text/html; charset=utf-8"})

        pages.reply(PAGE, when_it_may)
        pages.reply(BROKEN, page(b"%PDF-1.4 and no more", media_type="application/pdf"))
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
    world.kill_with(pid)
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
    assert world.site.state(killed.run) == "Running"
    assert world.site.api.read_flow_run(killed.run).auto_scheduled


@dataclass(frozen=True)
class Undisturbed:
    """A night that the command line triggered with parameters, and its marts."""

    run: UUID
    warehouse: Path
    marts: dict[str, str]


@pytest.fixture(scope="module")
def undisturbed(world: World, killed: Killed, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    warehouse = tmp_path_factory.mktemp("undisturbed") / "warehouse"
    parameter = f"warehouse={json.dumps(str(warehouse))}"
    said = world.site.prefect("deployment", "run", "nightly/by-hand", "--param", parameter)
    run = UUID(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", said)[0])
    assert world.site.ended(run) == "CompletedWithFaults"
    return Undisturbed(run, warehouse, marts(warehouse))


def beside_progress(left: dict[str, Any]) -> set[str]:
    return {key for key in left if not key.startswith("progress-")}


def is_told(world: World, left: dict[str, Any], warehouse: Path) -> None:
    """A run's artifacts tell its release, its stages, what was refused and why, and the rows of a first release."""
    told = release(warehouse)
    assert left["summary"].startswith("**完成，有问题 done, with faults** nightly ")
    assert f"release {told}" in left["summary"]
    assert "| ingest | " in left["summary"]
    assert "| publish | " in left["summary"]
    assert left["quality"].startswith(f"**release {told}")
    assert f"{told}/quality.html" in left["quality-page"]
    (refused,) = left["quarantine"]
    assert (refused["来源 source"], refused["文件 uri"]) == ("site", world.pages.url(BROKEN))
    assert refused["原因 reason"] == "damaged"
    assert refused["办法 remedy"]
    assert {"mart": "fact", "行 rows": 2, "变动 changes": "—"} in left["release-diff"]


def test_the_command_line_triggers_a_night_with_parameters_whose_artifacts_tell_of_it(
    world: World, undisturbed: Undisturbed
) -> None:
    assert "fact.parquet" in undisturbed.marts
    left = world.artifacts(undisturbed.run)
    assert beside_progress(left) == LEFT
    is_told(world, left, undisturbed.warehouse)


def test_of_two_nights_at_once_one_is_cancelled_and_one_ends_with_5_and_nothing_is_lost(
    world: World, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    world.answers.clear()
    first = world.begin(warehouse)
    world.holder(warehouse)
    held_at = time.monotonic()
    assert world.site.ended(world.begin(warehouse)) == "Cancelled"
    outside = subprocess.run(
        [sys.executable, "-m", "gongbao", "run", "--warehouse", str(warehouse)],
        cwd=tmp_path,
        env=world.site.environment,
        capture_output=True,
        text=True,
    )
    assert outside.returncode == ExitCode.LOCKED, outside.stderr
    eventually("a stage that takes long", lambda: time.monotonic() - held_at > LONG_SECONDS)
    world.answers.set()
    assert world.site.ended(first) == "CompletedWithFaults"
    left = world.artifacts(first)
    assert beside_progress(left) == LEFT
    assert left["progress-ingest"] == 100
    is_told(world, left, warehouse)
    assert marts(warehouse) == undisturbed.marts


def test_a_killed_flow_is_told_to_the_operators_and_the_next_night_tells_what_it_adds(
    world: World, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    warehouse, before = undisturbed.warehouse, release(undisturbed.warehouse)
    world.answers.clear()
    run = world.begin(warehouse)
    os.kill(world.holder(warehouse), signal.SIGKILL)
    assert world.site.ended(run) == "Crashed"
    world.answers.set()
    told = world.receiver.told(run)
    assert told["subject"] == "公报 gongbao: nightly crashed (运行崩溃)"
    assert "-9" in told["body"]
    assert f"/runs/flow-run/{run}" in told["body"]
    assert told["body"].endswith("See docs/operations.md, section Alarms: crashed.")
    assert release(warehouse) == before
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "李庄镇.txt").write_text(TOWN, "utf-8")
    after = world.begin(warehouse, inbox=[str(inbox)])
    assert world.site.ended(after) == "Completed"
    left = world.artifacts(after)
    assert f"release {release(warehouse)} against {before}" in left["summary"]
    added = {row["mart"]: (row["新增 added"], row["改动 changed"], row["删除 removed"]) for row in left["release-diff"]}
    assert (added["document"], added["fact"]) == ((1, 0, 0), (2, 0, 0))
    samples = next(row["例 samples"] for row in left["release-diff"] if row["mart"] == "fact")
    assert "4820万元" in samples


def test_the_slot_of_a_run_that_died_with_its_server_is_freed_and_the_next_scheduled_night_completes(
    world: World, killed: Killed, undisturbed: Undisturbed
) -> None:
    assert world.site.ended(killed.run) == "Crashed"
    completed: Callable[[], list[FlowRun]] = lambda: world.runs("nightly", "CompletedWithFaults")  # noqa: E731
    (run, *_) = eventually("a scheduled night that completes", completed)
    assert run.auto_scheduled
    left = world.artifacts(run.id)
    assert beside_progress(left) == LEFT
    is_told(world, left, world.warehouse)
    assert marts(world.warehouse) == undisturbed.marts
