"""`make soak`: every fault of a night, many times, and the table of what held; some twenty minutes on two idle cores.

    python -m tests.robustness.soak [--kills 100] [--seed 1]

Nights are `gongbao run` itself, command line, Prefect's flow and all, as forks of one process that share one Prefect
server (tests/robustness/given.py); those whose Prefect is at fault start a server of their own, as a user's do. A kill
strikes the night's whole process group, at a moment that the seed decides. Ends with 1 where anything did not hold.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from gongbao.errors import ExitCode, WarehouseDamaged
from gongbao.warehouse import DATABASE
from tests.conftest import ROOT
from tests.release_files import digests
from tests.robustness import faults, given
from tests.robustness.given import NOW, Ended, Nights, Prepared, when_it_begins
from tests.robustness.invariants import all_of, blobs_intact, one_of, published, told_truly
from tests.robustness.night import kill_group, limit_files
from tests.robustness.test_upgrades import KILLED, NEWEST, earlier, schema

KILLS_OF_ONE = 10
"""Nights that are killed in a warehouse, one after another, before one is left in peace."""
WAL = f"{DATABASE}.wal"


@dataclass
class Row:
    """A fault: how often it was tried, and what did not hold."""

    invariants: str
    tried: int = 0
    failed: list[str] = field(default_factory=list)


@dataclass
class Soak:
    """The nights, the prepared warehouse, and what was found so far."""

    nights: Nights
    prepared: Prepared
    random: random.Random
    kills: int
    rows: dict[str, Row] = field(default_factory=dict)
    copies: int = 0

    @contextmanager
    def trying(self, fault: str, invariants: str, what: str = "") -> Iterator[Path]:
        """Try a fault once, on a copy of the warehouse after its first night; what does not hold is noted."""
        row = self.rows.setdefault(fault, Row(invariants))
        row.tried += 1
        self.copies += 1
        warehouse = self.prepared.copy(self.nights.scratch / f"copy-{self.copies}")
        try:
            with self.noting(fault, what):
                yield warehouse
        finally:
            for folder in (warehouse, *warehouse.iterdir()):
                folder.chmod(0o755)
            shutil.rmtree(warehouse)

    @contextmanager
    def noting(self, fault: str, what: str) -> Iterator[None]:
        """What does not hold within the block is noted, and the rest goes on."""
        try:
            yield
        except Exception as error:
            told = f"{what}: {type(error).__name__}: {error}"  # whole: what a night said cannot be asked for again
            self.rows[fault].failed.append(told)
            print(f"DID NOT HOLD: {fault}: {told}", flush=True)

    def second(self, warehouse: Path, **given: object) -> Ended:
        """The second night over a warehouse."""
        return self.nights(warehouse, inbox=self.prepared.inbox, **given)  # type: ignore[arg-type]

    def unchanged(self, warehouse: Path, ended: Ended, *codes: int) -> None:
        """The night ended so, said why, and changed nothing that is published."""
        assert ended.exit_code in codes, f"exit {ended.exit_code}: {ended.err[-800:]}"
        assert published(warehouse) == self.prepared.before
        told_truly(ended, self.prepared.before, published(warehouse), self.prepared.after)

    def recovers(self, warehouse: Path) -> None:
        """A night in peace has everything; that another changes nothing is seen of nights that begin at once."""
        ended = self.second(warehouse)
        assert ended.exit_code == ExitCode.DONE, f"exit {ended.exit_code}: {ended.err[-800:]}"
        all_of(warehouse, self.prepared.inbox, self.prepared.after)


def killed_at_random(soak: Soak) -> None:
    began = time.monotonic()
    with soak.trying("(none)", "I1–I7") as warehouse:
        soak.recovers(warehouse)
    seconds = time.monotonic() - began
    inputs = digests(soak.prepared.inbox)
    for first in range(0, soak.kills, KILLS_OF_ONE):
        with soak.trying("killed at a random moment", "I1–I7", f"from {first} on") as warehouse:
            soak.rows["killed at a random moment"].tried -= 1
            for number in range(first, min(first + KILLS_OF_ONE, soak.kills)):
                sent = (signal.SIGKILL, signal.SIGTERM)[number % 2]
                ended = soak.second(warehouse, kill=(soak.random.uniform(0, seconds), sent))
                soak.rows["killed at a random moment"].tried += 1
                with soak.noting("killed at a random moment", f"{number}, by {sent.name}"):
                    now = one_of(warehouse, (soak.prepared.before, soak.prepared.after))
                    told_truly(ended, soak.prepared.before, now, soak.prepared.after)
                    blobs_intact(warehouse, blobs_intact(soak.prepared.warehouse))
                    assert digests(soak.prepared.inbox) == inputs
            soak.recovers(warehouse)


def killed_as_stages_begin(soak: Soak) -> None:
    for stage in (*faults.STAGES, "judge_changes", "publish"):
        with soak.trying("killed as a stage begins", "I1–I7", stage) as warehouse:

            def kill(pid: int, said: Path, stage: str = stage) -> None:
                when_it_begins(stage, said)
                kill_group(pid)

            soak.second(warehouse, meanwhile=kill)
            one_of(warehouse, (soak.prepared.before, soak.prepared.after))
            soak.recovers(warehouse)


def parser_killed(soak: Soak) -> None:
    for number in range(3):
        with soak.trying("only the parser is killed", "I2 I4", str(number)) as warehouse:
            ended = soak.second(warehouse, meanwhile=faults.kill_parser)
            refused = len(list((warehouse / "quarantine").iterdir()))
            # One that dies between two files costs nothing.
            assert (ended.exit_code, refused) in ((ExitCode.DONE_WITH_FAULTS, 1), (ExitCode.DONE, 0)), ended.err
            assert soak.second(warehouse).exit_code == ExitCode.DONE
            marts = [{name: told for name, told in each.items() if name != "manifest.json"} for each in (
                published(warehouse), soak.prepared.after,
            )]  # fmt: skip
            assert marts[0] == marts[1]


def full_disk(soak: Soak) -> None:
    for refused, (when, most) in faults.FULL_DISK.items():
        with soak.trying("full disk", "I1 I2 I3 I8", refused) as warehouse:
            strike = faults.fill_disk(warehouse, when, most)
            soak.unchanged(warehouse, soak.second(warehouse, meanwhile=strike), ExitCode.INTERNAL)
            soak.recovers(warehouse)
    for most in (0, 100, 2_000, 8_000, 60_000, 400_000, 2_000_000, 24_000_000):
        with soak.trying("full disk", "I1 I2 I3 I8", f"{most} bytes a file") as warehouse:
            soak.unchanged(warehouse, soak.second(warehouse, file_bytes=most), ExitCode.INTERNAL)


def read_only(soak: Soak) -> None:
    for name in (".", "blobs", "ledger", "quarantine", "releases", DATABASE, ".lock"):
        with soak.trying("read-only output", "I1 I2 I3 I7 I8", name) as warehouse:
            place = warehouse / name
            place.chmod(0o555 if place.is_dir() else 0o444)
            ended = soak.second(warehouse)
            place.chmod(0o755 if place.is_dir() else 0o644)
            assert "ingest begins" not in ended.err
            soak.unchanged(warehouse, ended, ExitCode.INTERNAL)


def held(soak: Soak) -> None:
    for how in faults.HOLDERS:
        with soak.trying("database held by another process", "I1 I2 I3 I8", how) as warehouse:
            with faults.holding(warehouse / DATABASE, how) as pid:
                ended = soak.second(warehouse)
            soak.unchanged(warehouse, ended, ExitCode.LOCKED)
            assert str(pid) in ended.last_line
            assert ended.seconds < 60


def at_once(soak: Soak) -> None:
    with soak.trying("two nights at once", "I1–I5") as warehouse:
        soak.rows["two nights at once"].tried -= 1
        for _ in range(20):
            soak.rows["two nights at once"].tried += 1
            told = faults.at_once(soak.nights, warehouse, soak.prepared.inbox, 2)
            assert sorted(each.exit_code for each in told) == [ExitCode.DONE, ExitCode.LOCKED]
            (refused,) = (each for each in told if each.exit_code == ExitCode.LOCKED)
            assert "(pid " in refused.last_line
            all_of(warehouse, soak.prepared.inbox, soak.prepared.after)


def damaged_database(soak: Soak) -> None:
    for name, how in faults.DAMAGED_DATABASES.items():
        with soak.trying("damaged database", "I1 I2 I8", name) as warehouse:
            faults.damage(warehouse / DATABASE, how)
            ended = soak.second(warehouse)
            soak.unchanged(warehouse, ended, ExitCode.INTERNAL)
            assert ended.seconds < 60
            if name == "truncated":  # what is rebuilt has nothing of the damaged one, however that was damaged
                (warehouse / DATABASE).unlink()
                soak.recovers(warehouse)
    size = (soak.prepared.warehouse / DATABASE).stat().st_size
    before = faults.read_all(soak.prepared.warehouse)
    for _ in range(60):
        bit = soak.random.randrange(size * 8)
        with soak.trying("one bit of the database", "I1 I8", str(bit)) as warehouse:
            faults.damage(warehouse / DATABASE, faults.flip(bit))
            with suppress(WarehouseDamaged):  # or it is in a part of the file that holds nothing
                assert faults.read_all(warehouse) == before, f"bit {bit} changes what is read, and nobody notices"


def damaged_log(soak: Soak) -> None:
    """The log of a killed night is damaged before the next begins."""
    with soak.trying("killed, then its log is damaged", "I1 I2 I8 I10", "(the night that is killed)") as killed:
        soak.rows["killed, then its log is damaged"].tried -= 1

        def kill(pid: int, said: Path) -> None:
            when_it_begins("validate_core", said)
            kill_group(pid)

        soak.second(killed, meanwhile=kill)
        size = (killed / WAL).stat().st_size
        cuts = {f"cut at {share:.0%}": (lambda c, share=share: c[: int(len(c) * share)]) for share in (0.1, 0.5, 0.9)}
        flips = {f"bit {bit}": faults.flip(bit) for bit in (soak.random.randrange(size * 8) for _ in range(4))}
        for name, how in {"gone": None, **cuts, **flips}.items():
            with soak.trying("killed, then its log is damaged", "I1 I2 I8 I10", name) as warehouse:
                shutil.rmtree(warehouse)
                shutil.copytree(killed, warehouse, symlinks=True)
                if how is None:
                    (warehouse / WAL).unlink()
                else:
                    faults.damage(warehouse / WAL, how)
                ended = soak.second(warehouse)
                if ended.exit_code != ExitCode.DONE:
                    soak.unchanged(warehouse, ended, ExitCode.INTERNAL)
                    for file in (DATABASE, WAL):
                        (warehouse / file).unlink(missing_ok=True)
                soak.recovers(warehouse)
        log_alone = "the database moved away without its log"
        with soak.trying("killed, then its log is damaged", "I1 I2 I8 I10", log_alone) as warehouse:
            shutil.copyfile(killed / WAL, warehouse / WAL)
            (warehouse / DATABASE).unlink()
            ended = soak.second(warehouse)
            if ended.exit_code != ExitCode.DONE:
                soak.unchanged(warehouse, ended, ExitCode.INTERNAL)
                (warehouse / WAL).unlink()
            (warehouse / DATABASE).unlink(missing_ok=True)
            soak.recovers(warehouse)


def gone_back(soak: Soak) -> None:
    for name in ("an older copy", "none"):
        with soak.trying("older database put back, or lost", "I2 I10", name) as warehouse:
            shutil.rmtree(warehouse)
            shutil.copytree(soak.prepared.second, warehouse, symlinks=True)
            (warehouse / DATABASE).unlink()
            if name != "none":
                shutil.copyfile(soak.prepared.warehouse / DATABASE, warehouse / DATABASE)
            ended = soak.nights(warehouse)  # without what has come in between
            assert ended.exit_code == ExitCode.DONE
            assert "the database had lost" in ended.out
            soak.recovers(warehouse)


def damaged_files(soak: Soak) -> None:
    with soak.trying("damaged blob, and the database is lost", "I1 I8", "an altered one") as warehouse:
        (warehouse / DATABASE).unlink()
        blob = sorted((warehouse / "blobs").iterdir())[0]
        whole = blob.read_bytes()
        faults.damage(blob, faults.flip(77))
        ended = soak.second(warehouse)
        soak.unchanged(warehouse, ended, ExitCode.INTERNAL)
        assert str(blob) in ended.last_line
        blob.write_bytes(whole)
        soak.recovers(warehouse)
    for name in ("manifest.json", "fact.parquet", "county_comparison.xlsx", "explorer"):
        with soak.trying("damaged release", "I1 I2", name) as warehouse:
            damaged = (warehouse / "current").resolve() / name
            if damaged.is_dir():
                shutil.rmtree(damaged)
            else:
                damaged.write_bytes(b"damaged")
            assert soak.nights(warehouse).exit_code == ExitCode.DONE
            assert published(warehouse) == soak.prepared.before
    for name in ("releases/0123456789abcdef", "/nowhere", "a folder", "gone"):
        with soak.trying("damaged link `current`", "I1 I2 I8", name) as warehouse:
            current = warehouse / "current"
            current.unlink()
            if name == "a folder":
                current.mkdir()
                ended = soak.nights(warehouse)
                assert ended.exit_code == ExitCode.INTERNAL
                assert str(current) in ended.last_line
                assert "Traceback" not in ended.err
                current.rmdir()
            elif name != "gone":
                current.symlink_to(name)
            assert soak.nights(warehouse).exit_code == ExitCode.DONE
            assert published(warehouse) == soak.prepared.before
    for ledger in sorted((soak.prepared.warehouse / "ledger").iterdir()):
        for name, how in {
            "a line cut short at the end": lambda c: c + b'{"run_id": "cut sho',
            "garbage in the middle": lambda c: b"\0\xff garbage\n" + c,
        }.items():
            with soak.trying("damaged ledger", "I1 I2 I8", f"{ledger.name}: {name}") as warehouse:
                file = warehouse / "ledger" / ledger.name
                faults.damage(file, how)
                ended = soak.second(warehouse)
                if "garbage" in name:
                    soak.unchanged(warehouse, ended, ExitCode.INTERNAL)
                    assert f"{file} line 1" in ended.last_line
                else:
                    assert ended.exit_code == ExitCode.DONE
                    all_of(warehouse, soak.prepared.inbox, soak.prepared.after)
    for name in ("units.csv", "indicators.csv", "places.csv"):
        with soak.trying("damaged vocabulary of a curator", "I1 I8", name) as warehouse:
            vocabulary = warehouse / "vocabulary"
            vocabulary.mkdir()
            (vocabulary / name).write_bytes(b"PK\x03\x04\xff damaged")
            ended = soak.second(warehouse, GONGBAO_VOCABULARY=str(vocabulary))
            soak.unchanged(warehouse, ended, ExitCode.USAGE)
            assert name in ended.last_line


def upgrades(soak: Soak) -> None:
    scratch = soak.nights.scratch / "upgrades"
    newest = schema(scratch / "newest")
    for version in range(1, NEWEST):
        with soak.trying("upgrade from an earlier schema", "F10a", str(version)):
            root = earlier(scratch / f"earlier-{version}", version)
            assert schema(root) == newest
            assert (root / f"{DATABASE}.schema-{version}").is_file()
        with soak.trying("upgrade that is killed", "F10b", str(version)):
            root = earlier(scratch / f"killed-{version}", 1)
            command = [sys.executable, "-c", KILLED, str(root), str(version)]
            assert subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}).returncode == -signal.SIGKILL
            assert schema(root) == newest


def clocks(soak: Soak) -> None:
    for now in ("2026-10-31T20:00:00Z", "2028-02-29T20:00:00Z", "2025-03-30T02:30:00+08:00", "1999-12-31T23:59:59Z"):
        with soak.trying("clock set back, and strange days", "I2", now) as warehouse:
            assert soak.second(warehouse, GONGBAO_NOW=now).exit_code == ExitCode.DONE
            all_of(warehouse, soak.prepared.inbox, soak.prepared.after)


def prefect_away(soak: Soak) -> None:
    """`gongbao run` in an environment of its own, with a server of its own."""
    environments = {
        "its address answers nothing": {"PREFECT_API_URL": "http://127.0.0.1:9/api"},
        "another password": {"PREFECT_API_AUTH_STRING": "a:b", "PREFECT_SERVER_API_AUTH_STRING": "c:d"},
        "killed in mid-run": {},
        "its disk is full in mid-run": {},
    }
    for name, variables in environments.items():
        with soak.trying("Prefect's API away", "I1 I2 I3 I8", name) as warehouse:
            said = soak.nights.scratch / "alone.err"
            options = ["--json", "--inbox", str(soak.prepared.inbox), "--warehouse", str(warehouse)]
            with said.open("wb") as err:
                night = subprocess.Popen(
                    [sys.executable, "-m", "gongbao", "run", *options],
                    cwd=soak.nights.scratch,
                    env=os.environ | given.ENVIRONMENT | {"PYTHONPATH": str(ROOT)} | variables,
                    stdout=subprocess.DEVNULL,
                    stderr=err,
                )
            if not variables:
                when_it_begins("extract", said)
                server = faults.child_of(night.pid, b"temporary_server")
                if name == "killed in mid-run":
                    os.kill(server, signal.SIGKILL)
                else:
                    limit_files(server, 1_000)
            code = night.wait(300)
            ended = Ended(code, "", said.read_text("utf-8"), 0.0)
            told_truly(ended, soak.prepared.before, published(warehouse), soak.prepared.after)
            assert code == (ExitCode.INTERNAL if "disk" in name else ExitCode.DONE), ended.err[-800:]
            soak.recovers(warehouse)


def table(rows: dict[str, Row]) -> str:
    """What was tried and held, as Markdown."""
    lines = ["| fault | tried | invariants | held |", "| --- | ---: | --- | --- |"]
    for fault, row in rows.items():
        held = "yes" if not row.failed else f"no, {len(row.failed)} times"
        lines.append(f"| {fault} | {row.tried} | {row.invariants} | {held} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try everything and print the table; 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=100, help="nights killed at a random moment")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and the bits")
    names = [each.__name__ for each in FAULTS]
    parser.add_argument("--only", nargs="*", choices=names, default=names, help="these faults, else all")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="gongbao-soak-") as folder,
        given.nights(Path(folder), Path(folder) / "prefect") as nights,
    ):
        soak = Soak(nights, given.prepare(nights), random.Random(asked.seed), asked.kills)
        try:
            for each in FAULTS:
                if each.__name__ in asked.only:
                    each(soak)
                    print(f"{each.__name__}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            print("stopped by hand: the table is of what was tried until then", file=sys.stderr)
    print(table(soak.rows))
    print(f"\nseed {asked.seed}, {time.monotonic() - began:.0f} s; the clock of the nights stands at {NOW}")
    return any(row.failed for row in soak.rows.values())


FAULTS = (
    upgrades, clocks, parser_killed, full_disk, read_only, held, damaged_database, damaged_log, gone_back,
    damaged_files, killed_as_stages_begin, killed_at_random, at_once, prefect_away,
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
