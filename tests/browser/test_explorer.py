"""The explorer page of the sample release, as people use it in a browser."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from tests.browser.opened import PHONE, VIEWS, Opened

Show = Callable[..., Opened]
COUNTY, PREFECTURE = "371621", "371600"
REVENUE = {"view": "league", "indicator": "general_budget_revenue", "area": COUNTY, "period": "2024"}


def rows(marts: Path, mart: str, **where: str) -> list[dict[str, Any]]:
    filters = [(column, "=", value) for column, value in where.items()] or None
    return list(parquet.read_table(marts / f"{mart}.parquet", filters=filters).to_pylist())


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_each_view_opens_by_double_click_and_from_a_static_host(show: Show, sample_marts: Path, scheme: str) -> None:
    opened = show(sample_marts, scheme)
    for view in VIEWS:
        page = opened.go(view=view, area=PREFECTURE if view in ("discrepancies", "missing") else COUNTY)
        assert page.locator("body").get_attribute("data-ready") == view
        assert page.locator("main tbody tr").count() > 0
        assert page.locator(f"#view-{view}").get_attribute("aria-current") == "page"


def test_the_first_view_needs_no_address(show: Show, sample_marts: Path) -> None:
    page = show(sample_marts).go()
    assert page.locator("body").get_attribute("data-ready") == "league"
    assert page.locator("main tbody tr").count() > 1


def test_a_league_ranks_all_places_of_the_unit_as_the_mart_does(show: Show, sample_marts: Path) -> None:
    page = show(sample_marts).go(**REVENUE)
    compared = [
        row
        for row in rows(
            sample_marts, "town_comparison", parent=COUNTY, indicator_id=REVENUE["indicator"], time_period="2024"
        )
        if (row["measure"], row["breakdown"]) == ("level", "_T")
    ]
    ranked = [row["name_zh"] for row in sorted(compared, key=lambda row: row["rank_computed"])]
    assert page.locator("main tbody tr .open").all_inner_texts() == ranked
    assert f"{len(ranked)} 参排" in page.locator("main > p").first.inner_text()


def test_the_words_are_chinese_first_and_english_at_a_click(show: Show, sample_marts: Path) -> None:
    page = show(sample_marts).go(**REVENUE)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("nav a").all_inner_texts() == [
        "指标排名",
        "目标完成",
        "历年走势",
        "地区概览",
        "存疑",
        "缺报",
        "口径与说明",
    ]
    page.locator("#language").click()
    page.locator("html[lang=en] body[data-ready]").wait_for()
    assert page.locator("nav a").all_inner_texts()[:3] == ["League", "Targets", "Trend"]
    assert "General" in page.locator("main h2").inner_text()
    page.locator("#language").click()
    page.locator("html[lang=zh-CN] body[data-ready]").wait_for()


def test_search_finds_places_and_indicators_by_name_and_code(show: Show, sample_marts: Path) -> None:
    page = show(sample_marts).go(**REVENUE)
    page.locator("#search").fill("姜楼")
    assert page.locator("#found li").first.inner_text().startswith("姜楼镇")
    page.keyboard.press("Enter")
    page.locator("body[data-ready=profile]").wait_for()
    assert page.locator("main h2").inner_text().startswith("姜楼镇")
    page.locator("#search").fill("371621105")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="李庄镇").wait_for()
    page.locator("#search").fill("高新技术企业")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.locator("body[data-ready=league]").wait_for()
    assert "高新技术企业" in page.locator("main h2").inner_text()
    page.locator("#search").fill("没有这个地方")
    assert page.locator("#found li").all_inner_texts() == ["没有相符的地区或指标"]


def stated(marts: Path) -> dict[str, dict[str, Any]]:
    return {row["fact_id"]: row for mart in ("fact", "target") for row in rows(marts, mart)}


def test_the_drawer_shows_the_sentence_with_the_very_quote_marked(show: Show, sample_marts: Path) -> None:
    known = stated(sample_marts)
    texts = [each for each in known.values() if each["ref_area"] == "371621111" and each["sheet"] is None]
    opened = show(sample_marts)
    for figure in texts[:12]:
        page = opened.go(view="profile", place=figure["ref_area"], id=figure["fact_id"])
        card = page.locator(f'[data-fact="{figure["fact_id"]}"]')
        start = figure["span_start"] - figure["sentence_start"]
        assert card.locator("mark").inner_text() == figure["quote"]
        before, after = figure["sentence"][:start], figure["sentence"][start + len(figure["quote"]) :]
        assert card.locator("blockquote").text_content() == before + figure["quote"] + after
        assert card.locator("mark").evaluate("each => each.previousSibling?.textContent ?? ''") == before


def test_the_drawer_names_the_cell_of_a_figure_from_a_sheet(show: Show, sample_marts: Path) -> None:
    figure = next(each for each in stated(sample_marts).values() if each["sheet"] is not None)
    page = show(sample_marts).go(view="profile", place=figure["ref_area"], id=figure["fact_id"])
    card = page.locator(f'[data-fact="{figure["fact_id"]}"]')
    assert card.locator("mark").inner_text() == figure["quote"]
    assert f"{figure['sheet']} · 单元格 {figure['cell']}" in card.inner_text()


def test_a_settled_target_is_shown_with_the_sentence_of_its_outcome(show: Show, sample_marts: Path) -> None:
    settled = next(row for row in rows(sample_marts, "target_attainment", light="red") if row["actual_fact_id"])
    page = show(sample_marts).go(view="profile", place=settled["ref_area"], id=settled["fact_id"])
    assert page.locator("#drawer .outcome .light").inner_text() == "未达成"
    marked = page.locator("#drawer > .card mark").all_inner_texts()
    assert marked == [settled["quote"], settled["actual_quote"]]


def test_lights_are_words_and_marks_and_filter_the_targets(show: Show, sample_marts: Path) -> None:
    lit = [row for row in rows(sample_marts, "target_attainment", is_preferred=True) if row["area_level"] == "township"]  # type: ignore[arg-type]
    missed = next(row for row in lit if row["light"] == "red")
    state = {"view": "targets", "indicator": missed["indicator_id"], "area": COUNTY, "period": "all"}
    page = show(sample_marts).go(**state)
    before = page.locator("main tbody tr").count()
    page.locator("#light-red").click()
    page.locator("#light-red[aria-pressed=true]").wait_for()
    assert set(page.locator("main tbody .light").all_inner_texts()) == {"未达成"}
    assert page.locator("main tbody tr").count() <= before
    mark = page.locator("main tbody .light").first.evaluate("each => getComputedStyle(each, '::before').content")
    assert mark == '"■"'


def test_the_csv_file_has_a_byte_order_mark_and_exact_values(show: Show, sample_marts: Path, tmp_path: Path) -> None:
    page = show(sample_marts).go(**REVENUE)
    with page.expect_download() as downloading:
        page.locator("#download").click()
    downloading.value.save_as(tmp_path / "league.csv")
    content = (tmp_path / "league.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    values = {line["代码"]: Decimal(line["实际（元）"]) for line in lines}
    expected = rows(
        sample_marts, "town_comparison", parent=COUNTY, indicator_id=REVENUE["indicator"], time_period="2024"
    )
    assert values == {
        row["ref_area"]: row["obs_value"] for row in expected if (row["measure"], row["breakdown"]) == ("level", "_T")
    }


def test_the_table_is_copied_as_csv(show: Show, sample_marts: Path) -> None:
    opened = show(sample_marts, "http")
    opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened.go(**REVENUE)
    page.locator("#copy").click()
    page.get_by_text("已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("\ufeff排名,变化,地区,")


def test_the_keyboard_opens_a_source_and_comes_back_from_it(show: Show, sample_marts: Path) -> None:
    page = show(sample_marts).go(**REVENUE)
    first = page.locator("main tbody .open").first
    name = first.get_attribute("id")
    first.focus()
    page.keyboard.press("Enter")
    page.locator("#drawer").wait_for()
    assert page.evaluate("document.activeElement.id") == "drawer-title"
    page.keyboard.press("Escape")
    page.locator("#drawer").wait_for(state="detached")
    assert page.evaluate("document.activeElement.id") == name


def test_columns_sort_up_and_down(show: Show, sample_marts: Path) -> None:
    page = show(sample_marts).go(**REVENUE)
    best_first = page.locator("main tbody .open").all_inner_texts()
    page.get_by_role("button", name="实际").click()
    page.locator("th[aria-sort=ascending] >> text=实际").wait_for()
    assert page.locator("main tbody .open").all_inner_texts() == best_first[::-1]
    page.get_by_role("button", name="实际").click()
    page.locator("th[aria-sort=descending] >> text=实际").wait_for()
    assert page.locator("main tbody .open").all_inner_texts() == best_first


def test_a_narrow_screen_needs_no_sideways_scrolling(show: Show, sample_marts: Path) -> None:
    opened = show(sample_marts, viewport=PHONE)
    for view in VIEWS:
        page = opened.go(view=view, area=PREFECTURE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_on_a_narrow_screen_the_source_covers_the_table(show: Show, sample_marts: Path) -> None:
    page = show(sample_marts, viewport=PHONE).go(**REVENUE)
    page.locator("main tbody .open").first.click()
    box = page.locator("#drawer").bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"]) == (0, 0, PHONE["width"])


def test_paper_gets_the_table_without_the_controls(show: Show, sample_marts: Path) -> None:
    page = show(sample_marts).go(**REVENUE)
    page.emulate_media(media="print")
    assert not page.locator(".controls").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator("main table").is_visible()


def test_discrepancies_open_both_sides(show: Show, sample_marts: Path) -> None:
    page = show(sample_marts).go(view="discrepancies", area=PREFECTURE)
    found = rows(sample_marts, "discrepancy")
    assert page.locator("main tbody tr").count() == len(found)
    for position, quote in ((6, "quote"), (7, "other_quote")):
        button = page.locator(f"main tbody tr:first-child > :nth-child({position}) .open")
        said = button.inner_text()
        button.click()
        page.locator("#drawer mark").first.wait_for()
        assert page.locator("#drawer mark").first.inner_text() == said
        assert said in {row[quote] for row in found}


def test_what_is_missing_is_said_in_words_too(show: Show, sample_marts: Path) -> None:
    page = show(sample_marts).go(view="missing", area=PREFECTURE, period="2025")
    said = page.locator(".coverage.absent .unseen").all_text_contents()
    covered = rows(sample_marts, "coverage", coverage_status="absent", time_period="2025")
    assert said == ["未提及"] * len(covered)
    refused = rows(sample_marts, "document", ingest_status="quarantined")
    assert refused
    shown = page.locator("main table").last.inner_text()
    assert all((row["document_title"] or row["file_name"]) in shown for row in refused)


def test_a_place_of_which_no_document_came_is_missing_too(show: Show, sample_marts: Path) -> None:
    page = show(sample_marts).go(view="missing", area="370000", period="2025")
    read = {row["ref_area"] for row in rows(sample_marts, "coverage", area_level="county", time_period="2025")}
    counties = rows(sample_marts, "place", area_level="county", province="370000")
    unread = {row["name_zh"] for row in counties if row["valid_to"] is None and row["ref_area"] not in read}
    shown = page.locator("main tbody th").all_inner_texts()
    assert {text.removesuffix(" 未收到文件") for text in shown if text.endswith("未收到文件")} == unread


def test_a_state_is_an_address_that_brings_it_back(show: Show, sample_marts: Path) -> None:
    opened = show(sample_marts)
    page = opened.go(**REVENUE)
    page.locator("main tbody .open").nth(2).click()
    page.locator("#drawer").wait_for()
    address, title = page.url, page.locator("#drawer h2").inner_text()
    page.goto("about:blank")
    page.goto(address)
    page.locator("#drawer").wait_for()
    assert page.locator("#drawer h2").inner_text() == title
