"""What lasts is not looked through for garbage, and the search goes on for the rest, whatever an import does."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from gongbao import memory


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_made_within_is_kept_apart() -> None:
    with memory.imports_that_last():
        assert not gc.isenabled()
        made = [[] for _ in range(1000)]  # type: ignore[var-annotated]
    assert gc.isenabled()
    assert gc.get_freeze_count() > 1000
    looked_through = {id(each) for each in gc.get_objects()}
    assert not looked_through & {id(each) for each in made}


def test_an_import_that_fails_leaves_the_search_at_work() -> None:
    with pytest.raises(ImportError), memory.imports_that_last():
        raise ImportError("no such library")
    assert gc.isenabled()
