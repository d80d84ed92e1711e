"""The deployments of prefect.yaml, served: registered with a server, their runs started in processes of their own."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron

from flows import automations
from gongbao import project

DECLARED = "prefect.yaml"


def deployments() -> list[RunnerDeployment]:
    """What prefect.yaml declares, for a process that runs in any folder: gongbao.toml is that of the folder."""
    declared = yaml.safe_load((project.home() / DECLARED).read_text("utf-8"))
    return [_deployment(each) for each in declared["deployments"]]


def _deployment(declared: dict[str, Any]) -> RunnerDeployment:
    file, flow = declared["entrypoint"].split(":")
    return RunnerDeployment.from_entrypoint(
        f"{project.home() / file}:{flow}",
        name=declared["name"],
        description=declared["description"],
        concurrency_limit=ConcurrencyLimitConfig(**declared["concurrency_limit"]),
        schedules=[
            Cron(each["cron"], timezone=each["timezone"], slug=each["slug"]) for each in declared.get("schedules", [])
        ],
    )


class _Runner(Runner):
    """Prefect's runner, which stops on a signal: runs at work are cancelled, then it asks for no more.

    Its own handler for SIGTERM never awaits its stopping, and leaves through the middle of its loop.
    """

    def handle_sigterm(self, *_: Any, **__: Any) -> None:
        if self._loop is None or not self.started:
            raise KeyboardInterrupt
        loop = self._loop
        loop.call_soon_threadsafe(lambda: loop.create_task(self.astop()))


def serve_deployments(notify: str | None) -> None:
    """Register the automations and deployments, and run what is due until the process is told to stop.

    `notify` is the block that tells the alarms. Schedules stay on when it stops: a night that falls due meanwhile runs
    when it is back. Raises `UsageError` where the server has no such block.
    """
    with get_client(sync_client=True) as api:
        automations.set_up(api, notify)
    asyncio.run(_serve())


async def _serve() -> None:
    runner = _Runner(name="gongbao", pause_on_shutdown=False)
    for each in deployments():
        await runner.aadd_deployment(each)
    signal.signal(signal.SIGINT, runner.handle_sigterm)
    await runner.start()
