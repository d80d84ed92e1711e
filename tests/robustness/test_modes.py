"""Who may read what of a warehouse, whatever the umask of the account: documents its account alone, marts everybody."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongbao.ingest import Source
from gongbao.warehouse import DATABASE, Warehouse
from tests.unit.past_nights import FIRST, REPORT, night


@pytest.fixture
def umask() -> Iterator[int]:
    """That of an account which forbids nobody anything."""
    before = os.umask(0)
    yield 0
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_documents_are_private_and_marts_are_for_everybody(umask: int, tmp_path: Path) -> None:
    inbox, root = tmp_path / "inbox", tmp_path / "warehouse"
    inbox.mkdir()
    (inbox / "report.txt").write_text(REPORT, "utf-8")
    (inbox / "scan.pdf").write_bytes(b"%PDF-1.7")
    release = night(root, FIRST, [Source("office", inbox, place="惠民县")], tmp_path / "corrections.yml")
    assert list((root / "quarantine").glob("*.json"))
    public = {root, root / "releases", root / "metrics", release, *release.rglob("*"), *(root / "metrics").glob("*")}
    for path in root.rglob("*"):
        if not path.is_symlink() and path.exists():
            wanted = (0o755 if path.is_dir() else 0o644) if path in public else 0o700 if path.is_dir() else 0o600
            assert mode(path) == wanted, path.relative_to(root)
    assert mode(root) == 0o755
    assert os.umask(umask) == umask  # as it was


def test_the_log_of_the_database_is_as_private_as_the_database(umask: int, tmp_path: Path) -> None:
    with Warehouse(tmp_path / "w") as opened:
        opened.connection.execute("create table raw.waiting as select 1 as a")
        assert {mode(path) for path in (tmp_path / "w").glob(f"{DATABASE}*")} == {0o600}
        assert (tmp_path / "w" / f"{DATABASE}.wal").exists()


def test_what_an_older_version_left_open_is_closed(tmp_path: Path) -> None:
    with Warehouse(tmp_path) as opened:
        opened.checkpoint()
    for name in ("blobs", "quarantine", "ledger"):
        (tmp_path / name).chmod(0o755)
    (tmp_path / DATABASE).chmod(0o644)
    with Warehouse(tmp_path):
        pass
    assert [mode(tmp_path / name) for name in ("blobs", "quarantine", "ledger", DATABASE)] == [
        0o700,
        0o700,
        0o700,
        0o600,
    ]


def test_a_folder_that_was_made_private_stays_so(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir(mode=0o750)
    with Warehouse(tmp_path / "w"):
        pass
    assert mode(tmp_path / "w") == 0o750


def test_what_is_published_is_for_everybody_by_a_strict_umask_too(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        with Warehouse(tmp_path / "w"):
            pass
    finally:
        os.umask(before)
    assert mode(tmp_path / "w") == mode(tmp_path / "w" / "releases") == 0o755
