"""Extraction compiled to machine code: the same sources, built by `make compiled`, in half the time.

    build/compiled/modules/gongbao/extract/….so   one small module for each source, in place of it
    build/compiled/common/gongbao_extract__mypyc….so   their common code
    build/compiled/sources.txt             the sha256 of the sources, the kind of Python, and how far it is optimised

Nothing depends on it. It is used where it is of these very sources and this very Python, else the sources are: a build
that was left behind by an edit or an update is passed over without a word. `GONGBAO_COMPILED=0` passes over any. The
modules are typed throughout, so mypyc, the compiler that comes with mypy, builds them as they are.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import sysconfig
from pathlib import Path

from gongbao.errors import UsageError

_ROOT = Path(__file__).resolve().parents[1]
SOURCES = _ROOT / "gongbao" / "extract"
FOLDER = _ROOT / "build" / "compiled"
_STAMP = "sources.txt"
_GROUP = "gongbao_extract"
_BEST = "3"
"""How far the C compiler optimises, unless `MYPYC_OPT_LEVEL` says less: for a build that is looked at and not used."""
_AS_THEY_ARE = frozenset({"__init__.py", "statement.py"})
"""The package, which looks for the others, and the records that processes hand to each other: compiled frozen
dataclasses cannot be pickled."""
_SHEETS = "sheets/"
"""The package of sheets stays as it is: its templates are pydantic's models, and it is short beside the texts."""


def is_used() -> bool:
    """Whether there is a build of these sources, and nobody forbids it."""
    if os.environ.get("GONGBAO_COMPILED") == "0":
        return False
    try:
        return (FOLDER / _STAMP).read_text("utf-8").startswith(stamp())
    except OSError:
        return False


def search_path(of_sources: list[str]) -> list[str]:
    """Where the modules of `gongbao.extract` are looked for: in the build first, where it is used."""
    if not is_used():
        return of_sources
    # The common code is a module of its own, alone in its folder: one with a folder `gongbao` in it would be taken for
    # the package itself by a process that inherits the path.
    common = str(FOLDER / "common")
    if common not in sys.path:
        sys.path.append(common)
    return [str(FOLDER / "modules" / "gongbao" / "extract"), *of_sources]


def build() -> None:
    """Compile the sources into `FOLDER`; about a minute. Raises `UsageError` where there is no compiler."""
    level = os.environ.get("MYPYC_OPT_LEVEL", _BEST)
    if is_used() and (FOLDER / _STAMP).read_text("utf-8") == f"{stamp()}{level}\n":
        return
    try:
        from mypyc.build import mypycify
        from setuptools.dist import Distribution
        from setuptools.errors import CompileError, ExecError
    except ImportError as error:
        raise UsageError(f"extraction cannot be compiled: {error}", "make setup-dev") from None
    shutil.rmtree(FOLDER, ignore_errors=True)
    told = f"{stamp()}{level}\n"
    sources = [str(path) for path in _python_files() if _is_compiled(path.relative_to(SOURCES).as_posix())]
    options = ["--strict", "--config-file=", "--ignore-missing-imports", "--no-incremental"]
    extensions = mypycify([*options, *sources], opt_level=level, debug_level="0", group_name=_GROUP)
    command = Distribution({"name": _GROUP, "ext_modules": extensions}).get_command_obj("build_ext")
    command.build_lib, command.build_temp = str(FOLDER / "modules"), str(FOLDER.with_name("compiled.tmp"))
    command.ensure_finalized()
    try:
        command.run()
    except (CompileError, ExecError) as error:
        raise UsageError(f"extraction cannot be compiled: {error}", "install a C compiler, such as gcc") from None
    (FOLDER / "common").mkdir()
    for path in (FOLDER / "modules").glob(f"{_GROUP}__mypyc*"):
        path.rename(FOLDER / "common" / path.name)
    (FOLDER / _STAMP).write_text(told, "utf-8")


def stamp() -> str:
    """The sha256 of the sources, and the kind of Python."""
    digest = hashlib.sha256()
    for path in _python_files():
        digest.update(f"{path.relative_to(SOURCES).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return f"{digest.hexdigest()} {sysconfig.get_config_var('EXT_SUFFIX')}\n"


def _is_compiled(source: str) -> bool:
    return source not in _AS_THEY_ARE and not source.startswith(_SHEETS)


def _python_files() -> list[Path]:
    return sorted(SOURCES.rglob("*.py"))


if __name__ == "__main__":
    os.chdir(_ROOT)
    build()
