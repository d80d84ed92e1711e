"""The gate's own behaviour: what it withholds, when it holds, what it writes, that it repeats itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gongbao import project
from gongbao.errors import UsageError
from gongbao.publish import stage_marts
from gongbao.validate import checks_summary, describe, validate_core
from gongbao.warehouse import Warehouse
from tests.unit.validate.small_core import fill

TOO_MUCH = "update core.fact set obs_value = 553300000000, value_text = '5533亿元' where fact_id = 'sm-rev-23'"


def _many(warehouse: Warehouse, good: int, bad: int) -> None:
    """So many more shares beside the small core, some of them of 140 %."""
    for number in range(good + bad):
        value = 140 if number < bad else 40
        warehouse.connection.execute(
            "insert into core.fact select * replace (? as fact_id, ? as statement_id, ? as time_period, "
            "? as obs_value, make_date(?, 1, 1) as period_start, make_date(?, 12, 31) as period_end) "
            "from core.fact where fact_id = 'jl-live-23'",
            [f"share-{number}", f"s-share-{number}", str(1950 + number), value, 1950 + number, 1950 + number],
        )
    warehouse.connection.execute(
        "insert into core.statement select statement.* replace (fact.statement_id as statement_id) "
        "from core.statement as statement, core.fact as fact "
        "where statement.statement_id = 's-jl-live-23' and starts_with(fact.fact_id, 'share-')"
    )


def test_a_withheld_row_keeps_the_rules_name_and_what_is_wrong(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute(TOO_MUCH)
    verdict = validate_core(warehouse, "run")
    assert not verdict.held
    assert verdict.withheld == 1
    assert warehouse.connection.execute("from core.withheld").fetchall() == [
        (
            "sm-rev-23",
            "core.fact",
            "magnitude_plausible",
            "5533亿元 is above 50,000,000,000 CNY for a township",
        )
    ]


def test_the_row_comes_back_when_the_fault_is_mended(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute(TOO_MUCH)
    validate_core(warehouse, "first")
    fill(warehouse)
    assert validate_core(warehouse, "second").withheld == 0
    assert warehouse.connection.execute("select count(*) from core.withheld").fetchone() == (0,)
    runs = warehouse.connection.execute("select distinct run_id from ops.check_result order by 1").fetchall()
    assert runs == [("first",), ("second",)]


def test_a_contradiction_puts_a_caveat_on_both_sides(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute(
        "insert into core.fact select * replace ('x' as fact_id, 's-jl-firms-change' as statement_id, 25 as obs_value, "
        "'25家' as value_text) from core.fact where fact_id = 'jl-firms-23'"
    )
    warehouse.connection.execute("delete from core.fact where fact_id = 'jl-firms-change'")
    validate_core(warehouse, "run")
    rows = warehouse.connection.execute(
        "select fact_id, caveat_code, detail, other_id from core.caveat order by fact_id"
    ).fetchall()
    assert rows == [
        ("jl-firms-23", "contradicted", "21家 here, 25家 there", "x"),
        ("x", "contradicted", "25家 here, 21家 there", "jl-firms-23"),
    ]


def test_values_that_agree_within_their_printed_digits_are_no_contradiction(warehouse: Warehouse) -> None:
    fill(warehouse)
    # 21.5亿 and 21.45亿 are the same figure, printed once with one decimal and once with two.
    warehouse.connection.execute(
        "insert into core.fact select * replace ('x' as fact_id, 's-jl-firms-change' as statement_id, "
        "2145000000 as obs_value, 1000000 as precision_value) from core.fact where fact_id = 'hm-rev-23'"
    )
    warehouse.connection.execute("delete from core.fact where fact_id = 'jl-firms-change'")
    assert validate_core(warehouse, "run").caveats == 0


def test_growth_that_fits_one_of_two_contested_levels_is_no_mismatch(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute(
        "insert into core.fact select * replace ('x' as fact_id, 's-jl-firms-change' as statement_id, "
        "59000000 as obs_value) from core.fact where fact_id = 'jl-rev-23'"
    )
    warehouse.connection.execute("delete from core.fact where fact_id = 'jl-firms-change'")
    validate_core(warehouse, "run")
    codes = warehouse.connection.execute("select distinct caveat_code from core.caveat").fetchall()
    assert codes == [("contradicted",)]


def test_a_withheld_row_contradicts_nobody(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute(
        "insert into core.fact select * replace ('x' as fact_id, 's-jl-firms-change' as statement_id, "
        "550000000000 as obs_value) from core.fact where fact_id = 'jl-rev-23'"
    )
    warehouse.connection.execute("delete from core.fact where fact_id = 'jl-firms-change'")
    verdict = validate_core(warehouse, "run")
    assert (verdict.withheld, verdict.caveats) == (1, 0)


@pytest.mark.parametrize(
    ("good", "bad", "held"),
    [
        pytest.param(0, 20, False, id="few rows never hold, whatever their share"),
        pytest.param(0, 21, True, id="more rows beyond the share do"),
    ],
)
def test_the_release_is_held_by_share_and_number(warehouse: Warehouse, good: int, bad: int, held: bool) -> None:
    fill(warehouse)
    _many(warehouse, good, bad)
    verdict = validate_core(warehouse, "run")
    assert verdict.held is held
    assert verdict.withheld == bad


def test_a_misprint_that_a_revision_corrected_holds_no_release(warehouse: Warehouse) -> None:
    fill(warehouse)
    _many(warehouse, 0, 30)
    warehouse.connection.execute(
        "update core.fact set published_on = date '1949-01-01' where fact_id in ('share-7', 'share-8')"
    )
    assert validate_core(warehouse, "before").held
    warehouse.connection.execute(
        "update core.fact set known_to = timestamp '2025-04-01' where starts_with(fact_id, 'share-')"
    )
    after = validate_core(warehouse, "after")
    assert (after.held, after.withheld, after.failed) == (False, 0, 0)


def test_all_checks_together_may_withhold_only_so_much(warehouse: Warehouse) -> None:
    fill(warehouse)
    _many(warehouse, 0, 15)
    warehouse.connection.execute(
        "update core.fact set comparator = 'about' where fact_id in "
        "(select fact_id from core.fact where not starts_with(fact_id, 'share-') and comparator = 'eq' limit 8)"
    )
    verdict = validate_core(warehouse, "run")
    held = [result.expectation for result in verdict.results if result.outcome == "held"]
    assert held == ["share_withheld"]


def test_a_result_has_its_numbers_and_its_samples(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute(TOO_MUCH)
    validate_core(warehouse, "run")
    row = warehouse.connection.execute(
        "select suite, target, severity, outcome, observed, row_limit, rows_checked, rows_failed, samples "
        "from ops.check_result where expectation = 'magnitude_plausible'"
    ).fetchone()
    assert row is not None
    assert row[:8] == (
        "core.rules", "core.figure", "critical", "withheld",
        "1 of 19 rows (5.26 %)", "5 % and 20 rows", 19, 1,
    )  # fmt: skip
    (sample,) = json.loads(row[8])
    assert sample == {
        "row_id": "sm-rev-23",
        "detail": "5533亿元 is above 50,000,000,000 CNY for a township",
        "document": "jianglou.txt",
        "quote": "6100万元",
        "sentence": "石庙镇财政收入是【6100万元】。",
    }


LONG_SENTENCE = """
    update core.statement
    set sentence = repeat('前', 70) || quote || repeat('后', 61), sentence_start = span_start - 70
    where statement_id = 's-sm-rev-23'
