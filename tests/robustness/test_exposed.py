"""`gongbao serve` with a password: who reaches its server, from where, and what it tells of what."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.sync.client import connect

from flows import server
from gongbao.serve_commands import FOLDER
from tests.robustness.watched import beyond_this_machine, watching
from tests.server.site import eventually, free_port

PASSWORD = "admin:SECRET-canary-91c"
CLIENT = httpx.Client(trust_env=False, timeout=60)
REFUSED = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}
"""The second where the token against forged requests is missed first."""
WITHOUT_PASSWORD = {"/api/health", "/api/ready"}
"""What the API tells to whoever asks: that it lives."""


@dataclass(frozen=True)
class Serving:
    """A server at work, where it works, and the variables that it was given."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://{server.HOST}:{self.port}"

    def ask(self, path: str, method: str = "GET", password: str | None = None, **headers: str) -> httpx.Response:
        auth = tuple(password.split(":")) if password else None
        json_ = {} if method in {"POST", "PUT", "PATCH"} else None
        return CLIENT.request(method, f"{self.url}{path}", auth=auth, json=json_, headers=headers)


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder, port = tmp_path_factory.mktemp("serving"), free_port()
    environment = {
        **os.environ, **watching(folder), server.PASSWORD: PASSWORD, "PREFECT_RUNNER_POLL_FREQUENCY": "2",
    }  # fmt: skip
    said = folder / "said.log"
    with said.open("wb") as out:
        command = [sys.executable, "-m", "gongbao", "serve", "--port", str(port), "--warehouse", "warehouse"]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
    try:
        eventually("serving", lambda: "serving on" in said.read_text("utf-8") or process.poll() is not None)
        assert process.poll() is None, said.read_text("utf-8")
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv(server.PASSWORD_OF_CLIENTS, PASSWORD)
            yield Serving(folder, port)
    finally:
        process.terminate()
        process.wait()


def test_it_listens_on_loopback_alone(serving: Serving) -> None:
    listening = [
        address
        for table in ("tcp", "tcp6")
        for _, address, _, state, *_ in map(str.split, Path(f"/proc/net/{table}").read_text("ascii").splitlines()[1:])
        if state == "0A" and int(address.rpartition(":")[2], 16) == serving.port
    ]
    assert listening == [f"0100007F:{serving.port:04X}"]


def test_the_api_tells_nothing_without_the_password(serving: Serving) -> None:
    paths = serving.ask("/openapi.json").json()["paths"]
    assert len(paths) > 100
    answered = set()
    for path, methods in paths.items():
        for method in methods:
            answer = serving.ask(re.sub(r"\{[^}]*\}", "x", f"/api{path}"), method.upper())
            if answer.status_code not in REFUSED:
                answered.add(f"/api{path}")
    assert answered == WITHOUT_PASSWORD
    wrong = serving.ask("/api/admin/settings", password="admin:wrong")
    assert wrong.status_code == httpx.codes.UNAUTHORIZED


def test_its_events_are_not_told_without_the_password(serving: Serving) -> None:
    with connect(f"ws://{server.HOST}:{serving.port}/api/events/out", subprotocols=["prefect"]) as socket:  # type: ignore[list-item]
        socket.send(json.dumps({"type": "auth", "token": "wrong"}))
        with pytest.raises(ConnectionClosed) as closed:  # as soon as it has read that, maybe before it is asked
            socket.send(json.dumps({"type": "filter", "filter": {}}))
            for _ in range(3):
                assert "auth_success" not in str(socket.recv(timeout=20))
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == CloseCode.POLICY_VIOLATION


def test_another_page_in_the_browser_may_not_ask_it(serving: Serving) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (serving.ask("/api/health", **asked), serving.ask("/api/flow_runs/filter", "OPTIONS", **asked)):
        assert "Access-Control-Allow-Origin" not in answer.headers
    own = serving.ask("/api/health", Origin=serving.url)
    assert own.headers["Access-Control-Allow-Origin"] == serving.url


def test_a_form_of_another_page_changes_nothing(serving: Serving) -> None:
    without_token = serving.ask("/api/variables/", "POST", PASSWORD)
    assert without_token.status_code == httpx.codes.FORBIDDEN
    assert "CSRF" in without_token.text


def test_the_password_is_in_no_file_and_the_files_are_the_account_s_alone(serving: Serving) -> None:
    secret = PASSWORD.partition(":")[2].encode()
    for path in serving.folder.rglob("*"):
        if path.is_file():
            assert secret not in path.read_bytes(), path
    assert stat.S_IMODE((serving.folder / "warehouse" / FOLDER).stat().st_mode) == server.PRIVATE


def test_the_server_asks_for_nothing_beyond_this_machine(serving: Serving) -> None:
    assert beyond_this_machine(serving.folder) == []
