"""The explorer page of a release, opened in a real browser, and what went wrong while a test looked at it."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

VIEWS = ("league", "targets", "trend", "profile", "discrepancies", "missing", "methods")
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser, as the machine has it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page of a browser, and what it complained of and asked for."""

    page: Page
    address: str
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def go(self, **state: str) -> Page:
        """Show a state of the page, and wait until it is drawn."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}#{urlencode(state)}")
        self.page.locator("body[data-ready]").wait_for()
        return self.page

    @property
    def other_hosts(self) -> set[str]:
        """What was asked of anybody but the one who served the page."""
        own = urlsplit(self.address)
        return {
            each for each in self.asked if urlsplit(each)[:2] != own[:2] and not each.startswith(("about:", "blob:"))
        }


@contextmanager
def opened(browser: Browser, address: str, viewport: dict[str, int] = DESKTOP) -> Iterator[Opened]:
    """The page in a window of its own."""
    with browser.new_context(viewport=viewport, locale="zh-CN", accept_downloads=True) as context:
        page = context.new_page()
        made = Opened(page, address)
        page.on("console", lambda message: made.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: made.errors.append(str(error)))
        page.on("request", lambda request: made.asked.append(request.url))
        yield made


def by_file(release: Path) -> str:
    return (release / "explorer" / "index.html").as_uri()


@contextmanager
def by_http(release: Path) -> Iterator[str]:
    """The address of the page on a plain static host on loopback."""
    handler = functools.partial(_Quiet, directory=str(release))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{host.server_port}/explorer/index.html"
        host.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """A test's output is not the host's."""
