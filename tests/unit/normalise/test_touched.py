"""An alias that a curator accepts is followed to the texts that it touches, and to no others."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gongbao import reference
from gongbao.normalise import indicators, wordings
from gongbao.normalise.touched import may_concern, may_read, verb_of
from gongbao.normalise.vocabulary import aliases, fold, qualifiers
from tests.unit.review.given import DRAFT_ANSWERED, run, workbook

TOWN = """惠民县{town}2024年工作总结

{town}人民政府  2025年1月10日

一、2024年工作回顾

2024年,全镇完成一般公共预算收入6120万元。{more}
"""
MORE = {
    "李庄镇": "绳网作坊数2300家。",
    "胡集镇": "省级绳网作坊达到40家。",
    "姜楼镇": "新增技改项目5个。",
    "石庙镇": "新建绳网市场12个。",
}
HEADER = "alias,indicator_id,breakdown,note\n"
NIGHT = """
from datetime import datetime; from pathlib import Path; import json, sys
from gongbao import settings
settings.use_vocabulary()
from gongbao.ingest import Source, ingest
from gongbao.normalise import extract_pending, normalise
from gongbao.warehouse import Warehouse
with Warehouse(Path("warehouse")) as warehouse:
    ingest(warehouse, [Source("office", Path("inbox"), place="惠民县")], datetime(2026, 3, 1))
    extract_pending(warehouse)
    for killed_at in sys.argv[1:]:
        from gongbao.normalise import stage
        setattr(stage, killed_at, lambda *_: sys.exit())
    report = normalise(warehouse)
    facts = warehouse.connection.execute(
        "select ref_area, indicator_id, value_text from core.fact order by all"
    ).fetchall()
    waiting = warehouse.connection.execute(
        "select kind, subject, waiting, candidates from ops.review_item order by all"
    ).fetchall()
    print(json.dumps([report.normalised, report.unchanged, report.aliases, report.touched, facts, waiting]))
"""

BEHIND_FOLLOWING, BEFORE_QUESTIONS = "_told", "write_review_items"
"""What of gongbao/normalise/stage.py a killed night does not come to."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Reports of four towns, read and normalised."""
    given(tmp_path)
    assert night(tmp_path)[:4] == [4, 0, [], []]
    return tmp_path


def given(folder: Path) -> None:
    (folder / "inbox").mkdir(parents=True)
    for town, more in MORE.items():
        (folder / "inbox" / f"{town}.txt").write_text(TOWN.format(town=town, more=more), "utf-8")
    (folder / "vocabulary").mkdir()


def night(folder: Path) -> list[Any]:
    """Texts normalised and left, aliases changed and files touched, facts, questions."""
    found: list[Any] = json.loads(run(folder, "-c", NIGHT))
    return found


def accept(folder: Path, *lines: str) -> None:
    (folder / "vocabulary" / "indicator_aliases.csv").write_text(
        HEADER + "".join(f"{line}\n" for line in lines), "utf-8"
    )


def test_only_texts_with_the_phrase_are_normalised_anew_and_the_run_says_which(folder: Path) -> None:
    before = night(folder)[4:]
    accept(folder, "绳网作坊,market_entities,,")
    *counts, facts, waiting = night(folder)
    assert counts == [2, 2, ["绳网作坊"], ["李庄镇.txt", "胡集镇.txt"]]
    assert [fact[2] for fact in facts if fact[1] == "market_entities"] == ["40家", "2300家"]
    assert night(folder) == [0, 4, [], [], facts, waiting]
    (folder / "vocabulary" / "indicator_aliases.csv").unlink()
    assert night(folder) == [2, 2, ["绳网作坊"], ["李庄镇.txt", "胡集镇.txt"], *before]


def test_what_comes_of_it_is_what_a_warehouse_made_with_the_alias_has(folder: Path, tmp_path: Path) -> None:
    line = "绳网作坊,market_entities,,"
    accept(folder, line)
    fresh = tmp_path / "fresh"
    given(fresh)
    accept(fresh, line)
    assert night(folder)[4:] == night(fresh)[4:]


def test_an_alias_that_nobody_says_touches_nothing(folder: Path) -> None:
    accept(folder, "养蜂户,market_entities,,")
    assert night(folder)[:4] == [0, 4, ["养蜂户"], []]


def test_a_night_that_was_killed_behind_it_is_made_good(folder: Path) -> None:
    accept(folder, "绳网作坊,market_entities,,")
    run(folder, "-c", NIGHT, BEHIND_FOLLOWING)
    accept(folder, "绳网作坊,market_entities,,", "绳网市场,key_projects,,")
    run(folder, "-c", NIGHT, BEHIND_FOLLOWING)
    counts = night(folder)
    assert counts[:4] == [3, 1, [], ["李庄镇.txt", "石庙镇.txt", "胡集镇.txt"]]
    assert {"12个", "40家", "2300家"} <= {fact[2] for fact in counts[4]}


