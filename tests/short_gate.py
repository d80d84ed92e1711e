"""A checkout with a short gate before publishing: of each mart's suite the first expectation, and no rules.

The gate over the marts takes a third of a small night. It stays in its place, by Great Expectations, over every mart;
nights that are about what it finds, and the sample night, run it whole. The gate over core, which withholds rows and
marks others, is whole: what is published is the same.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]


def write_short_gate(home: Path) -> Path:
    """The checkout, as a folder that `GONGBAO_HOME` names: all but expectations/ are links."""
    home.mkdir()
    for entry in ROOT.iterdir():
        if entry.name != "expectations" and not entry.name.startswith("."):
            (home / entry.name).symlink_to(entry)
    shutil.copytree(ROOT / "expectations", home / "expectations")
    marts = home / "expectations" / "marts"
    shutil.rmtree(marts / "rules")
    for path in marts.iterdir():
        suite = yaml.safe_load(path.read_text("utf-8"))
        suite["expectations"] = suite["expectations"][:1]
        path.write_text(yaml.safe_dump(suite, allow_unicode=True), "utf-8")
    return home
