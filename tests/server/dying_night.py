"""The flow `nightly`, deployed by tests: where a run's environment names a file, its night is watched, and may die.

{"DYING_NIGHT": {"told": FILE, "death": {"stage", "step", "waits"} or null}}
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from flows.nightly import nightly
from tests.server.deaths import Death, watch

__all__ = ["nightly"]

if "DYING_NIGHT" in os.environ:
    _watched = json.loads(os.environ["DYING_NIGHT"])
    watch(Path(_watched["told"]), Death(**_watched["death"]) if _watched["death"] else None)
