"""What happens when a flow ends badly: the run ledger is closed, and the log says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from prefect.logging.loggers import flow_run_logger

from gongbao import runs, settings
from gongbao.errors import ExitCode, GongbaoError
from gongbao.warehouse import Warehouse

_ADVICE = {
    ExitCode.USAGE: "mend what the message names, then start the flow again",
    ExitCode.HELD: "`current` is as before: read held/quality.html, mend the source, or `gongbao publish` the release",
    ExitCode.LOCKED: "wait for the run of that pid, or stop it; then start the flow again",
}
_OTHERWISE = (
    "`current` is as before and nothing half done is visible: mend what the message names, then start the flow again; "
    "`gongbao runs` tells how far it came, `gongbao doctor` what the machine lacks"
)


def when_it_ends_badly(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Close the runs whose process is gone (a run that ends by itself closes its own), and say what to do."""
    logger = flow_run_logger(flow_run, flow)
    try:
        configured = settings.load(warehouse=_path(flow_run.parameters.get("warehouse")))
        if (configured.warehouse / "ledger").is_dir():
            with Warehouse(configured.warehouse) as opened:
                for run_id in runs.close_killed(opened, configured.clock(), _from_outside(state)):
                    logger.error("the run %s never ended: it is closed in the run ledger as failed", run_id)
    except GongbaoError as error:  # another run is at work, or settings that cannot be read
        logger.warning("the run ledger was not looked at: %s", error)
    cause = getattr(state.data, "result", state.data)  # Prefect wraps it in the process of the run
    advice = _ADVICE.get(cause.exit_code, _OTHERWISE) if isinstance(cause, GongbaoError) else _OTHERWISE
    logger.error("what to do: %s", advice)


def _from_outside(state: State[Any]) -> str | None:
    """Why a run ended that could not say so itself; null where it could."""
    if state.is_crashed() or state.is_cancelled() or state.name == "TimedOut":
        return f"ended from outside, {state.name}: {state.message or 'no word of why'}; run again"
    return None


def _path(text: object) -> Path | None:
    return Path(str(text)) if text else None
