"""One process of which nights are forks, and one prepared warehouse, for all tests of faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.robustness import given
from tests.robustness.given import Nights, Prepared


@pytest.fixture(scope="session")
def nights(
    tmp_path_factory: pytest.TempPathFactory, migrated: Callable[[Path], Path], short_gate: Path
) -> Iterator[Nights]:
    folder = tmp_path_factory.mktemp("faults")
    with given.nights(folder, migrated(folder / "prefect"), GONGBAO_HOME=str(short_gate)) as started:
        yield started


@pytest.fixture(scope="session")
def prepared(nights: Nights) -> Prepared:
    return given.prepare(nights)
