"""The artifacts that a run leaves in Prefect, where Prefect is away. What they say: test_flows.py."""

from __future__ import annotations

import logging

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import artifacts
from gongbao import progress


@pytest.mark.filterwarnings("ignore:Artifact creation outside of a flow")
def test_an_artifact_that_cannot_be_written_is_told_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(artifacts, "get_run_logger", lambda: logging.getLogger("a run"))
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        artifacts.leave_quality("**done**", None)
    assert [record.levelname for record in caplog.records if record.name == "a run"] == ["CRITICAL"]
    assert "the artifact quality of this run could not be written: ConnectError" in caplog.text


@pytest.mark.filterwarnings("ignore:Artifact creation outside of a flow")
def test_progress_that_cannot_be_shown_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(artifacts, "get_run_logger", lambda: logging.getLogger("a run"))
    monkeypatch.setattr(artifacts, "LONG_SECONDS", 0.0)
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}), artifacts.showing_progress():
        for done in (1, 2, 3):
            progress.advance("extract", done, 3)
    assert [record.levelname for record in caplog.records if record.name == "a run"] == ["CRITICAL"]
    assert "the artifact progress-extract of this run could not be written" in caplog.text


def test_a_short_stage_asks_nothing_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(artifacts, "create_progress_artifact", lambda *_: asked.append("created"))
    with artifacts.showing_progress():
        for done in range(1, 1001):
            progress.advance("extract", done, 1000)
    assert asked == []
