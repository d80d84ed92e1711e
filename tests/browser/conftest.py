from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.opened import DESKTOP, Opened, by_file, by_http, chromium, opened


# Playwright keeps an event loop running in this thread, in which Prefect's calls would answer otherwise: it ends with
# each file of tests.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not shutil.which("chromium"):
        pytest.skip("no chromium is installed: the explorer page was not opened in a browser (Debian: chromium)")
    with chromium() as started:
        yield started


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Opened]]:
    """Opens the page of a release by file or http; in the end nothing may have gone wrong on it."""
    with ExitStack() as stack:
        shown: list[Opened] = []

        def of(release: Path, scheme: str = "file", viewport: dict[str, int] = DESKTOP) -> Opened:
            address = by_file(release) if scheme == "file" else stack.enter_context(by_http(release))
            shown.append(stack.enter_context(opened(browser, address, viewport)))
            return shown[-1]

        yield of
        for each in shown:
            assert each.errors == []
            assert each.other_hosts == set()
