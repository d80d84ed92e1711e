"""Each of the six readers in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.readers.readers import READERS, Reader, in_own_process


@pytest.fixture(scope="module", params=READERS)
def read(request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A reader in a process of its own, for all the tests of a file."""
    if request.param == "hyper":
        pytest.importorskip("tableauhyperapi", reason="there is no Hyper for this kind of machine")
    with in_own_process(READERS[request.param]) as reader:
        yield reader
