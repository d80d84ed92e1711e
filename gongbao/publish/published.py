"""Releases as they lie in the warehouse folder, read without the database: which there are, and whether one is whole.

releases/<id>    what was published        held/<id>    what the gate of changes held, in full, seen by no reader

What is read is the manifest and the marts: a release of an earlier version may lack files that lie beside them today.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongbao.errors import UsageError

MANIFEST = "manifest.json"
RELEASES, HELD, CURRENT = "releases", "held", "current"
_ID = re.compile(r"[0-9a-f]{16}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SHOWN = 5


class DamagedRelease(UsageError):
    """A release whose files are not what its manifest says, or that has none."""


@dataclass(frozen=True, slots=True)
class Published:
    """A release's folder and its manifest; of one that is about to be published, the manifest as far as it is known."""

    release_id: str
    folder: Path
    manifest: Mapping[str, Any]

    @property
    def marts(self) -> Mapping[str, Mapping[str, Any]]:
        """Each mart's name with its `rows` and `content`, a hash of its rows."""
        marts: Mapping[str, Mapping[str, Any]] = self.manifest["marts"]
        return marts


def read(folder: Path) -> Published:
    """A release that is whole. Raises `DamagedRelease` where a mart or the manifest is missing or not as it was."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes().decode("utf-8"))
        marts, checks = manifest["marts"], manifest["checks"]
        if not all(isinstance(part, dict) for part in (marts, checks)) or not isinstance(manifest["code_version"], str):
            raise ValueError("it is no manifest")
        for name, mart in marts.items():
            path = folder / f"{name}.parquet"
            if not _NAME.fullmatch(name) or not isinstance(mart["rows"], int) or not isinstance(mart["content"], str):
                raise ValueError(f"it describes no mart by {name!r}")
            with path.open("rb") as handle:
                if hashlib.file_digest(handle, "sha256").hexdigest() != mart["sha256"]:
                    raise _damaged(folder, f"{path.name} is not what the manifest says")
    except OSError as error:
        missing = Path(error.filename).name if error.filename else MANIFEST
        raise _damaged(folder, f"{missing} cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(folder, f"{MANIFEST} cannot be read ({error})") from error
    return Published(folder.name, folder, manifest)


def _damaged(folder: Path, what: str) -> DamagedRelease:
    return DamagedRelease(
        f"release {folder.name} is damaged: {what}",
        "where it is `current`, the next `gongbao run` writes it anew; else take it from a backup, or name another",
    )


def current(root: Path) -> str | None:
    """The id of the release to which `current` points; None before the first."""
    link = root / CURRENT
    return link.readlink().name if link.is_symlink() else None


def names(root: Path) -> list[str]:
    """The ids of all releases that lie in the warehouse, published or held, sorted."""
    folders = [path for place in (RELEASES, HELD) for path in (root / place).glob("*") if path.is_dir()]
    return sorted({path.name for path in folders if _ID.fullmatch(path.name)})


def held(root: Path) -> str | None:
    """The id of the release that waits for a person; None where none does."""
    return next((path.name for path in (root / HELD).glob("*") if _ID.fullmatch(path.name)), None)


def folder_of(root: Path, release_id: str) -> Path:
    """Where a release lies, published or held."""
    waiting = root / HELD / release_id
    return waiting if waiting.is_dir() else root / RELEASES / release_id


def find(root: Path, beginning: str) -> str:
    """The id that begins so; `current` is one, too. Raises `UsageError` where none does, or several."""
    require_any(root)
    if beginning == CURRENT:
        beginning = current(root) or beginning
    known = names(root)
    found = [name for name in known if beginning and name.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join((found or known)[:_SHOWN]) + (" …" if len(found or known) > _SHOWN else "")
    what = f"{len(found)} releases begin" if found else "no release begins"
    raise UsageError(f"{what} with {beginning!r}", f"write more of one of {listed}" if found else f"there are {listed}")


def require_any(root: Path) -> None:
    """Raises `UsageError` where nothing is published yet."""
    if not names(root):
        raise UsageError(
            f"no release under {root}", "name the warehouse with --warehouse; `gongbao run` publishes the first one"
        )


def shortest(root: Path, least: int = 8) -> int:
    """So many digits tell every release of the warehouse from every other."""
    known = names(root)
    return next((length for length in range(least, 16) if len({name[:length] for name in known}) == len(known)), 16)
