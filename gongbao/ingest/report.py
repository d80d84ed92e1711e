"""What a night took in, in numbers and names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken in: `reason` is its code, `detail` and `remedy` are for a person."""

    source: str
    uri: str
    reason: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Every file seen is exactly one of new, unchanged, duplicate, quarantined or ignored.

    `duplicate`: the same bytes, or the same text, under another name. `quarantined` counts every refused file that
    lies in the inboxes, those of earlier nights too; `refusals` names them in the order of sources and paths. Refused
    contents that no inbox holds any more are `gone`, and counted nowhere else.
    `replayed`: sightings of the ledger read from their blobs, because the database had lost them, or newer readers
    try a refusal that is gone again; they are not among those seen.
    `ignored` are files no office means to send: lock files, links to a file that is read under its own name.
    `warnings`: (uri, codes) of new documents accepted with a warning. `unreached`: (source, reason).
    """

    seen: int = 0
    new: int = 0
    unchanged: int = 0
    duplicate: int = 0
    quarantined: int = 0
    gone: int = 0
    replayed: int = 0
    refusals: tuple[Refusal, ...] = ()
    ignored: tuple[Refusal, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    unreached: tuple[tuple[str, str], ...] = ()
