"""After which release a release came: in its manifest once and for all, in the ledger each time; old ones go."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from gongbao.errors import GongbaoError, UsageError
from gongbao.publish import (
    Release,
    approve,
    history,
    hold,
    make_current,
    prepare,
    prune,
    published,
    report_held,
    retention,
)
from gongbao.warehouse import Warehouse
from tests import release_files
from tests.unit.publish.made import SOUND, begin, change, check, release, verdict


def manifest(of: Release) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((of.path / "manifest.json").read_bytes())
    return found


def titled(warehouse: Warehouse, title: str) -> Release:
    """The release in which all documents are called so."""
    return release(warehouse, f"update raw.document set title = '{title}'")


def there(warehouse: Warehouse) -> set[str]:
    return {path.name for path in warehouse.releases.iterdir()}


def test_a_manifest_says_which_release_came_before_and_how_many_rows_differ(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    second = release(warehouse, "delete from core.fact where fact_id = 'f003'")
    assert (manifest(first)["previous_release"], manifest(first)["changes"]) == (None, None)
    assert manifest(second)["previous_release"] == first.release_id
    assert manifest(second)["changes"]["fact"] == {"added": 0, "changed": 0, "removed": 1}
    assert second.changes == manifest(second)["changes"]


def test_what_came_before_is_not_in_the_id(tmp_path: Path) -> None:
    ids = []
    for number, titles in enumerate((("a", "c"), ("b", "c"), ("c",))):
        with Warehouse(tmp_path / str(number)) as warehouse:
            begin(warehouse)
            ids.append([titled(warehouse, title).release_id for title in titles][-1])
    assert len(set(ids)) == 1


def test_a_release_that_comes_back_has_its_folder_as_it_was_and_another_line(warehouse: Warehouse) -> None:
    begin(warehouse)
    a = titled(warehouse, "a")
    files = {path: path.stat().st_mtime_ns for path in release_files.files(a.path)}
    b, again = titled(warehouse, "b"), titled(warehouse, "a")
    assert again.is_new
    assert (again.release_id, again.previous) == (a.release_id, b.release_id)
    assert {path: path.stat().st_mtime_ns for path in release_files.files(a.path)} == files
    lines = [(each.release_id, each.previous_release) for each in history.publications(warehouse.root)]
    assert lines[-2:] == [(b.release_id, a.release_id), (a.release_id, b.release_id)]
    assert history.last_two(warehouse.root) == (b.release_id, a.release_id)


def test_a_damaged_manifest_says_again_what_it_said(warehouse: Warehouse) -> None:
    begin(warehouse)
    second = titled(warehouse, "b")
    whole = (second.path / "manifest.json").read_bytes()
    (second.path / "manifest.json").write_bytes(whole.replace(b'"changed": 0', b'"changed": 1'))
    assert titled(warehouse, "b").is_new
    assert (second.path / "manifest.json").read_bytes() == whole


def test_without_its_ledger_a_warehouse_goes_by_the_manifests(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    second = titled(warehouse, "b")
    warehouse.ledger_file("releases").unlink()
    assert not titled(warehouse, "b").is_new
    assert history.last_two(warehouse.root) == (first.release_id, second.release_id)


def test_a_warehouse_that_is_older_than_the_ledger_goes_by_its_runs(warehouse: Warehouse) -> None:
    names = [each.release_id for each in (begin(warehouse), titled(warehouse, "b"), titled(warehouse, "c"))]
    warehouse.ledger_file("releases").unlink()
    warehouse.append_ledger("runs", [{"run_id": str(n), "event": "end", "release_id": n} for n in (*names, names[2])])
    assert history.order(warehouse.root) == names
    assert history.last_two(warehouse.root) == (names[1], names[2])


def test_a_damaged_current_release_stops_nothing_and_is_compared_with_nothing(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    (first.path / "fact.parquet").unlink()
    second = titled(warehouse, "b")
    assert (second.previous, second.changes) == (first.release_id, None)
    assert manifest(second)["previous_release"] == first.release_id


def test_the_newest_are_kept_with_current_and_the_one_before_it(warehouse: Warehouse) -> None:
    names = [begin(warehouse).release_id, *(titled(warehouse, title).release_id for title in "bcde")]
    assert prune(warehouse, 3) == (names[0], names[1])
    assert there(warehouse) == set(names[2:])
    assert prune(warehouse, 1) == (names[2],)
    assert there(warehouse) == set(names[3:])
    assert warehouse.current.resolve().name == names[4]


def test_what_came_back_is_as_new_as_its_return_and_what_its_manifest_names_stays(warehouse: Warehouse) -> None:
    first = begin(warehouse).release_id
    a, b, c, _ = (titled(warehouse, title).release_id for title in "abca")
    assert prune(warehouse, 1) == (b,)
    assert there(warehouse) == {first, a, c}


def test_a_removed_release_that_comes_back_is_the_same_to_the_byte(warehouse: Warehouse) -> None:
    begin(warehouse)
    a = titled(warehouse, "a")
    before = release_files.digests(a.path)
    for title in "bc":
        titled(warehouse, title)
    assert a.release_id in prune(warehouse, 2)
    titled(warehouse, "a")
    assert release_files.digests(a.path) == before


def test_what_no_ledger_names_is_left_alone_and_told(warehouse: Warehouse) -> None:
    begin(warehouse)
    for title in "abc":
        titled(warehouse, title)
    shutil.copytree(warehouse.current.resolve(), warehouse.releases / "feedfeedfeedfeed")
    (warehouse.releases / "my copy").mkdir()
    prune(warehouse, 1)
    assert {"feedfeedfeedfeed", "my copy"} < there(warehouse)
    assert retention.unnamed(warehouse.root) == ["feedfeedfeedfeed"]


def test_what_a_killed_run_left_of_a_removal_is_gone_after_the_next(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    titled(warehouse, "b")
    first.path.rename(warehouse.releases / f".{first.release_id}.partial")
    titled(warehouse, "d")
    assert not [path for path in warehouse.releases.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("step", ["put", "switch"])
def test_a_run_that_is_killed_while_it_publishes_is_made_up_for_by_the_next(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = begin(warehouse)

    def die(*_: object) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(f"gongbao.publish.release._{step}", die)
        with pytest.raises(GongbaoError, match="`current` is as before"):
            titled(warehouse, "b")
    assert warehouse.current.resolve() == first.path
    second = titled(warehouse, "b")
    assert second.is_new
    assert len(history.publications(warehouse.root)) == 2
    assert history.last_two(warehouse.root) == (first.release_id, second.release_id)


def test_a_held_release_waits_in_full_until_it_is_approved(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    change(warehouse, "delete from core.fact where time_period > '1904'")
    candidate = prepare(warehouse, SOUND)
    hold(warehouse, candidate)
    assert published.held(warehouse.root) == candidate.release_id
    assert warehouse.current.resolve() == first.path
    assert there(warehouse) == {first.release_id}
    done = approve(warehouse, candidate.release_id)
    assert warehouse.current.resolve().name == candidate.release_id
    assert done.changes == candidate.changes
    assert published.held(warehouse.root) is None
    assert history.publications(warehouse.root)[-1].approved
    assert not make_current(warehouse, prepare(warehouse, SOUND)).is_new


def test_a_night_that_publishes_forgets_what_was_held(warehouse: Warehouse) -> None:
    begin(warehouse)
    for title in ("x", "y"):
        change(warehouse, f"update raw.document set title = '{title}'")
        candidate = prepare(warehouse, SOUND)
        hold(warehouse, candidate)
        assert [path.name for path in (warehouse.root / "held").iterdir()] == [candidate.release_id]
    titled(warehouse, "z")
    assert not (warehouse.root / "held").exists()


def test_an_older_release_that_is_held_takes_the_place_of_the_one_that_waits(warehouse: Warehouse) -> None:
    begin(warehouse)
    older = titled(warehouse, "a")
    titled(warehouse, "b")
    change(warehouse, "update raw.document set title = 'x'")
    hold(warehouse, prepare(warehouse, SOUND))
    change(warehouse, "update raw.document set title = 'a'")
    hold(warehouse, prepare(warehouse, SOUND))
    assert published.held(warehouse.root) is None
    assert approve(warehouse, older.release_id).is_new


def test_a_release_of_an_earlier_version_that_has_no_page_is_compared_and_made_current_again(
    warehouse: Warehouse,
) -> None:
    first = begin(warehouse)
    manifest = json.loads((first.path / "manifest.json").read_bytes())
    del manifest["results"], manifest["files"]["quality.html"]
    (first.path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (first.path / "quality.html").unlink()
    assert (titled(warehouse, "b").changes or {})["fact"]["changed"] == 40
    approve(warehouse, first.release_id)
    assert warehouse.current.resolve() == first.path
    assert not (first.path / "quality.html").exists()


def test_the_page_of_a_held_night_stays_until_a_release_is_made_current_or_held(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    change(warehouse, "update raw.document set title = 'x'")
    waiting = prepare(warehouse, SOUND)
    hold(warehouse, waiting)
    page = report_held(warehouse, (verdict(check("present", "held", "critical", 2)),))
    assert page == warehouse.root / "held" / "quality.html"
    assert "present 不合。" in page.read_text("utf-8")
    assert {path.name for path in page.parent.iterdir()} == {waiting.release_id, "quality.html"}
    assert published.names(warehouse.root) == sorted([first.release_id, waiting.release_id])
    hold(warehouse, prepare(warehouse, SOUND))
    assert not page.exists()
    report_held(warehouse, (verdict(check("known", "held", "critical", 2)),))
    titled(warehouse, "y")
    assert not page.parent.exists()


def test_a_page_that_cannot_be_written_says_that_the_gate_held(warehouse: Warehouse) -> None:
    (warehouse.root / "held").write_text("a file in the way", "utf-8")
    with pytest.raises(GongbaoError, match=r"the page of what held the release, .*quality\.html, cannot be written"):
        report_held(warehouse, SOUND)


def test_an_older_release_can_be_made_current_again(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    second = titled(warehouse, "b")
    done = approve(warehouse, first.release_id)
    assert (done.previous, warehouse.current.resolve()) == (second.release_id, first.path)
    assert history.last_two(warehouse.root) == (second.release_id, first.release_id)


def test_where_the_release_before_is_gone_the_others_are_named(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    titled(warehouse, "b")
    shutil.rmtree(first.path)
    with pytest.raises(UsageError, match=f"release {first.release_id}, the one before the current, is not there"):
        history.last_two(warehouse.root)
