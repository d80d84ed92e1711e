"""`gongbao doctor`: what could stop the night, found before it does, each finding with a remedy."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gongbao import compiled, ledger, project, reference, run_history, settings
from gongbao.errors import GongbaoError, UsageError, WarehouseLocked
from gongbao.extract.sheets.template import templates
from gongbao.ingest import store
from gongbao.ingest.sightings import SIGHTINGS, Sighting
from gongbao.publish import published, retention
from gongbao.reference import checks
from gongbao.warehouse import DATABASE, Warehouse, schema_version

# The packages whose wrong versions install cleanly and fail at run time (see constraints.txt).
PACKAGES = ("prefect", "fastapi", "sqlalchemy", "duckdb", "great-expectations", "pyarrow", "pandas")
FREE_BYTES_WANTED = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination; `remedy` is empty where there is nothing to do."""

    topic: str
    status: Literal["ok", "note", "fault"]
    detail: str
    remedy: str = ""


def examine(options: Mapping[str, Any]) -> list[Finding]:
    """All findings, in the order a person would look: program, settings, warehouse, vocabulary."""
    settings.use_vocabulary()  # a part of the code's version
    found = [Finding("gongbao", "ok", f"{project.code_version()} on Python {platform.python_version()}")]
    found.extend(_packages())
    halved = "compiled to machine code" if compiled.is_used() else "interpreted; `make compiled` halves its time"
    found.append(Finding("extraction", "ok", halved))
    configured = settings.load(**options)
    found.extend(
        Finding(f"setting {origin.name}", "ok", f"{origin.value} ({origin.origin})")
        for origin in settings.origins(configured, options)
    )
    found.extend(
        Finding(f"variable {name}", "note", "nothing reads it", "is it misspelt?")
        for name in settings.unknown_variables()
    )
    found.extend(_sources(configured))
    found.extend(_warehouse(configured.warehouse))
    found.extend(_vocabulary(configured.vocabulary))
    found.extend(_corrections(configured))
    return found


def _vocabulary(folder: Path) -> Iterator[Finding]:
    """What is wrong with the vocabulary, and what the curator's overlay adds to it."""
    remedy = f"correct it in {folder if reference.overlay_files() else 'gongbao/reference'}"
    problems = checks.problems()
    if not problems:
        try:
            templates()
        except UsageError as error:
            problems.append(str(error))
    yield from (Finding("vocabulary", "fault", problem, remedy) for problem in problems)
    if not problems:
        yield Finding("vocabulary", "ok", "every alias, unit, code and template is consistent")
    if reference.overlay() is None:
        yield Finding("overlay", "ok", f"no folder {folder} yet; `gongbao review accept` makes it")
        return
    files = [_told(folder / name, name) for name in reference.overlay_files()]
    yield Finding("overlay", "ok", f"{folder}: {', '.join(files) or 'empty'}")


def _corrections(configured: settings.Settings) -> Iterator[Finding]:
    """How many corrections there are, and which the last night could not apply."""
    path = configured.corrections
    if not path.exists():
        yield Finding("corrections", "ok", f"no file {path}; its format is told in gongbao.normalise.correction_file")
        return
    try:
        corrections = configured.read_corrections()
    except UsageError as error:
        yield Finding("corrections", "fault", error.what, error.remedy)
        return
    known = _outcomes(configured.warehouse)
    applied = sum(known.get(each.correction_id) == "" for each in corrections)
    new = sum(each.correction_id not in known for each in corrections)
    told = [f"{len(corrections)} in {path}", f"{applied} applied"] + ([f"{new} wait for the next run"] if new else [])
    yield Finding("corrections", "ok", ", ".join(told))
    for each in corrections:
        if detail := known.get(each.correction_id):
            what = f"line {each.line}, {each.document} at {each.target}: {detail}"
            yield Finding("stale correction", "note", what, f"correct or delete the record of line {each.line}")


def _outcomes(warehouse: Path) -> dict[str, str]:
    """Correction id → why the last night did not apply it, empty where it did; nothing where none can be read."""
    try:
        with Warehouse.reading(warehouse) as opened:
            query = "select correction_id, coalesce(detail, '') from ops.correction"
            return dict(opened.connection.execute(query).fetchall())
    except GongbaoError:  # told by `_warehouse`
        return {}


def _told(path: Path, name: str) -> str:
    """A file of the overlay, with how much it adds."""
    if path.suffix != ".csv":
        return name
    lines = max(0, len(path.read_bytes().splitlines()) - 1)
    return f"{name} ({lines} line{'' if lines == 1 else 's'})"


