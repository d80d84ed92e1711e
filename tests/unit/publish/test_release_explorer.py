"""The explorer's folder of a release: the manifest tells what is amiss in it, and the next night writes it whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gongbao import explorer
from gongbao.errors import GongbaoError
from gongbao.publish import approve, hold, prepare
from gongbao.warehouse import Warehouse
from tests.release_files import digests
from tests.unit.publish.made import SOUND, begin, change, release


def _one_too_many(folder: Path) -> None:
    (folder / "data" / "place" / "of another release.js").write_text("gongbao.shard();\n", "utf-8")


def _two_exchanged(folder: Path) -> None:
    first, second = sorted((folder / "data" / "place").iterdir())[:2]
    held = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(held)


def _a_file_in_its_place(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(b"")


@pytest.mark.parametrize(
    "damage",
    [_one_too_many, _two_exchanged, _a_file_in_its_place, shutil.rmtree, lambda folder: shutil.rmtree(folder / "data")],
)
def test_a_release_whose_explorer_is_not_what_it_was_is_written_whole(
    warehouse: Warehouse, damage: Callable[[Path], None]
) -> None:
    first = begin(warehouse)
    whole = digests(first.path)
    damage(first.path / explorer.FOLDER)
    again = release(warehouse)
    assert (again.release_id, again.is_new) == (first.release_id, True)
    assert digests(again.path) == whole
    assert not release(warehouse).is_new


def test_a_repair_that_is_killed_is_finished_by_the_next_night(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = begin(warehouse)
    whole = digests(first.path)
    (first.path / explorer.FOLDER / "data" / "catalogue.js").unlink()
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", _dying_at(explorer.FOLDER, Path.replace))
        with pytest.raises(GongbaoError, match="killed here"):
            release(warehouse)
    assert not (first.path / explorer.FOLDER).exists()
    assert release(warehouse).is_new
    assert digests(first.path) == whole
    assert [path.name for path in warehouse.releases.iterdir()] == [first.release_id]


def _dying_at(name: str, real: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
    def replace(path: Path, target: Path) -> Path:
        if path.name == name:
            raise OSError("killed here")
        return real(path, target)

    return replace


@pytest.fixture
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("strict_umask")
def test_everybody_may_read_all_of_a_release(warehouse: Warehouse) -> None:
    folder = begin(warehouse).path
    paths = [folder, *folder.rglob("*")]
    assert {(path.is_dir(), path.stat().st_mode & 0o777) for path in paths} == {(True, 0o755), (False, 0o644)}


def test_the_manifest_has_one_entry_for_all_files_of_the_explorer(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    second = release(warehouse, "update core.statement set sentence = '另一句。'")
    shown = [_manifest(each.path)["explorer"] for each in (first, second)]
    assert [set(each) for each in shown] == [{"files", "bytes", "sha256"}] * 2
    assert shown[0]["sha256"] != shown[1]["sha256"]
    assert not any("explorer" in name for name in _manifest(first.path)["files"])


def test_a_held_release_shows_itself_before_and_after_it_is_approved(warehouse: Warehouse) -> None:
    begin(warehouse)
    change(warehouse, "delete from core.fact where fact_id > 'f020'")
    candidate = prepare(warehouse, SOUND)
    hold(warehouse, candidate)
    waiting = warehouse.root / "held" / candidate.release_id
    shown = digests(waiting / explorer.FOLDER)
    assert f'"{candidate.release_id}"' in (waiting / explorer.FOLDER / "data" / "catalogue.js").read_text("ascii")
    approve(warehouse, candidate.release_id)
    assert digests(warehouse.current / explorer.FOLDER) == shown


def _manifest(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return manifest
