"""Prefect's server of `gongbao run` is started again where it ends in mid-run; in a whole night, by `make soak`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from types import SimpleNamespace

import httpx
import pytest
from prefect.exceptions import CrashedRun
from prefect.logging.handlers import APILogWorker

from flows import nightly, server
from gongbao import cli
from gongbao.errors import GongbaoError
from tests.server.site import eventually


def test_what_ends_before_it_was_told_to_is_started_again_and_nothing_is_left_at_the_end() -> None:
    begun: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True))
        return begun[-1]

    with server._kept(start(), start):
        for number in range(server.RESTARTS):
            begun[number].kill()
            eventually("another in its place", lambda number=number: len(begun) > number + 1 or None)
    assert len(begun) == server.RESTARTS + 1
    for process in begun:
        assert process.returncode is not None
        with suppress(ProcessLookupError):
            os.kill(process.pid, 0)
            raise AssertionError(f"{process.pid} is still there")


@pytest.mark.parametrize("error", [httpx.ConnectError("All connection attempts failed"), CrashedRun("lost")], ids=repr)
def test_a_run_that_its_server_fails_is_told_in_a_line(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def refused(_: object) -> None:
        raise error

    def failed(**_: object) -> None:
        worker = APILogWorker.__new__(APILogWorker)
        vars(worker)["_client"] = SimpleNamespace(create_logs=refused)
        asyncio.run(worker._handle_batch([]))
        raise error

    monkeypatch.setattr(nightly, "nightly", failed)
    with pytest.raises(
        GongbaoError, match=rf"Prefect's server failed the run \({error}\): its server\.log, .* run again"
    ):
        cli._night((), None, as_json=True, wait=lambda: None)
    assert capsys.readouterr().err == ""
