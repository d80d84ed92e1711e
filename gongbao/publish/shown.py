"""What the explorer page shows, for a terminal: a figure with the sentence that states it, and an indicator's league.

Read from the Parquet files of `current` alone, so that it may be asked while a night runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb

from gongbao.confined import confine
from gongbao.errors import UsageError
from gongbao.explorer import FOLDER
from gongbao.publish.explanation import around, decimal_text, locator

Row = dict[str, Any]
BOUNDS = {"min": "以上", "max": "以内", "approx": "左右"}
"""What stands after a value that is a bound."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A published figure: where it stands in which document. `outcome` is a target's, `settled_by` its actual.

    `settles` are the targets of which a fact is the actual. `address` opens the page's source drawer at it.
    """

    fact_id: str
    kind: str
    name_zh: str
    ref_area: str
    indicator_zh: str
    time_period: str
    value_text: str
    is_preferred: bool
    before: str
    quote: str
    after: str
    locator: str
    document_title: str | None
    publisher: str | None
    published_on: str | None
    file_name: str | None
    uri: str | None
    outcome: str | None
    address: str
    settled_by: Evidence | None = None
    settles: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a league; `rank` is null where only a bound is known."""

    rank: int | None
    n_peers: int | None
    name_zh: str
    ref_area: str
    value: str
    value_text: str
    growth_reported: str | None
    growth_computed: float | None
    outcome: str | None
    fact_id: str


@dataclass(frozen=True, slots=True)
class League:
    """The places of one unit by one series in one period. `absent` are places of the unit that state nothing."""

    indicator_id: str
    indicator_zh: str
    series: str
    time_period: str
    area: str
    area_name_zh: str
    unit_zh: str | None
    places: tuple[Place, ...]
    absent: int
    address: str


def address(current: Path, **state: str) -> str:
    """The explorer page of a release, at a state, as an address for a browser. Raises `UsageError` without a page."""
    page = current / FOLDER / "index.html"
    if not page.is_file():
        raise UsageError(f"no explorer page under {current}", "publish a release first: gongbao run")
    told = {key: value for key, value in state.items() if value}
    return page.absolute().as_uri() + (f"#{urlencode(told)}" if told else "")


def evidence(current: Path, beginning: str) -> Evidence:
    """The one figure whose id begins so, and what it settles or is settled by. Raises `UsageError` without one."""
    with _opened(current) as connection:
        found = _find(connection, "starts_with(fact_id, $id)", beginning) if beginning else []
        if len(found) != 1:
            some = ", ".join(row["fact_id"] for row in found[:5])
            raise UsageError(
                f"{len(found)} figures begin with {beginning}: {some}"
                if found
                else f"no figure is called {beginning!r}",
                "give more characters" if found else "take a fact_id from a mart of the current release",
            )
        (row,) = found
        outcomes = _outcomes(connection, row["fact_id"])
        own = next((each for each in outcomes if each["fact_id"] == row["fact_id"]), None)
        actual = own and own["actual_fact_id"]
        settled = [each for each in outcomes if each["actual_fact_id"] == row["fact_id"]]
        by = [_evidence(current, each, None) for each in (_find(connection, "fact_id = $id", actual) if actual else [])]
        settles = [
            _evidence(current, target, each)
            for each in settled
            for target in _find(connection, "fact_id = $id", each["fact_id"])
        ]
        return _evidence(current, row, own, by[0] if by else None, tuple(settles))


def league(current: Path, indicator: str, period: str | None, area: str | None) -> League:
    """Who stands where by an indicator: in `area`, or the unit with most places; in `period`, or the latest full one.

    Of several series the one with most figures is taken. Raises `UsageError` where nothing is compared.
    """
    with _opened(current) as connection:
        rows = _rows(connection, _COMPARED, indicator=indicator, period=period, area=area)
        if not rows:
            known = _rows(connection, "select * from indicator where indicator_id = $id", id=indicator)
            raise UsageError(
                f"no comparison of {indicator}"
                + (f" in {period}" if period else "")
                + (f" within {area}" if area else ""),
                "leave --period and --area out" if known else "take an indicator_id from indicator.parquet",
            )
        first = rows[0]
        targets = _rows(connection, _TARGETS, indicator=indicator, period=first["time_period"])
        outcomes = {(each["ref_area"], each["series"]): each["light_zh"] for each in targets}
        total = _rows(connection, _PLACES, area=first["area"], level=first["area_level"])[0]["n"]
        return League(
            indicator_id=indicator,
            indicator_zh=first["indicator_zh"],
            series=" ".join(
                filter(
                    None, (first["measure_zh"], first["breakdown"].replace("_T", ""), first["aspect"], first["scope"])
                )
            ),
            time_period=first["time_period"],
            area=first["area"],
            area_name_zh=first["area_name_zh"],
            unit_zh=first["unit_zh"],
            places=tuple(
                Place(
                    rank=row["rank_computed"],
                    n_peers=row["n_peers"],
                    name_zh=row["name_zh"],
                    ref_area=row["ref_area"],
                    value=_bounded(row),
                    value_text=row["value_text"],
                    growth_reported=None if row["growth_reported"] is None else decimal_text(row["growth_reported"]),
                    growth_computed=row["growth_computed"],
                    outcome=outcomes.get((row["ref_area"], row["series"])),
                    fact_id=row["fact_id"],
                )
                for row in rows
            ),
            absent=max(0, total - len(rows)),
            address=address(
                current, view="league", indicator=indicator, area=first["area"], period=first["time_period"]
            ),
        )


