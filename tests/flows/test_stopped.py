"""`gongbao run` that is stopped: by Ctrl-C at once and in a line, by SIGKILL with nothing left of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows import stop_signals
from gongbao import run_history
from gongbao.errors import ExitCode
from tests.conftest import ROOT
from tests.server.site import eventually
from tests.web_server import Exchange, WebServer

PAGE = "/jianglou.html"


@contextmanager
def waiting(folder: Path, migrated: Callable[[Path], Path]) -> Iterator[subprocess.Popen[bytes]]:
    """A night, in a group of its own as a terminal's is, that waits for an answer in the middle of its first stage."""
    answers = threading.Event()
    migrated(folder / "warehouse" / ".prefect")

    def when_it_may(exchange: Exchange) -> None:
        answers.wait()
        exchange.answer(404)

    with WebServer() as pages, (folder / "said").open("wb") as said:
        pages.reply(PAGE, when_it_may)
        (folder / "gongbao.toml").write_text(
            f'[[source]]\nname = "site"\nurls = ["{pages.url(PAGE)}"]\nprivate_hosts = ["{pages.place}"]\n'
            "limits = { seconds = 600, interval_seconds = 0 }\n",
            "utf-8",
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "gongbao", "run", "--warehouse", "warehouse"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            asked = "the night that asks the page"
            eventually(asked, lambda: pages.asked(PAGE) or process.poll() is not None or None)
            assert process.poll() is None, (folder / "said").read_text("utf-8")
            yield process
        finally:
            answers.set()
            process.kill()
            process.wait()


def servers(folder: Path) -> list[int]:
    """The processes that have the night's server log open."""
    log = str(folder / "warehouse" / ".prefect" / "server.log")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if log in {os.readlink(each) for each in (process / "fd").iterdir()}:  # noqa: PTH115
                found.append(int(process.name))
        except OSError:  # it has ended, or is another's
            continue
    return found


@pytest.mark.parametrize(
    ("sent", "code", "told"),
    [
        (signal.SIGINT, ExitCode.INTERRUPTED, "stopped by hand (Ctrl-C); run again"),
        (signal.SIGTERM, -signal.SIGTERM, "stopped by SIGTERM; run again"),
    ],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_what_stops_it_ends_it_in_a_line_and_the_ledger_says_so(
    migrated: Callable[[Path], Path], tmp_path: Path, sent: signal.Signals, code: int, told: str
) -> None:
    with waiting(tmp_path, migrated) as night:
        assert len(servers(tmp_path)) == 1
        os.killpg(night.pid, sent)
        assert night.wait() == code
        said = (tmp_path / "said").read_text("utf-8")
        assert "Traceback" not in said
        assert said.splitlines()[-1] == "gongbao: stopped; what was done is kept, and the next run goes on from there"
        (run,) = run_history.read(tmp_path / "warehouse")
        assert (run.standing, run.error) == ("failed", told)
        if sent == signal.SIGTERM:  # of which it dies: its server sees that, and ends
            eventually("the end of its server", lambda: not servers(tmp_path) or None)
        assert servers(tmp_path) == []


STRUCK = """
import os, sys, time
from prefect.utilities.engine import capture_sigterm
from flows import stop_signals

class Collected:
    def __del__(self):
        os.kill(os.getpid(), int(sys.argv[1]))

with capture_sigterm():
    with stop_signals.heard():
        Collected()
        time.sleep(float(sys.argv[2]))
    time.sleep(60)
    print("went on")
"""
"""A flow that a signal strikes where Python ignores what its handler raises."""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("left", [60, 0], ids=["in the middle", "at the end"])
def test_a_signal_that_strikes_while_an_object_is_taken_away_is_heard(sent: signal.Signals, left: int) -> None:
    command = [sys.executable, "-c", STRUCK, str(int(sent)), str(left)]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert ended.returncode == -sent
    assert "went on" not in ended.stdout
    assert "Exception ignored" not in ended.stderr


def test_other_ignored_errors_are_told_as_ever(capsys: pytest.CaptureFixture[str]) -> None:
    class Collected:
        def __del__(self) -> None:
            raise ValueError("no signal")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "unraisablehook", sys.__unraisablehook__)
        with stop_signals.heard():
            Collected()
        assert sys.unraisablehook is sys.__unraisablehook__
    assert "ValueError: no signal" in capsys.readouterr().err


def test_the_server_of_a_killed_one_ends_by_itself(migrated: Callable[[Path], Path], tmp_path: Path) -> None:
    with waiting(tmp_path, migrated) as night:
        assert len(servers(tmp_path)) == 1
        night.kill()
        night.wait()
        eventually("the end of the server", lambda: not servers(tmp_path) or None)


def test_a_server_whose_run_was_killed_before_it_could_look_ends_by_itself(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    command = [sys.executable, "-m", "flows.temporary_server", "127.0.0.1", "0", str(gone.pid)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PREFECT_HOME": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
        eventually("its end", lambda: server.poll() is not None or None)


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), RuntimeError("Query interrupted")], ids=["by Python", "by DuckDB"]
)
def test_both_words_for_ctrl_c_are_understood(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from gongbao import cli

    def interrupted(*_: object, **__: object) -> int:
        raise error

    monkeypatch.setattr(cli, "app", interrupted)
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == ExitCode.INTERRUPTED
    assert capsys.readouterr().err.startswith("gongbao: stopped")
