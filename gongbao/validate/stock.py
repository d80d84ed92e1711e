"""Great Expectations at work: runs a suite over the pipeline's own connection and returns its counts.

This module and data_docs.py alone import Great Expectations, on first use: the import takes seconds and 250 MB. It
stays offline (`GX_ANALYTICS_ENABLED=false`), lives in an ephemeral context that writes no file, and prints nothing.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from gongbao.errors import UsageError
from gongbao.validate.suites import Entry, Suite

# Counts without samples: the bad rows are fetched by our own SQL, with their ids.
_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True, slots=True)
class Judged:
    """Great Expectations' answer to one entry.

    `rows_checked`, `rows_failed`: null for an entry about the table as a whole. `observed`: what such an entry saw.
    `crashed`: the message where the entry could not be judged at all (a column that is not there).
    """

    success: bool
    rows_checked: int | None
    rows_failed: int | None
    observed: str
    crashed: str | None = None


def load() -> None:
    """Import Great Expectations, offline; for who has the seconds to spare before the first suite."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations  # noqa: F401


def judge(connection: duckdb.DuckDBPyConnection, suite: Suite) -> dict[str, Judged]:
    """Run a suite on its relation; answers by the entries' rule names.

    The relation must exist. Raises `UsageError` where Great Expectations refuses the suite's arguments.
    """
    load()
    import great_expectations
    from great_expectations.compatibility.pydantic import ValidationError

    from gongbao.validate.duckdb_dialect import URL, engine_arguments

    schema, table = suite.relation.split(".")
    with quiet():
        source = context().data_sources.add_sql("warehouse", connection_string=URL, kwargs=engine_arguments(connection))
        asset = source.add_table_asset(suite.relation, table_name=table, schema_name=schema)
        batch = asset.add_batch_definition_whole_table("whole").get_batch()
        try:
            stock_suite = great_expectations.ExpectationSuite(**suite.definition)
        except ValidationError as error:
            raise UsageError(
                f"expectations/{schema}/{table}.yaml: Great Expectations refuses it: {' '.join(str(error).split())}",
                "correct the arguments of the entry",
            ) from error
        result = batch.validate(stock_suite, result_format=_RESULT_FORMAT)
    answers = {}
    for found in result.results:
        answer = found.to_json_dict()
        answers[answer["expectation_config"]["meta"]["rule"]] = _judged(answer)
    return {entry.rule: answers[entry.rule] for entry in suite.entries}


def table_entry_limit(entry: Entry) -> str:
    """What an entry about the table asks for, for people."""
    return ", ".join(f"{key} {value}" for key, value in entry.kwargs.items())


def context(**configuration: Any) -> Any:
    """A context in memory: by default even an ephemeral one makes a temporary folder for its documentation.

    `configuration` are further arguments of Great Expectations' `DataContextConfig`.
    """
    import great_expectations
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    return great_expectations.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars={"globally": False},
            analytics_enabled=False,
            **configuration,
        ),
    )


def _judged(answer: Mapping[str, Any]) -> Judged:
    result = answer["result"]
    if crashed := _crash(answer["exception_info"]):
        return Judged(success=False, rows_checked=None, rows_failed=None, observed=crashed, crashed=crashed)
    success = bool(answer["success"])
    if "unexpected_count" in result:
        checked = int(result["element_count"]) - int(result.get("missing_count") or 0)
        # The count is null where no row is in the domain.
        return Judged(success, rows_checked=checked, rows_failed=int(result["unexpected_count"] or 0), observed="")
    observed = result.get("observed_value", "as expected" if success else "not so")
    return Judged(success, rows_checked=None, rows_failed=None, observed=str(observed))


def _crash(information: Mapping[str, Any]) -> str | None:
    """The first message; Great Expectations nests one record for each metric that failed, or gives a single one."""
    records = [information] if "raised_exception" in information else list(information.values())
    messages = [str(record["exception_message"]) for record in records if record["raised_exception"]]
    return messages[0] if messages else None


@contextmanager
def quiet() -> Iterator[None]:
    """Great Expectations logs a traceback for what it also returns as a result, and warns of the schema's name.

    Its other way to name a schema (in the connection's address) would cost one engine for each schema.
    """
    logger = logging.getLogger("great_expectations")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "`schema_name` is deprecated", DeprecationWarning)
            yield
    finally:
        logger.setLevel(before)
