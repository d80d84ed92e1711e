"""Broken inputs, as a generator beside the checkout writes them, through one night with the samples: `-m … --seed N`.

Prints for each input what its manifest expects, what the night made of it and why, and what of its assertions does not
hold; then whether the samples' marts are what they are without it, and what memory the whole night took.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import python_calamine as calamine

from tests.conftest import ROOT, SHARED
from tests.robustness.night import Asked

GENERATOR = SHARED / "robustness" / "make_broken_inputs.py"
NOW = "2026-11-01T20:00:00Z"
SOURCES = """
[[source]]
name = "samples"
inbox = {}
place = "滨州市"
caveats = ["sample"]

[[source]]
name = "broken"
inbox = {}
place = "惠民县/姜楼镇"
"""
HELD = {"figures_withheld", "none_resolved", "place_unresolved", "table_not_read", "too_many_values"}
"""Warnings that say why a figure is in no mart."""
ALSO_RIGHT = {
    "merged.xlsx": ("accepted_with_warning", "its unit is missing: the manifest calls a warning right too"),
    "date1904.xlsx": ("accepted_with_warning", "a date and a number under it are no table of a place's figures"),
    "dup_a.txt": ("accepted_with_warning", "of two texts alike either may come first"),
    "dup_c_crlf.txt": ("accepted", "of two texts alike either may come first"),
    "js_openaction.pdf": ("quarantined", "its text is English, as that of english.txt, which is expected here"),
}
"""Inputs of which the manifest leaves two outcomes, or expects other than of its like."""
STATUS = {"accept": "accepted", "accept_with_warning": "accepted_with_warning", "quarantine": "quarantined"}
UNITS = {"亿元": 100_000_000, "万元": 10_000}
OF_ALL = "release_id, n_rivals, rivals_low, rivals_high, is_preferred, caveat_codes"
"""Columns of facts and targets that other documents decide too: the broken ones tell of the same town."""


@dataclass
class Case:
    """One input: what is expected of it, what became of it, and what does not hold."""

    name: str
    expected: str
    seen: str = "absent"
    why: str = ""
    remedy: str = ""
    held: bool = False
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Night:
    """A finished night: its folder, what it printed, and the most memory that all its processes held at once."""

    warehouse: Path
    exit_code: int
    said: str
    megabytes: int

    @property
    def current(self) -> Path:
        """The release that readers see."""
        return self.warehouse / "current"


def generate(folder: Path, seed: int, extended: bool) -> None:
    """Write the inputs and their manifest."""
    options = ["--extended"] if extended else []
    subprocess.run(
        [sys.executable, str(GENERATOR), "--seed", str(seed), "--out", str(folder), *options],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def night(folder: Path, name: str, inbox: Path | None = None) -> Night:
    """A night of its own settings over the samples, and the broken inbox where one is named."""
    home = folder / name
    home.mkdir()
    (home / "none").mkdir()
    quoted = (json.dumps(str(each)) for each in (ROOT / "samples" / "inbox", inbox or home / "none"))
    (home / "gongbao.toml").write_text(SOURCES.format(*quoted), "utf-8")
    asked = Asked(("run", "--json", "--warehouse", str(home / "warehouse")), str(home / "pid"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GONGBAO_NOW": NOW, "NO_COLOR": "1"}
    with (home / "said").open("wb") as said:
        running = subprocess.Popen(
            [sys.executable, "-m", "tests.robustness.night", json.dumps(asdict(asked))],
            cwd=home,
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        most, ended = [0], threading.Event()

        def look() -> None:
            while not ended.wait(0.1):
                most[0] = max(most[0], sum(_kilobytes(running.pid)))

        looking = threading.Thread(target=look)
        looking.start()
        exit_code = running.wait()
        ended.set()
        looking.join()
    return Night(home / "warehouse", exit_code, (home / "said").read_text("utf-8"), most[0] // 1024)


def _kilobytes(first: int) -> Iterator[int]:
    """What each descendant of a process holds, pages that several share counted once (PSS)."""
    parents = {}
    for each in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(each.name)] = int((each / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
    family = {first}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    for pid in family:
        try:
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
        except OSError:
            continue
        yield int(found[1]) if found else 0


def judge(folder: Path, ended: Night) -> list[Case]:
    """Each input of the manifest against what the night left."""
    connection = duckdb.connect(str(ended.warehouse / "gongbao.duckdb"), read_only=True)
    for mart in ("document", "fact", "target"):
        path = str(ended.current / f"{mart}.parquet")
        connection.execute(f"create temp table {mart} as from read_parquet($path)", {"path": path})
    placed: dict[str, str] = dict(
        connection.execute("select uri, sha256 from raw.source_item where source_name = 'broken'").fetchall()
    )
    first: dict[str, str] = {}
    for uri, sha256 in sorted(placed.items()):
        first.setdefault(sha256, uri)
    cases = []
    asserted = map(json.loads, (folder / "assertions.jsonl").read_text("utf-8").splitlines())
    for stated in map(json.loads, (folder / "manifest.jsonl").read_text("utf-8").splitlines()):
        checks = next(asserted)
        if not checks["file"].startswith("inbox/"):
            continue
        raw = bytes.fromhex(checks["file_hex"]).removeprefix(b"inbox/")
        uri = _uri(raw)
        case = Case(uri, STATUS[stated["expected"]])
        cases.append(case)
        if uri not in placed:
            continue
        _tell(connection, case, placed[uri], is_first=first[placed[uri]] == uri)
        _check(connection, case, placed[uri], checks["checks"], ended)
    return cases


def _uri(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "".join(f"%{byte:02X}" if byte > 0x7F else chr(byte) for byte in raw)


def _tell(connection: duckdb.DuckDBPyConnection, case: Case, document_id: str, *, is_first: bool) -> None:
    """What became of it, why, and whether that is what was expected."""
    [(status, warnings, n_figures)] = connection.execute(
        "select ingest_status, coalesce(warnings, ''), n_facts + n_targets from document where document_id = ?",
        [document_id],
    ).fetchall()
    case.seen, case.why = status, warnings
    refusals = connection.execute(
        "select reason, detail, remedy from ops.quarantine where quarantine_id = ?", [document_id]
    ).fetchall()
    for reason, detail, remedy in refusals:
        case.why, case.remedy = f"{reason}: {detail}", remedy
    if not is_first:  # the same bytes under another name: one document, seen twice
        case.seen, case.why = "accepted_with_warning", "duplicate"
    is_held = case.seen == "accepted_with_warning" and not n_figures and bool(HELD & set(warnings.split("; ")))
    case.held = (
        case.seen == case.expected
        or (case.expected == "quarantined" and is_held)
        or ALSO_RIGHT.get(case.name, ("", ""))[0] == case.seen
    )
    if case.expected == "quarantined" and is_held:
        case.seen = "accepted, every figure held back"


def _check(
    connection: duckdb.DuckDBPyConnection, case: Case, document_id: str, checks: Mapping[str, Any], ended: Night
) -> None:
    """Note which of the input's own assertions does not hold."""

    def published(condition: str, *values: object, marts: tuple[str, ...] = ("fact", "target")) -> int:
        """Rows of the marts from the same text."""
        union = " union all by name ".join(f"select * from {mart}" for mart in marts)
        found = connection.execute(
            f"""
            select count(*) from ({union}) as figure
            where {condition} and document_id in (
                select document_id from document where document_id = ? or text_id = (
                    select text_id from document where document_id = ?
                )
            )
            """,
            [*values, document_id, document_id],
        ).fetchone()
        return int(found[0]) if found else 0

    for fact in checks.get("facts", ()):
        value = Decimal(fact["value"]) * UNITS[fact["unit"]]
        if not published("obs_value = ? and time_period = ?", value, str(fact["year"]), marts=("fact",)):
            case.failures.append(f"{fact['indicator']} {fact['value']}{fact['unit']} is not in the marts")
    for value in checks.get("no_values", ()):
        if published("obs_value in (?, ?)", Decimal(value), Decimal(value) * 10_000):
            case.failures.append(f"{value} is in the marts")
    for value in checks.get("no_values_as_actual", ()):
        if published("obs_value in (?, ?)", Decimal(value), Decimal(value) * 10_000, marts=("fact",)):
            case.failures.append(f"{value} is a fact")
    for year in checks.get("no_years", ()):
        if published("starts_with(time_period, ?)", str(year)):
            case.failures.append(f"{year} is in the marts")
    if checks.get("n_facts") is not None and published("true", marts=("fact",)) != checks["n_facts"]:
        case.failures.append(f"{published('true', marts=('fact',))} facts")
    if "conflict" in checks and not published(
        "indicator_stated is not null and contains(caveat_codes, 'contradicted')", marts=("fact",)
    ):
        case.failures.append("its contradiction is not told")
    for text in (*checks.get("raw_absent_in_reports", ()), checks.get("canary_absent", "")):
        if text and (where := _holding(ended.warehouse, text)):
            case.failures.append(f"{text!r} stands in {where}")
    for text in checks.get("raw_absent_in_logs", ()):
        if text in ended.said:
            case.failures.append(f"{text!r} stands in the log")
    for name in checks.get("paths_absent", ()):
        if next(ended.warehouse.parent.parent.rglob(name), None):
            case.failures.append(f"{name} was written")
    if "rejected_rows" in checks:
        rows = connection.execute(
            """
            select count(distinct regexp_extract(cell, '[0-9]+')) from core.rejection
            where reason = 'ragged_row' and text_id = (select text_id from document where document_id = ?)
            """,
            [document_id],
        ).fetchone()
        if not rows or rows[0] != checks["rejected_rows"]:
            case.failures.append(f"{rows and rows[0]} rows refused")
    if (
        "date_cell" in checks
        and not connection.execute(
            """
        select 1 from raw.cell
        where content = ? and text_id = (select text_id from document where document_id = ?)
        """,
            [checks["date_cell"], document_id],
        ).fetchone()
    ):
        case.failures.append(f"no cell is {checks['date_cell']}")
    for start in checks.get("export_no_leading", ()):
        if cell := _cell_beginning_with(ended.current / "county_comparison.xlsx", start):
            case.failures.append(f"{cell} begins with {start!r}")