"""


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ("sentence = sentence", f"…{'前' * 60}【6100万元】{'后' * 60}…"),
        ("sentence = quote, sentence_start = span_start", "【6100万元】"),
        ("span_start = span_start + 1", None),
    ],
    ids=["cut to what stands around it", "whole where it is short", "none where the span does not cut the quote"],
)
def test_a_sample_shows_the_quote_in_its_sentence(warehouse: Warehouse, change: str, shown: str | None) -> None:
    fill(warehouse)
    warehouse.connection.execute(TOO_MUCH)
    warehouse.connection.execute(LONG_SENTENCE)
    warehouse.connection.execute(f"update core.statement set {change} where statement_id = 's-sm-rev-23'")
    results = validate_core(warehouse, "run").results
    (sample,) = next(result for result in results if result.expectation == "magnitude_plausible").samples
    assert sample.sentence == shown


def test_a_sentence_that_became_no_figure_is_shown_with_its_document(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute("delete from core.fact where fact_id = 'jl-tax-23'")
    warehouse.connection.execute(
        "update core.statement set sentence = '其中锟斤拷有4000万元。' where statement_id = 's-jl-tax-23'"
    )
    results = validate_core(warehouse, "run").results
    (sample,) = next(result for result in results if result.expectation == "sentence_readable").samples
    assert (sample.row_id, sample.document, sample.quote) == ("s-jl-tax-23", "jianglou.txt", "4000万元")


def test_a_repeated_run_repeats_itself(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute(TOO_MUCH)
    warehouse.connection.execute("update core.fact set obs_value = 15 where fact_id = 'jl-rev-growth'")
    first = validate_core(warehouse, "run")
    tables = ("core.withheld", "core.caveat", "ops.check_result")
    before = [warehouse.connection.execute(f"from {table}").fetchall() for table in tables]
    assert validate_core(warehouse, "run") == first
    assert [warehouse.connection.execute(f"from {table}").fetchall() for table in tables] == before


def test_the_findings_are_told_to_a_person_with_what_to_do(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute(TOO_MUCH)
    finding, what_to_do = describe(validate_core(warehouse, "run"))
    assert finding == (
        "withheld: core.rules magnitude_plausible: 1 of 19 rows (5.26 %), limit 5 % and 20 rows. "
        "数量级与该级行政区不符，多半是 万 与 亿 之误。 No place of this level has such a value; most often 万 and 亿 "
        "were mistaken for each other. For instance sm-rev-23 (5533亿元 is above 50,000,000,000 CNY for a township, "
        "「6100万元」 in jianglou.txt)"
    )
    assert "gongbao explain" in what_to_do


def test_a_held_release_is_told_first_and_says_what_to_do(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute(TOO_MUCH)
    warehouse.connection.execute("insert into core.fact from core.fact where fact_id = 'jl-tax-23'")
    lines = describe(validate_core(warehouse, "run"))
    assert lines[0].startswith("holds the release: core.figure fact_id_unique: 2 of 20 rows")
    assert "gongbao explain" in lines[-1]


def test_the_summary_for_the_manifest_names_the_findings_without_a_run(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute(TOO_MUCH)
    first = checks_summary([validate_core(warehouse, "monday")])
    assert first == checks_summary([validate_core(warehouse, "tuesday")])
    assert first["withheld"] == 1
    assert [finding["expectation"] for finding in first["findings"]] == ["magnitude_plausible"]
    assert json.loads(json.dumps(first, ensure_ascii=False)) == first


def test_an_empty_core_passes(warehouse: Warehouse) -> None:
    verdict = validate_core(warehouse, "run")
    assert (verdict.held, verdict.failed) == (False, 0)


def test_a_rule_that_cannot_run_is_named(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "checkout"
    (home / "sql").mkdir(parents=True)
    (home / "expectations" / "core" / "rules").mkdir(parents=True)
    ranges = project.folder("expectations") / "plausible_ranges.csv"
    (home / "expectations" / "plausible_ranges.csv").write_bytes(ranges.read_bytes())
    rule = home / "expectations" / "core" / "rules" / "law.sql"
    header = "-- relation: core.fact\n-- severity: warning\n-- note_zh: 说明\n-- note_en: Why.\n"
    monkeypatch.setenv("GONGBAO_HOME", str(home))
    rule.write_text(header + "select fact_id from core.fact", "utf-8")
    with pytest.raises(UsageError, match=r"core/rules/law\.sql returns fact_id"):
        validate_core(warehouse, "run")
    rule.write_text(header + "select nothing from core.fact", "utf-8")
    with pytest.raises(UsageError, match=r"core/rules/law\.sql cannot be run"):
        validate_core(warehouse, "run")


def test_importing_the_package_does_not_import_great_expectations() -> None:
    code = "import sys, gongbao.validate; sys.exit('great_expectations' in sys.modules or 'sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=project.home(), check=False).returncode == 0


def test_the_gate_prints_nothing_and_writes_only_into_the_warehouse(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from gongbao.publish import stage_marts
from gongbao.validate import validate_core
from gongbao.warehouse import Warehouse
from tests.unit.validate.small_core import fill
with Warehouse(Path(sys.argv[1])) as warehouse:
    fill(warehouse)
    warehouse.connection.execute("alter table core.indicator drop column direction")
    validate_core(warehouse, "run").held or sys.exit(9)
"""
    for name in ("home", "tmp", "cwd"):
        (tmp_path / name).mkdir()
    environment = {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path / "tmp"),
        "PYTHONPATH": str(project.home()),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", code, str(tmp_path / "warehouse")],
        cwd=tmp_path / "cwd", env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path for name in ("home", "tmp", "cwd") for path in (tmp_path / name).rglob("*")] == []


def test_the_rules_and_the_findings_are_one_judgement(warehouse: Warehouse) -> None:
    fill(warehouse)
    warehouse.connection.execute("""
        update core.fact set obs_value = 15.0 where fact_id = 'jl-rev-growth';
        update core.fact set obs_value = 56000000 where fact_id = 'jl-tax-23';
        insert into core.fact select * replace ('other' as fact_id, 's-other' as statement_id, 99000 as obs_value)
        from core.fact where fact_id = 'jl-pop-23';
        insert into core.statement select * replace ('s-other' as statement_id)
        from core.statement where statement_id = 's-jl-pop-23';
    """)
    validate_core(warehouse, "run")
    stage_marts(warehouse)
    caveats = warehouse.connection.execute("select distinct fact_id from core.caveat order by all").fetchall()
    findings = warehouse.connection.execute(
        "select fact_id from marts.discrepancy union select other_fact_id from marts.discrepancy "
        "where finding <> 'growth_not_from_levels' order by all"
    ).fetchall()
    assert caveats == findings
    assert len(findings) == 5
