"""What Prefect shows of a night's checks: read back with a Markdown reader, as its page does."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt

from gongbao.publish.quality_markdown import quality_markdown
from gongbao.validate.verdict import CheckResult, Outcome, Sample, Severity, Verdict

PAGE = Path("/srv/gongbao/held/quality.html")
DOCUMENT_TEXT = "5|533 `a` <script>x</script> **b** [c](http://d.example) www.e.example a@f.example\n# 万元 & \x1b[31m"


def _result(outcome: Outcome, severity: Severity = "warning", samples: tuple[Sample, ...] = ()) -> CheckResult:
    return CheckResult(
        "core.rules", f"rule_{outcome}", "core.figure", severity, outcome == "passed", outcome,
        "2 of 1,527 rows (0.13 %)", "none", 1527, 2, "部分大于总体。", "A part is larger than its whole.", samples,
    )  # fmt: skip


def _verdict(*results: CheckResult) -> Verdict:
    failed = sum(result.outcome != "passed" for result in results)
    return Verdict(any(result.outcome == "held" for result in results), len(results) - failed, failed, results)


class Page(HTMLParser):
    """The tags of a page, and the texts of the elements that hold some."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {"td": [], "li": [], "p": []}
        self.feed(MarkdownIt("commonmark").enable("table").render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.open.append(tag)
        self.texts.get(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self.open.remove(tag)

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            if tag in self.texts:
                self.texts[tag][-1] += data

    def rows(self) -> list[list[str]]:
        cells = self.texts["td"]
        return [cells[start : start + 5] for start in range(0, len(cells), 5)]


def test_the_answer_and_what_to_do_stand_first_and_then_the_gravest_finding() -> None:
    core = _verdict(_result("reported", "info"), _result("passed"), _result("caveat"))
    marts = _verdict(_result("held", "critical"))
    page = Page(quality_markdown((core, marts), "the gate held the release", PAGE, "what to do: `gongbao explain`"))
    assert page.texts["p"] == [
        "the gate held the release",
        "怎么办 what to do: `gongbao explain`",
        "检查 4 项，通过 1 项。 1 of 4 checks found nothing.",
        f"全部检查与所涉各行 Every check, with its rows: {PAGE}",
    ]
    assert page.rows() == [
        ["不予发布 held", "严重 critical", "core.rules rule_held", "2 of 1,527 rows (0.13 %)", "none"],
        ["带提示 caveat", "警告 warning", "core.rules rule_caveat", "2 of 1,527 rows (0.13 %)", "none"],
        ["仅报告 reported", "信息 info", "core.rules rule_reported", "2 of 1,527 rows (0.13 %)", "none"],
    ]
    assert [item.split()[0] for item in page.texts["li"]] == ["rule_held", "rule_caveat", "rule_reported"]


def test_a_finding_says_what_it_means_and_shows_one_of_its_rows() -> None:
    sample = Sample("03e5", "5531万元 here, 5513 there", None, "胡集镇报告.txt", "5531万元")
    page = Page(quality_markdown((_verdict(_result("caveat", samples=(sample, sample))),), "", PAGE))
    assert page.texts["li"] == [
        "rule_caveat 部分大于总体。 A part is larger than its whole. "
        "例 For instance 03e5: 5531万元 here, 5513 there 「5531万元」 胡集镇报告.txt"
    ]


def test_a_night_without_findings_has_no_table_and_nothing_to_do() -> None:
    found = quality_markdown((_verdict(_result("passed")),), "release 3f2a9c is new", PAGE)
    assert Page(found).tags == {"p", "strong"}
    assert "怎么办" not in found


def test_what_a_document_says_is_text_and_stays_in_its_place() -> None:
    sample = Sample("id|1", DOCUMENT_TEXT, None, DOCUMENT_TEXT, "万|元")
    found = quality_markdown((_verdict(_result("caveat", samples=(sample,))),), DOCUMENT_TEXT, PAGE)
    page = Page(found)
    shown = DOCUMENT_TEXT.replace("\n", " ").replace("\x1b", "\\x1b")
    assert page.tags == {"p", "strong", "table", "thead", "tr", "th", "tbody", "td", "ul", "li"}
    assert page.texts["p"][0] == shown
    assert len(page.rows()) == len(page.texts["li"]) == 1
    assert page.texts["li"][0].endswith(f"id|1: {shown} 「万|元」 {shown}")
    assert "http://" not in found
    assert "www." not in found


def test_a_long_quote_is_cut() -> None:
    sample = Sample("id", "长" * 1000, None, "a.txt", "短")
    (item,) = Page(quality_markdown((_verdict(_result("caveat", samples=(sample,))),), "", PAGE)).texts["li"]
    assert item.endswith(f"id: {'长' * 200}… 「短」 a.txt")
