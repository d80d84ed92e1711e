"""axe-core's automatic check of each view of the explorer page, wide and narrow, and of two in English."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.opened import DESKTOP, PHONE, VIEWS, Opened

SERIOUS = {"serious", "critical"}


@pytest.mark.parametrize(
    ("viewport", "language"), [(DESKTOP, "zh"), (DESKTOP, "en"), (PHONE, "zh")], ids=["desktop", "english", "phone"]
)
def test_no_view_has_a_serious_fault(
    show: Callable[..., Opened], sample_marts: Path, language: str, viewport: dict[str, int]
) -> None:
    opened = show(sample_marts, viewport=viewport)
    for view in VIEWS if language == "zh" else ("league", "targets"):
        page = opened.go(view=view, lang=language, area="371600" if view in ("discrepancies", "missing") else "371621")
        if view not in ("methods", "missing"):
            page.locator("main tbody .open").first.click()
            page.locator("#drawer").wait_for()
        # It would fetch the style sheet once more, which the page's policy forbids.
        found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
        serious = [(view, each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in SERIOUS]
        assert serious == []
