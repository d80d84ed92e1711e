"""Processes that work for a night: none outlives it, and none that cannot work at all is a document's fault."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from gongbao import workers
from gongbao.errors import GongbaoError
from tests.conftest import ROOT

KILLED_AT_WORK = """
import os, signal
from gongbao import workers
from tests.unit.test_workers import doubled
with workers.local(2) as two:
    print(two.begin(doubled, [1, 2])(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def doubled(numbers: Sequence[int]) -> list[int]:
    return [2 * number for number in numbers]


def ends_at_13(numbers: Sequence[int]) -> list[int]:
    if 13 in numbers:
        os._exit(1)
    return doubled(numbers)


def ends(_: Sequence[int]) -> list[int]:
    os._exit(1)


def test_worker_processes_end_with_the_process_that_asked() -> None:
    """They hold its standard output: whoever reads it would wait for ever."""
    asked = subprocess.run([sys.executable, "-c", KILLED_AT_WORK], cwd=ROOT, stdout=subprocess.PIPE, timeout=120)
    assert asked.stdout == b"[2, 4]\n"
    assert asked.returncode == -9


def test_workers_do_not_run_the_program_of_the_process_that_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of a deployed night is Prefect's, which takes longer to import than the start of a worker."""
    program = ModuleType("__main__")
    program.__file__ = str(tmp_path / "program.py")
    (tmp_path / "program.py").write_text("import os; os._exit(1)", "utf-8")
    monkeypatch.setitem(sys.modules, "__main__", program)
    with workers.local(2) as two:
        assert two.begin(doubled, [1, 2])() == [2, 4]
    assert sys.modules["__main__"] is program


def test_an_item_that_ends_its_process_has_no_result_and_the_others_have_theirs() -> None:
    with workers.local(2) as two:
        assert two.begin(ends_at_13, [1, 13, 3])() == [2, None, 6]


def test_no_item_is_at_fault_where_processes_end_without_one() -> None:
    with workers.local(2) as two, pytest.raises(GongbaoError, match="end as soon as they begin"):
        two.begin(ends, [1])()
