"""The order in which releases became `current`: `ledger/releases.jsonl`, a line for each time.

    {"release_id", "previous_release", "changes", "approved"}

`previous_release` is what `current` pointed at just before, null for the first; `changes` counts the rows added,
changed and removed by mart against it, null where it could not be read; `approved` is a person's word, see
`gongbao publish`. The line is written before the link is switched: a run that is killed between the two leaves a line
for a release that is not current, which says nothing wrong about any other. A release that comes back after another
one has a line for each time. No file's clock is asked. Releases of a warehouse that is older than this ledger have
their order from `ledger/runs.jsonl`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gongbao import ledger
from gongbao.errors import UsageError
from gongbao.publish import published
from gongbao.warehouse import Warehouse

LEDGER = "releases"
Changes = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Publication:
    """A release becoming current: after which one, and how many rows by mart differ from that one."""

    release_id: str
    previous_release: str | None
    changes: Changes | None
    approved: bool = False


def publications(root: Path) -> list[Publication]:
    """Every publication, oldest first. Raises `WarehouseDamaged` with file and line."""
    path = root / "ledger" / f"{LEDGER}.jsonl"
    return ledger.read(path, lambda entry: Publication(**entry))


def record(warehouse: Warehouse, publication: Publication) -> None:
    """Append a publication, unless the last line says the same: an earlier try was killed."""
    if publications(warehouse.root)[-1:] != [publication]:
        warehouse.append_ledger(LEDGER, [asdict(publication)])


def first(root: Path, release_id: str) -> Publication | None:
    """How a release was first published: what its manifest says of it, and goes on saying."""
    return next((each for each in publications(root) if each.release_id == release_id), None)


def order(root: Path) -> list[str]:
    """Every release that was ever published, once, by the last time it was: the newest stands last."""
    told = [each.release_id for each in publications(root)]
    path = root / "ledger" / "runs.jsonl"
    runs: list[dict[str, Any]] = ledger.read(path, dict)
    older = [run["release_id"] for run in runs if run.get("release_id") not in {None, *told}]
    backwards = dict.fromkeys(reversed(older + told))
    return list(reversed(backwards))


def before(root: Path, release_id: str) -> str | None:
    """What was current before a release last became it: as the ledger says, else as its own manifest does."""
    for each in reversed(publications(root)):
        if each.release_id == release_id:
            return each.previous_release
    known = order(root)
    if release_id in known:
        return known[known.index(release_id) - 1] if known.index(release_id) else None
    try:
        manifest = published.read(published.folder_of(root, release_id)).manifest
    except published.DamagedRelease:
        return None
    return manifest.get("previous_release")


def last_two(root: Path) -> tuple[str, str]:
    """The release before `current`, and `current`. Raises `UsageError` where there are not two, and what to do."""
    published.require_any(root)
    now = published.current(root)
    if now is None:
        raise UsageError(f"{root} has releases and no `current`", "name two of them, or run `gongbao run`")
    earlier = before(root, now)
    if earlier is None:
        raise UsageError(
            f"there is no release before {now}, the current one",
            "the next `gongbao run` that finds something new makes another; or name two releases",
        )
    if earlier not in published.names(root):
        raise UsageError(
            f"release {earlier}, the one before the current, is not there any more",
            f"name another: {', '.join(name for name in published.names(root) if name != now) or 'none is left'}",
        )
    return earlier, now
