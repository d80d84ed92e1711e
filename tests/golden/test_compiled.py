"""Extraction compiled to machine code says what the sources say, and gives way to them when they change."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gongbao import compiled
from gongbao.errors import UsageError
from tests.conftest import ROOT
from tests.generated import bulletin

WHERE = "import gongbao.extract.text as text; print(text.__file__)"


def output(*arguments: str, **environment: str) -> str:
    ended = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert ended.returncode in {0, 3}, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def built() -> None:
    if shutil.which(os.environ.get("CC", "cc")) is None:
        pytest.skip("there is no C compiler here")
    if not compiled.is_used():  # a good build that is there is as good here
        output("-m", "gongbao.compiled", MYPYC_OPT_LEVEL="0")


@pytest.mark.usefixtures("built")
def test_compiled_extraction_gives_the_same_lines(tmp_path: Path) -> None:
    for seed in range(20):
        (tmp_path / f"{seed}.txt").write_text(bulletin(seed), "utf-8")
    inputs = [str(path) for path in sorted([*tmp_path.glob("*.txt"), *(ROOT / "samples" / "inbox").glob("*.*")])]
    assert output("-c", WHERE).strip().endswith(".so")
    assert output("-c", WHERE, GONGBAO_COMPILED="0").strip().endswith(".py")
    lines = output("-m", "gongbao", "extract", "--json", *inputs)
    assert lines.count("\n") > 3000
    assert lines == output("-m", "gongbao", "extract", "--json", *inputs, GONGBAO_COMPILED="0")


@pytest.mark.usefixtures("built")
def test_a_process_that_inherits_the_path_finds_the_package() -> None:
    script = "import sys, gongbao.extract, json; print(json.dumps(sys.path))"
    inherited = [path for path in json.loads(output("-c", script)) if "compiled" in path]
    assert inherited
    assert not any((Path(path) / "gongbao").exists() for path in inherited)


@pytest.mark.usefixtures("built")
def test_what_is_extracted_by_compiled_code_goes_from_process_to_process() -> None:
    script = (
        "import pickle; from gongbao import extract; from tests.generated import bulletin\n"
        "found = extract.extract_text(bulletin(1)); print(pickle.loads(pickle.dumps(found)) == found)"
    )
    assert output("-c", script).strip() == "True"


def test_a_build_of_other_sources_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = tmp_path / "extract"
    sources.mkdir()
    (sources / "text.py").write_text("VALUE = 1\n", "utf-8")
    monkeypatch.setattr(compiled, "SOURCES", sources)
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "build")
    monkeypatch.delenv("GONGBAO_COMPILED", raising=False)
    assert compiled.search_path(["here"]) == ["here"]
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "sources.txt").write_text(compiled.stamp(), "utf-8")
    assert compiled.search_path(["here"])[1:] == ["here"]
    (sources / "text.py").write_text("VALUE = 2\n", "utf-8")
    assert compiled.search_path(["here"]) == ["here"]


def test_without_a_compiler_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = tmp_path / "extract"
    sources.mkdir()
    (sources / "text.py").write_text("VALUE: int = 1\n", "utf-8")
    monkeypatch.setattr(compiled, "SOURCES", sources)
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "build" / "compiled")
    monkeypatch.setenv("CC", str(tmp_path / "no such compiler"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="C compiler"):
        compiled.build()
