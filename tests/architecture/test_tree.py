"""The shape of the house: imports point one way, modules stay small, nothing of one machine is committed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = sorted(path for top in ("gongbao", "flows") for path in (ROOT / top).rglob("*.py"))
TEXTS = [".py", ".md", ".toml", ".sql", ".yaml", ".yml", ".txt", ".lock", ".csv", ".ini", ".cfg", ""]


def committed_texts() -> list[Path]:
    """Every file of the checkout that git tracks (or would), as far as it is text; all files where git is absent."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        names = [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if ".venv" not in p.parts]
    else:
        names = listed.stdout.splitlines()
    paths = [ROOT / name for name in names]
    return [p for p in paths if p.is_file() and p.suffix in TEXTS and "samples" not in p.parts]


def test_imports_point_one_way() -> None:
    linted = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_and_holds_one_idea(path: Path) -> None:
    source = path.read_text("utf-8")
    if source.strip():
        assert ast.get_docstring(ast.parse(source)), "no docstring"
    assert source.count("\n") <= 450, "a module of this length usually holds two ideas"
    assert path.stem not in {"utils", "util", "helpers", "common", "manager", "base", "misc"}


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    forbidden = re.compile(r"/wor" + r"k/|index-u" + r"rl\s*=|https?://[^ \"]*(?:/simple/|/packages/|regis" + r"try\.)")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in committed_texts()
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if forbidden.search(line)
    ]
    assert found == []


def test_every_pin_has_a_hash_and_the_two_locks_agree() -> None:
    def pins(name: str) -> dict[str, list[str]]:
        blocks: dict[str, list[str]] = {}
        current = ""
        for line in (ROOT / name).read_text("utf-8").splitlines():
            if "==" in line and not line.startswith((" ", "#")):
                current = line.rstrip(" \\")
                blocks[current] = []
            elif "--hash=" in line:
                blocks[current].append(line.strip(" \\"))
        return blocks

    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert all(runtime.values())
    assert all(development.values())
    assert runtime.items() <= development.items()
