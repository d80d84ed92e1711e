"""Old releases are removed: the newest are kept, and always `current` and the one before it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from gongbao.errors import GongbaoError
from gongbao.publish import history, published
from gongbao.publish.published import MANIFEST
from gongbao.warehouse import Warehouse


def prune(warehouse: Warehouse, keep: int) -> tuple[str, ...]:
    """Remove the releases that are older than the newest `keep`; the ids of those removed.

    Their age is their order in the ledgers, no file's clock; a folder that no ledger names is left alone. `current`
    stays whatever its age, and so does the release before it, be it the ledger's or the one that its manifest names.
    A folder leaves releases/ in one step: what a killed run left of it is removed by the next. Raises `GongbaoError`
    where one cannot be removed.
    """
    root = warehouse.root
    there = set(published.names(root))
    in_order = [release for release in history.order(root) if release in there]
    current = published.current(root)
    kept = {*in_order[-keep:], current}
    if current is not None:
        kept |= {history.before(root, current), _named_by_manifest(warehouse, current)}
    removed = tuple(release for release in in_order if release not in kept)
    for release in removed:
        leaving = warehouse.releases / f".{release}.partial"
        try:
            (warehouse.releases / release).rename(leaving)
            shutil.rmtree(leaving)
        except FileNotFoundError:
            continue  # it is held, not published
        except OSError as error:
            raise GongbaoError(
                f"release {published.current(root)} is published, and the old release {release} cannot be removed "
                f"({error})",
                f"remove {leaving} by hand, or raise keep_releases in gongbao.toml",
            ) from error
    return removed


def unnamed(root: Path) -> list[str]:
    """Releases that no ledger names, so that nobody removes them."""
    known = {*history.order(root), published.current(root), published.held(root)}
    return [release for release in published.names(root) if release not in known]


def _named_by_manifest(warehouse: Warehouse, release: str) -> str | None:
    try:
        manifest = json.loads((warehouse.releases / release / MANIFEST).read_bytes())
        named: str | None = manifest.get("previous_release")
    except (OSError, ValueError, AttributeError):
        return None  # a damaged release is written anew by the next night, from the ledger
    return named
