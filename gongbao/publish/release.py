"""A release: the staged marts as Parquet files in a folder of their own, and `current` switched to it in one step.

    releases/<id>/MART.parquet        snappy, rows in the mart's declared order: the same rows give the same bytes
    releases/<id>/manifest.json       {release_id, code_version, inputs: [{document_id, source_name, ingest_status}],
                                      marts: {NAME: {rows, content, file, bytes, sha256}}, files: {FILE: {bytes,
                                      sha256}}, explorer: {files, bytes, sha256}, checks, results, previous_release,
                                      changes: {NAME: {added, changed, removed}}} without a clock, written last;
                                      `content` is a hash of the rows, `results` one of every check's result with its
                                      sample rows, the explorer's one of its files' names and hashes
    releases/<id>/datapackage.json, dictionary.html, quality.html, county_comparison.xlsx
    releases/<id>/explorer/           a page that shows all of it, and its data: see `gongbao.explorer`
    releases/.<id>.partial            a release in the making; one that a killed run left is removed by the next
    held/<id>                         a release in full that waits for a person, see `gongbao.churn`; the newest alone
    held/quality.html                 what the checks found in the newest night that was held, and what held it
    current -> releases/<id>          a relative link, replaced atomically

In the id: `release_id` is a hash over `code_version`, `inputs`, rows and content of `marts`, `checks` and `results`.
What would be published differently has another id; neither a clock nor the order of arrival enters it. The files and
their bytes follow from these. `results` is among them for the sake of quality.html, which shows more than `checks`
counts: the same marts of which a check shows another sample are another release, as a published page is not written
again. The page bears the id, so that its own hash cannot enter it.

Beside the id: `previous_release` and `changes`, which tell after which release this one was first published, and how
many rows of each mart differ from that one: the same marts have the same id whatever was published before them. They
are written once, from the first line of ledger/releases.jsonl that names the release. When a release comes back after
another one, its folder stays as it is and the ledger gets another line, so that a published folder is never written
again, but for files that no longer are what the manifest says: a reader that holds one of its files reads on
undisturbed. What was current just before is the ledger's to tell: `gongbao.publish.history`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from gongbao import explorer, progress, project, workbook
from gongbao.errors import GongbaoError
from gongbao.publish import contract, diff, history, published
from gongbao.publish.dictionary import datapackage, dictionary
from gongbao.publish.history import Publication
from gongbao.publish.published import MANIFEST, Published
from gongbao.publish.quality_page import quality_page
from gongbao.validate.verdict import Verdict, checks_summary
from gongbao.warehouse import Warehouse

DATAPACKAGE, DICTIONARY, QUALITY = "datapackage.json", "dictionary.html", "quality.html"
ROW_GROUP = 122_880


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release that lies ready in `folder` and is not `current` yet, or is already.

    `contents` is the part of its manifest that decides the id. `previous` is the current release, None before the first
    or where it is this one; `changes` counts the rows added, changed and removed by mart against it, None without one,
    and where its files are damaged.
    """

    release_id: str
    folder: Path
    contents: Mapping[str, Any]
    previous: str | None
    changes: history.Changes | None


@dataclass(frozen=True, slots=True)
class Release:
    """A published release; `is_new` is false where it was `current` and whole already, and nothing was written.

    `previous` and `changes` tell what it took the place of, and how many rows of each mart differ.
    """

    release_id: str
    path: Path
    is_new: bool
    previous: str | None
    changes: history.Changes | None


def publish(warehouse: Warehouse, verdicts: Sequence[Verdict]) -> Release:
    """Write the staged marts and make them `current`, however much they differ from what is; see the two steps."""
    return make_current(warehouse, prepare(warehouse, verdicts))


def prepare(warehouse: Warehouse, verdicts: Sequence[Verdict]) -> Candidate:
    """Write the staged marts where nobody reads them, unless they lie published and whole, and compare with `current`.

    `verdicts` are those of the gate: the manifest counts them, quality.html shows them. No clock and no run's id may be
    in them, or the same marts would get another id. Raises `ContractBroken` where a staged mart is not as described,
    and `GongbaoError` where the folder cannot be written.
    """
    contract.check(warehouse.connection)
    contents = _contents(warehouse.connection, verdicts)
    release_id = hashlib.sha256(_json(contents)).hexdigest()[:16]
    folder = warehouse.releases / release_id
    with _telling_where(warehouse, release_id):
        _remove_leftovers(warehouse)
        told = history.first(warehouse.root, release_id) or _told_by_manifest(folder)
        is_whole = told is not None and _is_whole(folder, contents, told)
        place = folder if is_whole else _write_files(warehouse, release_id, verdicts)
        candidate = _compared(warehouse, Published(release_id, place, contents))
        if not is_whole:
            told = told or Publication(release_id, candidate.previous, candidate.changes)
            _write_manifest(place, contents, told)
    return candidate


