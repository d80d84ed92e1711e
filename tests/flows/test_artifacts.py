"""The artifact that a night leaves in Prefect, where Prefect is away. What it says: test_held_changes.py."""

from __future__ import annotations

import logging

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import artifacts


@pytest.mark.filterwarnings("ignore:Artifact creation outside of a flow")
def test_an_artifact_that_cannot_be_written_is_told_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(artifacts, "get_run_logger", lambda: logging.getLogger("a run"))
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        artifacts.leave_quality("**done**")
    assert [record.levelname for record in caplog.records if record.name == "a run"] == ["CRITICAL"]
    assert "the artifact quality of this night could not be written: ConnectError" in caplog.text
