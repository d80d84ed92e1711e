"""Logs as JSON lines: what each is about in slots of its own."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import Any

from gongbao import logs
from gongbao.stopwatch import Stopwatch


def line(**slots: Any) -> dict[str, Any]:
    record = logging.getLogger("gongbao.test").makeRecord(
        "gongbao.test", logging.WARNING, "", 1, "refused: %s", ("空",), slots.pop("exc_info", None), extra=slots
    )
    told: dict[str, Any] = json.loads(logs.JsonLines().format(record))
    return told


def test_a_line_names_run_and_document() -> None:
    with logs.bound(run_id="20261101T181500Z-1"), logs.bound(flow="nightly"):
        told = line(document_id="36ef")
    assert {name: told[name] for name in ("level", "logger", "message", "run_id", "flow", "document_id")} == {
        "level": "warning",
        "logger": "gongbao.test",
        "message": "refused: 空",
        "run_id": "20261101T181500Z-1",
        "flow": "nightly",
        "document_id": "36ef",
    }
    assert "run_id" not in line()


def test_a_traceback_stays_in_one_line() -> None:
    try:
        raise ValueError("odd")
    except ValueError:
        text = line(exc_info=sys.exc_info())["exception"]
    assert text.endswith("ValueError: odd")


def test_standard_error_that_is_no_terminal_gets_one_object_a_line() -> None:
    program = """
import logging
from gongbao import logs
logs.set_up(); logs.set_up()
with logs.bound(run_id="r"):
    logging.getLogger("gongbao.x").info("甲\\n乙", extra={"document_id": "d"})
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    (told,) = map(json.loads, ended.stderr.splitlines())
    assert (told["message"], told["run_id"], told["document_id"]) == ("甲\n乙", "r", "d")


def test_a_stage_that_fails_is_timed_too() -> None:
    watch = Stopwatch()
    try:
        with watch.stage("extract") as counts:
            counts["extracted"] = 3
            raise OSError("full")
    except OSError:
        pass
    (stage,) = watch.stages
    assert (stage.name, stage.counts) == ("extract", {"extracted": 3})
    assert stage.seconds >= 0
