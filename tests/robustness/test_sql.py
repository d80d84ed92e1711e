"""SQL is the code's own: what comes from outside is a parameter, and DuckDB reaches no file, network or extension."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from gongbao.confined import confine
from gongbao.warehouse import Warehouse
from tests.conftest import ROOT
from tests.robustness.sql_in_code import of_package, put_into_sql

# What is put into SQL, by the reason why it may be: identifiers and whole queries that are the code's own.
RELATIONS = "relations that a tuple in the code lists, or sql/ holds"
COLUMNS = "columns that the code lists, or that the contract of the marts or the database itself names"
CONDITION = "conditions written in the code, whose values are parameters"
NUMBER = "a number of the code, or a release's id, which is hexadecimal"
QUERY = "a query of the code, of sql/ or of expectations/, passed on"
SIGNS = "single signs that are no ASCII character, so that no quotation mark is among them"
REVIEWED = {
    ("gongbao/backfill.py", "work_anew"): {"relation": RELATIONS, "TEXTS": QUERY},
    ("gongbao/backfill.py", "_ids"): {"condition": CONDITION},
    ("gongbao/backfill.py", "_of_place"): {"below": QUERY},
    ("gongbao/churn.py", "_judge_places"): {"mart": RELATIONS},
    ("gongbao/churn.py", "_stage_lost"): {
        "_told(there, limit)": COLUMNS, "marts.format('anti')": RELATIONS, "limit.mart": RELATIONS,
        "pair.same((*limit.grain, *limit.figure))": COLUMNS, "pair.same(limit.grain)": COLUMNS,
    },
    ("gongbao/churn.py", "_samples"): {
        "', '.join((f'prior.{each}' for each in key))": COLUMNS, "', '.join(texts)": COLUMNS, "standing": QUERY,
        "', '.join((f'prior.{each}' for each in limit.grain))": COLUMNS, "records.SAMPLES": NUMBER,
    },
    ("gongbao/confined.py", "confine"): {"setting": QUERY},
    ("gongbao/explorer/shards.py", "write"): {"_queries('')['place']": QUERY},
    ("gongbao/explorer/shards.py", "_shards"): {"_queries('')['provinces']": QUERY},
    ("gongbao/explorer/shards.py", "_rows"): {"query": QUERY},
    ("gongbao/ingest/attribution.py", "name_documents"): {"_NAMED": QUERY},
    ("gongbao/ingest/attribution.py", "apply_settings"): {
        "_TYPE": QUERY, "_SETTINGS": QUERY, "slot": COLUMNS, "filled": COLUMNS, "stated": COLUMNS,
    },
    ("gongbao/ingest/intake.py", "read_again"): {"relation": RELATIONS, "TEXTS": QUERY},
    ("gongbao/ingest/revisions.py", "forget"): {"relation": RELATIONS},
    ("gongbao/ingest/revisions.py", "drop_orphans"): {"relation": RELATIONS},
    ("gongbao/ingest/sightings.py", "last_at"): {"_COLUMNS": COLUMNS},
    ("gongbao/ingest/sightings.py", "record"): {"_COLUMNS": COLUMNS},
    ("gongbao/normalise/corrections.py", "_standing"): {"', '.join(_SLOTS)": COLUMNS},
    ("gongbao/normalise/crowds.py", "set_aside"): {"relation": RELATIONS, "UNRESOLVED": RELATIONS, "crowd": CONDITION},
    ("gongbao/normalise/pending.py", "_forget_all_but"): {"relation": RELATIONS},
    ("gongbao/normalise/pending.py", "_write"): {"relation": RELATIONS},
    ("gongbao/normalise/review.py", "near_phrases"): {"signs.may_have('subject', pairs)": SIGNS},
    ("gongbao/normalise/review.py", "_stage_asked"): {"subjects": CONDITION, "ID_LENGTH": NUMBER},
    ("gongbao/normalise/stage.py", "_statements"): {"', '.join(SLOTS)": COLUMNS, "condition": CONDITION},
    ("gongbao/normalise/stage.py", "_forget_touched"): {"relation": RELATIONS},
    ("gongbao/normalise/stage.py", "_forget"): {"relation": RELATIONS},
    ("gongbao/normalise/stage.py", "_forget_state"): {"relation": RELATIONS},
    ("gongbao/normalise/touched.py", "_touched"): {"may_concern('indicator', aliases)": SIGNS},
    ("gongbao/normalise/vocabulary_tables.py", "load_vocabulary"): {"relation": RELATIONS},
    ("gongbao/publish/contract.py", "check"): {"mart.name": RELATIONS},
    ("gongbao/publish/diff.py", "_joined"): {
        "differs": CONDITION, "sides['prior']": RELATIONS, "sides['later']": RELATIONS, "same(mart.key)": COLUMNS,
    },
    ("gongbao/publish/diff.py", "_stage_changed"): {
        "kept": COLUMNS, "name": RELATIONS, "keys": COLUMNS, "listed": COLUMNS, "same(mart.key)": COLUMNS,
        "' or '.join(tests.values())": CONDITION,
    },
    ("gongbao/publish/diff.py", "_changed_rows"): {
        "key": COLUMNS, "order": COLUMNS, "ordering": COLUMNS, "mart.name": RELATIONS, "same(mart.key)": COLUMNS,
        "samples": NUMBER, "texts": COLUMNS, "schema": RELATIONS,
    },
    ("gongbao/publish/diff.py", "_unmatched_rows"): {
        "texts": COLUMNS, "side": RELATIONS, "mart.name": RELATIONS, "other": RELATIONS, "same(mart.key)": COLUMNS,
        "_order(connection, mart, side)": COLUMNS, "samples": NUMBER,
    },
    ("gongbao/publish/diff.py", "_documents"): {"same(['document_id'])": COLUMNS, "superseded": CONDITION},
    ("gongbao/publish/explanation.py", "_rows"): {"query": QUERY},
    ("gongbao/publish/pair.py", "opened"): {
        "MEMORY": NUMBER, "schema": RELATIONS, "name": RELATIONS,
        "link": "a link of our own name in a folder for temporary files",
    },
    ("gongbao/publish/pair.py", "types"): {"relation": RELATIONS},
    ("gongbao/publish/release.py", "_content"): {"values": COLUMNS, "mart.name": RELATIONS},
    ("gongbao/publish/release.py", "_copy"): {"release_id": NUMBER, "mart.name": RELATIONS, "ROW_GROUP": NUMBER},
    ("gongbao/publish/shown.py", "_rows"): {"query": QUERY},
    ("gongbao/publish/staging.py", "stage_marts"): {"name": RELATIONS, "name.removesuffix(PARTIAL)": RELATIONS},
    ("gongbao/publish/staging.py", "_describe_columns"): {"relation": RELATIONS, "definition": COLUMNS},
    ("gongbao/publish/staging.py", "_drop"): {"name": RELATIONS},
    ("gongbao/relations.py", "create"): {"into": RELATIONS, "query": QUERY},
    ("gongbao/relations.py", "_ranges"): {"parts.column": COLUMNS, "parts.relation": RELATIONS},
    ("gongbao/relations.py", "_drop_of_other_kind"): {
        "'view' if relation.is_table else 'table'": QUERY, "relation.name": RELATIONS,
    },
    ("gongbao/review/questions.py", "words"): {"_MENTION": QUERY, "subject": CONDITION},
    ("gongbao/review/questions.py", "_contradicting"): {"_MENTION": QUERY},
    ("gongbao/review/questions.py", "_read"): {"condition": CONDITION},
    ("gongbao/runs.py", "count"): {"relation": RELATIONS, "condition": CONDITION},
    ("gongbao/validate/duckdb_dialect.py", "execute"): {"statement": "Great Expectations' own, through SQLAlchemy"},
    ("gongbao/validate/duckdb_dialect.py", "_strings"): {"statement": QUERY},
    ("gongbao/validate/gate.py", "_judge_rule"): {"rule.sql": QUERY},
    ("gongbao/validate/records.py", "stage_bad_rows"): {"query": QUERY},
    ("gongbao/validate/records.py", "withhold"): {"row_id": COLUMNS},
    ("gongbao/validate/records.py", "put_caveat"): {"row_id": COLUMNS},
    ("gongbao/validate/records.py", "samples"): {"SAMPLES": NUMBER, "source": RELATIONS},
    ("gongbao/validate/records.py", "count"): {"relation": RELATIONS},
    ("gongbao/validate/records.py", "count_withheld"): {"relation": RELATIONS, "row_id": COLUMNS},
    ("gongbao/warehouse.py", "insert_columns"): {
        "relation": RELATIONS, "', '.join(told)": COLUMNS, "', '.join(told.values())": COLUMNS,
    },
    ("gongbao/warehouse.py", "migrate"): {"path.read_text('utf-8')": QUERY},
    ("gongbao/warehouse.py", "_limit_memory"): {"MEMORY_LIMIT": NUMBER, "own": "what DuckDB itself has just told"},
    ("gongbao/workbook/book.py", "_extent"): {"query": QUERY, "sheet.across": COLUMNS, "counted": QUERY},
    ("gongbao/workbook/book.py", "_rows"): {"_query(sheet.query)": QUERY, "query": QUERY, "ROWS": NUMBER},
    ("gongbao/workbook/book.py", "_oldest"): {"ROWS": NUMBER, "counted": QUERY},
}  # fmt: skip


def test_nothing_is_put_into_sql_that_nobody_looked_at() -> None:
    found = {
        (file, function, text) for package in ("gongbao", "flows") for file, function, text in of_package(ROOT, package)
    }
    reviewed = {(*place, expression) for place, reasons in REVIEWED.items() for expression in reasons}
    assert not found - reviewed, "a value is a parameter; an identifier of a fixed list is added above with its reason"
    assert not reviewed - found, "no longer in the code: take it out of the list"


@pytest.mark.parametrize(
    "code",
    [
        """def f(c, name): c.execute(f"delete from t where name = '{name}'")""",
        """def f(c, name): c.execute("delete from t where name = '%s'" % name)""",
        """def f(c, name): c.sql("delete from t where name = " + name)""",
        """def f(c, name): c.execute("delete from t where name = '{}'".format(name))""",
        """def f(c, name):\n    query = f"from {name}"\n    c.execute(query)""",
        """def f(c, name):\n    query = "from "\n    query += name\n    c.execute(query)""",
        """def f(c, name):\n    query, rows = "from t", []\n    query, rows = name, []\n    c.execute(query)""",
        """def f(c, name): c.from_arrow(b).query("b", f"insert into {name} from b")""",
        """def f(c, name): c.execute(name)""",
    ],
)
def test_the_look_finds_a_value_however_it_is_put_there(code: str) -> None:
    ((function, expression),) = put_into_sql(code)
    assert function == "f"
    assert expression in {"name", "query"} or "name" in expression


def test_a_parameter_is_no_finding() -> None:
    assert not list(put_into_sql('def f(c, name): c.execute("delete from t where name = ?", [name])'))


@pytest.mark.parametrize("reading", [False, True])
@pytest.mark.parametrize(
    "sql",
    [
        "from read_csv('/etc/hostname')",
        "from '/etc/hostname'",
        "from glob('/etc/*')",
        "copy (select 1) to '/tmp/gongbao-canary.csv'",
        "from read_csv('http://127.0.0.1:9/x.csv')",
        "attach '/tmp/gongbao-canary.db'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "set allowed_directories = ['/']",
    ],
)
def test_the_database_reaches_nothing_outside(tmp_path: Path, sql: str, reading: bool) -> None:
    with Warehouse(tmp_path) as opened:
        opened.checkpoint()
    with (Warehouse.reading if reading else Warehouse)(tmp_path) as opened, pytest.raises(duckdb.Error):
        opened.connection.execute(sql)


def test_a_confined_database_writes_into_its_folder_and_not_out_of_it_by_dots_or_a_link(tmp_path: Path) -> None:
    inside, outside = tmp_path / "o'[1]*", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside)
    with duckdb.connect() as connection:
        confine(connection, (inside,))
        copy = "copy (select 1 as a) to $path (format parquet)"
        connection.execute(copy, {"path": str(inside / "a.parquet")})
        assert connection.read_parquet(str(inside / "a.parquet")).fetchall() == [(1,)]
        for path in (inside / ".." / "outside" / "b.parquet", inside / "link" / "c.parquet"):
            with pytest.raises(duckdb.PermissionException):
                connection.execute(copy, {"path": str(path)})
    assert [path.name for path in inside.iterdir() if path.is_file()] == ["a.parquet"]
    assert not list(outside.iterdir())