@pytest.mark.parametrize("killed_at", [BEHIND_FOLLOWING, BEFORE_QUESTIONS])
@pytest.mark.parametrize("alias", ["绳网作", "绳网作坊数量"])
def test_questions_of_a_night_that_was_killed_are_those_of_one_that_was_not(
    folder: Path, tmp_path: Path, alias: str, killed_at: str
) -> None:
    accept(folder, f"{alias},market_entities,,")
    run(folder, "-c", NIGHT, killed_at)
    fresh = tmp_path / "fresh"
    given(fresh)
    accept(fresh, f"{alias},market_entities,,")
    expected = night(fresh)[4:]
    assert night(folder)[4:] == expected
    assert night(folder) == [0, 4, [], [], *expected]


def test_a_template_concerns_the_workbooks_alone(tmp_path: Path) -> None:
    given(tmp_path)
    workbook(tmp_path / "inbox" / "bees.xlsx", "甲村")
    before = night(tmp_path)
    assert before[:2] == [5, 0]
    assert [waiting for kind, _, waiting, _ in before[5] if kind == "sheet_block"] == [6]
    (tmp_path / "vocabulary" / "sheets").mkdir()
    (tmp_path / "vocabulary" / "sheets" / "bees.yaml").write_text(DRAFT_ANSWERED, "utf-8")
    after = night(tmp_path)
    assert after[:2] == [1, 4]
    assert len(after[4]) == len(before[4]) + 6
    assert not [kind for kind, *_ in after[5] if kind == "sheet_block"]


@pytest.mark.parametrize(
    ("alias", "phrase"),
    [
        ("绳网作坊", "绳网作坊"),
        ("绳网作坊", "省级绳网作坊"),
        ("生产总值", "地区生产总值"),
        ("能耗", "综合能源消耗"),
        ("新增学位", "学位"),
        ("老旧小区改造", "改造提升老旧小区"),
        ("粮食播种面积", "粮食播种"),
        ("规上工业增加值", "规模以上工业企业增加值"),
        ("执业医师", "执业（助理）医师"),
        ("高新技术产业产值占比", "高新技术产业产值"),
    ],
)
def test_an_alias_is_found_in_every_wording_of_a_phrase(alias: str, phrase: str) -> None:
    assert may_read(fold(alias), phrase)


def test_a_verb_of_the_sentence_may_complete_an_alias() -> None:
    assert verb_of("检查企业", "企业") == "检查"
    assert verb_of("企业", "企业") is None
    assert not may_read("检查企业", "企业")


def test_no_phrase_changes_its_match_without_being_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    known, words = dict(aliases()), sorted({word for _, word in qualifiers()})
    draw = random.Random(5)
    gone = draw.sample(sorted(known), 60)
    phrases = [*known, *(draw.choice(words) + draw.choice(gone) + draw.choice(["", "数", "总量"]) for _ in range(2000))]

    def matches() -> list[indicators.Match | None]:
        for cached in (indicators._match, indicators._parsed):
            cached.cache_clear()
        return [indicators.match(phrase, unit=None, aspect=None, measure="growth") for phrase in phrases]

    whole = matches()
    monkeypatch.setattr(indicators, "aliases", lambda: {name: known[name] for name in known if name not in gone})
    less = matches()
    monkeypatch.undo()
    matches()
    changed = [phrase for phrase, one, other in zip(phrases, whole, less, strict=True) if one != other]
    assert len(changed) > 60
    untold = [phrase for phrase in changed if not any(may_read(alias, phrase) for alias in gone)]
    assert untold == []


def test_every_phrase_that_is_touched_is_among_those_that_are_looked_at() -> None:
    draw = random.Random(7)
    known, words = sorted(aliases()), sorted({word for _, word in qualifiers()})
    phrases = ["在校生", "企业", "生产总值", "“老旧”小区改造㎡", "规模以上 工业企业增加值"]
    phrases += [draw.choice(words) + name + draw.choice(["", "数", "占比"]) for name in known]
    for alias in [*draw.sample(known, 40), "检查企业", "普通高校在校生", "规上工业增加值", "新增", "gdp"]:
        touched = {phrase for phrase in phrases if may_read(alias, phrase) or verb_of(alias, phrase)}
        told = duckdb.execute(
            f"select name from (select '李庄镇' || unnest(?) as name) where {may_concern('name', [alias])}", [phrases]
        ).fetchall()
        assert {f"李庄镇{phrase}" for phrase in touched} <= {name for (name,) in told}, alias


@pytest.fixture
def noun_that_folds_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bare noun of an overlay, 绳网作坊 in any context, that folds to what would fold again (技改投入, 技改投资)."""
    noun = "技术改造投入"
    (tmp_path / "indicator_contexts.csv").write_text(f"phrases,words,stands_for,note\n{noun},*,绳网作坊,\n", "utf-8")
    caches = (reference.rows, wordings._contexts)
    monkeypatch.setenv(reference.OVERLAY, str(tmp_path))
    for cached in caches:
        cached.cache_clear()
    yield noun
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()


def test_a_bare_noun_is_looked_at_whatever_it_would_fold_to_again(noun_that_folds_twice: str) -> None:
    assert may_read("绳网", noun_that_folds_twice)
    [(is_told,)] = duckdb.execute(
        f"select {may_concern('name', ['绳网'])} from (select ? as name)", [noun_that_folds_twice]
    ).fetchall()
    assert is_told
