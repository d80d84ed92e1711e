"""What a night took in, in numbers and names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file or page that was not taken in: `reason` is its code, `detail` and `remedy` are for a person."""

    source: str
    uri: str
    reason: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Every file or page seen is exactly one of new, unchanged, revised, duplicate, quarantined, pending or ignored.

    `revised`: new content at an address that held a document before. `duplicate`: the same bytes, or the same text,
    at another address. `quarantined` counts every refused file that lies in the sources, those of earlier nights too;
    `refusals` names them in the order of sources and paths. Refused contents that no source holds any more are `gone`,
    and counted nowhere else. `pending` are pages that could not be had now and are asked for again the next night;
    what they said before stands.
    `replayed`: sightings of the ledger read from their blobs, because the database had lost them, or newer readers
    try a refusal that is gone again; they are not among those seen.
    `ignored` are files no office means to send: lock files, links to a file that is read under its own name.
    `warnings`: (uri, codes) of new documents accepted with a warning, and of pages that are gone while what they said
    stands. `unreached`: (source, reason); of these `passing` are sites that may answer in a few minutes. `not_due`:
    sources whose schedule leaves this night out.
    """

    seen: int = 0
    new: int = 0
    unchanged: int = 0
    revised: int = 0
    duplicate: int = 0
    quarantined: int = 0
    gone: int = 0
    replayed: int = 0
    refusals: tuple[Refusal, ...] = ()
    pending: tuple[Refusal, ...] = ()
    ignored: tuple[Refusal, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    unreached: tuple[tuple[str, str], ...] = ()
    passing: tuple[str, ...] = ()
    not_due: tuple[str, ...] = ()

    @property
    def has_faults(self) -> bool:
        """Whether something needs a look: an input refused or not had, a source not reached."""
        return bool(self.refusals or self.pending or self.unreached)


def merged(first: IngestReport, again: IngestReport) -> IngestReport:
    """Both as one: `again` is of sources that `first` did not reach."""
    asked = set(first.passing)
    sums = {
        name: getattr(first, name) + getattr(again, name)
        for name in (
            "seen", "new", "unchanged", "revised", "duplicate", "quarantined", "replayed",
            "refusals", "pending", "ignored", "warnings",
        )
    }  # fmt: skip
    still = tuple(each for each in first.unreached if each[0] not in asked) + again.unreached
    return replace(first, **sums, gone=again.gone, unreached=tuple(sorted(still)), passing=again.passing)


class Tally:
    """What the night has counted so far."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.refusals: list[Refusal] = []
        self.pending: list[Refusal] = []
        self.ignored: list[Refusal] = []
        self.warnings: list[tuple[str, str]] = []
        self.unreached: list[tuple[str, str]] = []
        self.passing: list[str] = []

    def report(self, not_due: Sequence[str]) -> IngestReport:
        """The night's report."""
        counts = {name: self.counts[name] for name in ("seen", "new", "unchanged", "revised", "duplicate", "gone")}
        return IngestReport(
            **counts,
            quarantined=len(self.refusals),
            replayed=self.counts["replayed"],
            refusals=tuple(self.refusals),
            pending=tuple(self.pending),
            ignored=tuple(self.ignored),
            warnings=tuple(self.warnings),
            unreached=tuple(self.unreached),
            passing=tuple(self.passing),
            not_due=tuple(not_due),
        )
