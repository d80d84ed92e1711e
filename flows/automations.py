"""What the Prefect server does by itself: it gives up a run that has fallen silent."""

from __future__ import annotations

from datetime import timedelta

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

SILENT_SECONDS = 90
"""A run speaks every 30 s (`flows.server.SETTINGS`); three words missed, it is dead."""


def silent_runs() -> AutomationCore:
    """A run without a heartbeat becomes Crashed: its slot is free, and whoever waits for the night hears of it."""
    return AutomationCore(
        name="gongbao: a silent run has crashed",
        description="无心跳的运行视为崩溃：worker and server may have been killed with it",
        trigger=EventTrigger(
            # The server itself says Running: a run may be killed before its first heartbeat. Each heartbeat begins the
            # wait anew, and whatever else is heard of the run, an end of any name, ends it.
            after={"prefect.flow-run.Running", "prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.*"},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=SILENT_SECONDS),
        ),
        actions=[
            ChangeFlowRunState(
                name=None,
                state=StateType.CRASHED,
                force=False,
                message=f"no heartbeat for {SILENT_SECONDS} s: its process was killed, or its machine is gone",
            )
        ],
    )


def set_up(api: SyncPrefectClient) -> None:
    """Register the automations with a server, or bring those of an earlier start up to date.

    One that is as it should be is left alone: an update forgets the runs that it watches, and one that died with the
    server would never be given up.
    """
    for wanted in (silent_runs(),):
        known = api.read_automations_by_name(wanted.name)
        if not known:
            api.create_automation(wanted)
        elif AutomationCore.model_validate(known[0].model_dump()) != wanted:
            api.update_automation(known[0].id, wanted)


if __name__ == "__main__":
    with get_client(sync_client=True) as at_hand:  # that of PREFECT_API_URL
        set_up(at_hand)
