"""A checkout with a short gate: of each suite the first expectation, and no rules, for nights that are about others.

The gate takes half of a small night. It stays in its place, by Great Expectations, over every relation; nights that
are about what it finds, and the sample night, run it whole.
"""

from __future__ import annotations

import os
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]


def write_short_gate(home: Path) -> Path:
    """The checkout, as a folder that `GONGBAO_HOME` names: all but expectations/ are links."""
    home.mkdir()
    for entry in ROOT.iterdir():
        if entry.name != "expectations" and not entry.name.startswith("."):
            (home / entry.name).symlink_to(entry)
    for path in (ROOT / "expectations").rglob("*.*"):
        if path.suffix == ".sql":
            continue
        short = home / "expectations" / path.relative_to(ROOT / "expectations")
        short.parent.mkdir(parents=True, exist_ok=True)
        if short.parent.name in {"core", "marts"}:
            suite = yaml.safe_load(path.read_text("utf-8"))
            suite["expectations"] = suite["expectations"][:1]
            short.write_text(yaml.safe_dump(suite, allow_unicode=True), "utf-8")
        else:
            os.link(path, short)
    return home
