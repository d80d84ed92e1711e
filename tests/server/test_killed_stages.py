"""SIGKILL in the middle of each stage: the next night completes, says so, and has the marts of an undisturbed one."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import signal
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from gongbao import run_history
from gongbao.warehouse import Warehouse
from tests.server import deaths
from tests.server.deaths import STAGES, Death

TEXT = "惠民县{0}2023年工作总结\n\n山东省惠民县{0}人民政府\n\n2023年,一般公共预算收入{1}万元。新增城镇就业{2}人。2024年,力争实现一般公共预算收入6000万元。\n"  # noqa: E501

# One process imports everything once; each night is a fork of it, taken before any database or thread is there.
PROCESSES = multiprocessing.get_context("forkserver")


def begun(*given: object) -> BaseProcess:
    PROCESSES.set_forkserver_preload([deaths.__name__, "great_expectations"])
    process = PROCESSES.Process(target=deaths.night, args=given)
    process.start()
    return process


def ended(*given: object) -> int | None:
    process = begun(*given)
    process.join()
    return process.exitcode


def marts(warehouse: Path) -> dict[str, str]:
    files = sorted((warehouse / "current").iterdir())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deaths") / "inbox"
    folder.mkdir()
    for place, revenue, jobs in (("姜楼镇", 5533, 312), ("李庄镇", 4820, 98)):
        (folder / f"{place}.txt").write_text(TEXT.format(place, revenue, jobs), "utf-8")
    return folder


@pytest.fixture(scope="module")
def undisturbed(inbox: Path) -> tuple[dict[str, str], dict[str, int]]:
    """The marts of a night that nobody killed, and how many steps each of its stages takes."""
    warehouse = inbox.parent / "undisturbed"
    receiving, sending = PROCESSES.Pipe(duplex=False)
    process = begun(inbox, warehouse, None, sending)
    sending.close()
    steps: dict[str, int] = receiving.recv()
    process.join()
    assert process.exitcode == 0
    assert set(steps) == set(STAGES)
    return marts(warehouse), steps


@pytest.mark.parametrize(
    ("stage", "share"), [*((stage, 0.5) for stage in STAGES), ("prepare_release", 1.0), ("publish_release", 1.0)]
)
def test_after_a_kill_in_a_stage_the_next_night_publishes_the_same_bytes_and_says_so(
    stage: str, share: float, inbox: Path, undisturbed: tuple[dict[str, str], dict[str, int]], tmp_path: Path
) -> None:
    published, steps = undisturbed
    warehouse = tmp_path / "warehouse"
    assert ended(inbox, warehouse, Death(stage, int(steps[stage] * share))) == -signal.SIGKILL
    assert ended(inbox, warehouse, None) == 0
    assert marts(warehouse) == published
    killed, done = run_history.read(warehouse)
    assert (killed.standing, done.standing) == ("killed", "done")
    with Warehouse.reading(warehouse) as opened:
        (summary,) = opened.connection.execute(
            "select summary from ops.run where run_id = ?", [done.run_id]
        ).fetchone() or ("{}",)
    assert f"killed before its end, and taken over from by this run: {killed.run_id}" in json.loads(summary)["notes"]
