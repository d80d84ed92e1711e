"""`gongbao asof`: the marts of an earlier night come back to the byte, whatever came, changed or went since."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from gongbao import asof, curation, ledger
from gongbao.errors import ReleaseHeld, UsageError, WarehouseDamaged, WarehouseLocked
from gongbao.ingest import Source
from gongbao.ingest.store import put
from gongbao.settings import Settings
from gongbao.warehouse import Warehouse
from tests.conftest import ROOT
from tests.unit.past_nights import CORRECTION, DAY, FIRST, REPORT, THIRD, night, three_nights
from tests.unit.review.given import run

NOW = FIRST + 3 * DAY


@pytest.fixture(autouse=True)
def begun_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forks of a process that has imported all, for the price of its imports once."""
    multiprocessing.set_forkserver_preload([asof.__name__, "great_expectations"])
    monkeypatch.setattr(asof, "START_METHOD", "forkserver")


def contents(folder: Path) -> dict[str, str]:
    """Every file below the folder with a hash of what it holds, or where it leads."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[Path]]:
    """A warehouse after three nights, and the release of each; read it, do not change it."""
    return three_nights(tmp_path_factory.mktemp("nights"))


@pytest.fixture(scope="module")
def night_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a warehouse after one night on one report, and its inbox; copied, not changed."""
    folder = tmp_path_factory.mktemp("one")
    (folder / "inbox").mkdir()
    (folder / "inbox" / "report.txt").write_text(REPORT, "utf-8")
    night(folder / "warehouse", FIRST, [Source("office", folder / "inbox")], folder / "corrections.yml")
    return folder


