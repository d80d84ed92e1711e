"""The deployments of prefect.yaml, served: registered with a server, their runs started in processes of their own."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from contextlib import suppress
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron

from flows import automations, flow_logs
from gongbao import project, yaml_text

DECLARED = "prefect.yaml"


def deployments() -> list[RunnerDeployment]:
    """What prefect.yaml declares, for a process that runs in any folder: gongbao.toml is that of the folder."""
    declared = yaml_text.read((project.home() / DECLARED).read_text("utf-8"))
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

    Its own handler for SIGTERM never awaits its stopping, and leaves through the middle of its loop. Where there is no
    server left to be told, nothing is: runs are ended at once, for they would be waited for else, for hours perhaps.
    """

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        super().__init__(name="gongbao", pause_on_shutdown=False)
        self.server = server
        self.serving: asyncio.Task[None] | None = None
        self.told = False
        self.stops: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Run what is due until told to stop."""
        self.serving = asyncio.current_task()
        for told in (signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(told) != signal.SIG_IGN:  # as nohup has it
                signal.signal(told, self.handle_sigterm)
        with suppress(asyncio.CancelledError):
            await self.start()

    def handle_sigterm(self, signum: int, *_: Any, **__: Any) -> None:
        if self._loop is None or self.serving is None or not (self.started or self.told):
            raise KeyboardInterrupt
        if self.server.poll() is not None or (self.told and signum == signal.SIGINT):
            self._loop.call_soon_threadsafe(self.serving.cancel)
        elif not self.told:  # a closing terminal tells twice
            self.told = True
            self._loop.call_soon_threadsafe(self._begin_to_stop)

    def _begin_to_stop(self) -> None:
        self.stops = asyncio.get_running_loop().create_task(self.astop())  # kept: the loop itself holds it but weakly


def serve_deployments(server: subprocess.Popen[bytes], notify: str | None) -> None:
    """Register the automations and deployments, and run what is due until the process is told to stop.

    `server` is the one that is asked: whoever started it sends SIGTERM to this process where it ends by itself.
    `notify` is the block that tells the alarms. Schedules stay on when it stops: a night that falls due meanwhile runs
    when it is back. Raises `UsageError` where the server has no such block.
    """
    with get_client(sync_client=True) as api:
        automations.set_up(api, notify)
    asyncio.run(_serve(server))
    if server.poll() is None:
        flow_logs.hand_in()  # what to do after the runs that were cancelled, for their pages


async def _serve(server: subprocess.Popen[bytes]) -> None:
    runner = _Runner(server)
    for each in deployments():
        await runner.aadd_deployment(each)
    await runner.serve()
