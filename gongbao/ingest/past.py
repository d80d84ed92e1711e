"""The warehouse as it was at a past moment: the ledgers cut there, the originals as links, to fill a new one from.

A sighting counts from the moment when it was made, a source's settings and what is known of a name from the line that
tells it. Ledgers and originals are only ever added to, so that a run that writes at the same time does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gongbao import ledger
from gongbao.ingest import names, sightings
from gongbao.ingest.names import Name
from gongbao.ingest.sightings import Sighting, SourceSettings
from gongbao.warehouse import Warehouse

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledgers of the warehouse at `root` told up to `moment` (UTC): lines of sightings and sources, names.

    `arrived` is when anything arrived first, perhaps later; null where nothing ever did.
    """

    root: Path
    moment: datetime
    arrived: datetime | None
    sightings: tuple[Entry, ...]
    sources: tuple[Entry, ...]
    names: tuple[Name, ...]


def as_of(root: Path, moment: datetime) -> Past:
    """Cut the ledgers of a warehouse; takes no lock. Raises `WarehouseDamaged` for a line that cannot be read."""
    warehouse = Warehouse(root)
    seen = ledger.read(warehouse.ledger_file(sightings.SIGHTINGS), _seen)
    told = ledger.read(warehouse.ledger_file(names.NAMES), _dated)
    settings = ledger.read(warehouse.ledger_file(sightings.SOURCES), _of_source)
    return Past(
        warehouse.root,
        moment,
        min((at for at, _ in (*seen, *told)), default=None),
        tuple(_first_answers(entry for at, entry in seen if at <= moment)),
        tuple(_settings_then(settings, moment)),
        tuple(names.last_known(Name.of_entry(entry) for at, entry in told if at <= moment).values()),
    )


def lay_out(past: Past, folder: Path) -> None:
    """Write what a new warehouse in `folder` is filled from: the ledgers, and a link for each original."""
    for name in ("ledger", "blobs"):
        (folder / name).mkdir(parents=True)
    ledger.append(folder / "ledger" / f"{sightings.SIGHTINGS}.jsonl", past.sightings)
    ledger.append(folder / "ledger" / f"{sightings.SOURCES}.jsonl", past.sources)
    for sha256 in sorted({entry["sha256"] for entry in past.sightings}):
        (folder / "blobs" / sha256).symlink_to(past.root / "blobs" / sha256)


def _seen(entry: Entry) -> tuple[datetime, Entry]:
    return Sighting.of_entry(entry).fetched_at, entry


def _dated(entry: Entry) -> tuple[datetime, Entry]:
    Name.of_entry(entry)
    return datetime.fromisoformat(entry["at"]), entry


def _of_source(entry: Entry) -> tuple[datetime, Entry]:
    SourceSettings.of_entry(entry)
    # Lines of the first version do not say when they were written: they hold from the beginning.
    return datetime.fromisoformat(entry["at"]) if "at" in entry else datetime.min, entry


def _first_answers(entries: Iterable[Entry]) -> Iterable[Entry]:
    """Of each sighting its first line: what a server said of the same bytes later did not decide how they were read."""
    known = set()
    for entry in entries:
        identity = tuple(entry.get(slot) for slot in ("source", "uri", "sha256", "revision"))
        if identity not in known:
            known.add(identity)
            yield entry


def _settings_then(settings: Sequence[tuple[datetime, Entry]], moment: datetime) -> Iterable[Entry]:
    """The lines up to the moment. Of a source without one its first: a killed run may have left it to a later night."""
    known = {entry["source"] for at, entry in settings if at <= moment}
    for at, entry in settings:
        if at <= moment or entry["source"] not in known:
            known.add(entry["source"])
            yield entry
