"""The quality page gives the answer first, the gravest finding on top, every check, and runs nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gongbao.publish.quality_page import quality_page
from gongbao.validate import Sample, Verdict
from tests.unit.publish.made import SOUND, check, verdict
from tests.unit.publish.test_dictionary import Page

RELEASE = "0123456789abcdef"
FOUND = verdict(
    check("told", "reported", "info", 1),
    check("cautioned", "caveat", "warning", 2),
    check("well", "passed", "critical"),
    check("kept_out", "withheld", "critical", 1),
    withheld=1,
    caveats=2,
)
HELD = verdict(check("kept_out", "withheld", "critical", 1), check("too_many", "held", "critical", 8), withheld=1)


def page(*verdicts: Verdict, release_id: str | None = RELEASE) -> str:
    return quality_page(verdicts, "0.1.0+feed", release_id)


def text(html: str) -> str:
    """What a reader sees, with single blanks, also where elements meet."""
    shown = Page()
    shown.feed(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL).replace("<", " <"))
    return " ".join(shown.text.split())


ANSWERS = [
    (SOUND, RELEASE, "3 项检查，没有发现问题，无须处理。 3 checks found nothing; there is nothing to do."),
    (
        (FOUND,),
        RELEASE,
        "4 项检查，3 项有发现：扣下 1 条数据，2 条数据带提示，1 项仅作报告。 3 of 4 checks found something: "
        "1 figure is kept out of the marts, 2 figures bear a caveat, 1 finding is for information.",
    ),
    (
        (verdict(check("cautioned", "caveat", "warning", 2)),),
        RELEASE,
        "1 项检查，1 项有发现。 1 of 1 checks found something. 发布版本",
    ),
    (
        (HELD, FOUND),
        None,
        "没有发布。6 项检查，5 项有发现：1 项使版本不能发布，扣下 2 条数据，2 条数据带提示，1 项仅作报告。 Nothing was "
        "published. 5 of 6 checks found something: 1 of them holds the release, 2 figures are kept out of the marts, "
        "2 figures bear a caveat, 1 finding is for information.",
    ),
]


@pytest.mark.parametrize(("verdicts", "release_id", "answer"), ANSWERS)
def test_the_answer_in_one_sentence_is_the_first_thing_below_the_title(
    verdicts: tuple[Verdict, ...], release_id: str | None, answer: str
) -> None:
    html = page(*verdicts, release_id=release_id)
    assert html.count("<h1>") == 1
    assert text(html[html.index("</h1>") :]).startswith(answer)


def test_the_head_names_release_and_code_and_of_a_held_night_the_code_alone() -> None:
    assert f"release {RELEASE} · 程序版本 code 0.1.0+feed" in text(page(FOUND))
    held = text(page(HELD, release_id=None))
    assert "质量报告：未发布 Quality report: held" in held
    assert "发布版本" not in held


def test_findings_stand_the_gravest_first_and_those_that_keep_rows_out_are_unfolded() -> None:
    html = page(FOUND, HELD)
    findings = html[: html.index('id="severities"')]
    notes = re.findall(r"<details( open)?>\s*<summary>.*?<h3>(\w+) 不合。</h3>", findings)
    assert notes == [
        (" open", "too_many"), (" open", "kept_out"), (" open", "kept_out"), ("", "cautioned"), ("", "told"),
    ]  # fmt: skip


def test_a_finding_tells_its_rows_what_followed_the_limit_and_its_samples() -> None:
    samples = (
        Sample("f1", "7 here, 8 there", "f2", "report.txt", "7万元"),
        *(Sample(f"g{number}", "null") for number in range(7)),
    )
    finding = replace(check("agree", "caveat", "warning", 9, samples), limit="5 % and 20 rows")
    shown = text(page(verdict(finding)))
    assert "带提示 caveat agree 不合。 9 行中 9 行 agree is broken. 9 of 9 rows" in shown
    assert "f1 另一方 the other f2 7 here, 8 there 「7万元」 report.txt" in shown
    assert "再看 3 行 3 rows more" in shown
    assert "g6 null" in shown
    assert "另有 1 行未列出。 1 row is not shown." in shown
    assert "后果 what followed 不妨碍发布，行上附提示代码 no bar to publishing; the rows bear a caveat" in shown
    assert "上限 limit 5 % and 20 rows" in shown
    assert "gongbao explain f1" in shown


def test_a_row_is_shown_in_its_sentence_where_it_has_one() -> None:
    sample = Sample("f1", "too much", None, "report.txt", "7万元", "全镇\n税收【7万元】，<增长>")
    shown = text(page(verdict(check("agree", "caveat", "warning", 1, (sample,)))))
    assert "f1 too much 「全镇 税收【7万元】，<增长>」 report.txt" in shown


def test_a_check_on_a_relation_as_a_whole_tells_what_it_saw() -> None:
    missing = replace(
        check("judged", "held", "critical"), rows_checked=None, rows_failed=None, observed="marts.x is not staged"
    )
    shown = text(page(verdict(missing), release_id=None))
    assert "不予发布 held judged 不合。 judged is broken. marts.x is not staged" in shown
    assert "None" not in shown


def test_every_check_is_listed_under_its_suite_the_passed_ones_too() -> None:
    other = replace(check("unique", "passed", "critical"), suite="marts.fact")
    html = page(FOUND, verdict(other))
    listed = html[html.index('id="checks"') :]
    assert "core.rules 4 项，3 项有发现 4 checks, 3 found something" in text(listed)
    assert "marts.fact 1 项，全部通过 1 check, all passed" in text(listed)
    assert re.findall(r'<th scope="row"><code>(\w+)</code>', listed) == [
        "told", "cautioned", "well", "kept_out", "unique",
    ]  # fmt: skip
    assert "well core.fact well 不合。 well is broken. 通过 passed 严重 critical 0 / 9" in text(listed)


def test_what_to_do_follows_from_what_was_found() -> None:
    found, held = text(page(FOUND)), text(page(HELD, release_id=None))
    assert "gongbao review" in found
    assert "corrections.yml" in found
    assert "caveat_codes" in found
    assert "gongbao run" not in found
    assert "改好后重新运行： gongbao run" in held
    assert "dictionary.html" not in held
    assert "gongbao publish" not in held
    lost = replace(check("published_rows_stand", "held", "critical", 8), suite="release.fact")
    assert "gongbao publish 放行" in text(page(verdict(lost), release_id=None))
    assert "怎么办" not in text(page(*SOUND))


def test_what_documents_say_is_text_and_its_control_characters_are_escapes() -> None:
    sample = Sample("f1", "<b>&", "<i>", "<a href='x'>.txt", "<script>alert(1)</script>\x1b[31m\u202e7")
    html = page(verdict(replace(check("agree", "caveat", "warning", 1, (sample,)), note_zh="<u>", observed="<s>")))
    shown = Page()
    shown.feed(html)
    assert not shown.tags & {"script", "img", "link", "iframe", "b", "i", "u", "s"}
    assert not {name for name in shown.attributes if name.startswith("on")}
    assert r"「<script>alert(1)</script>\x1b[31m\u202e7」" in shown.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", html)
    assert "default-src 'none'" in html


def test_a_very_long_text_is_cut() -> None:
    html = page(verdict(check("agree", "caveat", "warning", 1, (Sample("f1", "长" * 5000),))))
    assert "长" * 300 + "…" in html
    assert "长" * 301 not in html


def test_the_same_verdicts_give_the_same_page() -> None:
    assert page(FOUND, HELD) == page(FOUND, HELD)
    assert page(FOUND) != page(replace(FOUND, withheld=2))
