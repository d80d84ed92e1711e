"""A source is due when a time of its schedule has passed since the last visit; downtime is made up for once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from gongbao.ingest import Source, ingest
from gongbao.ingest.schedule import is_due, problem
from gongbao.warehouse import Warehouse
from tests.unit.ingest.conftest import BULLETIN

MONDAYS = "0 2 * * 1"


@pytest.mark.parametrize(
    ("schedule", "last_visit", "now", "expected"),
    [
        (None, datetime(2026, 3, 2), datetime(2026, 3, 2), True),
        (MONDAYS, None, datetime(2026, 3, 4), True),
        # Monday 2 March, 02:00 in China is Sunday 18:00 in UTC.
        (MONDAYS, datetime(2026, 3, 1, 18, 5), datetime(2026, 3, 2, 18, 5), False),
        (MONDAYS, datetime(2026, 3, 1, 18, 5), datetime(2026, 3, 8, 17, 59), False),
        (MONDAYS, datetime(2026, 3, 1, 18, 5), datetime(2026, 3, 8, 18, 0), True),
        (MONDAYS, datetime(2026, 1, 1), datetime(2026, 3, 4), True),
        ("0 0 1 * *", datetime(2026, 2, 10), datetime(2026, 2, 28, 15, 59), False),
        ("0 0 1 * *", datetime(2026, 2, 10), datetime(2026, 2, 28, 16, 0), True),
    ],
)
def test_due(schedule: str | None, last_visit: datetime | None, now: datetime, expected: bool) -> None:
    assert is_due(schedule, last_visit, now) is expected


@pytest.mark.parametrize("expression", ["weekly", "61 2 * * *", "0 0 30 2 *", ""])
def test_what_is_no_schedule_is_told(expression: str) -> None:
    assert problem(expression)


def test_a_schedule_says_nothing_is_wrong() -> None:
    assert problem(MONDAYS) is None


def test_a_source_is_left_alone_until_it_is_due_or_named(warehouse: Warehouse, inbox: Path) -> None:
    source = Source("office", inbox, schedule=MONDAYS)
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    (inbox / "bad.txt").write_bytes(b"")
    first = ingest(warehouse, [source], datetime(2026, 3, 1, 18, 5))
    assert (first.new, first.quarantined, first.not_due) == (1, 1, ())
    (inbox / "b.txt").write_text(BULLETIN + "\n", "utf-8")
    second = ingest(warehouse, [source], datetime(2026, 3, 2, 18, 5))
    assert (second.seen, second.gone, second.not_due) == (0, 0, ("office",))
    assert warehouse.connection.execute("select gone from ops.quarantine").fetchall() == [(False,)]
    named = ingest(warehouse, [source], datetime(2026, 3, 2, 18, 10), named=("office",))
    assert (named.new, named.unchanged, named.quarantined) == (1, 1, 1)
    assert [entry["visited_at"] for entry in warehouse.read_ledger("visits")] == [
        "2026-03-01T18:05:00",
        "2026-03-02T18:10:00",
    ]
    assert ingest(warehouse, [source], datetime(2026, 3, 8, 18, 0)).seen == 3


def test_a_source_that_was_not_reached_is_due_again(warehouse: Warehouse, tmp_path: Path) -> None:
    source = Source("office", tmp_path / "not there", schedule=MONDAYS)
    ingest(warehouse, [source], datetime(2026, 3, 1, 18, 5))
    assert warehouse.read_ledger("visits") == []
    assert ingest(warehouse, [source], datetime(2026, 3, 2, 18, 5)).not_due == ()


def test_naming_one_source_leaves_the_others_as_they_were(warehouse: Warehouse, inbox: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    (other / "bad.txt").write_bytes(b"")
    sources = [Source("office", inbox), Source("other", other)]
    ingest(warehouse, sources, datetime(2026, 3, 1))
    report = ingest(warehouse, sources, datetime(2026, 3, 2), named=("office",))
    assert (report.seen, report.unchanged, report.gone, report.not_due) == (1, 1, 0, ("other",))
    assert warehouse.connection.execute("select gone from ops.quarantine").fetchall() == [(False,)]
