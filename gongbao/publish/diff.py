"""What two releases differ in: rows added, changed and removed by mart, documents, checks, code.

Works on the two folders alone. Marts are compared by their key (columns.yaml) in every column that both have, but
`release_id`; a mart whose manifests give it one content is not read. Rows are counted in one join of their keys and of
hashes of all other columns, as many bits as tell a release's content from another's. Which columns changed is asked
only where a person looks, value by value (`is distinct from`): a pair of marts is joined once for each few, as joining
all at once would be slower and larger. Memory is limited, see `gongbao.publish.pair`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import duckdb

from gongbao import progress
from gongbao.publish import contract
from gongbao.publish.history import Changes
from gongbao.publish.pair import Columns, columns, is_same, opened, same, types
from gongbao.publish.published import DamagedRelease, Published

TOGETHER = 8
"""Columns that are compared in one join."""
RELEASE_ID = "release_id"
NUMBERS = ("INTEGER", "BIGINT", "DOUBLE", "DECIMAL")
# What tells a person which row it is, of the columns that its mart has.
TELLING = (
    "name_zh", "indicator_zh", "measure_zh", "breakdown", "time_period", "obs_value", "unit_zh", "value_text",
    "status_zh", "finding_zh", "quote", "actual_quote", "other_quote", "file_name", "document_title", "label_zh",
)  # fmt: skip
Status = Literal["compared", "same", "only_before", "only_after", "not_comparable"]


@dataclass(frozen=True, slots=True)
class Change:
    """A column's value before and after, as text; null is None."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its key, with what tells a person which it is; of a changed row the columns that changed."""

    key: Mapping[str, str | None]
    told: Mapping[str, str | None]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class MartDiff:
    """A mart in two releases. `columns` counts the rows in which a column changed; the samples are the first rows.

    `status`: `same` without being read, `compared`, only in one release, or `not_comparable` for `reason`. The columns
    that only one release has, and those of another type, are told beside the rows and change none.
    """

    mart: str
    status: Status
    rows_before: int
    rows_after: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    columns: Mapping[str, int] | None = None
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()
    types: tuple[Change, ...] = ()
    reason: str | None = None
    added_rows: tuple[Row, ...] = ()
    changed_rows: tuple[Row, ...] = ()
    removed_rows: tuple[Row, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether a reader sees no difference."""
        told = (self.added, self.changed, self.removed, self.only_before, self.only_after, self.types, self.reason)
        return not any(told) and self.status in ("compared", "same")


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that is new, gone, superseded since, or of another status (`detail`: before → after)."""

    change: Literal["added", "gone", "superseded", "status"]
    document_id: str
    file_name: str | None
    document_title: str | None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check's finding before and after, in words; None where it found nothing."""

    suite: str
    expectation: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """Everything in which two releases differ; `code` is the version of code and vocabulary, before and after."""

    before: str
    after: str
    code: Change
    documents: tuple[DocumentChange, ...]
    checks: tuple[CheckChange, ...]
    marts: tuple[MartDiff, ...]

    @property
    def counts(self) -> Changes:
        """Rows added, changed and removed by mart, of those that both releases have."""
        return _counts(self.marts)


def compare(before: Published, after: Published, samples: int, spill: Path | None = None) -> ReleaseDiff:
    """Compare two releases; `samples` is how many rows of each kind are shown of a mart.

    Raises `DamagedRelease` where a mart's key is not its key; for `spill` and the rest see `pair.opened`.
    """
    with opened(before, after, spill) as connection:
        marts = tuple(_in_detail(connection, mart, samples) for mart in _counted(connection, before, after))
        documents = tuple(_documents(connection)) if {"document"} <= before.marts.keys() & after.marts.keys() else ()
    return ReleaseDiff(
        before=before.release_id,
        after=after.release_id,
        code=Change("code_version", before.manifest["code_version"], after.manifest["code_version"]),
        documents=documents,
        checks=tuple(_checks(before.manifest["checks"], after.manifest["checks"])),
        marts=marts,
    )


def count(before: Published, after: Published, spill: Path | None = None) -> Changes:
    """The `counts` of `compare`, for a small part of its work: no row is shown. Raises as it does."""
    with opened(before, after, spill) as connection:
        return _counts(_counted(connection, before, after))


def _counts(marts: Iterable[MartDiff]) -> Changes:
    return {
        each.mart: {"added": each.added, "changed": each.changed, "removed": each.removed}
        for each in marts
        if each.status in ("compared", "same")
    }


def _counted(connection: duckdb.DuckDBPyConnection, before: Published, after: Published) -> Iterator[MartDiff]:
    """Every mart with its counts, but without rows and columns."""
    there = columns(connection)
    names = sorted({*before.marts, *after.marts})
    for number, name in enumerate(names, start=1):
        yield _mart(connection, name, before, after, there)
        progress.advance("compare", number, len(names))


def _mart(
    connection: duckdb.DuckDBPyConnection, name: str, before: Published, after: Published, there: Columns
) -> MartDiff:
    rows_before, rows_after = (side.marts[name]["rows"] if name in side.marts else 0 for side in (before, after))
    if name not in after.marts or name not in before.marts:
        return MartDiff(name, "only_before" if name in before.marts else "only_after", rows_before, rows_after)
    if is_same(name, before, after, there):
        return MartDiff(name, "same", rows_before, rows_after)
    mart = _known(name)
    prior, later = there[f"prior.{name}"], there[f"later.{name}"]
    common = _common(prior, later)
    retyped = tuple(Change(each, prior[each], later[each]) for each in common if prior[each] != later[each])
    told: dict[str, Any] = {
        "only_before": tuple(column for column in prior if column not in later),
        "only_after": tuple(column for column in later if column not in prior),
        "types": retyped,
    }
    if mart is None or not {*mart.key} <= {*common}:
        reason = "this program does not know it" if mart is None else f"its key {', '.join(mart.key)} is not in both"
        return MartDiff(name, "not_comparable", rows_before, rows_after, **told, reason=reason)
    kept, removed, added, changed = _joined(
        connection, mart, [each for each in common if each not in mart.key], retyped
    )
    if not rows_before - removed == kept == rows_after - added:
        raise DamagedRelease(
            f"mart {name} of release {before.release_id} or {after.release_id} has two rows of one "
            f"{', '.join(mart.key)}",
            "name another release; the next `gongbao run` publishes a sound one",
        )
    return MartDiff(name, "compared", rows_before, rows_after, added, changed, removed, **told)


def _joined(
    connection: duckdb.DuckDBPyConnection, mart: contract.Mart, compared: Sequence[str], retyped: Sequence[Change]
) -> tuple[int, int, int, int]:
    """Pairs of rows of one key, rows that only the prior release has, and only the later, pairs that differ.

    Where a key stands twice there are more pairs than rows. Columns of two types have two hashes for one value: they go
    into the join themselves.
    """
    of_two_types = [each.column for each in retyped if each.column in compared]
    hashed = "".join(f', "{column}"' for column in compared if column not in of_two_types)
    carried = _list([*mart.key, *of_two_types])
    sides = {
        schema: f"(select {carried}, true as is_here, hash(1{hashed}) as hash_1, hash(2{hashed}) as hash_2"
        f" from {schema}.{mart.name}) as {schema}"
        for schema in ("prior", "later")
    }
    tests = _tests(of_two_types, retyped)
    differs = " or ".join(["prior.hash_1 <> later.hash_1", "prior.hash_2 <> later.hash_2", *tests.values()])
    query = f"""
        select
            count(*) filter (prior.is_here and later.is_here), count(*) filter (later.is_here is null),
            count(*) filter (prior.is_here is null), count(*) filter (prior.is_here and later.is_here and ({differs}))
        from {sides["prior"]} full join {sides["later"]} on {same(mart.key)}
    """
    kept, removed, added, changed = connection.execute(query).fetchall()[0]
    return kept, removed, added, changed


def _in_detail(connection: duckdb.DuckDBPyConnection, found: MartDiff, samples: int) -> MartDiff:
    """A mart with the columns that changed and the first rows of each kind."""
    mart = _known(found.mart)
    if found.status != "compared" or mart is None:
        return found
    changed: dict[str, int] = {}
    if found.changed:
        sides = [types(connection, f"{schema}.{mart.name}") for schema in ("prior", "later")]
        compared = [column for column in _common(*sides) if column not in mart.key]
        changed = _stage_changed(connection, mart, compared, found.types)
    return replace(
        found,
        columns=changed,
        added_rows=_unmatched_rows(connection, mart, "later", "prior", samples if found.added else 0),
        changed_rows=_changed_rows(connection, mart, [*changed], samples if found.changed else 0),
        removed_rows=_unmatched_rows(connection, mart, "prior", "later", samples if found.removed else 0),
    )


def _known(name: str) -> contract.Mart | None:
    return next((mart for mart in contract.marts() if mart.name == name), None)


def _common(prior: Mapping[str, str], later: Mapping[str, str]) -> list[str]:
    return [column for column in later if column in prior and column != RELEASE_ID]


def _stage_changed(
    connection: duckdb.DuckDBPyConnection, mart: contract.Mart, compared: Sequence[str], retyped: Sequence[Change]
) -> dict[str, int]:
    """Fill `changed` with a row for each key and column that changed; how many rows of each column, most first."""
    name, keys = mart.name, ", ".join(f'later."{column}"' for column in mart.key)
    kept = f"{keys}, ''::varchar as changed_column"
    connection.execute(f"create or replace temp table changed as select {kept} from later.{name} as later limit 0")
    for begin in range(0, len(compared), TOGETHER):
        tests = _tests(compared[begin : begin + TOGETHER], retyped)
        listed = ", ".join(f"case when {test} then '{column}' end" for column, test in tests.items())
        connection.execute(f"""
            insert into changed
            select * from (
                select {keys}, unnest([{listed}]) as changed_column
                from prior.{name} as prior inner join later.{name} as later on {same(mart.key)}
                where {" or ".join(tests.values())}
            ) where changed_column is not null
        """)
    counted = "select changed_column, count(*) from changed group by all order by 2 desc, 1"
    return dict(connection.execute(counted).fetchall())


def _tests(compared: Iterable[str], retyped: Sequence[Change]) -> dict[str, str]:
    """By column the condition that two rows differ in it."""
    # Of two types of numbers DuckDB finds the common one; else texts are compared.
    as_text = {each.column for each in retyped if not (_is_number(each.before) and _is_number(each.after))}
    tests = {}
    for column in compared:
        sides = [f'{side}."{column}"' + ("::varchar" if column in as_text else "") for side in ("prior", "later")]
        tests[column] = " is distinct from ".join(sides)
    return tests


def _changed_rows(
    connection: duckdb.DuckDBPyConnection, mart: contract.Mart, columns: Sequence[str], samples: int
) -> tuple[Row, ...]:
    if not samples:
        return ()
    key = _list(mart.key)
    order = _order(connection, mart, "later")
    there = types(connection, f"later.{mart.name}")
    ordering = ", ".join(f'later."{each}"' for each in there if each in (*mart.key, *mart.order))
    connection.execute(f"""
        create or replace temp table shown as
        select {key}, row_number() over (order by {order}) as place_in_order from (
            select {ordering} from later.{mart.name} as later
            semi join changed as prior on {same(mart.key)} order by {order} limit {samples}
        ) as later
    """)
    which: dict[int, set[str]] = {}
    query = f"select place_in_order, changed_column from shown as later join changed as prior on {same(mart.key)}"
    for place, column in connection.execute(query).fetchall():
        which.setdefault(place, set()).add(column)
    sides = {}
    for schema in ("prior", "later"):
        wanted = [*mart.key, *(each for each in _telling(connection, mart, schema) if each not in mart.key)]
        wanted += [each for each in columns if each not in wanted]
        texts = ", ".join(f'prior."{each}"::varchar as "{each}"' for each in wanted)
        query = (
            f"select place_in_order, {texts} from {schema}.{mart.name} as prior "
            f"join shown as later on {same(mart.key)} order by place_in_order"
        )
        sides[schema] = {
            row[0]: dict(zip(wanted, row[1:], strict=True)) for row in connection.execute(query).fetchall()
        }
    telling = _telling(connection, mart, "later")
    return tuple(
        Row(
            {column: after[column] for column in mart.key},
            {column: after[column] for column in telling},
            tuple(Change(each, sides["prior"][place][each], after[each]) for each in columns if each in which[place]),
        )
        for place, after in sides["later"].items()
    )


def _unmatched_rows(
    connection: duckdb.DuckDBPyConnection, mart: contract.Mart, side: str, other: str, samples: int
) -> tuple[Row, ...]:
    if not samples:
        return ()
    telling = _telling(connection, mart, side)
    texts = ", ".join(f'{side}."{each}"::varchar' for each in (*mart.key, *telling))
    rows = connection.execute(f"""
        select {texts} from {side}.{mart.name} as {side} anti join {other}.{mart.name} as {other} on {same(mart.key)}
        order by {_order(connection, mart, side)} limit {samples}
    """).fetchall()
    keys = len(mart.key)
    return tuple(
        Row(dict(zip(mart.key, row[:keys], strict=True)), dict(zip(telling, row[keys:], strict=True))) for row in rows
    )


def _telling(connection: duckdb.DuckDBPyConnection, mart: contract.Mart, side: str) -> list[str]:
    there = types(connection, f"{side}.{mart.name}")
    return [column for column in TELLING if column in there]


def _order(connection: duckdb.DuckDBPyConnection, mart: contract.Mart, side: str) -> str:
    """The mart's own order, as far as the release has its columns; it ends in the key."""
    there = types(connection, f"{side}.{mart.name}")
    return ", ".join(f'{side}."{column}"' for column in mart.order if column in there)


def _is_number(type_: str | None) -> bool:
    return (type_ or "").startswith(NUMBERS)


def _list(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _documents(connection: duckdb.DuckDBPyConnection) -> Iterator[DocumentChange]:
    """What became of the documents; a release of another version may say less of them."""
    there = types(connection, "prior.document").keys() & types(connection, "later.document").keys()
    if not {"document_id", "file_name", "document_title", "ingest_status"} <= there:
        return
    superseded = "false"
    if "superseded_by" in there:
        superseded = "prior.superseded_by is null and later.superseded_by is not null"
    rows = connection.execute(f"""
        select 'added' as change, document_id, file_name, document_title, null as detail
        from later.document as later anti join prior.document as prior on {same(["document_id"])}
        union all by name
        select 'gone' as change, document_id, file_name, document_title, null as detail
        from prior.document as prior anti join later.document as later on {same(["document_id"])}
        union all by name
        select
            case when {superseded} then 'superseded' else 'status' end as change,
            later.document_id, later.file_name, later.document_title,
            case when not ({superseded}) then concat(prior.ingest_status, ' → ', later.ingest_status) end as detail
        from prior.document as prior inner join later.document as later on {same(["document_id"])}
        where {superseded} or prior.ingest_status is distinct from later.ingest_status
        order by change, file_name, document_id
    """).fetchall()
    for row in rows:
        yield DocumentChange(*row)


def _checks(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[CheckChange]:
    """Findings that are new or gone, of another outcome or number of bad rows; that more was checked is no news."""
    prior, later = _findings(before), _findings(after)
    for key in sorted({*prior, *later}):
        was, now = prior.get(key), later.get(key)
        if was is None or now is None or (was["outcome"], was["rows_failed"]) != (now["outcome"], now["rows_failed"]):
            yield CheckChange(*key, _in_words(was), _in_words(now))


def _findings(checks: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(finding["suite"], finding["expectation"]): finding for finding in checks.get("findings", ())}


def _in_words(finding: Mapping[str, Any] | None) -> str | None:
    if finding is None:
        return None
    failed, checked = finding["rows_failed"], finding["rows_checked"]
    return finding["outcome"] if failed is None else f"{finding['outcome']}, {failed:,} of {checked:,} rows"
