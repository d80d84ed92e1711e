"""The marts as of a past date: what a new warehouse publishes that has seen what had arrived by then, and nothing else.

    warehouse/asof/<DATE>/       the files of a release, replaced as a whole; `current` and the database stay untouched
    warehouse/asof/.<DATE>.work/ the new warehouse while it is made

It is filled from ledger/ and blobs/ alone, which are only ever added to, so that the warehouse's lock is not needed: a
run may be at work meanwhile. The curator's files are those of the date, as `gongbao.curation` kept them; code and the
vocabulary's own files are this program's. Where these are the same too, so is the release, to the byte.

All is done in a process of its own, for each reads the vocabulary once.
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gongbao import curation, ledger, progress, publish, reference, validate
from gongbao.errors import GongbaoError, ReleaseHeld, UsageError
from gongbao.harmless import harmless
from gongbao.ingest import past
from gongbao.ingest.intake import take_again
from gongbao.ingest.limits import Limits
from gongbao.ingest.names import Name
from gongbao.normalise import correction_file, extract_pending, normalise
from gongbao.normalise.correction_file import Correction
from gongbao.normalise.pending import FAILED
from gongbao.publish import history
from gongbao.publish.published import MANIFEST
from gongbao.reference import checks
from gongbao.settings import Settings
from gongbao.warehouse import Warehouse, hold_lock
from gongbao.workers import local

FOLDER = "asof"
_REMEDY = "name a day, such as 2026-03-31, or a moment, such as 2026-03-31T18:00:00+08:00"
_GLANCE = 0.1
"""Seconds between two looks whether the other process is done."""


@dataclass(frozen=True, slots=True)
class Date:
    """A past date: its last moment, in UTC without a zone, and what its folder is called."""

    moment: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Marts as of a moment (UTC): their release, the folder, how many documents it knows and how many are refused.

    `failures` are files that this extractor could not read. `published` is the release that was `current` then, by the
    run ledger; null where there was none. `notes` say why it is another one.
    """

    moment: datetime
    release_id: str
    path: Path
    documents: int
    failures: tuple[str, ...]
    published: str | None
    notes: tuple[str, ...]

    @property
    def is_as_published(self) -> bool:
        """Whether these are the files that were published then, to the byte."""
        return self.release_id == self.published


def present(configured: Settings) -> datetime:
    """Now, in UTC without a zone: the clock's, or when the last run ended where the clock is behind that."""
    runs = Warehouse(configured.warehouse).read_ledger("runs")
    return max([configured.clock(), *(datetime.fromisoformat(run["at"]) for run in runs)])


