"""Great Expectations' own pages of the suites, its Data Docs, for whoever knows the tool: `data_docs/index.html`.

They are made on demand, of core and of the staged marts as they lie in the database, and are no part of a release:

    data_docs/
      index.html                          every validation, and every suite
      validations/<schema>/<table>/…      what each expectation found, in numbers
      expectations/<schema>/<table>.html  the suite in words, with our notes

The pages hold numbers and no values: Great Expectations writes the values that it shows as markup, unescaped, and the
values are what documents say. The rules are not in them, for they are SQL of ours. Nothing here needs a network; the
pages in a browser do, for their styles.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gongbao import progress
from gongbao.errors import GongbaoError
from gongbao.validate import records, stock
from gongbao.validate.duckdb_dialect import URL, engine_arguments
from gongbao.validate.suites import Suite, load_suites
from gongbao.warehouse import Warehouse

FOLDER = "data_docs"
INDEX = "index.html"
_NUMBERS_ALONE = {"result_format": "BASIC", "partial_unexpected_count": 0}


def build(warehouse: Warehouse, run_id: str, now: datetime) -> Path:
    """Judge every suite once more, and put its pages into the place of the former; the path of their index.

    `run_id` and `now` (UTC) are what the pages call this run. A build that fails, or is killed, leaves the former
    pages. Raises `GongbaoError` where a page could not be made or written.
    """
    found = records.relations(warehouse.connection, "core") | records.relations(warehouse.connection, "marts")
    suites = [suite for schema in ("core", "marts") for suite in load_suites(schema) if suite.relation in found]
    folder = warehouse.root / FOLDER
    try:
        with _workplace(folder) as workplace:
            _make(warehouse, suites, workplace / "new", run_id, now)
            _check_pages(workplace / "new", suites)
            if folder.exists():
                folder.rename(workplace / "former")
            (workplace / "new").rename(folder)
    except OSError as error:
        raise GongbaoError(f"cannot write {folder} ({error})", "check permissions and the disk's space") from error
    return folder / INDEX


def _make(warehouse: Warehouse, suites: list[Suite], folder: Path, run_id: str, now: datetime) -> None:
    stock.load()
    import great_expectations as gx

    run = gx.RunIdentifier(run_name=run_id, run_time=now.replace(tzinfo=UTC))
    with stock.quiet():
        context = stock.context(data_docs_sites={"gongbao": _site(folder)})
        arguments = engine_arguments(warehouse.connection)
        source = context.data_sources.add_sql("warehouse", connection_string=URL, kwargs=arguments)
        for number, suite in enumerate(suites, 1):
            schema, table = suite.relation.split(".")
            asset = source.add_table_asset(suite.relation, table_name=table, schema_name=schema)
            validation = gx.ValidationDefinition(
                name=suite.relation,
                data=asset.add_batch_definition_whole_table("whole"),
                suite=context.suites.add(gx.ExpectationSuite(**_with_notes(suite))),
            )
            context.validation_definitions.add(validation).run(result_format=_NUMBERS_ALONE, run_id=run)
            progress.advance("data docs", number, len(suites))
        context.build_data_docs()


def _site(folder: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }


def _with_notes(suite: Suite) -> dict[str, Any]:
    """The suite as Great Expectations takes it, our notes where its pages show notes."""
    entries = [
        {**raw, "notes": f"{entry.note_zh} {entry.note_en}"}
        for raw, entry in zip(suite.definition["expectations"], suite.entries, strict=True)
    ]
    return {**suite.definition, "expectations": entries}


def _check_pages(folder: Path, suites: list[Suite]) -> None:
    """Great Expectations logs a page that it cannot make, and goes on."""
    made = [folder / INDEX, *(folder / "expectations" / f"{suite.relation.replace('.', '/')}.html" for suite in suites)]
    missing = [str(page.relative_to(folder)) for page in made if not page.is_file()]
    missing += [
        f"validations/{place}"
        for place in (suite.relation.replace(".", "/") for suite in suites)
        if not any((folder / "validations" / place).rglob("*.html"))
    ]
    if missing:
        raise GongbaoError(
            f"Great Expectations made no page {', '.join(missing)}",
            "the former Data Docs are as they were; is the disk full?",
        )


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """An empty folder beside the one that is made, on its disk; what a killed build left there is removed.

    The warehouse's lock says that no other build is at work.
    """
    workplace = folder.with_name(f".{folder.name}.work")
    if not folder.exists() and (workplace / "former").exists():  # killed between the two renames
        (workplace / "former").rename(folder)
    shutil.rmtree(workplace, ignore_errors=True)
    workplace.mkdir()
    try:
        yield workplace
    finally:
        if folder.exists() or not (workplace / "former").exists():
            shutil.rmtree(workplace)