@pytest.fixture
def one_night(night_before: Path, tmp_path: Path) -> Settings:
    """A warehouse after one night on one report, to be changed."""
    shutil.copytree(night_before, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Settings(warehouse=tmp_path / "warehouse", corrections=tmp_path / "corrections.yml", processes=1, now=NOW)


@pytest.mark.parametrize("number", range(3))
def test_the_marts_of_each_night_come_back_to_the_byte(
    nights: tuple[Settings, list[Path]], tmp_path: Path, number: int
) -> None:
    configured, releases = nights
    assert len(set(releases)) == 3
    date = asof.parse_date((FIRST + number * DAY).date().isoformat(), NOW)
    before = contents(configured.warehouse)
    with Warehouse(configured.warehouse):  # a run at work
        rebuilt = asof.rebuild(configured, date, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(releases[number])
    assert (rebuilt.is_as_published, rebuilt.notes, rebuilt.failures) == (True, (), ())
    assert {name: digest for name, digest in contents(configured.warehouse).items() if name != ".lock"} == {
        name: digest for name, digest in before.items() if name != ".lock"
    }


def test_the_nights_differ_in_what_they_show(nights: tuple[Settings, list[Path]]) -> None:
    def shown(release: Path) -> tuple[list[tuple[str, str]], list[str]]:
        facts = duckdb.sql(
            f"select quote, obs_value::varchar from '{release}/fact.parquet' "
            "where indicator_id = 'general_budget_revenue' and measure = 'level' and sheet is null order by all"
        ).fetchall()
        refused = duckdb.sql(
            f"select file_name from '{release}/document.parquet' where ingest_status = 'quarantined' order by all"
        ).fetchall()
        return facts, [name for (name,) in refused]

    assert [shown(release) for release in nights[1]] == [
        ([("5533万元", "55330000.0000"), ("6120万元", "61200000.0000")], ["broken.txt", "scan.pdf"]),
        ([("5533万元", "53530000.0000"), ("6210万元", "62100000.0000")], [".unfinished.txt", "scan.pdf"]),
        ([("5533万元", "53350000.0000"), ("6210万元", "62100000.0000")], ["scan.pdf"]),
    ]


def test_what_the_columns_say_was_believed_is_what_was_published(nights: tuple[Settings, list[Path]]) -> None:
    configured, releases = nights
    for number, release in enumerate(releases):
        with Warehouse.reading(configured.warehouse) as warehouse:
            believed = warehouse.connection.execute(
                """
                select statement_id from (
                    select statement_id, known_from, known_to from core.fact
                    union all select statement_id, known_from, known_to from core.target
                )
                where known_from <= $moment and (known_to is null or known_to > $moment) order by 1
                """,
                {"moment": FIRST + number * DAY},
            ).fetchall()
        published = duckdb.sql(
            f"select statement_id from '{release}/fact.parquet' "
            f"union all select statement_id from '{release}/target.parquet' order by 1"
        ).fetchall()
        assert believed == published


def test_aliases_that_were_accepted_since_are_not_in_it(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "report.txt").write_text(REPORT + "2024年,绳网作坊数2300家。\n", "utf-8")
    (tmp_path / "gongbao.toml").write_text('[[source]]\nname = "office"\ninbox = "inbox"\nplace = "惠民县"\n', "utf-8")
    script = (
        "from pathlib import Path; from gongbao import settings; from tests.unit.past_nights import night\n"
        "told = settings.load(); print(night(told.warehouse, told.clock(), told.sources(), told.corrections))"
    )
    first = run(tmp_path, "-c", script, GONGBAO_NOW="2026-03-01T02:00:00Z").strip()
    (tmp_path / "vocabulary").mkdir()
    header = (ROOT / "gongbao" / "reference" / "indicator_aliases.csv").read_text("utf-8").splitlines()[0]
    line = dict.fromkeys(header.split(","), "") | {"alias": "绳网作坊数", "indicator_id": "hitech_enterprises"}
    (tmp_path / "vocabulary" / "indicator_aliases.csv").write_text(f"{header}\n{','.join(line.values())}\n", "utf-8")
    second = run(tmp_path, "-c", script, GONGBAO_NOW="2026-03-02T02:00:00Z").strip()
    assert first != second
    assert "as it was published then" in run(tmp_path, "-m", "gongbao", "asof", "2026-03-01")
    assert contents(tmp_path / "warehouse" / "asof" / "2026-03-01") == contents(Path(first))


def test_an_empty_night_that_published_comes_back_too(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    sources = [Source("office", tmp_path / "inbox")]
    empty = night(tmp_path / "warehouse", FIRST, sources, tmp_path / "corrections.yml")
    configured = Settings(warehouse=tmp_path / "warehouse", corrections=tmp_path / "corrections.yml", processes=1)
    rebuilt = asof.rebuild(configured, asof.parse_date("2026-03-01", NOW))
    assert (rebuilt.is_as_published, rebuilt.documents) == (True, 0)
    assert contents(rebuilt.path) == contents(empty)


def test_before_anything_arrived_there_is_nothing_to_make(one_night: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"arrived by 2026-02-28 .* came at 2026-03-01 02:00:00 UTC; name that day"):
        asof.rebuild(one_night, asof.parse_date("2026-02-28", NOW))
    (tmp_path / "other" / "ledger").mkdir(parents=True)
    with pytest.raises(UsageError, match="no document has ever arrived"):
        asof.rebuild(Settings(warehouse=tmp_path / "other"), asof.parse_date("2026-02-28", NOW))
    with pytest.raises(UsageError, match=r"no warehouse at .*: name one with --warehouse"):
        asof.rebuild(Settings(warehouse=tmp_path / "nowhere"), asof.parse_date("2026-02-28", NOW))
    assert not (one_night.warehouse / "asof").exists()


@pytest.mark.parametrize(
    ("text", "moment", "name"),
    [
        ("2026-03-01", datetime(2026, 3, 1, 23, 59, 59, 999999), "2026-03-01"),
        ("2026-03-04", NOW, "2026-03-04"),
        ("2026-03-01T10:30:00", datetime(2026, 3, 1, 10, 30), "20260301T103000Z"),
        ("2026-03-01T02:15:00+08:00", datetime(2026, 2, 28, 18, 15), "20260228T181500Z"),
    ],
)
def test_a_date_is_a_day_of_utc_or_a_moment(text: str, moment: datetime, name: str) -> None:
    assert asof.parse_date(text, NOW) == asof.Date(moment, name)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-02-30", "2026-03", "0001-01-01T00:00+14:00", "2026-03-05", "3000-01-01T00:00"]
)
def test_what_is_no_past_date_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no date|is still to come") as refused:
        asof.parse_date(text, NOW)
    assert "name a day, such as 2026-03-31" in refused.value.remedy


def test_an_earlier_answer_is_replaced_and_nothing_else(one_night: Settings, tmp_path: Path) -> None:
    date, out = asof.parse_date("2026-03-01", NOW), tmp_path / "out"
    out.mkdir()
    leftover = tmp_path / ".out.work" / "warehouse"
    leftover.mkdir(parents=True)
    (leftover / "gongbao.duckdb").write_bytes(b"of a run that was killed")
    for name in ("manifest.json", "fact.parquet", "a_mart_of_an_older_version.parquet"):
        (out / name).write_bytes(b"of an earlier answer")
    asof.rebuild(one_night, date, out)
    [release] = (one_night.warehouse / "releases").iterdir()
    assert contents(out) == contents(release)
    assert not (tmp_path / ".out.work").exists()
    inbox, warehouse = tmp_path / "inbox", one_night.warehouse
    for other in (inbox, inbox / "report.txt", warehouse, warehouse / "asof", warehouse / "releases" / "x"):
        with pytest.raises(UsageError, match=r"name (a new or empty|another) folder"):
            asof.rebuild(one_night, date, other)


def test_two_that_make_the_same_marts_do_not_meet(one_night: Settings) -> None:
    folder = one_night.warehouse / "asof" / ".2026-03-01.work"
    folder.mkdir(parents=True)
    script = (
        "import time; from pathlib import Path; from gongbao.warehouse import hold_lock\n"
        f"lock = hold_lock(Path({str(folder / '.lock')!r})); print(flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(WarehouseLocked, match=f"pid {holder.pid}"):
            asof.rebuild(one_night, asof.parse_date("2026-03-01", NOW))
        holder.kill()


def test_an_altered_original_is_named_and_nothing_is_left(one_night: Settings) -> None:
    (blob,) = (one_night.warehouse / "blobs").iterdir()
    blob.write_text(THIRD, "utf-8")
    with pytest.raises(WarehouseDamaged, match=f"blob {blob}, which came as report.txt .* has been altered: put that"):
        asof.rebuild(one_night, asof.parse_date("2026-03-01", NOW))
    assert list((one_night.warehouse / "asof").iterdir()) == []


@pytest.mark.parametrize(("reason", "is_suspect"), [("extraction_failed", True), ("damaged", False)])
def test_where_a_text_broke_the_extractor_others_extract(
    one_night: Settings, monkeypatch: pytest.MonkeyPatch, reason: str, is_suspect: bool
) -> None:
    def made(_: object, work: asof.Work) -> asof.Made:
        raise UsageError(f"told {work[-1]}", "")

    (one_night.warehouse / "quarantine" / "d.json").write_text(json.dumps({"reason": reason}), "utf-8")
    monkeypatch.setattr(asof, "_elsewhere", made)
    with pytest.raises(UsageError, match=f"told {is_suspect}"):
        asof.rebuild(one_night, asof.parse_date("2026-03-01", NOW))


def test_what_the_gate_holds_is_not_written(
    one_night: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("gongbao", "sql", "requirements.lock"):
        (home / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "expectations", home / "expectations")
    suites = home / "expectations" / "marts"
    text = (suites / "place.yaml").read_text("utf-8").replace("marts.place", "marts.absent")
    (suites / "absent.yaml").write_text(text, "utf-8")
    monkeypatch.setenv("GONGBAO_HOME", str(home))
    monkeypatch.setattr(asof, "START_METHOD", "spawn")  # what is forked is older than the variable
    with pytest.raises(ReleaseHeld, match="every_mart_is_judged: nothing was written") as held:
        asof.rebuild(one_night, asof.parse_date("2026-03-01", NOW))
    assert any("marts.absent is not staged" in finding for finding in held.value.findings)
    assert list((one_night.warehouse / "asof").iterdir()) == []


def test_marts_that_are_not_as_published_say_why(one_night: Settings) -> None:
    ledgers = one_night.warehouse / "ledger"
    (ledgers / f"{curation.CURATION}.jsonl").unlink()
    [release] = (one_night.warehouse / "releases").iterdir()
    manifest = (release / "manifest.json").read_text("utf-8")
    runs = (ledgers / "runs.jsonl").read_text("utf-8")
    (ledgers / "runs.jsonl").write_text(runs.replace(release.name, "0" * 16), "utf-8")
    (release.parent / ("0" * 16)).mkdir()
    (release.parent / ("0" * 16) / "manifest.json").write_text(manifest.replace("0.1.0+", "0.0.9+"), "utf-8")
    rebuilt = asof.rebuild(one_night, asof.parse_date("2026-03-01", NOW))
    assert (rebuilt.is_as_published, rebuilt.published, rebuilt.release_id) == (False, "0" * 16, release.name)
    other, curated = rebuilt.notes
    assert other.startswith(f"release {'0' * 16} is of code and vocabulary 0.0.9+")
    assert curated.startswith("no night had kept the curator's files yet")
    assert "0000000000000000 was published then" in "\n".join(asof.describe(rebuilt))


def test_a_correction_of_then_that_this_program_cannot_read_sends_to_the_checkout_of_then(one_night: Settings) -> None:
    text = CORRECTION.replace("value: 5353万元", "indicator: of_an_older_catalogue").encode()
    files = {"corrections.yml": put(one_night.warehouse / "blobs", text)}
    entry = {"at": FIRST.isoformat(), "files": files}
    ledger.append(one_night.warehouse / "ledger" / f"{curation.CURATION}.jsonl", [entry])
    with pytest.raises(UsageError, match=r"do not fit this program: .*of_an_older_catalogue.*: run it from"):
        asof.rebuild(one_night, asof.parse_date("2026-03-01", NOW))


def test_what_a_run_has_reached_is_past_though_the_clock_went_back(one_night: Settings) -> None:
    behind = one_night.model_copy(update={"now": FIRST - 9 * DAY})
    assert asof.parse_date("2026-03-01", asof.present(behind)) == asof.Date(FIRST, "2026-03-01")
    assert asof.present(one_night) == NOW


def test_the_command_answers_a_mistake_in_one_line(one_night: Settings, tmp_path: Path) -> None:
    for arguments, complaint in (
        ((), "no date named: gongbao asof 2026-03-31"),
        (("soon",), "'soon' is no date"),
        (("2026-03-09",), "is still to come"),
        (("2020-01-01",), "nothing had arrived by 2020-01-01"),
    ):
        assert complaint in run(tmp_path, "-m", "gongbao", "asof", *arguments, code=2)
