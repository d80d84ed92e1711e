"""Commands for the price of their imports once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.flows.command import Commands, commands


@pytest.fixture(scope="session")
def gongbao(
    tmp_path_factory: pytest.TempPathFactory, migrated: Callable[[Path], Path], short_gate: Path
) -> Iterator[Commands]:
    """`gongbao` in a process of its own for each command, with a short gate; their Prefect server is one."""
    with commands(migrated(tmp_path_factory.mktemp("commands")), GONGBAO_HOME=str(short_gate)) as run:
        yield run