def _holding(warehouse: Path, text: str) -> str | None:
    """A report or other page of the release, or a refusal, that holds the text as it stands."""
    pages = [*(warehouse / "current").rglob("*.html"), *(warehouse / "current").rglob("*.js")]
    for page in (*pages, *(warehouse / "quarantine").glob("*.json"), *(warehouse / "ledger").glob("*")):
        is_ledger = page.parent.name in ("ledger", "quarantine")
        if (text.startswith("CANARY") or not is_ledger) and text in page.read_text("utf-8"):
            return page.name
    return None


def _cell_beginning_with(workbook: Path, start: str) -> str | None:
    with zipfile.ZipFile(workbook) as parts:
        for part in parts.namelist():
            if part.startswith("xl/worksheets/") and b"<f" in parts.read(part):
                return f"a formula in {part}"
    with calamine.CalamineWorkbook.from_path(str(workbook)) as book:
        for name in book.sheet_names:
            for number, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
                if any(isinstance(value, str) and value.startswith(start) for value in row):
                    return f"{name}, row {number}"
    return None


def changed(alone: Path, together: Path) -> list[str]:
    """What the broken inputs change in the samples' facts and targets, of two releases: it should be nothing."""
    found = []
    for mart in ("fact", "target"):
        rows = [
            duckdb.sql(
                f"select * exclude ({OF_ALL}) from read_parquet($mart) where source_name = 'samples' order by all",
                params={"mart": str(release / f"{mart}.parquet")},
            ).fetchall()
            for release in (alone, together)
        ]
        found += [f"{mart}: {len(set(rows[0]) ^ set(rows[1]))} rows"] if rows[0] != rows[1] else []
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--extended", action="store_true")
    options = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gongbao-broken-"))
    try:
        generate(folder / "kit", options.seed, options.extended)
        together = night(folder, "together", folder / "kit" / "inbox")
        alone = night(folder, "alone")
        cases = judge(folder / "kit", together)
        for case in cases:
            mark = "held  " if case.held and not case.failures else "FAILED"
            print(f"{mark} {case.name[:28]!a:32} {case.expected:21} {case.seen:32} {case.why[:90]}", *case.failures)
        print(f"exit {together.exit_code}, {sum(c.held and not c.failures for c in cases)} of {len(cases)} as expected")
        print(f"samples' marts: {'; '.join(changed(alone.current, together.current)) or 'unchanged'}")
        print(f"memory of the whole night: {together.megabytes} MB")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
