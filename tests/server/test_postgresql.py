"""Prefect's server on a real PostgreSQL: a night leaves its state and its artifacts there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

from flows import server
from tests.conftest import ROOT
from tests.server import postgresql
from tests.server.site import free_port

TEXT = "惠民县姜楼镇2023年工作总结\n\n山东省惠民县姜楼镇人民政府\n\n2023年,一般公共预算收入5533万元。\n"
NIGHT = """
import json, sys
from flows.nightly import nightly
print(json.dumps(nightly(inbox=["inbox"], warehouse="warehouse", return_state=True).name))
"""


def test_a_night_is_kept_by_a_server_on_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = postgresql.programs()
    if programs is None:
        pytest.skip("no PostgreSQL here (Debian: apt-get install postgresql): the server on it was not tried")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "姜楼镇.txt").write_text(TEXT, "utf-8")
    folder, port = tmp_path / "prefect", free_port()
    with postgresql.running(programs) as url:
        monkeypatch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", url)
        with server.running(folder, port):
            ran = subprocess.run(
                [sys.executable, "-c", NIGHT],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(ROOT), **server.environment(folder, port)},
                capture_output=True,
                text=True,
            )
            assert ran.returncode == 0, ran.stderr
            assert json.loads(ran.stdout.splitlines()[-1]) == "Completed"
            api = SyncPrefectClient(f"http://{server.HOST}:{port}/api")
            (run,) = api.read_flow_runs()
            assert run.state_name == "Completed"
            quality = ArtifactFilter(key=ArtifactFilterKey(any_=["quality"]))
            (artifact,) = api.read_artifacts(artifact_filter=quality)
            assert artifact.flow_run_id == run.id
    assert not (folder / "prefect.db").exists()