def _packages() -> Iterator[Finding]:
    pinned = _pins()
    for name in PACKAGES:
        version = importlib.metadata.version(name)
        wanted = pinned.get(name)
        if wanted and version != wanted:
            yield Finding(name, "fault", f"{version} installed, {wanted} pinned", "make setup")
        else:
            yield Finding(name, "ok", version)


def _pins() -> dict[str, str]:
    """Name and version of every pin in requirements.lock that holds for this Python."""
    pins = {}
    for line in (project.home() / "requirements.lock").read_text("utf-8").splitlines():
        requirement, _, marker = line.rstrip("\\ ").partition(" ; ")
        name, equal, version = requirement.partition("==")
        if equal and not line.startswith(" ") and not marker:
            pins[name] = version
    return pins


def _sources(configured: settings.Settings) -> Iterator[Finding]:
    for source in configured.sources():
        if source.inbox is None:
            yield Finding(f"source {source.name}", "ok", f"{source.where} (not asked)")
        elif source.inbox.is_dir():
            files = sum(1 for path in source.inbox.rglob("*") if path.is_file())
            yield Finding(f"source {source.name}", "ok", f"{files} files in {source.inbox}")
        else:
            yield Finding(
                f"source {source.name}", "fault", f"{source.inbox} is no folder", "correct inbox in gongbao.toml"
            )


def _originals(root: Path) -> Iterator[Finding]:
    """Blobs that are not what came, or are missing: nothing of a night needs them until its database is lost."""
    blobs = root / "blobs"
    came = {each.sha256: each for each in ledger.read(root / "ledger" / f"{SIGHTINGS}.jsonl", Sighting.of_entry)}
    missing = [each.sha256 for each in came.values() if each.revision and not (blobs / each.sha256).exists()]
    told = {"has been altered": store.altered(blobs), "is missing": sorted(missing)}
    for what, names in told.items():
        for name in names:
            where = f", which came as {came[name].uri} of source {came[name].source}" if name in came else ""
            yield Finding("blob", "fault", f"{blobs / name}{where}, {what}", "put the original back under this name")
    if not any(told.values()):
        yield Finding("blobs", "ok", f"{len(came)} sightings, every original as it came")


def _warehouse(root: Path) -> Iterator[Finding]:
    if root.exists() and not root.is_dir():
        yield Finding("warehouse", "fault", f"{root} is no folder", "name another; it need not exist yet")
        return
    if not (root / DATABASE).exists():
        yield Finding("warehouse", "note", f"no warehouse at {root} yet", "the first `gongbao run` makes it")
        return
    free = shutil.disk_usage(root).free
    if free < FREE_BYTES_WANTED:
        yield Finding("disk", "fault", f"{free >> 20} MiB free under {root}", "free space before the next night")
    else:
        yield Finding("disk", "ok", f"{free >> 30} GiB free")
    try:
        with Warehouse.reading(root) as opened:
            yield Finding(
                "warehouse", "ok", f"{root}, schema version {schema_version(opened.connection)}, no run holds it"
            )
            released = opened.current.resolve().name if opened.current.exists() else None
            waiting, unnamed = published.held(root), retention.unnamed(root)
            originals = list(_originals(root))
            unfinished = [run.run_id for run in run_history.read(root) if run.ended_at is None]
    except WarehouseLocked as error:
        yield Finding("warehouse", "note", error.what, error.remedy)
        return
    except GongbaoError as error:
        yield Finding("warehouse", "fault", error.what, error.remedy)
        return
    yield from originals
    if released:
        yield Finding("release", "ok", f"current is {released}")
    else:
        yield Finding("release", "note", "nothing published yet", "gongbao run")
    if waiting:
        yield Finding(
            "held",
            "note",
            f"release {waiting} waits: it changes much",
            f"gongbao diff current {waiting[:8]}; gongbao publish {waiting[:8]}",
        )
    if unnamed:
        yield Finding(
            "releases",
            "note",
            f"no ledger names {', '.join(unnamed)}: nobody removes them",
            "remove what is not wanted",
        )
    if unfinished:
        many = f"{len(unfinished)} runs" if len(unfinished) > 1 else "1 run"
        what = f"{many} never ended, the last {unfinished[-1]}: killed, as no run holds the warehouse"
        yield Finding("runs", "note", what, "gongbao run; it takes over and goes on")
