"""The code's version is that of the files that decide results, and of nothing that lies beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gongbao import project


@pytest.fixture
def version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """The version of a small checkout in `tmp_path`, computed anew at every call."""
    for top in ("gongbao", "sql", "expectations"):
        (tmp_path / top).mkdir()
    (tmp_path / "gongbao" / "code.py").write_text("x = 1\n", "utf-8")
    (tmp_path / "requirements.lock").write_text("duckdb==1.0\n", "utf-8")
    monkeypatch.setenv("GONGBAO_HOME", str(tmp_path))

    def compute() -> str:
        project.code_version.cache_clear()
        return project.code_version()

    yield compute
    project.code_version.cache_clear()


@pytest.mark.parametrize("name", ["gongbao/notes.md", "sql/.code.sql.swp", "gongbao/code.py~", "expectations/.x.yaml"])
def test_a_stray_file_is_no_other_version(version: Callable[[], str], tmp_path: Path, name: str) -> None:
    before = version()
    (tmp_path / name).write_text("left by an editor", "utf-8")
    assert version() == before


@pytest.mark.parametrize("name", ["gongbao/code.py", "gongbao/words.csv", "sql/a.sql", "requirements.lock"])
def test_code_vocabulary_and_locked_libraries_are(version: Callable[[], str], tmp_path: Path, name: str) -> None:
    before = version()
    (tmp_path / name).write_text("something else", "utf-8")
    assert version() != before