def _opened(current: Path) -> duckdb.DuckDBPyConnection:
    """The marts of a release as views of their names, in memory."""
    folder = current.resolve()
    if not (folder / "fact.parquet").is_file():
        raise UsageError(f"no release under {current}", "publish one first: gongbao run")
    connection = duckdb.connect()
    confine(connection, (folder,))
    for path in sorted(folder.glob("*.parquet")):
        connection.read_parquet(str(path)).create_view(path.stem)
    return connection


def _find(connection: duckdb.DuckDBPyConnection, condition: str, identifier: str) -> list[Row]:
    query = f"""
        with stated as (
            select 'fact' as kind, * from fact
            union all by name
            select 'target' as kind, * from target
        )
        select stated.*, document.publisher, document.uri, document.file_name
        from stated
        left join document on document.document_id = stated.document_id
        where {condition}
        order by fact_id
    """
    return _rows(connection, query, id=identifier)


def _outcomes(connection: duckdb.DuckDBPyConnection, fact_id: str) -> list[Row]:
    query = "select * from target_attainment where fact_id = $id or actual_fact_id = $id order by time_period, fact_id"
    return _rows(connection, query, id=fact_id)


def _evidence(
    current: Path, row: Row, outcome: Row | None, by: Evidence | None = None, settles: tuple[Evidence, ...] = ()
) -> Evidence:
    before, after = around(row)
    return Evidence(
        **{name: row[name] for name in _AS_PUBLISHED},
        published_on=str(row["published_on"]) if row["published_on"] else None,
        before=before,
        after=after,
        locator=locator(row),
        outcome=" ".join(filter(None, (outcome["status_zh"], outcome["reason_zh"]))) if outcome else None,
        address=address(current, id=row["fact_id"], place=row["ref_area"]),
        settled_by=by,
        settles=settles,
    )


_AS_PUBLISHED = (
    "fact_id", "kind", "name_zh", "ref_area", "indicator_zh", "time_period", "value_text", "is_preferred", "quote",
    "document_title", "publisher", "file_name", "uri",
)  # fmt: skip

_SERIES = "hash(measure, breakdown, base, freq, aspect, price_base, scope) as series"
_COMPARED = f"""
    with
    compared as (
        select 'county' as area_level, {_SERIES}, * from county_comparison
        union all by name
        select 'township' as area_level, {_SERIES}, * from town_comparison
    ),
    counted as (
        select parent, series, time_period, count(*) as n
        from compared
        where indicator_id = $indicator and parent = coalesce($area, parent)
        group by all
    ),
    fullest as (
        select parent, series
        from counted
        where time_period = coalesce($period, time_period)
        group by all
        order by max(n) desc, parent, sum(n) desc, series
        limit 1
    ),
    chosen as (
        select counted.parent, counted.series, coalesce($period, max(counted.time_period)) as time_period
        from counted
        inner join fullest on fullest.parent = counted.parent and fullest.series = counted.series
        where
            counted.time_period = $period
            or 2 * counted.n >= (
                select max(other.n)
                from counted as other
                where other.parent = counted.parent and other.series = counted.series
            )
        group by all
    )
    select compared.*, compared.parent as area, compared.parent_name_zh as area_name_zh
    from compared
    inner join chosen
        on chosen.parent = compared.parent
        and chosen.series = compared.series
        and chosen.time_period = compared.time_period
    where compared.indicator_id = $indicator
    order by compared.rank_computed nulls last, compared.ref_area
"""
_TARGETS = f"""
    select ref_area, {_SERIES}, light_zh
    from target_attainment
    where indicator_id = $indicator and time_period = $period and is_preferred
"""
_PLACES = "select count(*) as n from place where parent = $area and area_level = $level and valid_to is null"


def _bounded(row: Mapping[str, Any]) -> str:
    value = f"{Decimal(decimal_text(row['obs_value'])):,f}"
    if row["comparator"] == "range" and row["obs_value_high"] is not None:
        return f"{value}–{Decimal(decimal_text(row['obs_value_high'])):,f}"
    return value + BOUNDS.get(row["comparator"], "")


def _rows(connection: duckdb.DuckDBPyConnection, query: str, **parameters: Any) -> list[Row]:
    cursor = connection.execute(query, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def lines(found: Evidence) -> Iterator[str]:
    """The evidence as lines of text, the quote marked 【】 in its sentence; what settles it, or is settled, below."""
    kind = {"fact": "实绩", "target": "目标"}[found.kind]
    yield f"{kind} {found.name_zh} {found.indicator_zh} {found.time_period}: {found.value_text}  {found.fact_id}"
    yield "  " + " ".join(f"{found.before}【{found.quote}】{found.after}".split())
    title = found.document_title or found.file_name or ""
    yield "  " + ", ".join(filter(None, (title, found.publisher, found.published_on or "undated", found.locator)))
    if found.uri and found.uri.startswith("http"):
        yield f"  {found.uri}"
    if found.outcome:
        yield f"  完成情况: {found.outcome}"
    for other in (*filter(None, (found.settled_by,)), *found.settles):
        yield ""
        yield from lines(other)
