"""The content store: whole blobs, written once, and nothing left of a killed run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao.errors import WarehouseDamaged
from gongbao.ingest.store import content_id, put, sweep


@given(data=st.binary(max_size=200))
def test_a_blob_is_its_bytes_under_their_hash(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    blobs = tmp_path_factory.mktemp("blobs")
    name = put(blobs, data)
    assert name == content_id(data)
    assert (blobs / name).read_bytes() == data
    assert [path.name for path in blobs.iterdir()] == [name]


def test_a_blob_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    name = put(tmp_path, b"bulletin")
    before = (tmp_path / name).stat()
    put(tmp_path, b"bulletin")
    assert ((tmp_path / name).stat().st_ino, (tmp_path / name).stat().st_mtime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
    )


def test_a_blob_of_the_wrong_size_is_damage_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / content_id(b"bulletin")).write_bytes(b"bull")
    with pytest.raises(WarehouseDamaged, match="delete that file"):
        put(tmp_path, b"bulletin")


def test_what_a_killed_run_left_is_swept_away(tmp_path: Path) -> None:
    name = put(tmp_path, b"bulletin")
    (tmp_path / ".half.tmp").write_bytes(b"ha")
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
