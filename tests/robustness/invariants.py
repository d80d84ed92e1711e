"""What holds of a warehouse whatever happened to its nights: looked at from outside, as a reader or an operator would.

The numbers are those of docs/robustness.md. Each function raises AssertionError, naming what does not hold.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from gongbao.errors import ExitCode
from gongbao.publish.contract import marts
from tests.release_files import digests, files

if TYPE_CHECKING:
    from tests.robustness.given import Ended

Bytes = Mapping[str, str]
"""A hash of each file of a release, by its name."""
NOTHING: Bytes = {}
"""Of a warehouse in which nothing is published."""


def published(warehouse: Path) -> Bytes:
    """I1: what `current` points at is one whole release, as its manifest describes it; its bytes."""
    current = warehouse / "current"
    if not current.is_symlink() and not current.exists():
        return NOTHING
    folder = current.resolve()
    assert current.readlink() == Path("releases") / folder.name, f"current is {current.readlink()}"
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["release_id"] == folder.name
    found = digests(folder)
    told = {mart["file"]: mart["sha256"] for mart in manifest["marts"].values()}
    told |= {name: file["sha256"] for name, file in manifest["files"].items()}
    beside = {name for name in found if name.startswith("explorer/")} | {"manifest.json"}
    assert {name: found[name] for name in found if name not in beside} == told, "files are not what the manifest says"
    page = files(folder / "explorer")
    assert (len(page), sum(path.stat().st_size for path in page)) == (
        manifest["explorer"]["files"],
        manifest["explorer"]["bytes"],
    ), "the explorer page is not what the manifest says"
    return found


def one_of(warehouse: Path, states: Collection[Bytes]) -> Bytes:
    """I1: what is published is the state before or the state after, never one between."""
    found = published(warehouse)
    assert found in states, f"{warehouse / 'current'} is none of the releases that may be there"
    return found


def told_truly(ended: Ended, before: Bytes, now: Bytes, after: Bytes) -> None:
    """I3 and I8: success only where all is published; else one line with cause and remedy, and no traceback."""
    assert "Traceback" not in ended.err, ended.err
    if ended.exit_code in {0, 3}:
        assert now == after, "a night succeeded that did not publish"
    elif ended.exit_code > 0:
        assert now in (before, after)
        assert ended.last_line.startswith("gongbao: "), ended.err
        is_stopped = ended.exit_code == ExitCode.INTERRUPTED  # SIGTERM within a query is told as Ctrl-C is
        assert is_stopped or ended.last_line.count(": ") >= 2, f"no cause or no remedy: {ended.last_line}"


def each_input_once(warehouse: Path, inbox: Path) -> None:
    """I4: each content that lies in the inbox is one document, loaded or quarantined, and none is twice."""
    loaded = Counter(pq.read_table(warehouse / "current" / "document.parquet")["document_id"].to_pylist())
    refused = Counter(json.loads(path.read_bytes())["id"] for path in (warehouse / "quarantine").glob("*.json"))
    for path in files(inbox):
        name = hashlib.sha256(path.read_bytes()).hexdigest()
        assert loaded[name] + refused[name] == 1, f"{path.name}: {loaded[name]} loaded, {refused[name]} quarantined"
    assert max(loaded.values(), default=1) == 1


def facts_once(warehouse: Path) -> None:
    """I5: no row of a mart twice by its key, and no fact or target without a document."""
    tables = {mart.name: pq.read_table(warehouse / "current" / f"{mart.name}.parquet") for mart in marts()}
    for mart in marts():
        keys = tables[mart.name].group_by(list(mart.key)).aggregate([])
        assert keys.num_rows == tables[mart.name].num_rows, f"{mart.name} has a key twice"
    documents = set(tables["document"]["document_id"].to_pylist())
    for name in ("fact", "target"):
        assert set(tables[name]["document_id"].to_pylist()) <= documents, f"{name} has rows of no document"


def nothing_left_over(warehouse: Path) -> None:
    """I6: no temporary file, neither of readers' folders nor of the store."""
    folders = ("releases", "blobs", "quarantine", "ledger")
    found = [path for name in folders for path in (warehouse / name).rglob("*")]
    left = [path for path in (*found, *warehouse.iterdir()) if path.name.endswith((".tmp", ".partial", ".wal"))]
    assert left == [], f"left over: {left}"


def blobs_intact(warehouse: Path, known: Collection[str] = ()) -> set[str]:
    """I7: every original is under its own hash, and none of those `known` is lost; the names of all."""
    there = {path.name: path for path in (warehouse / "blobs").glob("*") if not path.name.startswith(".")}
    for name, path in there.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == name, f"blob {name} is altered"
    assert set(known) <= set(there), f"lost blobs: {set(known) - set(there)}"
    return set(there)


def all_of(warehouse: Path, inbox: Path, after: Bytes) -> None:
    """After a night that nothing disturbed: I2, and all that can be looked at."""
    assert published(warehouse) == after, "a repeated night did not reach what an undisturbed one published"
    each_input_once(warehouse, inbox)
    facts_once(warehouse)
    blobs_intact(warehouse)
    nothing_left_over(warehouse)
