"""prefect.yaml declares deployments that Prefect can load: an entrypoint, a schedule, one run at a time."""

from __future__ import annotations

import yaml
from prefect.client.schemas.objects import ConcurrencyOptions
from prefect.client.schemas.schedules import CronSchedule
from prefect.flows import load_flow_from_entrypoint

from tests.conftest import ROOT

DECLARED = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))


def test_every_deployment_names_a_flow_with_described_parameters() -> None:
    for deployment in DECLARED["deployments"]:
        path, name = deployment["entrypoint"].split(":")
        flow = load_flow_from_entrypoint(f"{ROOT / path}:{name}")
        assert flow.name == deployment["name"]
        properties = flow.parameters.properties
        assert "warehouse" in properties
        assert all(described["description"] for described in properties.values())


def test_the_night_is_scheduled_in_chinese_time_and_never_twice_at_once() -> None:
    nightly, *by_hand = DECLARED["deployments"]
    assert not any("schedules" in each for each in by_hand)
    (schedule,) = nightly["schedules"]
    assert CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"]).timezone == "Asia/Shanghai"
    assert nightly["concurrency_limit"]["limit"] == 1
    ConcurrencyOptions(collision_strategy=nightly["concurrency_limit"]["collision_strategy"])
