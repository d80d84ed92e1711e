"""Alarms on a real server, told through a block of Prefect's to a receiver of the test's own on loopback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.schemas.objects import State
from prefect.events.schemas.automations import AutomationCore
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Crashed, Failed, Running, Scheduled

from flows import alarms, automations, server
from flows.nightly import nightly
from gongbao.errors import ExitCode, UsageError
from tests.conftest import ROOT
from tests.server.receiver import BLOCK, SECRET, Receiver
from tests.server.site import Site, eventually, free_port
from tests.web_server import WebServer


@dataclass
class Operators(Receiver):
    """The operators of a server whose runs are begun and ended by hand."""

    site: Site = field(kw_only=True)

    def begin(self, of: object = nightly) -> UUID:
        run = self.site.api.create_flow_run(of, state=Running())  # type: ignore[arg-type]
        return run.id


@pytest.fixture(scope="module")
def operators(tmp_path_factory: pytest.TempPathFactory, migrated: Callable[[Path], Path]) -> Iterator[Operators]:
    site = Site(migrated(tmp_path_factory.mktemp("alarms")), free_port(), {})
    with WebServer() as web, server.running(site.folder, site.port):
        made = Operators(web, site=site)
        made.introduce(site)
        automations.set_up(site.api, BLOCK)
        yield made


@pytest.fixture(scope="module", autouse=True)
def nights_are_overdue_after_ten_seconds(operators: Operators) -> None:
    """Prefect takes no shorter time; other tests meanwhile need none of it."""
    (known,) = operators.site.api.read_automations_by_name("gongbao: alarm, overdue")
    soon = known.trigger.model_copy(update={"within": timedelta(seconds=10)})
    kept = known.model_dump(exclude={"owner_resource"})
    shortened = AutomationCore.model_validate({**kept, "trigger": soon.model_dump()})
    operators.site.api.update_automation(known.id, shortened)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("failed", Failed(message="the site did not answer: ask its office")),
        ("failed", Failed(name="TimedOut", message="it took longer than six hours")),
        ("crashed", Crashed(message="its process ended with -9")),
        ("held", Failed(name="Held", message="facts: 3 rows break a rule")),
    ],
    ids=["failed", "timed-out", "crashed", "held"],
)
def test_a_run_that_ends_badly_is_told_by_one_alarm_with_its_message_and_what_to_do(
    operators: Operators, kind: str, state: State
) -> None:
    run = operators.begin()
    operators.site.api.set_flow_run_state(run, state)
    told = operators.told(run)
    assert kind in told["subject"]
    assert "nightly" in told["subject"]
    assert state.message is not None
    assert state.message in told["body"]
    assert f"http://{server.HOST}:{operators.site.port}/runs/flow-run/{run}" in told["body"]
    assert told["body"].endswith(f"See docs/operations.md, section Alarms: {kind}.")
    after = operators.begin()
    operators.site.api.set_flow_run_state(after, Failed(message="one more"))
    operators.told(after)
    # Prefect delivers at least once: the same message may come again.
    assert all(each == told for each in operators.about(run))


def test_a_run_that_nobody_begins_is_told_as_late(operators: Operators) -> None:
    an_hour_ago: State = Scheduled(scheduled_time=datetime.now(UTC) - timedelta(hours=1))
    run = operators.site.api.create_flow_run(nightly, state=an_hour_ago).id
    told = operators.told(run)
    assert "late" in told["subject"]
    assert told["body"].endswith("section Alarms: late.")


def test_when_no_night_ends_well_for_long_enough_it_is_told(operators: Operators) -> None:
    (known,) = operators.site.api.read_automations_by_name("gongbao: alarm, overdue")
    told = eventually(
        "the alarm", lambda: next((each for each in operators.heard if "no night has" in each["subject"]), None)
    )
    assert told["body"].endswith("section Alarms: overdue.")
    automations.set_up(operators.site.api, BLOCK)
    (mended,) = operators.site.api.read_automations_by_name("gongbao: alarm, overdue")
    assert (mended.id, mended.trigger.within) == (known.id, alarms.OVERDUE)  # type: ignore[union-attr]


def test_the_end_of_another_flow_is_nobodys_alarm(operators: Operators) -> None:
    @flow
    def of_others() -> None:
        """What else runs on the server."""

    other, ours = operators.begin(of_others), operators.begin()
    operators.site.api.set_flow_run_state(other, Failed(message="none of ours"))
    operators.site.api.set_flow_run_state(ours, Failed(message="ours"))
    operators.told(ours)
    assert operators.about(other) == []


def test_a_receiver_that_refuses_is_asked_again_and_its_address_is_in_no_log(operators: Operators) -> None:
    operators.web.reply(f"/{SECRET}", operators.refuse, operators.hear)
    run = operators.begin()
    operators.site.api.set_flow_run_state(run, Failed(message="told at the second try"))
    operators.told(run)
    log = operators.site.folder / "server.log"
    eventually("a line", lambda: "a notification was not delivered: HTTPStatusError 503" in log.read_text("utf-8"))
    assert SECRET not in log.read_text("utf-8")


def test_a_block_that_is_not_there_is_refused_with_a_remedy(operators: Operators, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "flows.automations"],
        cwd=tmp_path,
        env=operators.site.environment | {"PYTHONPATH": str(ROOT), "GONGBAO_NOTIFY": "custom-webhook/nobody"},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == ExitCode.USAGE
    assert "has no block custom-webhook/nobody" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_block_that_sends_nothing_is_refused(operators: Operators) -> None:
    from prefect.blocks.system import Secret

    with temporary_settings({PREFECT_API_URL: f"http://{server.HOST}:{operators.site.port}/api"}):
        Secret.model_validate({"value": "of no receiver"}).save("no-receiver")
    with pytest.raises(UsageError, match="sends no notifications"):
        automations.set_up(operators.site.api, "secret/no-receiver")


def test_what_is_as_it_should_be_is_left_alone(operators: Operators) -> None:
    def changed() -> dict[str, str]:
        known = operators.site.api.request("POST", "/automations/filter", json={}).json()
        return {each["name"]: each["updated"] for each in known}

    before = changed()
    assert set(alarms.names()) < set(before)
    automations.set_up(operators.site.api, BLOCK)
    assert changed() == before


def test_without_the_setting_the_alarms_are_gone(operators: Operators) -> None:
    automations.set_up(operators.site.api)
    known = [each for name in alarms.names() for each in operators.site.api.read_automations_by_name(name)]
    automations.set_up(operators.site.api, BLOCK)
    assert known == []
    assert all(operators.site.api.read_automations_by_name(name) for name in alarms.names())