def make_current(warehouse: Warehouse, candidate: Candidate, *, approved: bool = False) -> Release:
    """Put a candidate's folder in its place, tell the ledger, switch `current`; nothing where all is done already.

    Whatever was held waits no longer. Raises `GongbaoError` where a folder cannot be written; `current` is then as
    it was.
    """
    folder = warehouse.releases / candidate.release_id
    with _telling_where(warehouse, candidate.release_id):
        is_switched = warehouse.current.resolve() != folder
        is_moved = candidate.folder != folder
        if is_switched:
            # Before the folder is there: what lies in releases/ is always in the ledger.
            line = Publication(candidate.release_id, candidate.previous, candidate.changes, approved)
            history.record(warehouse, line)
        if is_moved:
            _put(candidate.folder, folder)
        if is_switched:
            _switch(warehouse, folder)
        shutil.rmtree(warehouse.root / published.HELD, ignore_errors=True)
    return Release(candidate.release_id, folder, is_moved or is_switched, candidate.previous, candidate.changes)


def hold(warehouse: Warehouse, candidate: Candidate) -> None:
    """Keep a candidate for a person to look at, in place of one that was held before; `current` is as it was."""
    waiting = warehouse.root / published.HELD
    with _telling_where(warehouse, candidate.release_id):
        shutil.rmtree(waiting, ignore_errors=True)
        if candidate.folder.parent == warehouse.releases and candidate.folder.name == candidate.release_id:
            return  # it was published once, and lies there for everybody
        waiting.mkdir()
        candidate.folder.rename(waiting / candidate.release_id)
        _sync(waiting)


def report_held(warehouse: Warehouse, verdicts: Sequence[Verdict]) -> Path:
    """Write the page of a night that was held, and return its path; a release that waits there waits on.

    `verdicts` are all of that night, those of the changes too: a release's own page cannot tell what it would change.
    Raises `GongbaoError` where it cannot be written.
    """
    page = warehouse.root / published.HELD / QUALITY
    partial = page.with_name(f".{QUALITY}.partial")
    try:
        page.parent.mkdir(exist_ok=True)
        partial.write_text(quality_page(verdicts, project.code_version(), None), "utf-8")
        _sync(partial)
        partial.replace(page)
        _sync(page.parent)
    except OSError as error:
        raise GongbaoError(
            f"the page of what held the release, {page}, cannot be written ({error})",
            "check the disk's space and permissions",
        ) from error
    return page


def approve(warehouse: Warehouse, release_id: str) -> Release:
    """Make a release current that lies in the warehouse, held or published once, however much it differs.

    Raises `DamagedRelease` where its files are not what its manifest says.
    """
    found = published.read(published.folder_of(warehouse.root, release_id))
    return make_current(warehouse, _compared(warehouse, found), approved=True)


def _compared(warehouse: Warehouse, ready: Published) -> Candidate:
    """A candidate with how much differs from the current release; a damaged one is no reason not to go on."""
    previous = published.current(warehouse.root)
    if previous is None or previous == ready.release_id:
        return Candidate(ready.release_id, ready.folder, ready.manifest, None, None)
    try:
        changes = diff.count(published.read(warehouse.releases / previous), ready, warehouse.releases)
    except published.DamagedRelease:
        changes = None
    return Candidate(ready.release_id, ready.folder, ready.manifest, previous, changes)


@contextmanager
def _telling_where(warehouse: Warehouse, release_id: str) -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        raise GongbaoError(
            f"cannot publish release {release_id} under {warehouse.releases} ({error})",
            "`current` is as before; check the disk's space and permissions, then run again",
        ) from error


def _told_by_manifest(folder: Path) -> Publication | None:
    """What a manifest says of its release's first publication: for a warehouse that has lost its ledger."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        return Publication(folder.name, manifest["previous_release"], manifest["changes"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _is_whole(folder: Path, contents: Mapping[str, Any], told: Publication) -> bool:
    """Whether a release's folder holds every file, and a manifest that says of each what it is now."""
    try:
        return (folder / MANIFEST).read_bytes() == _json(_manifest(folder, contents, told))
    except FileNotFoundError:
        return False


def _manifest(folder: Path, contents: Mapping[str, Any], told: Publication) -> dict[str, Any]:
    """The manifest of the files that lie in the folder."""
    marts = {
        name: mart | {"file": f"{name}.parquet"} | _describe(folder / f"{name}.parquet")
        for name, mart in contents["marts"].items()
    }
    files = {name: _describe(folder / name) for name in (DATAPACKAGE, DICTIONARY, QUALITY, workbook.WORKBOOK)}
    beside = {"previous_release": told.previous_release, "changes": told.changes}
    shown = _describe_all(folder / explorer.FOLDER)
    return {"release_id": told.release_id, **contents, "marts": marts, "files": files, "explorer": shown, **beside}


