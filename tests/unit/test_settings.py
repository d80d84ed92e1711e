"""Options beat variables, variables beat gongbao.toml, and every origin can be told."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from gongbao import settings
from gongbao.errors import UsageError


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("WAREHOUSE", "VOCABULARY", "PROCESSES", "NOW", "SOURCE"):
        monkeypatch.delenv(f"GONGBAO_{name}", raising=False)
    return tmp_path


def origins_of(**options: object) -> dict[str, str]:
    return {row.name: row.origin for row in settings.origins(settings.load(**options), options)}


def test_without_a_file_the_samples_are_the_source_and_carry_their_caveat() -> None:
    (source,) = settings.load().sources()
    assert source.name == "samples"
    assert source.caveats == ("sample",)
    assert origins_of()["warehouse"] == "default"


def test_an_option_beats_a_variable_and_a_variable_beats_the_file(
    working_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (working_directory / "gongbao.toml").write_text('warehouse = "of-file"\nprocesses = 3\n', "utf-8")
    assert settings.load().warehouse == Path("of-file")
    monkeypatch.setenv("GONGBAO_WAREHOUSE", "of-variable")
    assert settings.load().warehouse == Path("of-variable")
    assert settings.load(warehouse=Path("of-option")).warehouse == Path("of-option")
    assert origins_of(warehouse=Path("of-option")) == {
        "warehouse": "option",
        "vocabulary": "default",
        "corrections": "default",
        "keep_releases": "default",
        "processes": "gongbao.toml",
        "dask": "default",
        "source": "default",
        "notify": "default",
        "contact": "default",
        "limits": "default",
        "allow_hosts": "default",
        "now": "default",
    }
    assert origins_of()["warehouse"] == "GONGBAO_WAREHOUSE"


def test_sources_come_from_the_file(working_directory: Path) -> None:
    (working_directory / "gongbao.toml").write_text(
        '[[source]]\nname = "huimin"\ninbox = "in"\nplace = "惠民县"\ncaveats = ["sample"]\n', "utf-8"
    )
    (source,) = settings.load().sources()
    assert (source.name, source.inbox, source.place, source.caveats) == ("huimin", Path("in"), "惠民县", ("sample",))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("warehose = 'x'\n", r"setting warehose \(gongbao\.toml\): Extra inputs"),
        ("processes = 0\n", r"setting processes \(gongbao\.toml\): Input should be greater than 0"),
        ("[[source]]\nname = 'a'\n", r"source a needs one of inbox, urls and list_page"),
        ("[[source]]\nname = 'a'\ninbox = 'i'\nurls = ['http://h/']\n", r"and only one"),
        ("[[source]]\nname = 'a'\nurls = ['ftp://h/']\n", r"setting source\.0\.urls\.0"),
        ("[[source]]\nname = 'a'\nlist_page = 'http://h/'\n", r"list_page and link_pattern go together"),
        ("[[source]]\nname = 'a'\nlist_page = 'http://h/'\nlink_pattern = '('\n", r"\( is no regular expression"),
        ("[[source]]\nname = 'a'\ninbox = 'i'\nschedule = 'weekly'\n", r"weekly is no cron expression"),
        ("[[source]]\nname = 'a'\ninbox = 'i'\n[source.limits]\npages = 0\n", r"setting source\.0\.limits\.pages"),
        ("[limits]\nread_second = 3\n", r"setting limits\.read_second .*known settings: file_bytes"),
        ("[limits]\nread_seconds = inf\n", r"setting limits\.read_seconds"),
        ("[[source]]\nname = 'a'\ninbx = 'i'\n", r"setting source\.0\.inbx .*known settings: name, inbox, urls"),
        ("[[source]]\nname = 'a'\nurls = ['http://h:99999/x']\n", r"impossible port"),
        ("[[source]]\nname = 'a'\ninbox = 'i'\nprivate_hosts = ['127.0.0.1:99999']\n", r"impossible port"),
        ("processes = \n", r"gongbao\.toml: Invalid value"),
        ("[[source]]\nname = 'a'\ninbox = 'i'\nplace = 'Atlantis'\n", r"Atlantis is no place of the list"),
        ("[[source]]\nname = 'a'\ninbox = 'i'\ncaveats = ['doubtful']\n", r"doubtful is no caveat; known are sample"),
        ("[[source]]\nname = 'a'\ninbox = 'i'\n[[source]]\nname = 'a'\ninbox = 'j'\n", r"two sources are called a"),
        ("warehouse = ''\n", r"cannot be the warehouse"),
        ("vocabulary = '.'\n", r"the vocabulary needs a folder of its own"),
        ("vocabulary = 'gongbao.toml'\n", r"the vocabulary needs a folder of its own"),
        ("notify = 'https://h/token'\n", r"^(?!.*token)setting notify \(gongbao\.toml\): String should match pattern"),
    ],
)
def test_a_mistake_in_the_file_names_the_file_and_the_key(
    working_directory: Path, content: str, complaint: str
) -> None:
    (working_directory / "gongbao.toml").write_text(content, "utf-8")
    with pytest.raises(UsageError, match=complaint):
        settings.load()


def test_an_inbox_named_on_the_command_line_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        settings.inbox_sources((tmp_path / "absent",))


def test_inboxes_go_by_their_folder_names_and_two_of_one_name_are_refused(tmp_path: Path) -> None:
    for parent in ("a", "b"):
        (tmp_path / parent / "inbox").mkdir(parents=True)
    (source,) = settings.inbox_sources((tmp_path / "a" / "inbox",)) or ()
    assert source.name == "inbox"
    with pytest.raises(UsageError, match="two inboxes are called inbox"):
        settings.inbox_sources((tmp_path / "a" / "inbox", tmp_path / "b" / "inbox"))


def test_the_clock_can_be_set_and_is_told_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGBAO_NOW", "2025-02-01T09:00:00+08:00")
    assert settings.load().clock() == datetime(2025, 2, 1, 1, 0)


def test_a_source_may_name_a_place_that_only_the_curators_overlay_knows(working_directory: Path) -> None:
    (working_directory / "words").mkdir()
    (working_directory / "words" / "place_aliases.csv").write_text("alias,code,note\n惠民老家,371621,\n", "utf-8")
    (working_directory / "gongbao.toml").write_text(
        'vocabulary = "words"\n[[source]]\nname = "a"\ninbox = "i"\nplace = "惠民老家"\n', "utf-8"
    )
    script = "from gongbao import settings; print(settings.load().sources()[0].place)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ended.stdout == "惠民老家\n", ended.stderr


def test_a_settings_file_that_is_a_folder_is_refused(working_directory: Path) -> None:
    (working_directory / "gongbao.toml").mkdir()
    with pytest.raises(UsageError, match=r"gongbao\.toml is no file"):
        settings.load()


def test_a_source_in_a_variable_is_told_apart_from_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGBAO_SOURCE", "not json")
    with pytest.raises(UsageError, match="a GONGBAO_ variable"):
        settings.load()


def test_a_misspelt_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "GONGBAO_WAREHUOSE" not in settings.unknown_variables()
    monkeypatch.setenv("GONGBAO_WAREHUOSE", "x")
    assert "GONGBAO_WAREHUOSE" in settings.unknown_variables()
