"""sql/ as architecture: marts read core alone, core never reads marts, and every projected column is cast."""

from __future__ import annotations

import re

import pytest

from gongbao import project
from gongbao.publish.relations import Relation, read_relations

RELATIONS = read_relations()
MARTS = [relation for relation in RELATIONS if relation.schema == "marts"]
CORE = [relation for relation in RELATIONS if relation.schema == "core"]


def name(relation: Relation) -> str:
    return relation.name


@pytest.mark.parametrize("mart", MARTS, ids=name)
def test_a_mart_reads_core_alone(mart: Relation) -> None:
    assert {read.split(".")[0] for read in mart.reads} == {"core"}


@pytest.mark.parametrize("relation", CORE, ids=name)
def test_core_never_reads_marts_and_raw_only_as_documents(relation: Relation) -> None:
    read = {read.split(".")[0] for read in relation.reads}
    assert read <= ({"raw", "core"} if relation.name == "core.document" else {"core"})


@pytest.mark.parametrize("mart", MARTS, ids=name)
def test_a_mart_casts_every_column_that_it_projects(mart: Relation) -> None:
    final = mart.query[mart.query.rindex("\nselect\n") :] if "\nselect\n" in mart.query else mart.query
    projected = final[: final.rindex("\nfrom ")]
    columns = re.findall(r"^    (?:\) as|[^ )].* as) (\w+),$", projected, re.MULTILINE)
    cast = re.findall(r"\bas (?:varchar|integer|double|boolean|date|decimal\(18, 4\))\s*\) as (\w+),", projected)
    assert columns == cast


def test_every_relation_begins_with_its_grain() -> None:
    files = [path for folder in ("2_core", "3_marts") for path in (project.folder("sql") / folder).glob("*.sql")]
    assert files
    assert [path.name for path in files if not path.read_text("utf-8").startswith("-- One row per ")] == []