def _contents(connection: duckdb.DuckDBPyConnection, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The manifest's part that decides the release id."""
    return {
        "code_version": project.code_version(),
        "inputs": _inputs(connection),
        "marts": {mart.name: _content(connection, mart) for mart in contract.marts()},
        "checks": checks_summary(verdicts),
        "results": hashlib.sha256(_json({"verdicts": [asdict(verdict) for verdict in verdicts]})).hexdigest(),
    }


def _content(connection: duckdb.DuckDBPyConnection, mart: contract.Mart) -> dict[str, Any]:
    """The number of a staged mart's rows, and a hash of them, whatever the order in which they lie.

    Each row has two hashes of 64 bits, by DuckDB's own function over its typed values (hashed once more, as it joins
    those of the columns by a mere exclusive or); their exact sums over all rows are hashed. Sums need neither order nor
    memory, and count a row that is there twice. Another DuckDB may hash otherwise: its version is locked, and the lock
    is part of the code's version.
    """
    values = ", ".join(column.name for column in mart.staged)
    query = f"""
        select count(*), sum(hash(hash({values}))), sum(hash(hash('{mart.name}', {values})))
        from marts.{mart.name}
    """
    rows, *sums = connection.execute(query).fetchone() or (0,)
    return {"rows": rows, "content": hashlib.sha256(f"{rows} {sums}".encode()).hexdigest()}


def _write_files(warehouse: Warehouse, release_id: str, verdicts: Sequence[Verdict]) -> Path:
    """Write all files but the manifest into a folder that nobody reads."""
    partial = warehouse.releases / f".{release_id}.partial"
    partial.mkdir()
    marts = contract.marts()
    for number, mart in enumerate(marts, 1):
        _copy(warehouse.connection, mart, partial, release_id)
        progress.advance("publish", number, len(marts))
    (partial / DATAPACKAGE).write_bytes(_json(datapackage(marts, release_id)))
    (partial / DICTIONARY).write_text(dictionary(marts, release_id), "utf-8")
    (partial / QUALITY).write_text(quality_page(verdicts, project.code_version(), release_id), "utf-8")
    headings = {
        column.name: workbook.Heading(column.label_zh, column.unit) for mart in marts for column in mart.columns
    }
    workbook.write(warehouse.connection, partial, release_id, headings)
    explorer.write(warehouse.connection, partial, release_id)
    return partial


def _write_manifest(partial: Path, contents: Mapping[str, Any], told: Publication) -> None:
    """Complete what was written, and have all of it on the disk."""
    (partial / MANIFEST).write_bytes(_json(_manifest(partial, contents, told)))
    for path in [*partial.rglob("*"), partial]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        _sync(path)


def _put(ready: Path, folder: Path) -> None:
    """Move a folder to its place as a whole; over a damaged release, file by file, the manifest last."""
    if folder.is_dir():
        for path in sorted(ready.iterdir(), key=lambda path: (path.name == MANIFEST, path.name)):
            place = folder / path.name
            if path.is_dir() and place.exists():  # a folder takes the place of nothing
                place.rename(ready / f".{path.name}.damaged")
            path.replace(place)
        _sync(folder)
        shutil.rmtree(ready)
    else:
        ready.rename(folder)
    _sync(folder.parent)


def _copy(connection: duckdb.DuckDBPyConnection, mart: contract.Mart, folder: Path, release_id: str) -> None:
    """One mart to its file, in the declared order, in which it was staged.

    The path is a parameter, for DuckDB expands none of those.
    """
    statement = (
        f"copy (select '{release_id}' as release_id, * from marts.{mart.name}) to $path ("
        f"format parquet, compression snappy, parquet_version v1, row_group_size {ROW_GROUP}, "
        f"kv_metadata {{release_id: '{release_id}'}})"
    )
    connection.execute(statement, {"path": str(folder / f"{mart.name}.parquet")})


def _inputs(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    rows = connection.execute(
        "select document_id, source_name, ingest_status from marts.document order by document_id"
    ).fetchall()
    return [dict(zip(("document_id", "source_name", "ingest_status"), row, strict=True)) for row in rows]


def _describe(path: Path) -> dict[str, Any]:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _describe_all(folder: Path) -> dict[str, Any]:
    """What lies in a folder, as one thing: thousands of small files need no line each."""
    files = {path.relative_to(folder).as_posix(): _describe(path) for path in folder.rglob("*") if path.is_file()}
    total = sum(file["bytes"] for file in files.values())
    return {"files": len(files), "bytes": total, "sha256": hashlib.sha256(_json(files)).hexdigest()}


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _switch(warehouse: Warehouse, folder: Path) -> None:
    """Point `current` at the folder: a new link under a name of its own takes the old one's place at once."""
    link = warehouse.root / ".current.partial"
    link.symlink_to(folder.relative_to(warehouse.root))
    link.replace(warehouse.current)
    _sync(warehouse.root)


def _remove_leftovers(warehouse: Warehouse) -> None:
    """What a killed run left behind; the warehouse's lock says that none is at work now."""
    for partial in warehouse.releases.glob(".*.partial"):
        shutil.rmtree(partial)
    (warehouse.root / ".current.partial").unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
