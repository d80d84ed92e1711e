"""The marts of a past date, made anew beside the warehouse's own; `current` stays as it is, no lock is taken."""

from __future__ import annotations

from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows import artifacts, flow_logs, stages, stop_signals
from flows.hooks import when_it_ends_badly
from flows.parameters import AsOf, OutFolder, WarehouseFolder
from gongbao import asof, settings
from gongbao.errors import GongbaoError, ReleaseHeld
from gongbao.publish.quality_markdown import escaped
from gongbao.settings import Settings


@stages.stage
def rebuild(configured: Settings, wanted: asof.Date, out: Path | None) -> asof.Rebuilt:
    """The marts of that date, from ledger/ and blobs/."""
    return asof.rebuild(configured, wanted, out)


@flow(
    name="publish_asof",
    description="重建过去某日的数据。 Makes the marts of a past date anew, from what had arrived by then.",
    persist_result=False,
    timeout_seconds=24 * 3600,
    on_failure=[when_it_ends_badly],
    on_crashed=[when_it_ends_badly],
    on_cancellation=[when_it_ends_badly],
)
def publish_asof(date: AsOf, out: OutFolder = None, warehouse: WarehouseFolder = None) -> State[asof.Rebuilt]:
    """Make the marts of a past date anew; a night may run meanwhile."""
    flow_logs.set_up()
    try:
        configured = settings.load(warehouse=Path(warehouse) if warehouse else None)
        wanted = asof.parse_date(date, asof.present(configured))
        with stop_signals.heard(), artifacts.showing_progress():
            rebuilt = rebuild(configured, wanted, Path(out) if out else None)
    except ReleaseHeld as error:
        artifacts.leave_summary(f"**不予发布 held** {escaped(str(error))}\n")
        return Failed(name="Held", message=str(error), data=error)
    except GongbaoError as error:
        artifacts.leave_summary(f"**失败 failed** {escaped(str(error))}\n")
        return Failed(message=str(error), data=error)
    lines = asof.describe(rebuilt)
    artifacts.leave_summary("\n".join(f"- {escaped(line)}" for line in lines) + "\n")
    name = "CompletedWithFaults" if rebuilt.failures else "Completed"
    return Completed(name=name, message="; ".join(lines), data=rebuilt)
