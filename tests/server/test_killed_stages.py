"""SIGKILL in the middle of each stage: the next night completes, says so, and has the marts of an undisturbed one.

First nights without server and worker, where texts are read and marts appear; then deployed ones, which die in every
stage, alone and with both.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from uuid import UUID

import pytest
import yaml

from flows import server
from gongbao import ledger, run_history
from gongbao.warehouse import Warehouse
from tests.conftest import ROOT
from tests.forks import Forks, forks
from tests.release_files import digests
from tests.server import deaths, night_imported
from tests.server.deaths import STAGES, Asked, Death, Told
from tests.server.site import PATIENCE, POOL, Serving, Site, eventually, free_port

TEXT = "惠民县{0}{1}年工作总结\n\n山东省惠民县{0}人民政府\n\n{1}年,一般公共预算收入{2}万元。新增城镇就业{3}人。{4}年,力争实现一般公共预算收入6000万元。\n"  # noqa: E501
TEXTS = 72
"""Enough for two batches of extraction, and for processes to share."""

NIGHT = "import sys; from tests.server.deaths import Asked, night; night(Asked.of(sys.argv[1]))"


@dataclass(frozen=True)
class Night:
    """How a night's process ended, and what it told."""

    exit_code: int
    told: Told


@dataclass(frozen=True)
class Nights:
    """Nights as forks of one process, which has imported all and read the vocabulary."""

    python: Forks
    inbox: Path
    scratch: Path

    def __call__(self, warehouse: Path, death: Death | None = None, processes: int = 1) -> Night:
        """Run one until the last of its processes is gone: they all hold its standard output."""
        told, output = (self.scratch / name for name in ("told.json", "output"))
        told.unlink(missing_ok=True)
        with reading(output) as closed:
            asked = Asked(str(self.inbox), str(warehouse), str(told), death, processes, str(output))
            ended = self.python(self.scratch, "-c", NIGHT, json.dumps(asdict(asked)))
            assert closed(), "a process of the night is still there"
        return Night(ended.returncode, Told(told))


@contextmanager
def reading(pipe: Path) -> Iterator[Callable[[], bool]]:
    """Make the pipe; what is yielded waits until nobody holds its other end."""
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield lambda: bool(select.select([end], [], [], PATIENCE)[0]) and not os.read(end, 1)
    finally:
        os.close(end)
        pipe.unlink()


