"""What a curator accepted adds to the vocabulary, and decides what is read anew."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongbao import project, reference
from gongbao.errors import UsageError
from gongbao.reference import checks
from gongbao.reference.gazetteer import gazetteer

ALIASES = "alias,code,note\n老惠民,371621,of a test\n"


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty overlay in force."""
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    monkeypatch.setenv(reference.OVERLAY, str(folder))
    _forget()
    yield folder
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    reference.rows.cache_clear()
    reference.texts.cache_clear()
    gazetteer.cache_clear()


def test_lines_of_the_overlay_follow_those_of_the_vocabulary(overlay: Path) -> None:
    own = reference.rows("place_aliases.csv")
    _forget()
    (overlay / "place_aliases.csv").write_text(ALIASES, "utf-8")
    assert reference.rows("place_aliases.csv") == (*own, {"alias": "老惠民", "code": "371621", "note": "of a test"})
    assert gazetteer().by_name["老惠民"] == ("371621",)


def test_columns_have_what_the_rows_have(overlay: Path) -> None:
    (overlay / "place_aliases.csv").write_text(ALIASES, "utf-8")
    rows = reference.rows("place_aliases.csv")
    assert reference.columns("place_aliases.csv") == {name: tuple(row[name] for row in rows) for name in rows[0]}


def test_a_template_of_the_overlay_stands_in_for_the_one_of_its_name(overlay: Path) -> None:
    (overlay / "sheets").mkdir()
    (overlay / "sheets" / "county_towns.yaml").write_text("id: mine", "utf-8")
    (overlay / "sheets" / "a_new_one.yaml").write_text("id: new", "utf-8")
    texts = dict(reference.texts("sheets"))
    assert (texts["county_towns.yaml"], texts["a_new_one.yaml"]) == ("id: mine", "id: new")
    assert list(texts) == sorted(texts)
    assert "defaults.yaml" in texts
    assert "sheets/a_new_one.yaml" in reference.names("sheets/*.yaml")


def test_the_hash_is_of_the_overlay_too_and_an_empty_one_changes_nothing(
    overlay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["place_aliases.csv", "units.csv"]

    def hashes() -> tuple[str, str]:
        digest = hashlib.sha256()
        project.hash_overlay(digest)
        return reference.content_hash(names), digest.hexdigest()

    empty = hashes()
    (overlay / "place_aliases.csv").write_text(ALIASES, "utf-8")
    filled = hashes()
    assert all(before != after for before, after in zip(empty, filled, strict=True))
    monkeypatch.delenv(reference.OVERLAY)
    assert hashes() == empty


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("alias,code,note\n老惠民,371621\n", r"place_aliases\.csv line 2: not as many cells"),
        ("alias,code\n老惠民,371621\n", r"place_aliases\.csv line 1: the columns are alias,code"),
        ('alias,code,note\n"老惠民"x,371621,\n', r"place_aliases\.csv line 2"),
        ('alias,code,note\n"老惠民"x,371621,\n老无棣,371623,\n', r"place_aliases\.csv line 2"),
        ('alias,code,note\n\n"老惠民,371621,\n老无棣,371623,\n', r"place_aliases\.csv line 3"),  # it is never closed
        ("", r"place_aliases\.csv line 1"),
    ],
)
def test_a_malformed_file_is_told_with_its_line(overlay: Path, content: str, said: str) -> None:
    (overlay / "place_aliases.csv").write_text(content, "utf-8")
    with pytest.raises(UsageError, match=said):
        reference.rows("place_aliases.csv")
    _forget()
    assert any("place_aliases.csv" in problem for problem in checks.problems())


def test_bytes_that_are_no_utf_8_are_told_with_their_line(overlay: Path) -> None:
    (overlay / "place_aliases.csv").write_bytes("alias,code,note\n老惠民,371621,\n".encode("gbk"))
    with pytest.raises(UsageError, match=r"place_aliases\.csv line 2: no UTF-8"):
        reference.rows("place_aliases.csv")


