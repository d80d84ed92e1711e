"""What the server tells the operators of: runs that ended badly or do not begin, and nights that stay away.

Prefect's automations watch, and one of Prefect's notification blocks tells; docs/operations.md, "Alarms", is where each
message points to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from prefect.events.actions import SendNotification
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

FLOWS = ("nightly", "backfill", "ingest_one", "publish_asof")
"""The flows that are watched: a server of one's own may run others."""
OVERDUE = timedelta(hours=30)
"""How long no night may have ended well: a day, and time for a long one. The same as the rule for Prometheus."""
_FLOW = "prefect.resource.name"
_PLACE = "docs/operations.md, section Alarms"
_RUN = "{{ flow.name }}, run {{ flow_run.name }}: {{ flow_run.state.message }}\n{{ flow_run | ui_url }}\n"


@dataclass(frozen=True, slots=True)
class _Alarm:
    """Said of a run in one of these states, as Prefect names them: what it means, and what to do."""

    states: tuple[str, ...]
    subject: str
    advice: str


_OF_RUNS: Mapping[str, _Alarm] = {
    "failed": _Alarm(
        ("Failed", "TimedOut"),
        "公报 gongbao: {{ flow.name }} failed (运行失败)",
        "`current` is as before. Mend what the message names, then start the flow again.",
    ),
    "crashed": _Alarm(
        ("Crashed",),
        "公报 gongbao: {{ flow.name }} crashed (运行崩溃)",
        "Its process, or its machine, is gone; `current` is as before and nothing half done is visible. Start the flow "
        "again; where it crashes again look for memory, disk and `gongbao doctor`.",
    ),
    "held": _Alarm(
        ("Held",),
        "公报 gongbao: the release of {{ flow.name }} is held (发布被拦下)",
        "`current` is as before. Read held/quality.html, mend the source, or `gongbao publish` the release.",
    ),
    "late": _Alarm(
        ("Late",),
        "公报 gongbao: {{ flow.name }} is late (未按时开始)",
        "It was due and nobody began it. Look whether `gongbao serve`, or the worker, is at work.",
    ),
}


def alarms(block: UUID) -> tuple[AutomationCore, ...]:
    """All alarms, told by the notification block."""
    return (*(_of_runs(kind, alarm, block) for kind, alarm in _OF_RUNS.items()), overdue(block))


def names() -> tuple[str, ...]:
    """What the automations of all alarms are called."""
    return tuple(_name(kind) for kind in (*_OF_RUNS, "overdue"))


def overdue(block: UUID) -> AutomationCore:
    """No night has ended well for `OVERDUE`; told again for each such time."""
    return AutomationCore(
        name=_name("overdue"),
        description="夜间运行久未完成: no night has ended well for a long time, whatever became of them",
        trigger=EventTrigger(
            expect={"prefect.flow-run.Completed", "prefect.flow-run.CompletedWithFaults"},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related={"prefect.resource.role": "flow", _FLOW: "nightly"},
            posture=Posture.Proactive,
            threshold=1,
            within=OVERDUE,
        ),
        actions=[
            SendNotification(
                block_document_id=block,
                subject="公报 gongbao: no night has ended well for a long time (久无成功的夜间运行)",
                body=f"For {OVERDUE / timedelta(hours=1):.0f} hours no run of nightly has ended well: `current` is of "
                "the last one that did.\nwhat to do: `gongbao runs` tells what became of the last nights, the page of "
                f"the deployment whether its schedule is on. See {_PLACE}: overdue.",
            )
        ],
    )


def _of_runs(kind: str, alarm: _Alarm, block: UUID) -> AutomationCore:
    return AutomationCore(
        name=_name(kind),
        description=f"通知: a run is {' or '.join(alarm.states)}",
        trigger=EventTrigger(
            expect={f"prefect.flow-run.{state}" for state in alarm.states},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related={"prefect.resource.role": "flow", _FLOW: list(FLOWS)},
            for_each={"prefect.resource.id"},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=[
            SendNotification(
                block_document_id=block,
                subject=alarm.subject,
                body=f"{_RUN}what to do: {alarm.advice} See {_PLACE}: {kind}.",
            )
        ],
    )


def _name(kind: str) -> str:
    return f"gongbao: alarm, {kind}"
