"""What two releases differ in, by row, column and document, whatever versions wrote them; and what is no release."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len
from rich.console import Console

from gongbao.errors import UsageError
from gongbao.publish import contract, diff, diff_page, history, pair, published
from gongbao.publish.diff import Change, MartDiff, ReleaseDiff
from gongbao.publish.history import Changes
from gongbao.warehouse import Warehouse
from tests.unit.publish.made import begin, check, release, verdict
from tests.unit.test_cli import gongbao


def compared(warehouse: Warehouse, samples: int = 3) -> ReleaseDiff:
    before, after = history.last_two(warehouse.root)
    sides = [published.read(published.folder_of(warehouse.root, each)) for each in (before, after)]
    return diff.compare(sides[0], sides[1], samples)


def counted(warehouse: Warehouse) -> Changes:
    before, after = history.last_two(warehouse.root)
    sides = [published.read(published.folder_of(warehouse.root, each)) for each in (before, after)]
    return diff.count(sides[0], sides[1])


def mart(found: ReleaseDiff, name: str) -> MartDiff:
    return next(each for each in found.marts if each.mart == name)


def test_rows_added_changed_and_removed_are_counted_and_shown(warehouse: Warehouse) -> None:
    begin(warehouse)
    release(
        warehouse,
        "delete from core.fact where fact_id = 'f003'",
        "update core.fact set obs_value = 7 where fact_id in ('f004', 'f008')",
        "update core.fact set fact_id = 'g' where fact_id = 'f001'",
    )
    facts = mart(compared(warehouse), "fact")
    assert (facts.added, facts.changed, facts.removed) == (1, 2, 2)
    assert facts.columns is not None
    assert facts.columns["obs_value"] == 2
    assert [row.key for row in facts.added_rows] == [{"fact_id": "g"}]
    assert {row.key["fact_id"] for row in facts.removed_rows} == {"f001", "f003"}
    first = facts.changed_rows[0]
    assert first.told["name_zh"]
    assert Change("obs_value", "104.0000", "7.0000") in first.changes


def test_values_that_come_and_go_are_changes_and_null_is_null(warehouse: Warehouse) -> None:
    begin(warehouse)
    release(warehouse, "update core.fact set obs_value_high = 500 where fact_id = 'f002'")
    (row,) = mart(compared(warehouse), "fact").changed_rows
    assert row.changes == (Change("obs_value_high", None, "500.0000"),)


def test_every_column_is_compared_in_whatever_join_it_comes(warehouse: Warehouse) -> None:
    begin(warehouse)
    release(
        warehouse,
        "update core.fact set price_base = 'current' where fact_id = 'f005'",
        "update core.statement set sentence = '另一句。' where statement_id = 'statement of f005'",
    )
    facts = mart(compared(warehouse), "fact")
    assert facts.changed == 1
    assert {"price_base", "sentence"} <= {change.column for change in facts.changed_rows[0].changes}


def test_samples_are_no_more_than_asked_for_and_counts_are_whole(warehouse: Warehouse) -> None:
    begin(warehouse)
    release(warehouse, "update core.fact set obs_value = obs_value + 1")
    facts = mart(compared(warehouse, samples=2), "fact")
    assert (facts.changed, len(facts.changed_rows)) == (40, 2)
    assert mart(compared(warehouse, samples=0), "fact").changed_rows == ()


def test_a_row_counts_as_changed_by_any_one_of_its_columns(warehouse: Warehouse) -> None:
    first = begin(warehouse, 80)
    release(warehouse, "delete from core.fact where fact_id = 'f000'")
    [fact] = (each for each in contract.marts() if each.name == "fact")
    compared_columns = [each.name for each in fact.staged if each.name not in fact.key]
    # Row by row another column is lost, or comes where it was null.
    with duckdb.connect() as connection:
        [empty] = connection.execute(
            f"select {', '.join(f'count({name}) = 0' for name in compared_columns)} "
            f"from read_parquet('{first.path}/fact.parquet')"
        ).fetchall()
        types = dict(
            connection.execute(
                f"select column_name, column_type from (describe from read_parquet('{first.path}/fact.parquet'))"
            ).fetchall()
        )
    some = {"VARCHAR": "'x'", "BOOLEAN": "true", "DATE": "date '1900-01-01'", "TIMESTAMP": "timestamp '1900-01-01'"}
    changes = []
    for number, (name, is_empty) in enumerate(zip(compared_columns, empty, strict=True), 1):
        value = f"{some.get(types[name], '1')}::{types[name]}" if is_empty else f"null::{types[name]}"
        changes.append(f"case when fact_id = 'f{number:03}' then {value} else {name} end as {name}")
    rewritten(first.path, "fact", f"select * replace ({', '.join(changes)}) from '{{mart}}'")
    facts = mart(compared(warehouse), "fact")
    assert facts.columns is not None
    assert (facts.added, facts.removed, facts.changed) == (0, 1, sum(facts.columns.values()))
    assert facts.changed >= len(compared_columns) * 3 // 4  # what one row alone lacks is no change
    assert max(facts.columns.values()) == 1


def test_values_that_change_places_are_a_change(warehouse: Warehouse) -> None:
    begin(warehouse)
    release(warehouse, "update core.statement set quote = sentence, sentence = quote where statement_id like '%f002'")
    assert counted(warehouse)["fact"] == {"added": 0, "changed": 1, "removed": 0}


def test_a_night_counts_what_the_comparison_counts(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    told = release(
        warehouse,
        "delete from core.fact where fact_id = 'f003'",
        "update core.fact set obs_value = 7 where fact_id in ('f004', 'f008')",
        "update core.fact set fact_id = 'g' where fact_id = 'f001'",
    ).changes
    assert told == counted(warehouse) == compared(warehouse).counts
    rewritten(
        first.path, "fact", "select * exclude (sentence) replace (span_start::varchar as span_start) from '{mart}'"
    )
    rewritten(first.path, "target", "select * exclude (fact_id) from '{mart}'")
    found = counted(warehouse)
    assert found == compared(warehouse).counts
    assert found["fact"] == told["fact"]
    assert "target" not in found


def test_the_columns_of_both_releases_are_those_that_are_described(warehouse: Warehouse) -> None:
    begin(warehouse)
    release(warehouse, "delete from core.fact where fact_id = 'f000'")
    before, after = (published.read(warehouse.releases / each) for each in history.last_two(warehouse.root))
    with pair.opened(before, after) as connection:
        there = pair.columns(connection)
        assert there == {view: pair.types(connection, view) for view in there}
        assert len(there) == len(before.marts) + len(after.marts)


def test_a_superseded_document_and_a_new_one_are_told(warehouse: Warehouse) -> None:
    begin(warehouse)
    release(
        warehouse,
        "update raw.document set superseded_by = 'd2' where document_id = 'd1'",
        "update raw.document set document_id = 'new' where document_id = 'd3'",
        "update raw.document set ingest_status = 'pending' where document_id = 'd4'",
    )
    told = {(each.change, each.document_id, each.detail) for each in compared(warehouse).documents}
    assert told == {
        ("superseded", "d1", None),
        ("added", "new", None),
        ("gone", "d3", None),
        ("status", "d4", "accepted → pending"),
    }


def test_a_check_that_finds_something_else_is_told(warehouse: Warehouse) -> None:
    finding = check("agree", "caveat", failed=1)
    begin(warehouse)
    release(warehouse, verdicts=(verdict(finding),))
    (change,) = compared(warehouse).checks
    assert (change.expectation, change.before, change.after) == ("agree", None, "caveat, 1 of 9 rows")
    release(warehouse, verdicts=(verdict(replace(finding, rows_checked=12)),))
    assert compared(warehouse).checks == ()


def rewritten(folder: Path, name: str, query: str) -> None:
    """A release as another version would have written it: one mart by another query, its manifest true."""
    path = folder / f"{name}.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query.format(mart=str(path))}) to '{folder}/other' (format parquet)")
        (folder / "other").replace(path)
        [(rows,)] = connection.execute(f"select count(*) from '{path}'").fetchall()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest["marts"][name] |= {"rows": rows, "content": "another", "sha256": digest}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def test_columns_of_an_upgrade_are_told_and_change_no_row(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    release(warehouse, "delete from core.fact where fact_id = 'f000'")
    query = "select * exclude (sentence) replace (span_start::varchar as span_start), 1 as older from '{mart}'"
    rewritten(first.path, "fact", query)
    facts = mart(compared(warehouse), "fact")
    assert (facts.only_before, facts.only_after) == (("older",), ("sentence",))
    assert facts.types == (Change("span_start", "VARCHAR", "INTEGER"),)
    assert (facts.added, facts.changed, facts.removed) == (0, 0, 1)


def test_a_mart_whose_key_is_not_there_is_told_and_the_others_are_compared(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    release(warehouse, "delete from core.fact where fact_id = 'f000'")
    rewritten(first.path, "fact", "select * exclude (fact_id) from '{mart}'")
    found = compared(warehouse)
    assert mart(found, "fact").status == "not_comparable"
    assert mart(found, "fact").reason == "its key fact_id is not in both"
    assert "fact" not in found.counts
    assert "target" in found.counts


def test_two_rows_of_one_key_are_a_damage(warehouse: Warehouse) -> None:
    first = begin(warehouse)
    release(warehouse, "delete from core.fact where fact_id = 'f000'")
    rewritten(first.path, "fact", "from '{mart}' union all (from '{mart}' limit 20)")
    for comparison in (compared, counted):
        with pytest.raises(published.DamagedRelease, match="two rows of one fact_id"):
            comparison(warehouse)


def test_a_warehouse_whose_name_looks_like_a_pattern_is_compared(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "w[1]*{a,b}'$x 公报") as warehouse:
        begin(warehouse)
        assert release(warehouse, "delete from core.fact where fact_id = 'f000'").changes is not None
        assert mart(compared(warehouse), "fact").removed == 1


def test_the_page_is_readable_in_eighty_columns(warehouse: Warehouse) -> None:
    begin(warehouse)
    release(
        warehouse,
        "delete from core.fact where fact_id = 'f003'",
        "update core.fact set obs_value = 7 where fact_id = 'f004'",
    )
    out = StringIO()
    Console(file=out, width=80, highlight=False).print(diff_page.page(compared(warehouse), 8, 3))
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert ["fact", "40", "39", "·", "1", "1"] in [line.split() for line in lines]
    assert "    obs_value: 104.0000 → 7.0000" in lines
    assert any(line.startswith("  - ") and "[f003]" in line for line in lines)
    assert max(map(cell_len, lines)) <= 80


def _lose_a_mart(folder: Path) -> None:
    (folder / "fact.parquet").unlink()


def _flip_a_bit(folder: Path) -> None:
    content = bytearray((folder / "fact.parquet").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "fact.parquet").write_bytes(content)


def _garble(folder: Path) -> None:
    (folder / "manifest.json").write_text("{}", "utf-8")


@pytest.mark.parametrize("damage", [_lose_a_mart, _flip_a_bit, _garble])
def test_a_damaged_release_is_named_with_a_remedy_and_ends_with_2(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    with Warehouse(tmp_path / "warehouse") as warehouse:
        first = begin(warehouse)
        release(warehouse, "delete from core.fact where fact_id = 'f000'")
    damage(first.path)
    ended = gongbao("diff", "--warehouse", str(tmp_path / "warehouse"))
    assert ended.returncode == 2
    assert f"release {first.release_id} is damaged" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_command_tells_the_last_two_and_any_two_while_a_run_holds_the_warehouse(tmp_path: Path) -> None:
    root = tmp_path / "warehouse"
    with Warehouse(root) as warehouse:
        first = begin(warehouse)
        alone = gongbao("diff", "--warehouse", str(root))
        second = release(warehouse, "delete from core.fact where fact_id = 'f000'")
        last = json.loads(gongbao("diff", "--json", "--warehouse", str(root)).stdout)
        named = json.loads(gongbao("diff", "current", first.release_id[:8], "--json", "--warehouse", str(root)).stdout)
    assert (alone.returncode, "there is no release before" in alone.stderr) == (2, True)
    assert (last["before"], last["after"]) == (first.release_id, second.release_id)
    assert last["counts"]["fact"] == {"added": 0, "changed": 0, "removed": 1}
    assert named["counts"]["fact"] == {"added": 1, "changed": 0, "removed": 0}


@pytest.mark.parametrize(
    ("name", "complaint"), [("zz", "no release begins with 'zz'"), ("", "256 releases begin with")]
)
def test_an_id_that_no_release_has_or_several_is_told_with_those_there_are(
    warehouse: Warehouse, name: str, complaint: str
) -> None:
    beginning = begin(warehouse).release_id[:14]
    for number in range(256):
        (warehouse.releases / f"{beginning}{number:02x}").mkdir(exist_ok=True)
    with pytest.raises(UsageError, match=complaint):
        published.find(warehouse.root, name or beginning)


def test_counts_in_a_line_leave_out_what_is_as_it_was() -> None:
    counts = {
        "fact": {"added": 1200, "changed": 0, "removed": 3},
        "place": dict.fromkeys(("added", "changed", "removed"), 0),
    }
    assert diff_page.in_words(counts) == "fact +1,200 -3"
    assert diff_page.in_words({"place": counts["place"]}) == "no row"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("publish", "3f"), "no release under"),
        (("diff",), "no release under"),
        (("diff", "--samples", "-1"), "0 or more"),
    ],
)
def test_a_mistake_ends_with_exit_code_2_and_says_what_to_do(
    tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    ended = gongbao(*arguments, "--warehouse", str(tmp_path / "nowhere"))
    assert ended.returncode == 2
    assert complaint in ended.stderr
    assert not (tmp_path / "nowhere").exists()
