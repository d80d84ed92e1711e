"""A database of every earlier schema is brought to the newest: a copy of it first, whenever the upgrade is killed."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from gongbao import project
from gongbao.errors import WarehouseDamaged
from gongbao.warehouse import DATABASE, Warehouse, schema_version

STEPS = sorted((project.folder("sql") / "0_schema").glob("*.sql"))
NEWEST = len(STEPS)

KILLED = """
import os, signal, sys
from pathlib import Path
from gongbao import warehouse

steps = int(sys.argv[2])
whole = warehouse.transaction

def dying(connection):
    global steps
    steps -= 1
    if steps == 0:
        connection.begin()
        connection.execute("create table ops.half_done (a integer)")
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(connection)

warehouse.transaction = dying
with warehouse.Warehouse(Path(sys.argv[1])):
    pass
"""
"""An upgrade that dies before so many of its steps."""


def earlier(root: Path, version: int) -> Path:
    """A warehouse whose database has the schema of that version, as the steps up to it made it."""
    root.mkdir(parents=True)
    with duckdb.connect(str(root / DATABASE)) as old:
        for number, step in enumerate(STEPS[:version], 1):
            old.execute(step.read_text("utf-8"))
            old.execute("insert into ops.schema_version values (?, ?)", [number, step.name])
        begun = "insert into ops.run (run_id, started_at, code_version) values ('20260301T000000Z-1', now(), 'then')"
        old.execute(begun)
    return root


def schema(root: Path) -> list[tuple[object, ...]]:
    """Every column of every relation."""
    with Warehouse(root) as opened:
        return opened.connection.execute("""
            select schema_name, table_name, column_name, data_type, is_nullable, column_default
            from duckdb_columns() where not internal order by all
        """).fetchall()


def version_of(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as opened:
        return schema_version(opened)


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    return schema(tmp_path_factory.mktemp("newest"))


@pytest.mark.parametrize("version", range(1, NEWEST))
def test_an_earlier_database_is_copied_then_upgraded_once(
    version: int, newest: list[tuple[object, ...]], tmp_path: Path
) -> None:
    root = earlier(tmp_path / "warehouse", version)
    assert schema(root) == newest
    copy = root / f"{DATABASE}.schema-{version}"
    assert version_of(copy) == version
    upgraded = {path: path.stat().st_mtime_ns for path in root.glob(f"{DATABASE}*")}
    with Warehouse(root) as opened:
        assert opened.connection.execute("select run_id from ops.run").fetchall() == [("20260301T000000Z-1",)]
    assert {path: path.stat().st_mtime_ns for path in root.glob(f"{DATABASE}*")} == upgraded


def test_an_upgrade_that_is_killed_leaves_a_whole_version_and_is_finished_by_the_next(
    newest: list[tuple[object, ...]], tmp_path: Path
) -> None:
    oldest = earlier(tmp_path / "oldest", 1)
    for step in (1, NEWEST // 2, NEWEST - 1):
        root = Path(shutil.copytree(oldest, tmp_path / f"killed-{step}"))
        assert subprocess.run([sys.executable, "-c", KILLED, str(root), str(step)]).returncode == -signal.SIGKILL
        # With the log that the dead one left, as the next run finds it.
        assert version_of(root / DATABASE) == step
        assert version_of(root / f"{DATABASE}.schema-1") == 1
        assert schema(root) == newest


def test_a_copy_that_was_not_finished_is_made_again(tmp_path: Path) -> None:
    root = earlier(tmp_path / "warehouse", NEWEST - 1)
    (root / f".{DATABASE}.schema-{NEWEST - 1}.partial").write_bytes(b"cut sho")
    with Warehouse(root):
        pass
    assert version_of(root / f"{DATABASE}.schema-{NEWEST - 1}") == NEWEST - 1
    assert list(root.glob("*.partial")) == []


def test_a_database_of_a_newer_program_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    root = earlier(tmp_path / "warehouse", NEWEST)
    with duckdb.connect(str(root / DATABASE)) as newer:
        newer.execute("insert into ops.schema_version values (?, 'of tomorrow')", [NEWEST + 1])
    before = hashlib.sha256((root / DATABASE).read_bytes()).hexdigest()
    for opened in (Warehouse(root), Warehouse.reading(root)):
        with pytest.raises(WarehouseDamaged, match=f"schema version {NEWEST + 1}.*upgrade gongbao"), opened:
            pass
    assert hashlib.sha256((root / DATABASE).read_bytes()).hexdigest() == before
    assert list(root.glob(f"{DATABASE}.*")) == []