def parse_date(text: str, now: datetime) -> Date:
    """A day, which is over at midnight UTC (today: now), or a moment, in UTC where it names no zone.

    Raises `UsageError` for anything else, and for what is still to come; `now` is in UTC.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _parse_moment(text, now)
    if day > now.date():
        raise UsageError(f"{day} is still to come", f"today is {now.date()} in UTC; {_REMEDY}")
    if day == now.date():
        return Date(now, day.isoformat())
    return Date(datetime.combine(day + timedelta(days=1), time()) - timedelta(microseconds=1), day.isoformat())


def _parse_moment(text: str, now: datetime) -> Date:
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise UsageError(f"{text!r} is no date", _REMEDY) from None
    if moment > now:
        raise UsageError(f"{text} is still to come", f"it is {now:%Y-%m-%d %H:%M:%S} in UTC; {_REMEDY}")
    return Date(moment, moment.strftime("%Y%m%dT%H%M%S") + (f".{moment:%f}" if moment.microsecond else "") + "Z")


def rebuild(configured: Settings, wanted: Date, out: Path | None = None) -> Rebuilt:
    """Make the marts of a date in `out`, else in the warehouse's folder for them; what lay there is replaced.

    Raises `UsageError` where nothing had arrived yet or `out` cannot be used, `ReleaseHeld` where the gate holds the
    release, `WarehouseDamaged` where an original is missing, `WarehouseLocked` where the same marts are being made.
    """
    root = configured.warehouse.resolve()
    if not (root / "ledger").is_dir():
        raise UsageError(f"no warehouse at {root}", "name one with --warehouse; the first `gongbao run` makes it")
    then, kept = past.as_of(root, wanted.moment), curation.as_of(root, wanted.moment)
    published = _published(root, wanted.moment)
    if published is None:  # else an empty release may have been
        _require_arrival(then)
    folder = _usable((out or root / FOLDER / wanted.name), root)
    try:
        with _workplace(folder) as workplace:
            past.lay_out(then, workplace / "warehouse")
            _copy(root, workplace / "warehouse", history.LEDGER)
            corrections, vocabulary = configured.corrections.resolve(), reference.overlay()
            if kept is not None:
                curation.lay_out(kept, root, workplace)
                corrections, vocabulary = workplace / curation.CORRECTIONS, workplace / curation.VOCABULARY
            limits, processes = configured.parse_limits(), configured.processes
            suspect = _broke_the_extractor(root)
            work = (workplace / "warehouse", then.names, then.moment, corrections, limits, processes, suspect)
            release_id, documents, failures = _elsewhere(vocabulary, work)
            _replace(folder, workplace / "warehouse" / "releases" / release_id, workplace)
    except OSError as error:
        raise GongbaoError(
            f"cannot write {folder} ({error})", "check permissions and the disk's space, or name a folder with --out"
        ) from error
    notes = _why_other(root, published, folder) if published not in {None, release_id} else ()
    if kept is None:
        notes += ("no night had kept the curator's files yet: corrections and vocabulary are today's",)
    return Rebuilt(wanted.moment, release_id, folder, documents, failures, published, notes)


def describe(rebuilt: Rebuilt) -> list[str]:
    """The lines for a person: which release it is, where it lies, whether it was published then."""
    release = f"release: {rebuilt.release_id}"
    if rebuilt.is_as_published:
        release += ", as it was published then"
    else:
        release += f"; {rebuilt.published or 'nothing'} was published then"
    return [
        f"as of {rebuilt.moment:%Y-%m-%d %H:%M:%S} UTC: {rebuilt.documents:,} documents",
        release,
        *rebuilt.notes,
        *(harmless(f"{name} could not be extracted by this program") for name in rebuilt.failures),
        f"marts:   {rebuilt.path}/*.parquet",
    ]


def _usable(out: Path, root: Path) -> Path:
    """The folder, resolved. Raises `UsageError` where it holds something else, or belongs to the warehouse."""
    folder = out.resolve()
    if folder in {root, root / FOLDER} or (folder.is_relative_to(root) and not folder.is_relative_to(root / FOLDER)):
        raise UsageError(f"{out} belongs to the warehouse itself", "name another folder, or leave out --out")
    if folder.exists() and not (folder / MANIFEST).is_file() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UsageError(f"{out} is there and holds no release", "name a new or empty folder with --out")
    return folder


def _require_arrival(then: past.Past) -> None:
    """Raises `UsageError` where nothing had arrived yet."""
    if then.arrived is None:
        raise UsageError(f"no document has ever arrived in {then.root}", "name the warehouse with --warehouse")
    if then.arrived > then.moment:
        raise UsageError(
            f"nothing had arrived by {then.moment:%Y-%m-%d %H:%M:%S} UTC",
            f"the first document came at {then.arrived:%Y-%m-%d %H:%M:%S} UTC; name that day or a later one",
        )


def _copy(root: Path, into: Path, name: str) -> None:
    """A ledger as it is: of the order of releases a manifest tells its own place, whatever came after."""
    entries = ledger.read(Warehouse(root).ledger_file(name), dict)
    ledger.append(into / "ledger" / f"{name}.jsonl", entries)


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """An empty folder beside the one that is made, on its disk; what a killed run left there is removed."""
    workplace = folder.with_name(f".{folder.name}.work")
    workplace.mkdir(parents=True, exist_ok=True)
    with hold_lock(workplace / ".lock"):
        for path in workplace.iterdir():
            if path.name != ".lock":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        try:
            yield workplace
        finally:
            shutil.rmtree(workplace)


START_METHOD = "spawn"
"""The new process knows nothing of this one, its vocabulary least."""
Work = tuple[Path, tuple[Name, ...], datetime, Path, Limits, int, bool]
Made = tuple[str, int, tuple[str, ...]]
"""Release id, number of documents, files that broke the extractor."""


def _elsewhere(vocabulary: Path | None, work: Work) -> Made:
    """Do the work in a new process, with that overlay on the vocabulary; its progress is told here."""
    context = multiprocessing.get_context(START_METHOD)
    hearing, telling = context.Pipe(duplex=False)
    with hearing, telling, ProcessPoolExecutor(1, context, _enter, (vocabulary, telling)) as pool:
        answer = pool.submit(_make, *work)
        while not answer.done():
            if hearing.poll(_GLANCE):
                progress.advance(*hearing.recv())
        try:
            return answer.result()
        except BrokenProcessPool as error:
            raise GongbaoError(
                "the process that made the marts was ended from outside", "look for want of memory, then run again"
            ) from error


_telling: Connection[Any, Any] | None = None


def _enter(vocabulary: Path | None, telling: Connection[Any, Any]) -> None:
    """In the new process, before it reads the vocabulary."""
    global _telling
    reference.put_on(vocabulary)
    _telling = telling


def _make(
    root: Path,
    names: tuple[Name, ...],
    moment: datetime,
    corrections: Path,
    limits: Limits,
    processes: int,
    is_suspect: bool,
) -> Made:
    """In the new process: a night without sources, from the ledgers to the release."""
    assert _telling is not None
    telling = _telling
    corrected = _read_curated(corrections)
    with progress.listening(lambda *step: telling.send(step)), Warehouse(root) as warehouse:
        with local(processes) as workers:
            take_again(warehouse, names, moment, limits, workers)
            extracted = extract_pending(warehouse, workers, is_suspect=is_suspect)
        normalise(warehouse, corrected)
        core = validate.validate_core(warehouse, FOLDER)
        publish.stage_marts(warehouse)
        marts = validate.validate_marts(warehouse, FOLDER)
        if core.held or marts.held:
            held = [each.expectation for verdict in (core, marts) for each in verdict.results if each.outcome == "held"]
            raise ReleaseHeld(
                f"the gate holds the marts of that date for {', '.join(held)}",
                "nothing was written; see the findings",
                tuple(validate.describe(core) + validate.describe(marts)),
            )
        release = publish.publish(warehouse, (core, marts))
        documents = warehouse.connection.execute("select count(*) from raw.document").fetchone() or (0,)
        return release.release_id, int(documents[0]), tuple(each.file_name for each in extracted.failures)


def _read_curated(corrections: Path) -> tuple[Correction, ...]:
    """The corrections. Raises `UsageError` where they, or the overlay, name what this program's vocabulary has not."""
    try:
        checks.check_overlay()
        return correction_file.read(corrections)
    except UsageError as error:
        raise UsageError(
            f"the curator's files of that date do not fit this program: {error.what}",
            "run it from the checkout of then, whose vocabulary they belong to",
        ) from error


