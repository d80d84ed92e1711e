"""What the Prefect server does by itself: it gives up a run that has fallen silent, and tells the operators."""

from __future__ import annotations

import sys
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound

from flows import alarms
from gongbao import settings
from gongbao.errors import GongbaoError, UsageError

SILENT_SECONDS = 300
"""A run speaks every 30 s (`flows.server.SETTINGS`), from a thread of its own process.

One that lives may miss several: while a library holds the interpreter, while its machine swaps or is suspended, while
the server is started again. Given up at work, it loses its slot; given up late, it makes the next one wait. Less than
five minutes after another event of a run Prefect holds back the next for a while, and the alarm with it, where a server
that was started since has not seen the first.
"""


def silent_runs(seconds: int = SILENT_SECONDS) -> AutomationCore:
    """A run that is silent for `seconds` becomes Crashed: its slot is free, and whoever waits for it hears of it."""
    return AutomationCore(
        name="gongbao: a silent run has crashed",
        description="无心跳的运行视为崩溃：worker and server may have been killed with it",
        trigger=EventTrigger(
            # The server itself says Running: a run may be killed before its first heartbeat. Each heartbeat begins the
            # wait anew, and whatever else is heard of the run, an end of any name, ends it.
            after={"prefect.flow-run.Running", "prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.*"},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            # A server of one's own may run others, which speak less often.
            match_related={"prefect.resource.role": "flow", "prefect.resource.name": list(alarms.FLOWS)},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=seconds),
        ),
        actions=[
            ChangeFlowRunState(
                name=None,
                state=StateType.CRASHED,
                force=False,
                message=f"no heartbeat for {seconds} s: its process was killed, or its machine is gone",
            )
        ],
    )


def set_up(api: SyncPrefectClient, notify: str | None = None, silent_seconds: int = SILENT_SECONDS) -> None:
    """Register the automations with a server, or bring those of an earlier start up to date.

    `notify` is the notification block that tells the alarms, `TYPE/NAME`; without it there are none. A run is given up
    after `silent_seconds`. Raises `UsageError` where the server has no such block. An automation that is as it should
    be is left alone: an update forgets the runs that it watches, and one that died with the server would never be given
    up.
    """
    told = alarms.alarms(_notification_block(api, notify)) if notify else ()
    for wanted in (silent_runs(silent_seconds), *told):
        known = api.read_automations_by_name(wanted.name)
        if not known:
            api.create_automation(wanted)
        elif AutomationCore.model_validate(known[0].model_dump()) != wanted:
            # An update sends what was set and nothing else, not even the kind of a trigger; an owner is refused.
            whole = AutomationCore.model_validate(wanted.model_dump(exclude={"owner_resource"}))
            api.update_automation(known[0].id, whole)
    for name in set(alarms.names()) - {wanted.name for wanted in told}:
        for known_one in api.read_automations_by_name(name):
            api.delete_automation(known_one.id)


def _notification_block(api: SyncPrefectClient, notify: str) -> UUID:
    kind, name = notify.split("/")
    try:
        block = api.read_block_document_by_name(name, kind, include_secrets=False)
    except ObjectNotFound:
        raise UsageError(
            f"setting notify: the Prefect server has no block {notify}",
            "serve without the setting, make the block on the server's page under Blocks, then set it again",
        ) from None
    if block.block_schema is None or "notify" not in block.block_schema.capabilities:
        raise UsageError(
            f"setting notify: the block {notify} sends no notifications",
            "name one that does, such as custom-webhook/NAME",
        )
    return block.id


if __name__ == "__main__":
    try:
        with get_client(sync_client=True) as at_hand:  # that of PREFECT_API_URL
            set_up(at_hand, settings.load().notify)
    except GongbaoError as error:
        print(f"gongbao: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
