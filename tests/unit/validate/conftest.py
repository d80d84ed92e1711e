"""One import of Great Expectations for all tests of the gate, and the warehouse into which defects are put."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.conftest import Night
from tests.seeded_defects import gate


@pytest.fixture(scope="session", autouse=True)
def great_expectations_imported() -> None:
    """Import it once, then take its 300,000 objects out of the collector's rounds: a fifth of each validation."""
    import great_expectations  # noqa: F401

    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def start(sample_night: Night, tmp_path_factory: pytest.TempPathFactory) -> Iterator[gate.Clean]:
    """The sample night's warehouse, judged and published anew; until the module's end the gate reads its files once."""
    with gate.asking_once():
        yield gate.clean(sample_night.warehouse, tmp_path_factory.mktemp("defects") / "clean")
