"""Where the project's own folders lie: sql/, expectations/, flows/, samples/, warehouse/.

The library runs from a checkout (or an editable install of one): SQL and suites are files that reviewers read, not
package data. `GONGBAO_HOME` names another checkout.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from functools import cache
from pathlib import Path

from gongbao import __version__, reference
from gongbao.errors import UsageError


def home() -> Path:
    """The checkout's root folder. Raises `UsageError` where sql/ is not beside the package."""
    root = Path(os.environ.get("GONGBAO_HOME") or Path(__file__).resolve().parents[1])
    if not (root / "sql").is_dir():
        raise UsageError(f"no sql/ folder under {root}", "run from a checkout of gongbao, or set GONGBAO_HOME to one")
    return root


def folder(name: str) -> Path:
    """One of the checkout's top-level folders, by its name."""
    return home() / name


# What decides results, by its suffix: notes, editors' files and the like beside it decide nothing.
DECIDING = frozenset({".css", ".csv", ".html", ".js", ".py", ".sql", ".yaml"})


@cache
def code_version() -> str:
    """Version and hash of everything that decides what is published: code, SQL, suites, vocabulary, locked libraries.

    Two checkouts with the same files answer the same, wherever they lie. The curator's overlay is part of it.
    """
    digest = hashlib.sha256()
    for top in ("gongbao", "sql", "expectations"):
        hash_tree(digest, folder(top), prefix=top)
    hash_overlay(digest)
    digest.update((home() / "requirements.lock").read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def hash_tree(digest: hashlib._Hash, root: Path, *, prefix: str, besides: Collection[str] = ()) -> None:
    """Feed names and contents of the deciding files under `root` to `digest`, in the order of their names.

    `besides` are files that are left out.
    """
    for path in deciding(root):
        name = path.relative_to(root).as_posix()
        if name not in besides:
            digest.update(f"{prefix}/{name}\0".encode())
            digest.update(path.read_bytes())


def deciding(root: Path) -> list[Path]:
    """The files under `root` that decide results, sorted."""
    return [
        path
        for path in sorted(root.rglob("*"))
        if path.suffix in DECIDING and not path.name.startswith(".") and path.is_file()
    ]


def hash_overlay(digest: hashlib._Hash, *, besides: Collection[str] = ()) -> None:
    """Feed the curator's overlay on the vocabulary to `digest`; nothing where there is none."""
    overlay = reference.overlay()
    if overlay is not None:
        hash_tree(digest, overlay, prefix="overlay", besides=besides)
