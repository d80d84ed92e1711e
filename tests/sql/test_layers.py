"""sql/ as architecture: marts read core alone, core never reads marts, and every projected column is cast."""

from __future__ import annotations

import re

import pytest

from gongbao import project
from gongbao.relations import Relation, read_relations

RELATIONS = read_relations()
MARTS = [relation for relation in RELATIONS if relation.schema == "marts"]
CORE = [relation for relation in RELATIONS if relation.schema == "core"]


def name(relation: Relation) -> str:
    return relation.name


@pytest.mark.parametrize("mart", MARTS, ids=name)
def test_a_mart_reads_core_alone(mart: Relation) -> None:
    assert {read.split(".")[0] for read in mart.reads} == {"core"}


def test_raw_reads_raw_alone() -> None:
    reads = [relation.reads for relation in RELATIONS if relation.schema == "raw"]
    assert reads
    assert {read.split(".")[0] for read in frozenset().union(*reads)} == {"raw"}


@pytest.mark.parametrize("relation", CORE, ids=name)
def test_core_never_reads_marts_and_raw_only_as_documents(relation: Relation) -> None:
    read = {read.split(".")[0] for read in relation.reads}
    assert read <= ({"raw", "core"} if relation.name == "core.document" else {"core"})


@pytest.mark.parametrize("mart", MARTS, ids=name)
def test_a_mart_casts_every_column_that_it_projects(mart: Relation) -> None:
    final = mart.query[mart.query.rindex("\nselect\n") :] if "\nselect\n" in mart.query else mart.query
    projected = final[: final.rindex("\nfrom ")]
    columns = re.findall(r"^    (?! )(.+)$", projected, re.MULTILINE)
    whole = re.compile(r"cast\(.+ as (varchar|integer|double|boolean|date|decimal\(18, 4\))\) as \w+,")
    in_parts = re.compile(r"cast\(|\) as \w+,")
    assert columns
    assert [column for column in columns if not whole.fullmatch(column) and not in_parts.fullmatch(column)] == []


def test_every_relation_begins_with_its_grain() -> None:
    files = [
        path for folder in ("1_raw", "2_core", "3_marts") for path in (project.folder("sql") / folder).glob("*.sql")
    ]
    assert files
    assert [path.name for path in files if not path.read_text("utf-8").startswith("-- One row per ")] == []