def test_a_file_that_nothing_reads_is_a_problem(overlay: Path) -> None:
    (overlay / "place_alias.csv").write_text(ALIASES, "utf-8")
    (overlay / ".notes").write_text("mine", "utf-8")
    (overlay / "readers").mkdir()
    (overlay / "readers" / "page_furniture.csv").write_text("word\n", "utf-8")
    first, second = checks.problems()
    assert "place_alias.csv: nothing reads it" in first
    assert "readers/page_furniture.csv: nothing reads it" in second


def test_a_line_of_the_overlay_that_contradicts_the_vocabulary_is_a_problem(overlay: Path) -> None:
    (overlay / "indicator_aliases.csv").write_text(
        "alias,indicator_id,breakdown,note\n地区生产总值,tax_revenue,,\n", "utf-8"
    )
    line = overlay / "indicator_aliases.csv"
    assert f"{line} line 2: the alias 地区生产总值 claims gdp and tax_revenue" in checks.problems()


PHRASES = "alias,indicator_id,breakdown,note\n"
UNITS = "canonical_unit,dimension,spelling,multiplier_to_canonical,note\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("indicator_aliases.csv", PHRASES + '\n新词,gdp,,"two\nlines"\n旧词,gpd,,\n', "line 5: 旧词 names gpd, which"),
        (
            "indicator_aliases.csv",
            PHRASES + "新词, gdp,,\n",
            "line 2: 新词 names “ gdp”, which is not in the catalogue",
        ),
        ("indicator_aliases.csv", PHRASES + "新词,,,\n", "line 2: 新词 names “ ”, which is not in"),
        ("indicator_aliases.csv", PHRASES + "的,gdp,,\n", "line 2: an alias of gdp is empty"),
        (
            "indicator_aliases.csv",
            PHRASES + "新词,gdp,,\n新词,gdp,sex=F,\n",
            "line 3: 新词 stands there twice, with",
        ),
        ("units.csv", UNITS + "CNY,money,新币,1,\nCNY,mass,旧币,1,\n", "line 3: CNY has the dimensions mass and money"),
        ("units.csv", UNITS + "CNY,money,万元,10000,\n", "line 2: 万元 stands there twice"),
        ("units.csv", UNITS + "CNY,money,,1,\n", "line 2: a canonical_unit, dimension or spelling is empty"),
        ("units.csv", UNITS + "CNY,money,新币,1e999999999,\n", "line 2: the multiplier of 新币 is no positive number"),
        ("place_aliases.csv", "alias,code,note\n,371621,\n", "line 2: an alias of 371621 is empty"),
        ("texts/turns.csv", "pattern,to,example\n(?P<a,back,x\n", "line 2: the pattern (?P<a is no regular expression"),
        (
            "texts/units.csv",
            "spelling,unit,kind,not_before\n吨,吨,mass,a{99999999999}\n",
            "line 2: the not_before a{9",
        ),
        ("texts/refusals.csv", "side,reason,beside,pattern,example\nat,date,z-a,a,a\n", "line 2: the beside z-a is no"),
    ],
)
def test_a_night_refuses_a_slip_in_the_overlay_and_names_file_line_and_remedy(
    overlay: Path, name: str, content: str, said: str
) -> None:
    (overlay / name).parent.mkdir(exist_ok=True)
    (overlay / name).write_text(content, "utf-8")
    with pytest.raises(UsageError, match=f"{name} {re.escape(said)}") as refused:
        checks.check_overlay()
    assert "correct or delete it" in refused.value.remedy


def test_a_folder_in_the_place_of_a_file_is_refused(overlay: Path) -> None:
    (overlay / "indicator_aliases.csv").mkdir()
    with pytest.raises(UsageError, match=r"indicator_aliases\.csv is a folder"):
        checks.check_overlay()


def test_a_line_that_a_curator_and_the_vocabulary_have_is_no_problem(overlay: Path) -> None:
    (overlay / "indicator_aliases.csv").write_text(PHRASES + "新词,gdp,,\n新词,gdp,,\n地区生产总值,gdp,,\n", "utf-8")
    checks.check_overlay()
