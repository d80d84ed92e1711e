"""What a curator's files said, night by night: corrections.yml and the overlay on the vocabulary.

    ledger/curation.jsonl, one line each time that a night finds them changed; the last one holds:
    {"at", "files": {"corrections.yml": sha256, "vocabulary/indicator_aliases.csv": sha256}}

Their contents are originals like all others, in blobs/. So marts as of a past date are made with the corrections and
the vocabulary of that date, whatever the files say by now. A night reads the files themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gongbao import ledger, project, reference
from gongbao.errors import WarehouseDamaged
from gongbao.ingest.store import content_id, flush_names, put
from gongbao.warehouse import Warehouse

CURATION = "curation"
CORRECTIONS = "corrections.yml"
VOCABULARY = "vocabulary"


@dataclass(frozen=True, slots=True)
class Curation:
    """The files in force from a moment (UTC) on: name → sha256, sorted by name."""

    at: datetime
    files: tuple[tuple[str, str], ...]

    @classmethod
    def of_entry(cls, entry: Mapping[str, Any]) -> Curation:
        """What a line of the ledger tells. Raises KeyError, TypeError or ValueError."""
        return cls(datetime.fromisoformat(entry["at"]), tuple(sorted(entry["files"].items())))


def record(warehouse: Warehouse, moment: datetime, corrections: Path) -> None:
    """Keep the curator's files, and append a line where they are not those of the last one."""
    paths = {CORRECTIONS: corrections} if corrections.is_file() else {}
    overlay = reference.overlay()
    if overlay is not None:
        paths |= {f"{VOCABULARY}/{path.relative_to(overlay).as_posix()}": path for path in project.deciding(overlay)}
    files = {name: put(warehouse.blobs, path.read_bytes()) for name, path in paths.items()}
    before = ledger.read(warehouse.ledger_file(CURATION), Curation.of_entry)
    if not before or dict(before[-1].files) != files:
        flush_names(warehouse.blobs)
        warehouse.append_ledger(CURATION, [{"at": moment.isoformat(), "files": files}])


def as_of(root: Path, moment: datetime) -> Curation | None:
    """The files in force at a moment: the last that a night had found, else the first ever; null where none was."""
    known = ledger.read(Warehouse(root).ledger_file(CURATION), Curation.of_entry)
    then = [each for each in known if each.at <= moment] or known[:1]
    return then[-1] if then else None


def lay_out(curation: Curation, root: Path, folder: Path) -> None:
    """Write the files into a folder: `corrections.yml` and `vocabulary/`, where there were any.

    Raises `WarehouseDamaged` where one of them is missing or altered.
    """
    for name, sha256 in curation.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_content(root / "blobs" / sha256, name, sha256))


def _content(blob: Path, name: str, sha256: str) -> bytes:
    remedy = f"put back {name} as it was, under that name"
    try:
        data = blob.read_bytes()
    except OSError as error:
        raise WarehouseDamaged(f"cannot read blob {blob}, which was {name} ({error.strerror})", remedy) from error
    if content_id(data) != sha256:
        raise WarehouseDamaged(f"blob {blob}, which was {name}, has been altered", remedy)
    return data
