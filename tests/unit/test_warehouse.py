"""One writer, exact decimals, migrations once, a ledger that outlives a killed run."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from gongbao.errors import GongbaoError, UsageError, WarehouseDamaged, WarehouseLocked
from gongbao.warehouse import Coded, Hashed, Joined, Warehouse, insert, insert_columns, migrate, schema_version
from tests.unit.normalise.listed import listed


def test_a_second_run_is_refused_with_the_pid_of_the_first(warehouse: Warehouse) -> None:
    script = (
        "import sys; from pathlib import Path; from gongbao.warehouse import Warehouse\n"
        "with Warehouse(Path(sys.argv[1])): pass"
    )
    second = subprocess.run([sys.executable, "-c", script, str(warehouse.root)], capture_output=True, text=True)
    holder = (warehouse.root / ".lock").read_text("utf-8").strip()
    assert "WarehouseLocked" in second.stderr
    assert f"(pid {holder})" in second.stderr


def test_the_database_writes_nothing_to_standard_output(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from gongbao.warehouse import Warehouse\n"
        "with Warehouse(Path(sys.argv[1])) as warehouse:\n"
        "    shown = warehouse.connection.execute(\"select current_setting('enable_progress_bar')\").fetchone()\n"
        "    print(shown)"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True)
    assert ended.stdout == "(False,)\n", ended.stderr


def test_a_closed_warehouse_can_be_opened_again(tmp_path: Path) -> None:
    for _ in range(2):
        with Warehouse(tmp_path / "warehouse") as opened:
            assert schema_version(opened.connection) >= 1


def test_migrations_are_applied_once(warehouse: Warehouse) -> None:
    before = warehouse.connection.execute("select count(*) from ops.schema_version").fetchall()
    migrate(warehouse.connection)
    assert warehouse.connection.execute("select count(*) from ops.schema_version").fetchall() == before


def test_a_database_of_a_newer_program_is_refused(warehouse: Warehouse) -> None:
    warehouse.connection.execute("insert into ops.schema_version values (9999, 'of tomorrow')")
    with pytest.raises(WarehouseDamaged, match="upgrade gongbao"):
        migrate(warehouse.connection)


def test_a_database_that_is_none_is_damaged_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "gongbao.duckdb").write_bytes(b"no database at all" * 1000)
    with pytest.raises(WarehouseDamaged, match="the next run rebuilds it"), Warehouse(tmp_path):
        pass
    # The lock was let go: the next try says the same, not that somebody holds the warehouse.
    with pytest.raises(WarehouseDamaged), Warehouse(tmp_path):
        pass


def test_decimals_arrive_exactly(warehouse: Warehouse) -> None:
    value = Decimal("12345678901234567890.0123456789")
    row = dict.fromkeys(("statement_id", "document_id", "kind", "measure", "value_text", "comparator"), "")
    insert(warehouse.connection, "core.project", [{**row, "obs_value": value}])
    assert warehouse.connection.execute("select obs_value from core.project").fetchall() == [(value,)]


def test_a_column_that_the_relation_lacks_is_refused_by_name(warehouse: Warehouse) -> None:
    with pytest.raises(ValueError, match=r"core\.caveat has no column colour"):
        insert(warehouse.connection, "core.caveat", [{"fact_id": "f", "colour": "red"}])


def test_a_failed_transaction_leaves_nothing(warehouse: Warehouse) -> None:
    row = {"fact_id": "f", "relation": "core.fact", "rule": "r", "detail": "d"}
    with pytest.raises(ZeroDivisionError), warehouse.transaction() as connection:
        insert(connection, "core.withheld", [row])
        _ = 1 / 0
    assert warehouse.connection.execute("select count(*) from core.withheld").fetchall() == [(0,)]


def test_the_ledger_is_read_without_the_line_that_a_killed_run_cut_short(warehouse: Warehouse) -> None:
    warehouse.append_ledger("runs", [{"run_id": "一"}, {"run_id": "二"}])
    path = warehouse.root / "ledger" / "runs.jsonl"
    path.write_bytes(path.read_bytes() + b'{"run_id": "cut sho')
    assert [entry["run_id"] for entry in warehouse.read_ledger("runs")] == ["一", "二"]
    warehouse.append_ledger("runs", [{"run_id": "三"}])
    assert [entry["run_id"] for entry in warehouse.read_ledger("runs")] == ["一", "二", "三"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b'{"run_id": "', "is no JSON"),
        (b"[1, 2]", "is no JSON object"),
        (b'{"run_id": "\xff"}', "is no JSON"),
    ],
)
def test_a_bad_ledger_line_is_named_with_file_and_line(warehouse: Warehouse, line: bytes, complaint: str) -> None:
    warehouse.append_ledger("runs", [{"run_id": "一"}])
    path = warehouse.root / "ledger" / "runs.jsonl"
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(WarehouseDamaged, match=rf"runs\.jsonl line 2 {complaint}.*: take that line out"):
        warehouse.read_ledger("runs")


def test_a_ledger_that_cannot_be_opened_is_named(warehouse: Warehouse) -> None:
    (warehouse.root / "ledger" / "runs.jsonl").mkdir()
    with pytest.raises(GongbaoError, match=r"cannot read the ledger .*runs\.jsonl .*: check its permissions"):
        warehouse.read_ledger("runs")
    with pytest.raises(GongbaoError, match=r"cannot write the ledger .*runs\.jsonl .*: check its permissions"):
        warehouse.append_ledger("runs", [{"run_id": "一"}])


@pytest.mark.parametrize("name", [".lock", "gongbao.duckdb"])
def test_a_lock_or_database_that_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with (
        pytest.raises(GongbaoError, match=rf"cannot open the \w+ .*{name}.*: check its permissions"),
        Warehouse(tmp_path),
    ):
        pass


def files(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
    }


def test_readers_share_a_warehouse_and_change_nothing_in_it(tmp_path: Path) -> None:
    with Warehouse(tmp_path):
        pass
    before = files(tmp_path)
    with Warehouse.reading(tmp_path) as one, Warehouse.reading(tmp_path) as other:
        assert schema_version(one.connection) == schema_version(other.connection) >= 1
        assert one.read_ledger("runs") == []
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            one.connection.execute("delete from ops.run")
        with pytest.raises(RuntimeError, match="not open for writing"):
            one.append_ledger("runs", [{"run_id": "一"}])
    assert files(tmp_path) == before


def test_reading_where_there_is_no_warehouse_makes_none(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"no warehouse at .*misspelt: name one"),
        Warehouse.reading(tmp_path / "misspelt"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_reading_beside_a_run_says_who_holds_the_warehouse(warehouse: Warehouse) -> None:
    holder = (warehouse.root / ".lock").read_text("utf-8").strip()
    script = (
        "import sys; from pathlib import Path; from gongbao.warehouse import Warehouse\n"
        "with Warehouse.reading(Path(sys.argv[1])): pass"
    )
    reader = subprocess.run([sys.executable, "-c", script, str(warehouse.root)], capture_output=True, text=True)
    assert f"WarehouseLocked: a run holds the warehouse {warehouse.root} (pid {holder})" in reader.stderr
    with pytest.raises(WarehouseLocked, match=rf"a run holds .* \(pid {holder}\)"), Warehouse.reading(warehouse.root):
        pass
    second = subprocess.run(
        [sys.executable, "-c", script.replace(".reading", ""), str(warehouse.root)], capture_output=True, text=True
    )
    assert "WarehouseLocked" in second.stderr  # the reader's try did not cost the run its lock


@pytest.mark.parametrize(("version", "remedy"), [(0, "brings it up to date"), (9999, "upgrade gongbao")])
def test_reading_a_database_of_another_schema_says_what_to_do(tmp_path: Path, version: int, remedy: str) -> None:
    with Warehouse(tmp_path) as opened:
        opened.connection.execute("update ops.schema_version set version = ?", [version])
    with pytest.raises(GongbaoError, match=f"schema version {version}.*{remedy}"), Warehouse.reading(tmp_path):
        pass


def test_a_run_waits_for_a_reader_and_gives_up_on_one_that_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "warehouse"
    with Warehouse(root):
        pass
    reader = (
        "import sys, time, duckdb; connection = duckdb.connect(sys.argv[1], read_only=True)\n"
        "print('reading', flush=True); time.sleep(float(sys.argv[2]))"
    )

    def read_for(seconds: float) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-c", reader, str(root / "gongbao.duckdb"), str(seconds)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        child.stdout.readline()
        return child

    with read_for(1), Warehouse(root) as opened:
        assert schema_version(opened.connection) >= 1
    monkeypatch.setattr("gongbao.warehouse.READER_SECONDS", 0.0)
    with read_for(60) as stays:
        with pytest.raises(WarehouseLocked, match="another process has"), Warehouse(root):
            pass
        stays.kill()


def test_columns_arrive_as_rows_do(warehouse: Warehouse) -> None:
    columns = {
        "fact_id": ["f", "g", "h"],
        "caveat_code": Coded(["sample", "rounded"], pa.array([1, 0, 1])),
        "rule": pa.array(["r", "s", "t"]).dictionary_encode(),
        "detail": ["d"] * 3,
        "other_id": [None, "o", None],
    }
    insert_columns(warehouse.connection, "core.caveat", columns)
    insert_columns(warehouse.connection, "core.caveat", dict.fromkeys(columns, ()))
    assert warehouse.connection.execute("select * from core.caveat").fetchall() == [
        ("f", "rounded", "r", "d", None),
        ("g", "sample", "s", "d", "o"),
        ("h", "rounded", "t", "d", None),
    ]


def test_the_warehouse_joins_and_hashes_texts(warehouse: Warehouse) -> None:
    words = Coded(["甲'?", None], pa.array([0, 1, 0]))
    columns = {
        "text_id": Hashed(("t\0", words, "!", pa.array(["A1", "B2", "C3"]))),
        "content": Joined((words, pa.array(["乙", "", None]))),
    }
    warehouse.connection.execute("create table core.code_text (text_id varchar, content varchar)")
    insert_columns(warehouse.connection, "core.code_text", columns)
    found = warehouse.connection.execute("select * from core.code_text").fetchall()
    assert found == list(zip(*map(listed, columns.values()), strict=True))
    assert found[1] == (hashlib.sha256(b"t\0!B2").hexdigest()[:24], None)


def test_columns_that_wait_for_the_end_of_a_transaction_are_not_kept_in_memory(warehouse: Warehouse) -> None:
    begun = pa.total_allocated_bytes()
    with warehouse.transaction() as connection:
        for _ in range(3):
            insert_columns(connection, "raw.text", {"text_id": ["t"] * 1000, "content": ["字" * 1000] * 1000})
            assert pa.total_allocated_bytes() == begun