def _replace(folder: Path, made: Path, workplace: Path) -> None:
    """Put what was made into the place of what lay there."""
    if folder.exists():
        folder.rename(workplace / "before")
    made.rename(folder)


def _broke_the_extractor(root: Path) -> bool:
    """Whether a text did that in a night: what is made anew does not know it, and the text is among its own."""
    refused = (json.loads(file.read_bytes()) for file in (root / "quarantine").glob("*.json"))
    return any(each["reason"] == FAILED for each in refused)


def _published(root: Path, moment: datetime) -> str | None:
    """The release that was `current` at a moment, by the run ledger."""
    ended = ledger.read(
        Warehouse(root).ledger_file("runs"),
        lambda entry: (datetime.fromisoformat(entry["at"]), entry.get("release_id")),
    )
    then = [release for at, release in ended if release is not None and at <= moment]
    return then[-1] if then else None


def _why_other(root: Path, published: str | None, folder: Path) -> tuple[str, ...]:
    """Why the marts are not those of the release that was published then, as far as the two manifests tell."""
    codes = [_code_version(root / "releases" / str(published)), _code_version(folder)]
    if codes[0] is None:
        return (f"the folder of release {published} is gone or damaged: its code and vocabulary cannot be compared",)
    if codes[0] != codes[1]:
        return (
            f"release {published} is of code and vocabulary {codes[0]}, this one of {codes[1]}: "
            "from the checkout of then the files are the same",
        )
    return (
        "both are of the same code and vocabulary: what had arrived since was held, or waited for the next run; "
        "or other limits of reading were set",
    )


def _code_version(folder: Path) -> str | None:
    try:
        return str(json.loads((folder / MANIFEST).read_bytes())["code_version"])
    except (FileNotFoundError, ValueError, KeyError):
        return None