def marts(warehouse: Path) -> dict[str, str]:
    return digests(warehouse / "current")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deaths") / "inbox"
    folder.mkdir()
    for number in range(TEXTS):
        place, year = ("姜楼镇", "李庄镇")[number % 2], 2023 - number // 2
        text = TEXT.format(place, year, 5533 - number, 98 + number, year + 1)
        (folder / f"{place}{year}.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def nights(inbox: Path, short_gate: Path) -> Iterator[Nights]:
    imported = (deaths.__name__, night_imported.__name__)
    with forks(inbox.parent, "tests.forks", *imported, GONGBAO_HOME=str(short_gate)) as python:
        yield Nights(python, inbox, inbox.parent)


@pytest.fixture(scope="module")
def undisturbed(nights: Nights) -> tuple[dict[str, str], dict[str, int]]:
    """The marts of a night that nobody killed, and how many steps each of its stages takes."""
    warehouse = nights.scratch / "undisturbed"
    done = nights(warehouse)
    assert done.exit_code == 0
    assert set(done.told.steps) == set(STAGES)
    return marts(warehouse), done.told.steps


@dataclass(frozen=True)
class Killed:
    """A night to be killed: in which stage, before which share of its steps, with how many processes at work."""

    stage: str
    share: float = 0.5
    processes: int = 1


PILED = (
    Killed("ingest_sources", processes=2),
    Killed("extract_documents", processes=2),
    Killed("normalise_statements"),
    Killed("publish_release", 1.0),
)
"""The nights of one warehouse, one after the other: what one left, the next one meets."""


def test_after_nights_that_were_killed_each_in_a_later_stage_one_publishes_the_same_bytes_and_says_so(
    nights: Nights, undisturbed: tuple[dict[str, str], dict[str, int]], tmp_path: Path
) -> None:
    published, steps = undisturbed
    warehouse = tmp_path / "warehouse"
    for each in PILED:
        death = Death(each.stage, int(steps[each.stage] * each.share))
        night = nights(warehouse, death, each.processes)
        assert night.exit_code == -signal.SIGKILL
        assert night.told.dying
        assert night.told.dying.death == death
        assert night.told.dying.workers == (each.processes if each.processes > 1 else 0)
    assert nights(warehouse).exit_code == 0
    assert marts(warehouse) == published
    runs = run_history.read(warehouse)
    assert [run.standing for run in runs] == [*("killed" for _ in PILED), "done"]
    took_over = [each.get("took_over") for each in ledger.read(warehouse / run_history.LEDGER, dict) if "pid" in each]
    assert took_over == [None, *([run.run_id] for run in runs[:-1])]
    with Warehouse.reading(warehouse) as opened:
        (summary,) = opened.connection.execute(
            "select summary from ops.run where run_id = ?", [runs[-1].run_id]
        ).fetchone() or ("{}",)
    assert f"killed before its end, and taken over from by this run: {runs[-2].run_id}" in json.loads(summary)["notes"]


@dataclass
class Deployed(Serving):
    """The night, deployed: each run is told where to die, and in which warehouse."""

    folder: Path = field(default_factory=Path)
    inbox: Path = field(default_factory=Path)
    begun: int = 0
    """How many runs, each of which tells in a file of its own."""

    def warehouse(self, name: str) -> Path:
        return self.folder / name

    def begin(self, warehouse: str, death: Death | None = None) -> tuple[UUID, Told]:
        self.begun += 1
        told = self.folder / f"told-{self.begun}.json"
        run = self.site.api.create_flow_run_from_deployment(
            self.site.api.read_deployment_by_name("nightly/dying").id,
            parameters={"inbox": [str(self.inbox)], "warehouse": str(self.warehouse(warehouse))},
            job_variables={"env": {"DYING_NIGHT": json.dumps({"told": str(told), "death": death and asdict(death)})}},
        )
        return run.id, Told(told)

    def die_alone(self, **deaths: Death) -> None:
        """Let the nights of these warehouses die while the worker, which closes their runs, lives on."""
        begun = {name: self.begin(name, death) for name, death in deaths.items()}
        for name, (run, told) in begun.items():
            assert self.site.ended(run) == "Crashed"
            assert told.dying
            assert told.dying.death == deaths[name]

            def closed(name: str = name) -> bool:  # it holds the warehouse until then
                return run_history.read(self.warehouse(name))[-1].standing == "failed"

            eventually("the end of the run in the ledger", lambda: closed() or None)

    def die_together(self, **deaths: Death) -> None:
        """Kill the nights of these warehouses, worker and server at once, and start the two again."""
        begun = {name: self.begin(name, replace(death, waits=True)) for name, death in deaths.items()}
        pids = []
        for run, told in begun.values():
            dying = eventually(f"the middle of run {run}", lambda told=told: told.dying)
            pids.append(dying.pid)
        self.kill_with(*pids)
        self.start()
        assert [self.site.state(run) for run, _ in begun.values()] == ["Running"] * len(deaths)
        self.start_worker()


@pytest.fixture(scope="module")
def deployed(
    inbox: Path, tmp_path_factory: pytest.TempPathFactory, migrated: Callable[[Path], Path], short_gate: Path
) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("deployed")
    variables = {"GONGBAO_PROCESSES": "1", "GONGBAO_HOME": str(short_gate), "PREFECT_WORKER_QUERY_SECONDS": "1"}
    site = Site(migrated(folder / "prefect"), free_port(), variables)
    forked = folder / "forked"
    dying = {
        "name": "dying",
        "entrypoint": "tests/server/dying_night.py:nightly",
        "work_pool": {
            "name": POOL,
            "job_variables": {"command": f"{sys.executable} -I -S {ROOT / 'tests/server/forked_run.py'} {forked}"},
        },
    }
    with ExitStack() as stack:
        made = Deployed(site, stack, folder=folder, inbox=inbox)
        made.start()
        first = [sys.executable, "-m", "tests.server.forked_run", str(forked)]
        stack.callback(server.stop, subprocess.Popen(first, cwd=ROOT, env=site.environment, start_new_session=True))
        site.prefect("work-pool", "create", POOL, "--type", "process")
        declared = folder / "prefect.yaml"
        declared.write_text(yaml.safe_dump({"name": "gongbao", "deployments": [dying]}), "utf-8")
        site.prefect("deploy", "--all", "--prefect-file", str(declared))
        made.start_worker()
        eventually("the process of which runs are forks", lambda: forked.exists() or None)
        yield made


def test_after_each_death_of_a_deployed_night_alone_or_with_worker_and_server_a_new_run_publishes_the_same_bytes(
    deployed: Deployed, undisturbed: tuple[dict[str, str], dict[str, int]]
) -> None:
    published, steps = undisturbed
    middles = {stage: Death(stage, steps[stage] // 2) for stage in STAGES}
    alone = {f"{stage}-alone": death for stage, death in middles.items()}
    together = {f"{stage}-together": death for stage, death in middles.items()}
    for some in in_sixes(alone):
        deployed.die_alone(**some)
    deployed.die_together(**together)
    for some in in_sixes(alone | together):
        runs = {warehouse: deployed.begin(warehouse)[0] for warehouse in some}
        for warehouse, run in runs.items():
            assert deployed.site.ended(run) == "Completed", warehouse
            assert marts(deployed.warehouse(warehouse)) == published, warehouse
            # What died with its worker is closed by nobody, and taken over from.
            before = "failed" if warehouse in alone else "killed"
            standings = [each.standing for each in run_history.read(deployed.warehouse(warehouse))]
            assert standings == [before, "done"], warehouse


def in_sixes(deaths: Mapping[str, Death]) -> Iterator[dict[str, Death]]:
    """As many nights at once as two cores run beside a server."""
    for first in range(0, len(deaths), 6):
        yield dict(list(deaths.items())[first : first + 6])
