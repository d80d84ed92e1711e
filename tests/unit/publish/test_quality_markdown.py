"""What Prefect shows of a night's checks: read back with a Markdown reader, as its page does."""

from __future__ import annotations

from collections.abc import Iterator
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
    """The tags of a page, and the texts of its cells."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells: list[str] = []
        self.is_in_cell = False
        self.feed(MarkdownIt("commonmark").enable("table").render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "td":
            self.cells.append("")
            self.is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.is_in_cell = self.is_in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self.is_in_cell:
            self.cells[-1] += data

    def rows(self) -> Iterator[list[str]]:
        for start in range(0, len(self.cells), 6):
            yield [cell.strip() for cell in self.cells[start : start + 6]]


def test_the_gravest_finding_stands_first_with_what_followed_and_a_row() -> None:
    sample = Sample("03e5", "5531万元 here, 5513 there", None, "胡集镇报告.txt", "5531万元")
    core = _verdict(_result("reported", "info"), _result("passed"), _result("caveat", samples=(sample, sample)))
    marts = _verdict(_result("held", "critical"))
    found = quality_markdown((core, marts), "the gate held the release", PAGE, "what to do: `gongbao explain`")
    rows = list(Page(found).rows())
    assert [row[0] for row in rows] == ["不予发布 held", "带提示 caveat", "仅报告 reported"]
    assert rows[1][1:5] == [
        "警告 warning",
        "core.rules rule_caveat",
        "2 of 1,527 rows (0.13 %); 上限 limit none",
        "部分大于总体。 A part is larger than its whole.",
    ]
    assert rows[1][5] == "03e5: 5531万元 here, 5513 there 「5531万元」 胡集镇报告.txt"
    assert found.startswith("**the gate held the release**\n\n检查 4 项，通过 1 项。 1 of 4 checks found nothing.")
    assert "**怎么办** what to do\\: \\`gongbao explain\\`" in found
    assert found.endswith(f"{PAGE}\n")


def test_a_night_without_findings_has_no_table_and_nothing_to_do() -> None:
    found = quality_markdown((_verdict(_result("passed")),), "release 3f2a9c is new", PAGE)
    assert Page(found).tags == {"p", "strong"}
    assert "怎么办" not in found


def test_what_a_document_says_is_text_and_stays_in_its_cell() -> None:
    sample = Sample("id|1", DOCUMENT_TEXT, None, DOCUMENT_TEXT, "万|元")
    found = quality_markdown((_verdict(_result("caveat", samples=(sample,))),), DOCUMENT_TEXT, PAGE)
    page = Page(found)
    assert page.tags == {"p", "strong", "table", "thead", "tr", "th", "tbody", "td"}
    ((*_, cell),) = page.rows()
    shown = DOCUMENT_TEXT.replace("\n", " ").replace("\x1b", "\\x1b")
    assert cell == f"id|1: {shown} 「万|元」 {shown}"
    assert "http://" not in found
    assert "www." not in found


def test_a_long_quote_is_cut() -> None:
    sample = Sample("id", "长" * 1000, None, "a.txt", "短")
    ((*_, cell),) = Page(quality_markdown((_verdict(_result("caveat", samples=(sample,))),), "", PAGE)).rows()
    assert cell == f"id: {'长' * 200}… 「短」 a.txt"
